"""The scripts around Compose: generated secrets, pinned images, and what stops a start."""

import os
import re
import stat
from pathlib import Path

import httpx
import pytest

from tests.support.containers import ROOT, output_of
from tests.support.waiting import until

SECRETS = "scripts/containers/make_secrets.sh"  # pragma: allowlist secret
UP = "scripts/containers/up.sh"


def test_secrets_are_generated_once_and_kept(tmp_path: Path) -> None:
    assert "22 secrets generated" in output_of(SECRETS, tmp_path / "secrets")
    before = {file.name: file.read_text() for file in (tmp_path / "secrets").iterdir() if file.is_file()}
    assert "0 secrets generated" in output_of(SECRETS, tmp_path / "secrets")
    assert before == {file.name: file.read_text() for file in (tmp_path / "secrets").iterdir() if file.is_file()}
    assert stat.S_IMODE((tmp_path / "secrets").stat().st_mode) == 0o700
    assert before["credit_password"] in before["credit_url"]


def test_a_password_without_its_url_is_named(tmp_path: Path) -> None:
    output_of(SECRETS, tmp_path)
    (tmp_path / "credit_password").unlink()
    with pytest.raises(AssertionError, match="credit_url does not contain the password"):
        output_of(SECRETS, tmp_path)


@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        ("RAW_DATA", "/nowhere", "RAW_DATA=/nowhere is not a folder"),
        ("RAW_DATA", str(ROOT / "docs"), "has no CSV file that can be read"),
        ("ALERTMANAGER_CONFIGURATION", "alertmanager.yml", "needs the secret .*alerting/smtp_password"),
        ("ALERTMANAGER_CONFIGURATION", "mine.yml", "mine.yml is no file in monitoring/"),
        ("CREDIT_PORT_MLFLOW", "many", "Compose rejects its settings: .*many"),
        ("DOCKER_HOST", "tcp://127.0.0.1:1", "The Docker engine does not answer"),
    ],
)
def test_a_wrong_setting_stops_a_start_in_one_sentence(tmp_path: Path, variable: str, value: str, message: str) -> None:
    variables = {"SECRETS_DIRECTORY": str(tmp_path), "COMPOSE_PROJECT_NAME": "credit-test-never", variable: value}
    with pytest.raises(AssertionError, match=message):
        output_of(UP, "monitoring", timeout_seconds=60, variables=variables)


@pytest.mark.parametrize(
    ("profile", "message"), [("airflow", "has 5 GB of memory.* need 6 GB"), ("backup", "/nowhere")]
)
def test_a_profile_needs_its_memory(tmp_path: Path, profile: str, message: str) -> None:
    docker = output_of("which", "docker").strip()
    answer = f'#!/bin/sh\ncase "$*" in *MemTotal*) echo 5100000000 ;; *) exec {docker} "$@" ;; esac\n'
    (tmp_path / "docker").write_text(answer)
    (tmp_path / "docker").chmod(0o755)
    variables = {
        **{"PATH": f"{tmp_path}:{os.environ['PATH']}", "SECRETS_DIRECTORY": str(tmp_path / "secrets")},
        # What stops the other profile: nothing is to be started.
        **{"COMPOSE_PROJECT_NAME": "credit-test-never", "RAW_DATA": "/nowhere"},
    }
    with pytest.raises(AssertionError, match=message):
        output_of(UP, profile, timeout_seconds=60, variables=variables)


def test_all_channels_of_alerts_need_real_addresses(tmp_path: Path) -> None:
    (tmp_path / "alerting").mkdir()
    for name in ("smtp_password", "watchdog_url", "slack_url", "pagerduty_key"):
        (tmp_path / "alerting" / name).write_text("not used")
    variables = {
        "SECRETS_DIRECTORY": str(tmp_path),
        "COMPOSE_PROJECT_NAME": "credit-test-never",
        "ALERTMANAGER_CONFIGURATION": "alertmanager.yml",
    }
    with pytest.raises(AssertionError, match="stand-ins for addresses: alerts would reach no one"):
        output_of(UP, "monitoring", timeout_seconds=60, variables=variables)


def test_digests_are_those_that_the_registry_gives(tmp_path: Path) -> None:
    registry = output_of("docker", "run", "--detach", "--publish", "127.0.0.1::5000", "registry:2").strip()
    try:
        port = output_of("docker", "port", registry, "5000").split(":")[-1].strip()
        until(lambda: httpx.get(f"http://127.0.0.1:{port}/v2/").status_code == 200)
        name = f"127.0.0.1:{port}/python:3.12-slim"
        output_of("docker", "tag", "python:3.12-slim", name)
        pushed = re.search(r"digest: (sha256:\w{64})", output_of("docker", "push", name))
        assert pushed is not None
        output_of("scripts/pin_images.sh", tmp_path / "pinned.env", f"PYTHON_IMAGE={name}")
        assert (tmp_path / "pinned.env").read_text().splitlines()[1:] == [f"PYTHON_IMAGE={name}@{pushed[1]}"]
        with pytest.raises(AssertionError):
            output_of("scripts/pin_images.sh", tmp_path / "pinned.env", f"PYTHON_IMAGE=127.0.0.1:{port}/unknown:1")
        assert pushed[1] in (tmp_path / "pinned.env").read_text()
    finally:
        output_of("docker", "rm", "--force", "--volumes", registry)
