"""Commands in the environments that people really have."""

import os
import re
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from credit_scoring.cli.lazy_group import COMMANDS

ROOT = Path(__file__).parents[2]
EXTRAS = ("api", "etl", "training", "drift")
# Runs every command's help while the modules of other extras cannot be found, and prints how each one ends.
SCRIPT = """
import sys
from importlib.abc import MetaPathFinder

class Missing(MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name.partition(".")[0] in BLOCKED:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Missing())
from credit_scoring.cli import main
for command in COMMANDS:
    sys.argv = ["credit-scoring", command, "--help"]
    try:
        main()
    except SystemExit as end:
        print("ended", command, end.code or 0)
"""


@pytest.mark.parametrize("extra", EXTRAS)
def test_with_one_extra_each_command_works_or_names_the_extra_that_it_needs(extra: str) -> None:
    lock = (ROOT / f"requirements/{extra}.txt").read_text()
    installed = {_normal(name) for name in re.findall(r"^([\w.-]+)==", lock, re.MULTILINE)} | {"credit-scoring"}
    blocked = {
        module
        for module, distributions in packages_distributions().items()
        if not any(_normal(name) in installed for name in distributions)
    }
    ended = _run(f"BLOCKED = {blocked!r}\nCOMMANDS = {list(COMMANDS)!r}\n{SCRIPT}")
    codes = dict(re.findall(r"^ended ([\w-]+) (\d+)$", ended.stdout, re.MULTILINE))
    assert set(codes) == set(COMMANDS) and set(codes.values()) <= {"0", "3"}
    failed = [command for command, code in codes.items() if code == "3"]
    named = re.findall(r"Run `pip install 'credit-scoring\[([\w,]+)\]'`", ended.stderr)
    assert len(named) == len(failed) and "Traceback" not in ended.stderr
    assert codes["version"] == "0" and codes["serve"] == ("0" if extra == "api" else "3")
    assert codes["smoke"] == "0" or extra != "api"
    assert codes["bootstrap"] == codes["pipeline"] == ("0" if extra == "training" else "3")


def test_a_user_without_a_name_and_without_a_home_gets_one(tmp_path: Path) -> None:
    script = "import os; from pathlib import Path; from credit_scoring.core.settings import prepare_environment as p\n"
    script += "os.setuid(65533) if os.getuid() == 0 else None\np(); print(Path.home())"
    environment = {"PATH": os.environ["PATH"], "CREDIT_DATA_DIRECTORY": str(tmp_path), "PYTHONPATH": str(ROOT / "src")}
    ended = subprocess.run(
        [sys.executable, "-c", script], env=environment, cwd="/", capture_output=True, text=True, check=False
    )
    assert ended.stdout.strip() in (str(tmp_path), str(Path.home())), ended.stderr


@pytest.mark.parametrize(("chosen", "expected"), [({}, "true"), ({"MLFLOW_DISABLE_TELEMETRY": "false"}, "false")])
def test_no_usage_data_leaves_the_machine_unless_the_user_chose_so(chosen: dict[str, str], expected: str) -> None:
    script = "import os; from credit_scoring.core.settings import prepare_environment as p\n"
    ended = _run(script + "p(); print(os.environ['MLFLOW_DISABLE_TELEMETRY'], os.environ['DO_NOT_TRACK'])", chosen)
    assert ended.stdout.split() == [expected, "1"]


def _run(script: str, chosen: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "DO_NOT_TRACK"} | (chosen or {})
    return subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=False)


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
