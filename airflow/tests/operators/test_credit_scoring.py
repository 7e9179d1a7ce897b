"""The operator that runs a command: results, exit codes, and what becomes of the process."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from threading import Thread

import pytest
from airflow.sdk.exceptions import AirflowException, AirflowFailException, AirflowSkipException
from credit_airflow import subprocess_run
from credit_airflow.operators import CreditScoringOperator, NewDataOperator


def wait_until(condition, seconds=60.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def is_running(process: int) -> bool:
    stat = Path(f"/proc/{process}/stat")
    return stat.exists() and stat.read_text().rsplit(")", 1)[1].split()[0] != "Z"


def test_the_result_is_the_last_line_that_says_so(program, context) -> None:
    program.behaves("""echo '{"event": "no result"}'; echo '{"result": {"version": 3}}'; echo done >&2""")
    assert CreditScoringOperator(task_id="a", arguments=["x"]).execute(context()) == {"version": 3, "alarm": False}


def test_a_command_without_result_gives_none(program, context) -> None:
    assert CreditScoringOperator(task_id="a", arguments=["x"]).execute(context()) is None


def test_an_empty_argument_is_left_out(program, context) -> None:
    CreditScoringOperator(task_id="a", arguments=["drift", "", "--json"]).execute(context())
    assert program.calls == ["drift --json"]


def test_the_environment_is_added_to_that_of_the_worker(program, context, monkeypatch) -> None:
    monkeypatch.setenv("OF_THE_WORKER", "1")
    program.behaves('echo "{\\"result\\": {\\"sum\\": $OF_THE_WORKER$OF_THE_TASK}}"')
    operator = CreditScoringOperator(task_id="a", arguments=["x"], environment={"OF_THE_TASK": "2"})
    assert operator.execute(context())["sum"] == 12


def test_a_drift_alarm_is_a_result(program, context) -> None:
    program.behaves("""echo '{"result": {"score": 0.6}}'; exit 14""")
    assert CreditScoringOperator(task_id="a", arguments=["drift"]).execute(context()) == {"score": 0.6, "alarm": True}


@pytest.mark.parametrize(
    ("exit_code", "expected"), [(5, AirflowFailException), (7, AirflowException), (10, AirflowSkipException)]
)
def test_the_exit_code_decides(program, context, exit_code, expected) -> None:
    program.behaves(f"exit {exit_code}")
    with pytest.raises(expected, match=f"exit code {exit_code}") as caught:
        CreditScoringOperator(task_id="a", arguments=["x"]).execute(context())
    assert type(caught.value) is expected


def test_a_program_that_was_killed_is_tried_again(program, context) -> None:
    program.behaves("kill -9 $$")
    with pytest.raises(AirflowException, match="lack of memory") as caught:
        CreditScoringOperator(task_id="a", arguments=["x"]).execute(context())
    assert type(caught.value) is AirflowException


def test_stopping_the_task_ends_the_whole_process_group(program, context, tmp_path) -> None:
    program.behaves(f"sleep 600 & echo $! > {tmp_path}/child; wait")
    operator, child = CreditScoringOperator(task_id="a", arguments=["x"]), tmp_path / "child"
    ended: list[BaseException] = []

    def execute() -> None:
        try:
            operator.execute(context())
        except AirflowException as error:
            ended.append(error)

    thread = Thread(target=execute, daemon=True)
    thread.start()
    wait_until(lambda: child.exists() and child.read_text().strip())
    operator.on_kill()
    thread.join(20)
    assert not thread.is_alive()
    wait_until(lambda: not is_running(int(child.read_text())))
    assert "exit code -15" in str(ended[0])


def test_a_program_that_ignores_sigterm_is_killed(program, context, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(subprocess_run, "GRACE_SECONDS", 0.3)
    program.behaves(f"trap '' TERM; echo $$ > {tmp_path}/own; while :; do sleep 0.05; done")
    run = subprocess_run.SubprocessRun([str(program.path)], os.environ, print)
    thread = Thread(target=run.run, daemon=True)
    thread.start()
    wait_until(lambda: (tmp_path / "own").exists() and (tmp_path / "own").read_text().strip())
    run.kill()
    thread.join(20)
    assert not is_running(int((tmp_path / "own").read_text()))


def test_a_timeout_ends_the_program(program, context, tmp_path) -> None:
    from airflow.sdk.exceptions import AirflowTaskTimeout
    from airflow.sdk.execution_time.timeout import timeout

    program.behaves(f"echo $$ > {tmp_path}/own; exec sleep 600")
    with pytest.raises(AirflowTaskTimeout), timeout(2):
        CreditScoringOperator(task_id="a", arguments=["x"]).execute(context())
    assert not is_running(int((tmp_path / "own").read_text()))


@pytest.mark.skipif(sys.platform != "linux", reason="Linux ends a child with its parent")
def test_the_program_ends_with_a_worker_that_is_killed(program, tmp_path) -> None:
    program.behaves(f"echo $$ > {tmp_path}/own; exec sleep 600")
    code = (
        "import os; from credit_airflow.subprocess_run import SubprocessRun; "
        f"SubprocessRun([{str(program.path)!r}], os.environ, print).run()"
    )
    worker = subprocess.Popen(
        [sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": str(Path(subprocess_run.__file__).parents[1])}
    )
    wait_until(lambda: (tmp_path / "own").exists() and (tmp_path / "own").read_text().strip(), 60)
    worker.send_signal(signal.SIGKILL)
    worker.wait(10)
    wait_until(lambda: not is_running(int((tmp_path / "own").read_text())))


def test_old_data_skips_what_follows(program, context) -> None:
    program.behaves("exit 10")
    with pytest.raises(AirflowSkipException):
        NewDataOperator(task_id="a", arguments=["ingest", "--check"]).execute(context(params={"force_training": False}))
    assert program.calls == ["ingest --check", "train --check"]


def test_old_data_that_an_earlier_run_did_not_train_on_is_trained_on(program, context) -> None:
    program.behaves('test "$1" = train || exit 10')
    operator = NewDataOperator(task_id="a", arguments=["ingest", "--check"])
    assert operator.execute(context(params={"force_training": False})) is None


@pytest.mark.parametrize(("force", "run_type"), [(True, "manual"), (True, "scheduled"), (False, "asset_triggered")])
def test_old_data_is_trained_on_by_parameter_and_after_an_alarm(program, context, force, run_type) -> None:
    program.behaves("exit 10")
    operator = NewDataOperator(task_id="a", arguments=["ingest", "--check"])
    assert operator.execute(context(params={"force_training": force}, run_type=run_type)) is None


def test_a_source_that_cannot_be_read_is_no_reason_to_go_on(program, context) -> None:
    program.behaves("exit 4")
    with pytest.raises(AirflowException, match="cannot be read"):
        NewDataOperator(task_id="a", arguments=["ingest"]).execute(context(params={"force_training": True}))
