"""alerts.yml and recording_rules.yml."""

from typing import Any

from monitoring.description.addresses import Links
from monitoring.description.alert import Alert
from monitoring.description.alerts import all_alerts
from monitoring.description.cases import CASES
from monitoring.description.cases.case import Case
from monitoring.description.durations import Durations
from monitoring.description.objectives import OBJECTIVES, PERIOD_DAYS, WINDOWS_HOURS, Objective, window_name
from monitoring.description.platforms import COMPOSE, Platform


def alert_rules(durations: Durations, links: Links, platform: Platform = COMPOSE) -> dict[str, Any]:
    """Every alert, with its labels and links."""
    return {
        "groups": [
            {"name": f"credit-{group}", "rules": [_alert_rule(alert, links) for alert in alerts]}
            for group, alerts in all_alerts(durations, platform).items()
        ]
    }


def _alert_rule(alert: Alert, links: Links) -> dict[str, Any]:
    rule: dict[str, Any] = {"alert": alert.name, "expr": alert.expression}
    if alert.pending:
        rule["for"] = alert.pending
    if alert.keep_firing:
        rule["keep_firing_for"] = alert.keep_firing
    rule["labels"] = {"severity": str(alert.severity), "component": alert.component}
    rule["annotations"] = {
        "summary": alert.summary,
        "description": alert.description,
        "runbook_url": links.runbook(alert.name),
        "dashboard_url": links.dashboard(alert.dashboard),
    }
    return rule


def recording_rules(durations: Durations) -> dict[str, Any]:
    """Error ratios of the objectives in every window, and what is left of their budgets; the names are Sloth's."""
    return {
        "groups": [
            {"name": "credit-slo", "rules": [rule for one in OBJECTIVES for rule in _ratios(one, durations)]},
            # A month of samples is read once in a while, not with every scrape.
            {
                "name": "credit-slo-period",
                "interval": durations.of(minutes=1),
                "rules": [rule for one in OBJECTIVES for rule in _period(one, durations)],
            },
        ]
    }


def _ratios(objective: Objective, durations: Durations) -> list[dict[str, Any]]:
    return [
        _rule(
            f"slo:sli_error:ratio_rate{window_name(hours)}",
            # Without requests there is no ratio; NaN would make every later average NaN.
            f"({objective.error_ratio(durations.window(hours=hours), durations)}) >= 0",
            objective,
        )
        for hours in (WINDOWS_HOURS if objective.burns else WINDOWS_HOURS[:1])
    ]


def _period(objective: Objective, durations: Durations) -> list[dict[str, Any]]:
    ratio = f'slo:sli_error:ratio_rate{{}}{{{{slo="{objective.name}"}}}}'
    short, long = ratio.format(window_name(WINDOWS_HOURS[0])), ratio.format(f"{PERIOD_DAYS}d")
    budget = f"{1 - objective.target:.6g}"
    return [
        _rule(
            f"slo:sli_error:ratio_rate{PERIOD_DAYS}d",
            f"avg_over_time({short}[{durations.window(days=PERIOD_DAYS)}])",
            objective,
        ),
        _rule("slo:objective:ratio", f"vector({objective.target})", objective),
        _rule("slo:current_burn_rate:ratio", f"{short} / {budget}", objective),
        _rule("slo:period_error_budget_remaining:ratio", f"1 - {long} / {budget}", objective),
    ]


def _rule(name: str, expression: str, objective: Objective) -> dict[str, Any]:
    return {"record": name, "expr": expression, "labels": {"slo": objective.name}}


def rule_tests() -> dict[str, Any]:
    """Every case as a test of promtool."""
    return {
        "rule_files": ["recording_rules.yml", "alerts.yml"],
        "evaluation_interval": "1m",
        "tests": [_rule_test(case) for case in CASES],
    }


def _rule_test(case: Case) -> dict[str, Any]:
    # The number of firing alerts, rather than promtool's alert tests: those compare every rendered annotation.
    count = f'count (ALERTS{{alertname="{case.alert}", alertstate="firing"}}) or vector(0)'
    moments = sorted([(minute, 1) for minute in case.fires_at] + [(minute, 0) for minute in case.silent_at])
    return {
        "name": f"{case.alert} {case.title}",
        "interval": "1m",
        "input_series": [{"series": series, "values": values} for series, values in case.series.items()],
        "promql_expr_test": [
            {"expr": count, "eval_time": f"{minute}m", "exp_samples": [{"labels": "{}", "value": number}]}
            for minute, number in moments
        ],
    }
