"""An exception in a background thread fails the test in which it happens."""

import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
TESTS = {
    "a plain thread": """
import threading

def test_thread():
    thread = threading.Thread(target=lambda: 1 / 0)
    thread.start()
    thread.join()
""",
    "a supervised thread": """
from credit_scoring.core.supervised_thread import SupervisedThread

def test_thread():
    thread = SupervisedThread("failing", lambda: 1 / 0, restarts=False)
    thread.start()
    thread.join()
""",
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", TESTS)
def test_an_exception_in_a_thread_fails_the_test(kind: str, tmp_path: Path) -> None:
    file = tmp_path / "test_thread.py"
    file.write_text(TESTS[kind])
    command: list[str | Path] = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-c",
        PROJECT / "pyproject.toml",
        file,
    ]
    ended = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert ended.returncode == pytest.ExitCode.TESTS_FAILED, ended.stdout
    assert "PytestUnhandledThreadExceptionWarning" in ended.stdout
    assert "ZeroDivisionError" in ended.stdout
