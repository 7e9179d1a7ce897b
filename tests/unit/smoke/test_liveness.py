"""The health check of containers: its exit code, its time limit, and what it imports."""

import socket
import subprocess
import sys
import time
from threading import Thread

import pytest

from credit_scoring.smoke import liveness
from tests.support.servers.fake_service import fake_service


def test_an_address_that_answers_200_is_alive(capsys: pytest.CaptureFixture[str]) -> None:
    with fake_service() as (url, _):
        assert liveness.main([f"{url}/health"]) == 0
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(("path", "problem"), [("/nothing", "it answers 404"), ("/health/live", "it answers 503")])
def test_another_status_is_named(path: str, problem: str, capsys: pytest.CaptureFixture[str]) -> None:
    with fake_service({"GET /health/live": (503, {})}) as (url, _):
        assert liveness.main([f"{url}{path}"]) == 1
        assert capsys.readouterr() == ("", f"{url}{path}: {problem}\n")


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ([], "Usage: "),
        (["a", "b"], "Usage: "),
        (["127.0.0.1:8000"], "not an address"),
        (["http://"], "not an address"),
        (["http://127.0.0.1:port/"], "port"),
        (["http://127.0.0.1:1/"], "Connection refused"),
    ],
)
def test_what_cannot_be_called_is_one_line(
    arguments: list[str], problem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert liveness.main(arguments) == 1
    shown = capsys.readouterr().err
    assert problem.lower() in shown.lower() and shown.count("\n") == 1


def test_a_server_that_answers_byte_by_byte_is_not_alive_in_time(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(liveness, "TIMEOUT_SECONDS", 0.3)

    def trickle() -> None:
        connection, _ = server.accept()
        with connection:
            for byte in b"HTTP/1.1 200 OK\r\nX-Slow: " + 20 * b"x":
                connection.send(bytes([byte]))
                time.sleep(0.02)

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = Thread(target=trickle)
        thread.start()
        started = time.monotonic()
        assert liveness.main([f"http://127.0.0.1:{server.getsockname()[1]}/"]) == 1
        assert time.monotonic() - started < 0.8
        thread.join()
    assert capsys.readouterr().err.endswith(": no answer within 0.3 s\n")


def test_it_and_its_package_import_the_standard_library_alone() -> None:
    program = "import sys; import credit_scoring.smoke.liveness; print(*sys.modules)"
    before = subprocess.run([sys.executable, "-c", "import sys; print(*sys.modules)"], capture_output=True, text=True)
    after = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = set(after.stdout.split()) - set(before.stdout.split())
    ours = {name for name in loaded if name.startswith("credit_scoring")}
    assert ours == {
        "credit_scoring",
        *(f"credit_scoring.smoke{name}" for name in ("", ".http_call", ".liveness")),
    }
    assert {name.partition(".")[0] for name in loaded - ours} <= sys.stdlib_module_names


def test_it_runs_as_a_module() -> None:
    with fake_service() as (url, _):
        command = [sys.executable, "-m", "credit_scoring.smoke.liveness", f"{url}/nothing"]
        ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (1, f"{url}/nothing: it answers 404\n")
