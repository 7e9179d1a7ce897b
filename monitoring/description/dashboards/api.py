"""API: requests, errors, duration, uptime."""

from typing import Final

from monitoring.description import limits, measures
from monitoring.description.panel import CHOSEN, CHOSEN_REPLICAS, WINDOW, Dashboard, Panel, Query, Row

_HEADLINES: Final = Row(
    "Requests",
    (
        Panel(
            "Requests per second",
            "Answered requests of callers, without probes and scrapes.",
            (Query(measures.request_rate(WINDOW, CHOSEN), "all"),),
            "reqps",
            "stat",
            width=6,
            height=5,
        ),
        Panel(
            "Latency, 95th percentile",
            "Time from a request's head to the end of its response, single decisions.",
            (Query(measures.latency(0.95, WINDOW, CHOSEN), "p95"),),
            "s",
            "stat",
            limit=limits.LATENCY_P95_SECONDS,
            alert="CreditApiLatencyHigh",
            width=6,
            height=5,
        ),
        Panel(
            "Error rate",
            "Share of the callers' requests that got a server error (5xx).",
            (Query(measures.error_share(WINDOW, CHOSEN), "5xx"),),
            "percentunit",
            "stat",
            limit=limits.ERROR_SHARE,
            alert="CreditApiErrorRateHigh",
            width=6,
            height=5,
        ),
        Panel(
            "Uptime",
            "Time since the start of the replica that started last.",
            (Query(f"time() - max (credit_process_start_time_seconds{{{CHOSEN}}})", "since"),),
            "s",
            "stat",
            width=6,
            height=5,
        ),
        Panel(
            "Requests per second, by route",
            "A route is the pattern of a path, never the caller's text.",
            (Query(measures.request_rate(WINDOW, CHOSEN, by="path"), "{{path}}"),),
            "reqps",
            stacked=True,
        ),
        Panel(
            "Latency",
            "Quantiles of the time of a single decision; at most 200 ms for 95 % is the objective.",
            tuple(Query(measures.latency(q, WINDOW, CHOSEN), f"p{100 * q:g}") for q in (0.5, 0.95, 0.99)),
            "s",
            limit=limits.LATENCY_P95_SECONDS,
            alert="CreditApiLatencyHigh",
        ),
        Panel(
            "Errors",
            "Share of the callers' requests with a client error (4xx) and with a server error (5xx).",
            tuple(
                Query(measures.share_of_status(f"{digit}..", WINDOW, f"{CHOSEN}, {measures.CALLERS}"), f"{digit}xx")
                for digit in (4, 5)
            ),
            "percentunit",
            limit=limits.ERROR_SHARE,
            alert="CreditApiErrorRateHigh",
        ),
        Panel(
            "Availability",
            "Replicas that Prometheus reaches, as a share of those that there should be.",
            (Query(f"sum (up{{{CHOSEN_REPLICAS}}}) / {limits.REPLICAS}", "up"),),
            "percentunit",
            maximum=1,
            alert="CreditReplicasMissing",
        ),
    ),
)

API: Final = Dashboard(
    "credit-api",
    "Credit scoring: API",
    "Requests per second, latency, errors and uptime of the prediction service.",
    (
        _HEADLINES,
        Row(
            "Where the time goes",
            (
                Panel(
                    "Stages of a decision",
                    "95th percentile of each stage; applications that are decided together count once.",
                    (
                        Query(
                            "histogram_quantile(0.95, sum by (le, stage) "
                            f"(rate(credit_decision_stage_seconds_bucket{{{CHOSEN}}}[{WINDOW}])))",
                            "{{stage}}",
                        ),
                    ),
                    "s",
                ),
                Panel(
                    "Requests in progress",
                    "Per replica; above CREDIT_API_MAX_IN_FLIGHT further requests get 503.",
                    (Query(f"credit_requests_in_flight{{{CHOSEN}}}", "{{instance}}"),),
                    "short",
                ),
                Panel(
                    "Decisions per batch",
                    "Mean number of concurrent applications that were decided together.",
                    (
                        Query(
                            f"sum (rate(credit_decision_batch_size_sum{{{CHOSEN}}}[{WINDOW}])) / "
                            f"sum (rate(credit_decision_batch_size_count{{{CHOSEN}}}[{WINDOW}]))",
                            "applications",
                        ),
                    ),
                    "short",
                ),
                Panel(
                    "Components",
                    "1 where a component of a replica works.",
                    (Query(f"min by (component) (credit_component_ready{{{CHOSEN}}})", "{{component}}"),),
                    "short",
                    limit=1,
                    is_floor=True,
                    maximum=1,
                    alert="CreditComponentNotReady",
                ),
                Panel(
                    "Failed background threads",
                    "Unexpected ends per second; all but the decision thread are restarted.",
                    (
                        Query(
                            f"sum by (thread) (rate(credit_thread_failures_total{{{CHOSEN}}}[{WINDOW}]))", "{{thread}}"
                        ),
                    ),
                    "ops",
                    alert="CreditThreadFailed",
                    is_live=False,
                ),
            ),
        ),
    ),
)
