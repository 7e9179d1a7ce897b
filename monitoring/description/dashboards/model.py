"""Model: decisions, scores, versions."""

from typing import Final

from monitoring.description import limits, measures
from monitoring.description.panel import CHOSEN, WINDOW, Dashboard, Panel, Query, Row

MODEL: Final = Dashboard(
    "credit-model",
    "Credit scoring: model",
    "Predictions, distribution of the scores, acceptance, model version, drift score.",
    (
        Row(
            "Decisions",
            (
                Panel(
                    "Predictions",
                    "Recorded decisions in the chosen period.",
                    (Query(f"sum (increase(credit_predictions_total{{{CHOSEN}}}[$__range]))", "decisions"),),
                    "short",
                    "stat",
                    width=6,
                    height=5,
                ),
                Panel(
                    "Acceptance",
                    "Share of the decisions that accept.",
                    (Query(f"1 - {measures.refused_share(WINDOW, CHOSEN)}", "accepted"),),
                    "percentunit",
                    "stat",
                    limit=1 - limits.REFUSED_SHARE_MAXIMUM,
                    is_floor=True,
                    alert="CreditRefusedShareUnusual",
                    width=6,
                    height=5,
                ),
                Panel(
                    "Model version",
                    "Version in use; replicas that differ for long raise an alert.",
                    (Query(f'max (credit_model_version{{{CHOSEN}, role="champion"}})', "champion"),),
                    "short",
                    "stat",
                    alert="CreditModelVersionsDiffer",
                    width=6,
                    height=5,
                ),
                Panel(
                    "Drift score",
                    "Share of the features that have drifted from the training.",
                    (Query(f"max (credit_drift_score{{{CHOSEN}}})", "drifted"),),
                    "percentunit",
                    "stat",
                    limit=limits.DRIFT_SCORE,
                    alert="CreditDriftHigh",
                    width=6,
                    height=5,
                ),
                Panel(
                    "Decisions per second",
                    "Recorded decisions by result.",
                    (
                        Query(
                            f"sum by (decision) (rate(credit_predictions_total{{{CHOSEN}}}[{WINDOW}]))", "{{decision}}"
                        ),
                    ),
                    "ops",
                    stacked=True,
                ),
                Panel(
                    "Refused share",
                    "Share of the decisions that refuse.",
                    (Query(measures.refused_share(WINDOW, CHOSEN), "refused"),),
                    "percentunit",
                    limit=limits.REFUSED_SHARE_MAXIMUM,
                    alert="CreditRefusedShareUnusual",
                    maximum=1,
                ),
                Panel(
                    "Score distribution",
                    "Calibrated probabilities of default of the recorded decisions, per second.",
                    (
                        Query(
                            f"sum by (le) (rate(credit_probability_of_default_bucket{{{CHOSEN}}}[{WINDOW}]))", "{{le}}"
                        ),
                    ),
                    "percentunit",
                    "heatmap",
                ),
                Panel(
                    "Mean probability of default",
                    "Of the recorded decisions.",
                    (
                        Query(
                            f"sum (rate(credit_probability_of_default_sum{{{CHOSEN}}}[{WINDOW}])) / "
                            f"sum (rate(credit_probability_of_default_count{{{CHOSEN}}}[{WINDOW}]))",
                            "mean",
                        ),
                    ),
                    "percentunit",
                ),
            ),
        ),
        Row(
            "Model and features",
            (
                Panel(
                    "Versions",
                    "Model version of each replica; a step is a promotion or a rollback.",
                    (Query(f"credit_model_version{{{CHOSEN}}}", "{{role}} {{instance}}"),),
                    "short",
                    minimum=None,
                    alert="CreditModelChangeFailed",
                ),
                Panel(
                    "Age of the features",
                    "Time since the served feature version was published.",
                    (Query(f"max (credit_feature_age_seconds{{{CHOSEN}}})", "age"),),
                    "s",
                    limit=86_400.0 * limits.FEATURE_AGE_DAYS,
                    alert="CreditFeaturesOld",
                ),
                Panel(
                    "Clients without history",
                    "Decisions by the result of the history look-up, per second.",
                    (
                        Query(
                            f"sum by (result) (rate(credit_history_lookups_total{{{CHOSEN}}}[{WINDOW}]))", "{{result}}"
                        ),
                    ),
                    "ops",
                    stacked=True,
                ),
                Panel(
                    "Champion and shadow",
                    "Shadow decisions by result, per second; empty without a challenger.",
                    (
                        Query(
                            f"sum by (result) (rate(credit_shadow_decisions_total{{{CHOSEN}}}[{WINDOW}]))", "{{result}}"
                        ),
                    ),
                    "ops",
                    is_live=False,
                ),
                Panel(
                    "Last success of each step",
                    "Time since each batch step succeeded last.",
                    (
                        Query(
                            'time() - max by (step) (credit_step_last_success_timestamp_seconds{job="node"})',
                            "{{step}}",
                        ),
                    ),
                    "s",
                    "bargauge",
                    alert="CreditTrainingStale",
                ),
                Panel(
                    "Duration of each step",
                    "Of the last run that computed something.",
                    (Query('max by (step) (credit_step_duration_seconds{job="node"})', "{{step}}"),),
                    "s",
                    "bargauge",
                ),
            ),
        ),
    ),
)
