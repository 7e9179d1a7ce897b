"""Overview: whether the platform keeps its promises, and what fires."""

from typing import Final

from monitoring.description import limits
from monitoring.description.objectives import OBJECTIVES, PAGES
from monitoring.description.panel import CHOSEN, CHOSEN_REPLICAS, Dashboard, Panel, Query, Row

_BUDGETS: Final = tuple(
    Panel(
        f"Budget left: {objective.name}",
        f"{objective.title}: share of the budget of 30 days that is left; the objective is {objective.target:.1%}.",
        # How far a budget is overdrawn changes nothing beyond its double.
        (Query(f'clamp_min(slo:period_error_budget_remaining:ratio{{slo="{objective.name}"}}, -1)', objective.name),),
        "percentunit",
        "stat",
        limit=0.0,
        is_floor=True,
        minimum=-1,
        width=6,
        height=5,
    )
    for objective in OBJECTIVES
)
_AVAILABILITY: Final = Panel(
    "Availability, 30 days",
    f"Share of the decisions without a server error, and of the time in which probes got an answer; "
    f"the objective is {limits.AVAILABILITY:.1%}.",
    (Query('1 - slo:sli_error:ratio_rate30d{slo="availability"}', "available"),),
    "percentunit",
    "stat",
    limit=limits.AVAILABILITY,
    is_floor=True,
    width=6,
    height=5,
)

OVERVIEW: Final = Dashboard(
    "credit-overview",
    "Credit scoring: overview",
    "Objectives with their error budgets, firing alerts, targets.",
    (
        Row("Objectives", (_AVAILABILITY, *_BUDGETS)),
        Row(
            "Now",
            (
                Panel(
                    "Burn rate",
                    "How many times too fast the budget burns in 5 minutes; 1 uses it up in exactly 30 days.",
                    (Query("slo:current_burn_rate:ratio", "{{slo}}"),),
                    "short",
                    limit=PAGES[0].factor,
                    minimum=0.1,
                    logarithmic=True,
                ),
                Panel(
                    "Firing alerts",
                    "When each alert fired, without the watchdog, which always does.",
                    (
                        Query(
                            'max by (alertname) (ALERTS{alertstate="firing", alertname!="Watchdog"})', "{{alertname}}"
                        ),
                    ),
                    "short",
                    "state-timeline",
                    limit=1,
                ),
                Panel(
                    "Replicas",
                    "Replicas of the prediction service that Prometheus reaches.",
                    (Query(f"sum (up{{{CHOSEN_REPLICAS}}})", "up"),),
                    "short",
                    "stat",
                    limit=limits.REPLICAS,
                    is_floor=True,
                    alert="CreditReplicasMissing",
                    width=6,
                    height=6,
                ),
                Panel(
                    "Decisions in the spool",
                    "Decisions on local disks that are not yet in the ledger's database.",
                    (Query(f"sum (credit_ledger_spooled_decisions{{{CHOSEN}}})", "waiting"),),
                    "short",
                    "stat",
                    alert="CreditDecisionsNotInLedger",
                    width=6,
                    height=6,
                ),
                Panel(
                    "Targets",
                    "Share of the targets of each job that Prometheus reaches.",
                    (Query("avg by (job) (up)", "{{job}}"),),
                    "percentunit",
                    "bargauge",
                    limit=1,
                    is_floor=True,
                    alert="TargetDown",
                    width=12,
                    height=6,
                    maximum=1,
                ),
                Panel(
                    "Certificates",
                    "Time until the certificate of each probed address expires.",
                    (Query('min by (probe) (probe_ssl_earliest_cert_expiry{job="probe"}) - time()', "{{probe}}"),),
                    "s",
                    "stat",
                    limit=86_400.0 * limits.CERTIFICATE_DAYS,
                    is_floor=True,
                    alert="CertificateExpiresSoon",
                    width=12,
                    height=5,
                ),
                Panel(
                    "Notifications",
                    "Notifications that Alertmanager sent, and those that failed, per second.",
                    (
                        Query(
                            'sum by (integration) (rate(alertmanager_notifications_total{job="alertmanager"}'
                            "[$__rate_interval]))",
                            "{{integration}}",
                        ),
                        Query(
                            'sum (rate(alertmanager_notifications_failed_total{job="alertmanager"}[$__rate_interval]))',
                            "failed",
                        ),
                    ),
                    "ops",
                    alert="NotificationsFail",
                    width=12,
                    height=5,
                ),
            ),
        ),
    ),
)
