"""Which commit the metadata of a feature version name."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from credit_scoring.core import code_commit as module
from credit_scoring.core.code_commit import code_commit


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with one commit, of which the program believes that it runs there."""
    (tmp_path / "file").write_text("1")
    author = ["-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false"]
    for arguments in (["init", "-q"], ["add", "."], [*author, "commit", "-q", "--no-verify", "-m", "first"]):
        subprocess.run(["git", *arguments], cwd=tmp_path, check=True)
    monkeypatch.setattr(module, "_CHECKOUT", tmp_path)
    return tmp_path


def test_a_configured_commit_comes_first(checkout: Path) -> None:
    assert code_commit("1234abcd") == "1234abcd"


def test_the_commit_of_the_checkout_says_whether_files_differ(checkout: Path) -> None:
    assert re.fullmatch("[0-9a-f]{40}", code_commit(""))
    (checkout / "file").write_text("2")
    assert re.fullmatch("[0-9a-f]{40}-dirty", code_commit(""))


def test_without_a_checkout_or_git_no_commit_is_known(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert code_commit("") == ""
    shutil.rmtree(checkout / ".git")
    assert code_commit("") == ""
