"""What commands accept, keep and return."""

import os
import socket
from pathlib import Path

import pytest
from typer.testing import CliRunner

from credit_scoring.cli import app
from credit_scoring.core.errors import SettingsError, SourceError
from credit_scoring.core.manifest import Manifest
from credit_scoring.core.storage import Storage


@pytest.mark.parametrize("blank", ["", " \t"])
@pytest.mark.parametrize(
    "command",
    [
        ("model", "promote", "staging", "--why"),
        ("model", "promote", "staging", "--why", "better", "--by"),
        ("model", "rollback", "--why"),
        ("decisions", "erase", "--client", "1", "--why"),
        ("decisions", "erase", "--client", "1", "--why", "request", "--by"),
        ("keys", "create", "--scope", "predict"),
    ],
)
def test_a_text_that_a_person_reads_later_may_not_be_blank(command: tuple[str, ...], blank: str) -> None:
    result = CliRunner().invoke(app, [*command, blank])
    assert result.exit_code == 2 and "must not be blank" in result.output


def test_a_taken_or_impossible_port_of_the_tracking_server_is_an_error() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        result = CliRunner().invoke(app, ["tracking", "--port", str(port)])
    assert isinstance(result.exception, SettingsError) and f"port {port}" in str(result.exception)
    assert CliRunner().invoke(app, ["tracking", "--port", "99999"]).exit_code == 2


@pytest.mark.parametrize("host", ["", "x" * 300])
def test_an_address_that_cannot_be_one_is_an_error(host: str) -> None:
    result = CliRunner().invoke(app, ["serve", "--host", host])
    assert isinstance(result.exception, SettingsError)


def test_a_device_or_a_pipe_is_no_source(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.zip")
    for path in ("/dev/zero", tmp_path / "pipe.zip"):
        result = CliRunner().invoke(app, ["ingest", "--source", str(path)])
        assert isinstance(result.exception, SourceError) and "no regular file" in result.exception.message


def test_a_terminal_without_a_width_gets_its_messages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "0")
    assert "No such option" in CliRunner().invoke(app, ["reports", "--nope"]).output


def test_a_version_that_a_later_step_was_made_from_is_kept_however_many_are_newer(tmp_path: Path) -> None:
    storage = Storage(tmp_path, kept_versions=2)
    good = write(storage, "ingest", "goodgoodgoodgood")
    write(storage, "validate", f"{100:016d}", ingest_fingerprint="goodgoodgoodgood")
    newer = [write(storage, "ingest", f"{number:016d}") for number in range(4)]
    assert good.is_dir() and storage.find("ingest", "goodgoodgoodgood") is not None
    assert [folder.is_dir() for folder in newer] == [False, False, True, True]
    write(storage, "validate", f"{101:016d}", ingest_fingerprint=f"{3:016d}")
    write(storage, "ingest", f"{9:016d}")
    assert not good.is_dir()


def write(storage: Storage, step: str, fingerprint: str, **measures: str) -> Path:
    with storage.writing(step) as partial:
        manifest = Manifest(
            step=step,
            fingerprint=fingerprint,
            source="synthetic",
            run_id="",
            seconds=0,
            inputs=(),
            outputs=(),
            measures=measures,
        )
        return storage.commit(manifest, partial)
