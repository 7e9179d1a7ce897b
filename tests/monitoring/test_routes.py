"""Who is notified of what: amtool routes label sets to the receivers of this table."""

import subprocess
from pathlib import Path

import pytest
import yaml

from monitoring.description.alerts import all_alerts
from monitoring.description.durations import Durations
from monitoring.description.routes import Channels
from scripts.monitoring.files import MONITORING, Installation, write_monitoring
from tests.monitoring.programs import Programs, version_of

# Older versions cannot read a webhook's address from a file.
_ADDRESS_FROM_FILE = (0, 26, 0)
TABLE = [
    ("alertname=Watchdog severity=none component=monitoring", "watchdog"),
    ("alertname=CreditApiDown severity=critical component=api", "critical"),
    ("alertname=CreditDatabaseConnectionLost severity=critical component=database", "critical"),
    ("alertname=CreditAvailabilityBudgetBurnsFast severity=critical component=api", "critical"),
    ("alertname=Anything severity=critical component=model", "critical"),
    ("alertname=CreditApiLatencyHigh severity=warning component=api", "operations"),
    ("alertname=CpuHigh severity=warning component=host", "operations"),
    ("alertname=DiskAlmostFull severity=warning component=host", "operations"),
    ("alertname=TargetMissing severity=warning component=monitoring", "operations"),
    ("alertname=CertificateAlmostExpired severity=critical component=certificate", "critical"),
    ("alertname=CertificateExpiresSoon severity=warning component=certificate", "operations"),
    ("alertname=CreditReplicasMissing severity=warning component=api", "operations"),
    ("alertname=CreditRegistryUnreachable severity=warning component=registry", "operations"),
    ("alertname=CreditStepFailed severity=warning component=batch", "data-science"),
    ("alertname=CreditDriftHigh severity=warning component=drift", "data-science"),
    ("alertname=CreditRefusedShareUnusual severity=warning component=model", "data-science"),
    ("alertname=CreditTrainingStale severity=warning component=batch", "data-science"),
    ("alertname=CreditDagRunFailed severity=warning component=batch", "data-science"),
    ("alertname=CreditAirflowHeartbeatMissing severity=warning component=airflow", "operations"),
    ("alertname=SomethingNew", "operations"),
]


@pytest.fixture(scope="module")
def configuration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The configuration with every channel, in a form that old versions read too."""
    folder = tmp_path_factory.mktemp("configuration") / "monitoring"
    write_monitoring(folder, Installation(channels=Channels(watchdog_url="http://127.0.0.1:9/")))
    return folder / "alertmanager.yml"


def amtool(programs: Programs, *arguments: str) -> str:
    """What it prints; a failure shows it."""
    done = subprocess.run([programs.amtool, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{programs.versions}: {done.stdout}{done.stderr}"
    return done.stdout.strip()


def test_the_configurations_are_valid(programs: Programs, configuration: Path) -> None:
    amtool(programs, "check-config", str(configuration))
    amtool(programs, "check-config", str(MONITORING / "alertmanager.email.yml"))
    if version_of(programs.amtool) >= _ADDRESS_FROM_FILE:
        amtool(programs, "check-config", str(MONITORING / "alertmanager.yml"))


@pytest.mark.parametrize(("labels", "receiver"), TABLE)
def test_an_alert_reaches_its_receiver(programs: Programs, configuration: Path, labels: str, receiver: str) -> None:
    arguments = ("config", "routes", "test", f"--config.file={configuration}")
    assert amtool(programs, *arguments, *labels.split()) == receiver


def test_every_alert_has_a_receiver_other_than_the_default_one(programs: Programs, configuration: Path) -> None:
    for alert in (alert for group in all_alerts(Durations()).values() for alert in group):
        labels = (f"alertname={alert.name}", f"severity={alert.severity}", f"component={alert.component}")
        found = amtool(programs, "config", "routes", "test", f"--config.file={configuration}", *labels)
        assert found in {"watchdog", "critical", "data-science", "operations"}


def test_no_secret_is_in_a_configuration(configuration: Path) -> None:
    text = (MONITORING / "alertmanager.yml").read_text()
    for receiver in yaml.safe_load(text)["receivers"]:
        for settings in (one for kind in receiver.values() if isinstance(kind, list) for one in kind):
            assert not {"api_url", "routing_key", "service_key", "auth_password", "url"} & set(settings)
    assert "/run/secrets/smtp_password" in text
