"""alertmanager.yml: receivers, routes, inhibition, office hours."""

from typing import Any, Final

from monitoring.description.durations import Durations
from monitoring.description.routes import (
    DEFAULT_RECEIVER,
    INHIBITIONS,
    OFFICE_HOURS,
    ROUTES,
    TIME_ZONE,
    Channels,
    Route,
)

_OFFICE_HOURS: Final = "office hours"
_ALWAYS: Final = {"times": [{"start_time": "00:00", "end_time": "24:00"}], "location": TIME_ZONE}


def alertmanager_configuration(durations: Durations, channels: Channels) -> dict[str, Any]:
    """The whole configuration; secrets are read from files."""
    email = channels.email
    account = {"smtp_auth_username": email.user, "smtp_auth_password_file": f"{channels.secrets}/smtp_password"}
    hours = OFFICE_HOURS if channels.office_hours_only else _ALWAYS
    return {
        "global": {
            "resolve_timeout": durations.of(minutes=5),
            "smtp_smarthost": email.server,
            "smtp_from": email.sender,
            "smtp_require_tls": bool(email.user),
            **(account if email.user else {}),
        },
        "templates": ["templates/*.tmpl"],
        "time_intervals": [{"name": _OFFICE_HOURS, "time_intervals": [hours]}],
        "route": {
            "receiver": DEFAULT_RECEIVER,
            "group_by": ["alertname", "component", "environment"],
            "group_wait": durations.of(seconds=30),
            "group_interval": durations.of(minutes=5),
            "repeat_interval": durations.of(hours=24),
            "routes": [_route(route, durations) for route in ROUTES],
        },
        "inhibit_rules": [
            {
                "source_matchers": list(inhibition.source),
                "target_matchers": list(inhibition.target),
                "equal": list(inhibition.equal),
            }
            for inhibition in INHIBITIONS
        ],
        "receivers": _receivers(channels),
    }


def _route(route: Route, durations: Durations) -> dict[str, Any]:
    return {
        "receiver": route.receiver,
        "matchers": list(route.matchers),
        "group_wait": durations.of(seconds=route.wait_seconds) if route.wait_seconds else "0s",
        "group_interval": durations.of(minutes=route.interval_minutes),
        "repeat_interval": durations.of(hours=route.repeat_hours),
        **({"active_time_intervals": [_OFFICE_HOURS]} if route.office_hours else {}),
    }


def _receivers(channels: Channels) -> list[dict[str, Any]]:
    webhook = (
        {"webhook_configs": [{"url": channels.webhook_url, "send_resolved": True}]} if channels.webhook_url else {}
    )
    return [
        {"name": "watchdog", **_watchdog(channels)},
        {
            "name": "critical",
            **_email(channels.email.operations),
            **_slack(channels, "#credit-incidents"),
            **_pagerduty(channels),
            **webhook,
        },
        {
            "name": "data-science",
            **_email(channels.email.data_science),
            **_slack(channels, "#credit-models"),
            **webhook,
        },
        {
            "name": "operations",
            **_email(channels.email.operations),
            **_slack(channels, "#credit-operations"),
            **webhook,
        },
    ]


def _watchdog(channels: Channels) -> dict[str, Any]:
    if not channels.watchdog:
        return {}
    url = {"url": channels.watchdog_url} if channels.watchdog_url else {"url_file": f"{channels.secrets}/watchdog_url"}
    return {"webhook_configs": [{**url, "send_resolved": False}]}


def _email(address: str) -> dict[str, Any]:
    return {
        "email_configs": [
            {
                "to": address,
                "send_resolved": True,
                "headers": {"Subject": '{{ template "credit.title" . }}'},
                "html": "",
                "text": '{{ template "credit.text" . }}',
            }
        ]
    }


def _slack(channels: Channels, channel: str) -> dict[str, Any]:
    if not channels.slack:
        return {}
    return {
        "slack_configs": [
            {
                "api_url_file": f"{channels.secrets}/slack_url",
                "channel": channel,
                "send_resolved": True,
                "title": '{{ template "credit.title" . }}',
                "text": '{{ template "credit.text" . }}',
            }
        ]
    }


def _pagerduty(channels: Channels) -> dict[str, Any]:
    if not channels.pagerduty:
        return {}
    return {
        "pagerduty_configs": [
            {
                "routing_key_file": f"{channels.secrets}/pagerduty_key",
                "description": '{{ template "credit.title" . }}',
                "severity": "critical",
            }
        ]
    }
