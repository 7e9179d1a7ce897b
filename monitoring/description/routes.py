"""Who is notified, how, when, and which alerts silence others."""

from dataclasses import dataclass, field
from typing import Any, Final

from monitoring.description.addresses import Email
from monitoring.description.alert import Severity


@dataclass(frozen=True)
class Channels:
    """What notifications go through.

    Attributes:
        slack, pagerduty: whether they are used; their secrets are the files `slack_url` and `pagerduty_key`.
        watchdog: whether a dead-man switch outside exists; its address is a secret, the file `watchdog_url`.
        watchdog_url: its address, where that is no secret.
        webhook_url: receives every alert besides; empty: none.
        office_hours_only: whether warnings wait for the office hours.
    """

    email: Email = field(default_factory=Email)
    slack: bool = True
    pagerduty: bool = True
    watchdog: bool = True
    watchdog_url: str = ""
    webhook_url: str = ""
    office_hours_only: bool = True
    secrets: str = "/run/secrets"


ALL_CHANNELS: Final = Channels()
EMAIL_ONLY: Final = Channels(Email("mailpit:1025", user=""), slack=False, pagerduty=False, watchdog=False)
"""For a trial on one machine: everything to the mail catcher. No person is notified, and no dead-man switch watches."""


@dataclass(frozen=True)
class Route:
    """One branch; the first that matches wins.

    Attributes:
        matchers: label conditions, all of which must hold.
        wait_seconds: until the first notification of a group, so that alerts of one cause arrive together.
        repeat_hours: between notifications of a group that goes on.
        office_hours: whether it waits for the office hours.
    """

    receiver: str
    matchers: tuple[str, ...]
    wait_seconds: float = 30
    interval_minutes: float = 5
    repeat_hours: float = 24
    office_hours: bool = False


ROUTES: Final = (
    Route("watchdog", ('alertname="Watchdog"',), wait_seconds=0, interval_minutes=1, repeat_hours=1 / 12),
    Route("critical", (f'severity="{Severity.CRITICAL}"',), wait_seconds=10, repeat_hours=4),
    Route("data-science", ('component=~"model|drift|batch"',), office_hours=True),
    Route("operations", (f'severity="{Severity.WARNING}"',), office_hours=True),
)

DEFAULT_RECEIVER: Final = "operations"
TIME_ZONE: Final = "Europe/Paris"
OFFICE_HOURS: Final[dict[str, Any]] = {
    "weekdays": ["monday:friday"],
    "times": [{"start_time": "08:00", "end_time": "19:00"}],
    "location": TIME_ZONE,
}


@dataclass(frozen=True)
class Inhibition:
    """While an alert of the source fires, those of the target are not notified.

    Attributes:
        equal: labels that must have the same value in both.
    """

    source: tuple[str, ...]
    target: tuple[str, ...]
    equal: tuple[str, ...] = ("environment",)


INHIBITIONS: Final = (
    # Without a service, what it no longer measures says nothing.
    Inhibition(('alertname="CreditApiDown"',), ('component=~"api|model|drift"', 'alertname!="CreditApiDown"')),
    Inhibition(('alertname="CreditApiDown"',), ('alertname=~"TargetDown|TargetMissing"', 'job="credit-api"')),
    # Without the api-server nothing is known about Airflow; with a run that is missing, so is its result.
    Inhibition(('alertname="CreditAirflowUnreachable"',), ('alertname=~"TargetDown|TargetMissing"', 'job="airflow"')),
    Inhibition(('alertname="CreditDagRunMissing"', 'dag_id="credit_training"'), ('alertname="CreditTrainingStale"',)),
    Inhibition(('alertname="CreditDagRunMissing"', 'dag_id="credit_drift"'), ('alertname="CreditDriftRunStale"',)),
    # The cause is in the database; the spool and the errors follow from it.
    Inhibition(
        ('alertname="CreditDatabaseConnectionLost"', 'database=~"server|ledger"'),
        ('alertname=~"CreditSpoolGrowing|CreditDecisionsNotInLedger|CreditComponentNotReady"',),
    ),
    # The critical alert of two on the same measure.
    Inhibition(('alertname="CreditAvailabilityBudgetBurnsFast"',), ('alertname="CreditAvailabilityBudgetBurns"',)),
    Inhibition(('alertname="CreditLatencyBudgetBurnsFast"',), ('alertname="CreditLatencyBudgetBurns"',)),
    Inhibition(('alertname="CreditDecisionsNotInLedger"',), ('alertname="CreditSpoolGrowing"',)),
    Inhibition(
        ('alertname="CertificateAlmostExpired"',), ('alertname="CertificateExpiresSoon"',), ("environment", "probe")
    ),
    Inhibition(('alertname="DiskAlmostFull"',), ('alertname="DiskFullPredicted"',), ("environment", "instance")),
)
