"""`credit-scoring smoke`: its files, addresses, output and exit codes."""

import json
import socket
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from credit_scoring import cli
from credit_scoring.smoke import server
from credit_scoring.smoke.example import SmokeExample, read_example
from tests.support.servers.fake_service import ANSWERS, KEY, PREDICTION, PROBABILITY, fake_service


@pytest.fixture
def key_file(tmp_path: Path) -> str:
    path = tmp_path / "smoke.key"
    path.write_text(f"{KEY}\n")
    return str(path)


@pytest.fixture
def url() -> Iterator[str]:
    with fake_service() as (address, _):
        yield address


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed certificate of 127.0.0.1, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "credit-scoring tests")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, now - timedelta(1), now + timedelta(1))
    alternative = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    authority = x509.BasicConstraints(ca=True, path_length=None)
    signed = builder.add_extension(alternative, False).add_extension(authority, True).sign(key, hashes.SHA256())
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = tmp_path_factory.mktemp("tls") / "certificate.pem"
    path.write_bytes(signed.public_bytes(serialization.Encoding.PEM) + key.private_bytes(*form))
    return path


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    """Exit code of the command."""
    monkeypatch.setattr(sys, "argv", ["credit-scoring", "smoke", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return int(str(ended.value.code))


def test_every_check_is_a_line_and_the_request_id_leads_to_log_and_ledger(
    url: str, key_file: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, f"{url}/", "--key-file", key_file, "--operations-url", url) == 0
    *lines, last = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["passed"] * 2 + ["skipped"] + ["passed"] * 7
    assert lines[1].startswith("passed  prediction    Decision ")
    assert last.startswith("Request id of this test, in log and ledger: smoke-")


def test_a_failed_check_is_the_exit_code(
    key_file: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with fake_service({**ANSWERS, "POST /predict of a bad body": (200, PREDICTION)}) as (address, _):
        assert run(monkeypatch, address, "--key-file", key_file) == 5
    shown = capsys.readouterr()
    assert "failed  bad_body      POST /predict answers 200 instead of 422" in shown.out
    assert f"{address} fails the smoke test: bad_body." in shown.err


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "There is no file"),
        ("", "holds nothing instead of an API key"),
        ("\n", "holds nothing instead of an API key"),
        ("smoke.key", "holds something else instead of an API key"),
        (f"{KEY} {KEY}", "holds something else instead of an API key"),
    ],
)
def test_a_file_without_a_key_is_named(
    content: str | None,
    message: str,
    url: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    path = tmp_path / "a.key"
    if content is not None:
        path.write_text(content)
    assert run(monkeypatch, url, "--key-file", str(path)) == 3
    shown = capsys.readouterr().err
    assert message in shown and str(path) in shown and KEY not in shown


def test_an_address_where_nothing_listens_ends_the_test(
    key_file: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "http://127.0.0.1:1", "--key-file", key_file) == 7
    shown = capsys.readouterr()
    assert "http://127.0.0.1:1 cannot be reached (Connection refused)." in shown.err
    assert shown.out == ""


def test_an_address_that_never_answers_ends_the_test_in_time(
    key_file: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(server, "TIMEOUT_SECONDS", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        assert run(monkeypatch, address, "--key-file", key_file) == 7
    assert "cannot be reached (no answer within 0.1 s)." in capsys.readouterr().err


def test_another_kind_of_address_is_an_invalid_command_line(key_file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(monkeypatch, "127.0.0.1:8000", "--key-file", key_file) == 2


def test_a_certificate_is_trusted_only_with_its_authority(
    certificate: Path, key_file: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    certificate.write_text(f"# Autorité de test\n{certificate.read_text()}")
    with fake_service(certificate=certificate) as (address, _):
        assert run(monkeypatch, address, "--key-file", key_file) == 3
        assert f"The certificate of {address} is not trusted" in (shown := capsys.readouterr().err)
        assert "--ca-file" in shown
        assert run(monkeypatch, address, "--key-file", key_file, "--ca-file", str(certificate)) == 0
        by_name = address.replace("127.0.0.1", "localhost")
        assert run(monkeypatch, by_name, "--key-file", key_file, "--ca-file", str(certificate)) == 3
        assert "Hostname mismatch" in capsys.readouterr().err


@pytest.mark.parametrize(
    "content", ["", "é", "no certificate", "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n"]
)
def test_a_file_without_a_certificate_is_named(
    content: str,
    url: str,
    key_file: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    (tmp_path / "ca.pem").write_text(content)
    assert run(monkeypatch, url, "--key-file", key_file, "--ca-file", str(tmp_path / "ca.pem")) == 3
    assert "holds no certificate in PEM form" in capsys.readouterr().err


@pytest.mark.parametrize(("content", "exit_code"), [(None, 6), ("", 7), ("{}", 7), ('{"application": {}', 7)])
def test_a_bad_example_is_named(
    content: str | None,
    exit_code: int,
    url: str,
    key_file: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    path = tmp_path / "example.json"
    if content is not None:
        path.write_text(content)
    assert run(monkeypatch, url, "--key-file", key_file, "--example", str(path)) == exit_code
    shown = capsys.readouterr().err
    assert str(path) in shown and "credit-scoring bootstrap" in shown


def test_an_example_keeps_every_bit_of_its_numbers(tmp_path: Path) -> None:
    application = {"AMT_CREDIT": 0.1 + 0.2, "CNT_CHILDREN": 2, "CODE_GENDER": "F"}
    example = SmokeExample(
        application=application, probability=PROBABILITY, model_version=1, feature_version=0, source="real"
    )
    (tmp_path / "example.json").write_text(example.model_dump_json())
    read = read_example(tmp_path / "example.json")
    assert read == example
    assert json.dumps(read.application) == json.dumps(application)
