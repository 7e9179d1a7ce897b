"""Drift: what has moved away from the training, and what it costs."""

from typing import Final

from monitoring.description import limits
from monitoring.description.panel import CHOSEN, Dashboard, Panel, Query, Row

DRIFT: Final = Dashboard(
    "credit-drift",
    "Credit scoring: drift",
    "The last comparison of decisions with the training: features, predictions, outcomes, cost.",
    (
        Row(
            "Result",
            (
                Panel(
                    "Drift score",
                    "Share of the features that have drifted.",
                    (Query(f"max (credit_drift_score{{{CHOSEN}}})", "drifted"),),
                    "percentunit",
                    "stat",
                    limit=limits.DRIFT_SCORE,
                    alert="CreditDriftHigh",
                    width=6,
                    height=5,
                ),
                Panel(
                    "Verdict",
                    "The status of the last result: too few, stable, warning or alarm.",
                    (Query(f"max by (status) (credit_drift_status{{{CHOSEN}}}) == 1", "{{status}}"),),
                    "short",
                    "stat",
                    shows_name=True,
                    width=6,
                    height=5,
                ),
                Panel(
                    "Decisions compared",
                    "Number of decisions of the last result; 500 are needed for a verdict.",
                    (Query(f"max (credit_drift_decisions{{{CHOSEN}}})", "decisions"),),
                    "short",
                    "stat",
                    width=6,
                    height=5,
                ),
                Panel(
                    "Last run",
                    "Time since drift was measured last.",
                    (Query(f"time() - max (credit_drift_last_run_timestamp_seconds{{{CHOSEN}}})", "age"),),
                    "s",
                    "stat",
                    limit=3_600.0 * limits.DRIFT_AGE_HOURS,
                    alert="CreditDriftRunStale",
                    width=6,
                    height=5,
                ),
                Panel(
                    "Features that moved furthest",
                    "Population stability index of the most important features, without what chance explains.",
                    (Query(f"topk(15, max by (feature) (credit_drift_psi{{{CHOSEN}}}))", "{{feature}}"),),
                    "short",
                    "bargauge",
                    limit=limits.FEATURE_INDEX,
                    height=12,
                ),
                Panel(
                    "Drift score over time",
                    "Share of the features that have drifted; each step is a run.",
                    (Query(f"max (credit_drift_score{{{CHOSEN}}})", "drifted"),),
                    "percentunit",
                    limit=limits.DRIFT_SCORE,
                    alert="CreditDriftHigh",
                    maximum=1,
                    height=12,
                ),
            ),
        ),
        Row(
            "Predictions and outcomes",
            (
                Panel(
                    "Prediction drift",
                    "Population stability index of the probabilities of default.",
                    (Query(f"max (credit_prediction_drift{{{CHOSEN}}})", "index"),),
                    "short",
                ),
                Panel(
                    "Target drift",
                    "Default rate of accepted applications minus that of the training; known months later.",
                    (Query(f"max (credit_target_drift{{{CHOSEN}}})", "difference"),),
                    "percentunit",
                    minimum=None,
                    is_live=False,
                ),
                Panel(
                    "Cost per client",
                    "Estimated at once from the probabilities, measured when outcomes are known.",
                    (Query(f"max by (kind) (credit_cost_per_client{{{CHOSEN}}})", "{{kind}}"),),
                    "short",
                ),
                Panel(
                    "AUC",
                    "Area under the ROC curve, estimated and measured as the cost.",
                    (Query(f"max by (kind) (credit_auc{{{CHOSEN}}})", "{{kind}}"),),
                    "short",
                    minimum=0.5,
                    maximum=1,
                ),
            ),
        ),
    ),
    reports=(("Drift reports in English and French (drift/drift_report.html)", "MONITORING.md#drift-and-performance"),),
)
