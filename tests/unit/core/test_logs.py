"""Log lines: JSON away from a terminal, readable on one, and one run id on each."""

import io
import json
import logging
import threading

import pytest

from credit_scoring import __version__
from credit_scoring.core.logs import configure_logs, current_run_id, forward_logs_of, get_logger, json_formatter
from credit_scoring.core.settings import Settings


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def _lines(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def test_away_from_a_terminal_each_line_is_json_with_component_and_run_id(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    run_id = configure_logs(settings)
    get_logger("train").info("step started", rows=3)
    get_logger("score").warning("step slow")
    captured = capsys.readouterr()
    first, second = _lines(captured.err)
    assert (first["event"], first["component"], first["rows"], first["level"]) == ("step started", "train", 3, "info")
    assert (second["component"], second["level"]) == ("score", "warning")
    assert first["run_id"] == second["run_id"] == run_id == current_run_id()
    assert first["version"] == second["version"] == __version__
    assert str(first["timestamp"]).endswith("Z")
    assert captured.out == ""


def test_on_a_terminal_lines_are_for_people(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    configure_logs(settings)
    get_logger("train").info("step started")
    line = terminal.getvalue()
    assert "step started" in line
    assert not line.startswith("{")


@pytest.mark.parametrize(("log_format", "is_json"), [("json", True), ("console", False)])
def test_the_format_can_be_chosen(
    log_format: str, is_json: bool, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    configure_logs(settings.with_values(log={"format": log_format}))
    get_logger("train").info("step started")
    assert capsys.readouterr().err.startswith("{") == is_json


def test_json_is_kept_on_a_terminal_that_asks_for_it(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    configure_logs(settings.with_values(log={"format": "json"}))
    get_logger("train").info("step started")
    assert _lines(terminal.getvalue())[0]["event"] == "step started"


def test_less_important_lines_than_the_level_are_dropped(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    configure_logs(settings.with_values(log={"level": "WARNING"}))
    get_logger("train").info("step started")
    get_logger("train").warning("step slow")
    assert [line["event"] for line in _lines(capsys.readouterr().err)] == ["step slow"]


def test_a_traceback_is_part_of_the_line(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs(settings)
    try:
        raise ValueError("a defect")
    except ValueError:
        get_logger("train").exception("step broke")
    (line,) = _lines(capsys.readouterr().err)
    assert "ValueError: a defect" in str(line["exception"])


def test_each_run_has_an_id_of_its_own(settings: Settings) -> None:
    assert current_run_id() == ""
    first = configure_logs(settings)
    assert first != configure_logs(settings)


def test_what_a_library_logs_becomes_a_line_without_what_an_exception_says(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    configure_logs(settings)
    forward_logs_of("some_library")
    logger = logging.getLogger("some_library.part")
    logger.warning("%d things", 3)
    try:
        raise ValueError("wrong")
    except ValueError:
        logger.exception("broke")
    said, broke = _lines(capsys.readouterr().err)
    assert (said["event"], said["component"], said["level"]) == ("3 things", "some_library", "warning")
    assert (broke["event"], broke["level"]) == ("broke", "error")
    assert broke["error"] == "ValueError"
    assert "wrong" not in str(broke)


def test_lines_of_a_thread_have_the_run_id_too(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    run_id = configure_logs(settings)
    thread = threading.Thread(target=lambda: get_logger("api").info("in a thread"))
    thread.start()
    thread.join()
    (line,) = _lines(capsys.readouterr().err)
    assert line["run_id"] == run_id


def test_records_of_another_program_get_the_same_shape() -> None:
    record = logging.LogRecord("uvicorn.access", logging.INFO, "f", 1, '%s - "%s"', ("127.0.0.1", "GET /"), None)
    line = json.loads(json_formatter("mlflow").format(record))
    assert line.pop("timestamp").endswith("Z")
    expected = {"event": '127.0.0.1 - "GET /"', "level": "info", "component": "mlflow", "version": __version__}
    assert line == expected
