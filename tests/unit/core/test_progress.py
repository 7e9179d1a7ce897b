"""Long work shows a bar on a terminal and a line now and then elsewhere."""

import io
import json

import pytest

from credit_scoring.core import progress as progress_module
from credit_scoring.core.logs import configure_logs
from credit_scoring.core.progress import progress
from credit_scoring.core.settings import Settings


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_shows_a_bar_with_what_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    assert list(progress(["a", "b", "c"], "Reading bureau.csv")) == ["a", "b", "c"]
    assert "Reading bureau.csv" in terminal.getvalue()
    assert "3/3" in terminal.getvalue()


def test_elsewhere_lines_say_how_far_it_is(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    configure_logs(settings)
    monkeypatch.setattr(progress_module, "SECONDS_BETWEEN_LINES", 0.0)
    assert list(progress([1, 2], "Reading bureau.csv")) == [1, 2]
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [(line["task"], line["done"], line["total"]) for line in lines] == [
        ("Reading bureau.csv", 1, 2),
        ("Reading bureau.csv", 2, 2),
    ]


def test_short_work_says_nothing(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs(settings)
    assert list(progress([1, 2], "Reading bureau.csv")) == [1, 2]
    assert capsys.readouterr().err == ""


def test_an_item_counts_as_done_only_once_its_work_is(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    configure_logs(settings)
    monkeypatch.setattr(progress_module, "SECONDS_BETWEEN_LINES", 0.0)
    items = progress([1, 2], "Reading bureau.csv")
    next(items)
    assert capsys.readouterr().err == ""
