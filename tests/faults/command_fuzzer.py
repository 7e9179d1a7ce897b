"""Bad input for every command of the command line, and what may be said about it afterwards.

The commands, their options and types are read from the program itself, so a new command is fuzzed without a change
here. A run is judged by its exit code, by what it prints and by what it leaves in the data folder.
"""

import os
import random
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from credit_scoring.cli.lazy_group import COMMANDS, load_command
from credit_scoring.core.settings import setting_variables
from tests.faults.command_runs import Outcome, contents, run_in_process

# Servers end at once where their port is in use; what would run long gets no value that lets it.
SERVERS = {("serve",), ("tracking",)}
_SHORT_RUNS: Mapping[str, tuple[str, ...]] = {
    "--clients": ("3", "0", "-1", "2147483648"),
    "--trials": ("0", "-1", "100001"),
    "--families": ("lightgbm", "lightgmb", "", ",", "\udcff"),
    "--family": ("lightgmb", "", "logistic", "\udcff"),
    "--budget": ("quick", "Full", "", "fast"),
}
_NEVER_GIVEN = {"--full", "--help"}

_NUMBERS = ("0", "-1", "1", "100001", "2147483648", "9" * 40, "1.5", "1e9", "nan", "0x1f", "\u0661", "", " ", "seven")
_TEXTS = (
    *("", " ", "\t\n", "x", "0", "-1", "9" * 40, "staging", "x" * 100_000, "é\u202e☃", "\x1b[31m\x07", "\udcff\udcfe"),
    *("[/]", "[bold]", "%s{0}", "../..", "'; --", "a=b", "=", "fairness=because", "a:1:b", "a:\u0661:b", "null\\u0000"),
)
_DATES = ("", "2020-13-01", "0001-01-01", "9999-12-31", "yesterday", "\udcff")
_ENDINGS = ("", ".csv", ".parquet", ".json", ".html", ".zip", ".txt")
_SETTING_VALUES = ("", " ", "-1", "0", "9" * 30, "1e300", "nan", "inf", "true", "x" * 50_000, "\udcff", "[]", "{", "é")
_BAD_DATABASES = (
    *("sqlite:///", "sqlite:////proc/x/y.db", "sqlite:////dev/null", "sqlite:////dev/full", "sqlite:///x\udcff.db"),
    *("postgresql+psycopg://u@127.0.0.1:1/x", "postgresql://u:p@[::1/x", "http://127.0.0.1:1", "mysql://x/y"),
)
_ENVIRONMENTS: tuple[dict[str, str], ...] = (
    *({"COLUMNS": width} for width in ("0", "1", "-5", "wide")),
    *(
        {"HOME": ""},
        {"HOME": "/dev/null"},
        {"TERM": "dumb"},
        {"TERM": "\udcff"},
        {"TZ": "Nowhere/City"},
        {"TMPDIR": "/proc"},
    ),
)
_SETTINGS_FILES = (
    b"\xff\xfe",
    b"CREDIT_API_PORT",
    b"CREDIT_API_PORT=\n",
    b"=x\n",
    b"CREDIT_=\x00\n",
    b"CREDIT_LOG=1\n",
)
_FOLDERS = ("prepared", "absent", "prepared", "damaged", "prepared", "broken", "damaged", "empty")
_FILE_SIZE_LIMITS = (0, 4096, 100_000)
# Most mistakes are made alone: what is wrong with the rest of a line would hide them.
_GOOD_SHARE = 0.6


@dataclass(frozen=True)
class Command:
    """A command and the parameters that it declares."""

    path: tuple[str, ...]
    parameters: tuple[Any, ...]

    @property
    def name(self) -> str:
        """As a user types it."""
        return " ".join(self.path)


@dataclass(frozen=True)
class Case:
    """One run: what is typed, the environment, and the kind of data folder it finds."""

    arguments: tuple[str, ...]
    folder: str
    variables: Mapping[str, str] = field(default_factory=dict)
    file_size_limit: int | None = None
    dot_env: bytes = b""


def all_commands() -> list[Command]:
    """Every command, in the order of the command line's own help."""
    return [command for name in COMMANDS for command in _commands_below(load_command(name), (name,))]


def _commands_below(node: Any, path: tuple[str, ...]) -> Iterator[Command]:
    children = getattr(node, "commands", {})
    if not children or node.invoke_without_command:
        yield Command(path, tuple(node.params))
    for name, child in children.items():
        yield from _commands_below(child, (*path, name))


class Fuzzer:
    """Generates cases of commands and runs them in this process.

    Args:
        workshop: folder for the files and data folders of the cases.
        prepared: data folder of a small installation, which reading commands see as it is and others as a copy.
        good_values: accepted values of parameters by name, or by the last part of a command and name ("use version").
        port: a port in use, for servers.
        variables: settings of the prepared installation, with which its steps have nothing to do.
    """

    def __init__(
        self,
        workshop: Path,
        prepared: Path,
        good_values: Mapping[str, tuple[str, ...]],
        port: int,
        variables: Mapping[str, str],
    ) -> None:
        self._workshop = workshop
        self._prepared = prepared
        self._good_values = good_values
        self._port = str(port)
        self._variables = variables
        self._paths = bad_paths(workshop / "paths")

    def cases(self, command: Command, count: int, seed: int = 0) -> Iterator[Case]:
        """Cases of a command, always the same ones for a seed."""
        chosen = random.Random(f"{seed} {command.name}")
        for number in range(count):
            folder = _FOLDERS[number % len(_FOLDERS)]
            arguments = list(self._arguments(command, chosen))
            variables = {}
            if chosen.random() < 0.15:
                arguments.insert(chosen.randint(0, len(arguments)), chosen.choice(("--nope", "extra", "--", "-x", "")))
            elif chosen.random() < 0.2:
                name, value = self._setting(chosen)
                variables[name] = value
            if command.path in SERVERS:
                arguments += ["--port", self._port]
            elif command.path == ("bootstrap",):
                arguments += ["--clients", "3"]  # by default, 2,000 would be trained on
            if chosen.random() < 0.1:
                variables |= chosen.choice(_ENVIRONMENTS)
            limit = chosen.choice(_FILE_SIZE_LIMITS) if chosen.random() < 0.15 else None
            dot_env = chosen.choice(_SETTINGS_FILES) if chosen.random() < 0.1 else b""
            yield Case((*command.path, *arguments), folder, variables, limit, dot_env)

    def _arguments(self, command: Command, chosen: random.Random) -> Iterator[str]:
        for parameter in command.parameters:
            option = parameter.opts[0]
            is_given = chosen.random() < (0.95 if parameter.required else 0.35)
            if option in _NEVER_GIVEN or not is_given:
                continue
            if parameter.param_type_name == "argument":
                yield self._value(command, parameter, chosen)
            elif parameter.is_flag:
                yield option
            else:
                yield from (option, self._value(command, parameter, chosen))

    def _value(self, command: Command, parameter: Any, chosen: random.Random) -> str:
        name, kind = parameter.name, parameter.type_descriptor
        good = self._good_values.get(f"{command.path[-1]} {name}") or self._good_values.get(name)
        if good and chosen.random() < _GOOD_SHARE:
            return chosen.choice(good)
        if (option := parameter.opts[0]) in _SHORT_RUNS:
            return chosen.choice(_SHORT_RUNS[option])
        if kind.choices is not None:
            valid = [str(getattr(choice, "value", choice)) for choice in kind.choices]
            return chosen.choice([*valid, valid[0].upper(), valid[0][:-1], "", "\udcff"])
        if kind.is_datetime:
            return chosen.choice(_DATES)
        if "Path" in str(kind.annotation):
            return chosen.choice(self._paths)
        return chosen.choice(_NUMBERS if "int" in str(kind.annotation) else _TEXTS)

    def _setting(self, chosen: random.Random) -> tuple[str, str]:
        names = [name for name, _ in setting_variables()]
        name = chosen.choice([*names, "CREDIT_API_PROT", "CREDIT_"])
        if name.endswith(("_URL", "_URI")):
            return name, chosen.choice(_BAD_DATABASES)
        if name == "CREDIT_DATA_DIRECTORY":
            return name, chosen.choice(self._paths)
        return name, chosen.choice(_SETTING_VALUES)

    def run(self, case: Case, reads_only: bool) -> Outcome:
        """Run a case through the entry point of the program; a folder that a reading command changed is a fault."""
        folder = self._folder(case.folder, reads_only)
        if case.folder == "damaged":
            _damage(folder, random.Random(str(case)))
        before = contents(folder)
        variables = {**self._variables, "CREDIT_DATA_DIRECTORY": str(folder), **case.variables}
        working_folder = self._workshop / "working"
        shutil.rmtree(working_folder, ignore_errors=True)
        working_folder.mkdir()
        if case.dot_env:
            (working_folder / ".env").write_bytes(case.dot_env)
        try:
            outcome = run_in_process(case.arguments, variables, working_folder, case.file_size_limit)
            # A copy's registry gets the addresses where its files lie now.
            if reads_only and case.folder != "damaged" and (changed := sorted(contents(folder) ^ before)):
                return Outcome(None, outcome.output, f"a command that only reads changed {changed[:4]}")
            return outcome
        finally:
            if folder != self._prepared:
                shutil.rmtree(folder.parent)

    def _folder(self, kind: str, reads_only: bool) -> Path:
        if kind == "prepared" and reads_only:
            return self._prepared
        # Of its own for each run: libraries remember the databases that they opened.
        folder = Path(tempfile.mkdtemp(dir=self._workshop)) / "data"
        if kind in ("prepared", "damaged"):
            shutil.copytree(self._prepared, folder)
        elif kind == "empty":
            folder.mkdir()
        elif kind == "broken":
            # Files where folders are expected, and folders where files are.
            for name in ("databases/decisions.db", "databases/api_keys.db", "databases/mlflow.db", "train/current"):
                (folder / name).mkdir(parents=True)
            for name in ("feature_store", "decision_spool", "ingest"):
                (folder / name).write_bytes(b"\xff\x00")
        return folder


def _damage(folder: Path, chosen: random.Random) -> None:
    """Cut off, overwrite, remove or replace one file in five."""
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        if chosen.random() < 0.2:
            kind, content = chosen.randrange(4), path.read_bytes()
            path.unlink()
            if kind == 0:
                path.mkdir()
            elif kind == 1:
                path.write_bytes(content[: len(content) // 2])
            elif kind == 2:
                path.write_bytes(b"\x00\xff" + content[2:])


def bad_paths(folder: Path) -> tuple[str, ...]:
    """Paths that can be neither read nor written, or that hold something else than their name says."""
    folder.mkdir()
    for ending in _ENDINGS:
        (folder / f"empty{ending}").touch()
        (folder / f"bytes{ending}").write_bytes(bytes(range(256)) * 8)
        (folder / f"folder{ending}").mkdir()
    (folder / "loop.csv").symlink_to("loop.csv")
    (folder / "dangling.csv").symlink_to("absent/file")
    (folder / "line\nbreak.csv").write_text("SK_ID_CURR\n1\n")
    (folder / "header.csv").write_text("SK_ID_CURR,AMT_CREDIT\n")
    (folder / os.fsdecode(b"latin-\xe9.csv")).write_text("SK_ID_CURR\n1\n")
    inside = [str(path) for path in folder.iterdir()]
    below_a_file = [f"{folder}/empty.csv/{name}" for name in ("out", "out.csv", "out.json")]
    special = [f"/proc/{name}" for name in ("out.csv", "out.parquet", "out.json", "out", "self/mem")]
    devices = ["/dev/full", "/dev/null", "/dev/null/x.csv", "", " ", ".", "/", "-", "~absent/x.csv", "\udcff.csv"]
    absent = [f"{folder}/absent{ending}" for ending in _ENDINGS] + [f"new/{'x' * 300}.csv", "a#b?.csv", "%41.json"]
    return tuple(sorted((*inside, *below_a_file, *special, *devices, *absent)))
