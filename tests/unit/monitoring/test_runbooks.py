"""Alert sections and runbooks are complete, their links lead somewhere, and what they name exists."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from monitoring.description.alerts import all_alerts
from monitoring.description.durations import Durations
from tests.support.headings import anchors_of

ROOT = Path(__file__).parents[3]
DOCS = ROOT / "docs"
RUNBOOKS = sorted((DOCS / "runbooks").glob("*.md"))
PAGES = [DOCS / "MONITORING.md", *RUNBOOKS]
ALERTS = [alert.name for alerts in all_alerts(Durations()).values() for alert in alerts]
PARTS = ("Meaning", "First look", "Likely causes", "Procedure", "Escalation")


@pytest.mark.parametrize("alert", ALERTS)
def test_the_section_of_an_alert_has_every_part(alert: str) -> None:
    found = re.search(rf"^### {alert}$(.*?)(?=^##)", (DOCS / "MONITORING.md").read_text(), re.MULTILINE | re.DOTALL)
    assert found is not None
    assert [part for part in PARTS if f"- **{part}**" not in found[1]] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.name))
def test_every_link_leads_to_an_existing_section(page: Path) -> None:
    for target in re.findall(r"\]\(([^)]+)\)", page.read_text()):
        if not target.startswith("http"):
            name, _, anchor = target.partition("#")
            linked = (page.parent / name).resolve() if name else page
            assert linked.exists(), target
            assert not anchor or anchor in anchors_of(linked), target


def test_every_incident_of_the_list_has_a_runbook() -> None:
    assert len(RUNBOOKS) == 12
    listed = set(re.findall(r"runbooks/(\w+)\.md", (DOCS / "MONITORING.md").read_text()))
    assert listed == {page.stem for page in RUNBOOKS}


@pytest.mark.parametrize("page", RUNBOOKS, ids=lambda page: str(page.stem))
def test_a_runbook_names_tests_that_exist(page: Path) -> None:
    rehearsals = re.findall(r"`(tests/[\w/]+\.py)`", page.read_text().split("**Rehearsed by**")[1])
    assert rehearsals
    assert [name for name in rehearsals if not (ROOT / name).exists()] == []


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_an_ended_certificate_is_recognised_and_its_successor_fits_its_key(tmp_path: Path) -> None:
    def openssl(*arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(["openssl", *arguments], cwd=tmp_path, capture_output=True, text=True, check=False)

    def request(days: str) -> None:
        subject = ("-subj", "/CN=credit", "-newkey", "rsa:2048", "-nodes", "-days", days)
        openssl("req", "-x509", *subject, "-keyout", "proxy_certificate_key", "-out", "proxy_certificate")

    request("1")
    two_days_seconds = str(2 * 86_400)
    ending = ("x509", "-in", "proxy_certificate", "-noout")
    assert "notAfter" in openssl(*ending, "-enddate").stdout
    assert openssl(*ending, "-checkend", two_days_seconds).returncode == 1
    request("90")
    assert openssl(*ending, "-checkend", two_days_seconds).returncode == 0
    assert openssl(*ending, "-pubkey").stdout == openssl("pkey", "-in", "proxy_certificate_key", "-pubout").stdout != ""
