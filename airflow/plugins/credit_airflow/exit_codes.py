"""What a task does about each exit code of the command line: one table.

A test compares it with ``core/errors.py`` of the program, so that a new error cannot be forgotten here.
"""

import signal
from enum import Enum
from typing import NamedTuple


class Action(Enum):
    """What becomes of the task."""

    SUCCEED = "succeed"
    RETRY = "retry"
    FAIL = "fail"
    SKIP = "skip"


class Meaning(NamedTuple):
    """An action, and the reason in words."""

    action: Action
    why: str


NOTHING_NEW, DRIFT_ALARM = 10, 14

EXIT_CODES: dict[int, Meaning] = {
    0: Meaning(Action.SUCCEED, "done"),
    1: Meaning(Action.FAIL, "internal error of the program; please report it"),
    2: Meaning(Action.FAIL, "invalid command line: DAG and program are of different versions"),
    3: Meaning(Action.FAIL, "invalid setting"),
    # A file that is still being copied looks damaged.
    4: Meaning(Action.RETRY, "the raw data cannot be read"),
    5: Meaning(Action.FAIL, "the tables fail validation, or the service fails its smoke test"),
    6: Meaning(Action.FAIL, "an earlier step has not run on this data directory"),
    7: Meaning(Action.RETRY, "storage or a database: full, in use, damaged or not reachable"),
    8: Meaning(Action.FAIL, "a model cannot be trained on this feature version"),
    9: Meaning(Action.FAIL, "the registry holds no such model"),
    NOTHING_NEW: Meaning(Action.SKIP, "nothing new"),
    11: Meaning(Action.FAIL, "the model cannot say what each feature contributed"),
    12: Meaning(Action.FAIL, "the data was permanently erased"),
    13: Meaning(Action.FAIL, "a gate rejected the model version, or there is none to roll back to"),
    DRIFT_ALARM: Meaning(Action.SUCCEED, "compared; the verdict is an alarm"),
}

_KILLED = {
    signal.SIGKILL: "killed, most often for lack of memory",
    signal.SIGTERM: "ended by the machine or the cluster",
}


def meaning_of(exit_code: int) -> Meaning:
    """What an exit code means; a negative one, or one from 129, is the number of the signal that ended the program."""
    number = -exit_code if exit_code < 0 else exit_code - 128
    if number in _KILLED:
        return Meaning(Action.RETRY, _KILLED[signal.Signals(number)])
    if exit_code < 0 or exit_code > 128:
        return Meaning(Action.FAIL, f"ended by signal {number}")
    return EXIT_CODES.get(
        exit_code, Meaning(Action.FAIL, "unknown exit code: DAG and program are of different versions")
    )
