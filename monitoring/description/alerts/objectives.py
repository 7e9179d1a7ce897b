"""Alerts on the budgets of the service-level objectives, by burn rate in two windows each."""

from monitoring.description import limits, measures
from monitoring.description.alert import Alert, Severity
from monitoring.description.durations import Durations
from monitoring.description.objectives import OBJECTIVES, PAGES, TICKETS, BurnRate, Objective, window_name


def objective_alerts(durations: Durations) -> tuple[Alert, ...]:
    """A page and a ticket for every objective that burns, and the alert on durability."""
    burning = [
        _burning(objective, severity, rates, pending, durations)
        for objective in OBJECTIVES
        if objective.burns
        for severity, rates, pending in (
            (Severity.CRITICAL, PAGES, durations.of(minutes=2)),
            (Severity.WARNING, TICKETS, durations.of(hours=1)),
        )
    ]
    return (
        *burning,
        Alert(
            "CreditDecisionsNotInLedger",
            Severity.CRITICAL,
            "database",
            f"{measures.waiting_decisions(durations.window(minutes=1))} > 0",
            "Decisions have been waiting for the ledger for more than 5 minutes",
            "At least {{ $value }} decisions have been in a spool for more than 5 minutes, durable on one disk only.",
            "credit-overview",
            pending=durations.of(minutes=limits.SPOOL_MINUTES),
        ),
    )


def _burning(
    objective: Objective, severity: Severity, rates: tuple[BurnRate, ...], pending: str, durations: Durations
) -> Alert:
    conditions = " or ".join(f"({_condition(objective, rate)})" for rate in rates)
    # One failed request of ten at night is no incident.
    window = durations.window(hours=1 if severity is Severity.CRITICAL else 24)
    requests = f"sum (increase(credit_requests_total{{{measures.API}, {measures.DECIDING}}}[{window}]))"
    fast = severity is Severity.CRITICAL
    return Alert(
        f"Credit{objective.name.capitalize()}Budget{'BurnsFast' if fast else 'Burns'}",
        severity,
        "api",
        f"({conditions}) and on () {requests} > {limits.BURN_RATE_MINIMUM_REQUESTS}",
        f"The error budget of the objective `{objective.name}` burns {'fast' if fast else 'too fast'}",
        f"{{{{ $value | humanizePercentage }}}} of the events missed the objective “{objective.title}” "
        f"({objective.target:.1%}); at this rate the 30-day error budget runs out early.",
        "credit-overview",
        pending=pending,
    )


def _condition(objective: Objective, rate: BurnRate) -> str:
    limit = round(rate.factor * (1 - objective.target), 6)
    long, short = (
        f'slo:sli_error:ratio_rate{window_name(hours)}{{slo="{objective.name}"}} > {limit:g}'
        for hours in (rate.long_hours, rate.short_hours)
    )
    return f"{long} and {short}"
