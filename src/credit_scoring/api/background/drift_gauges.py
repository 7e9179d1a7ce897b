"""The newest drift result as metrics: read from the history, which `credit-scoring drift` writes."""

import math

from prometheus_client import CollectorRegistry, Gauge

from credit_scoring.core.settings import Settings
from credit_scoring.governance.drift_history import DriftSummary, Status, newest_result


class DriftGauges:
    """Gauges of the last comparison of decisions with the training; NaN where it measured nothing."""

    def __init__(self, registry: CollectorRegistry) -> None:
        def gauge(name: str, description: str, *labels: str) -> Gauge:
            return Gauge(name, description, labels, registry=registry)

        self.last_run = gauge("credit_drift_last_run_timestamp_seconds", "When drift was last measured, in Unix time.")
        self.status = gauge(
            "credit_drift_status",
            "1 for the `status` of the last result (too few, stable, warning, alarm), else 0.",
            "status",
        )
        self.decisions = gauge("credit_drift_decisions", "Number of decisions of the last result.")
        self.score = gauge("credit_drift_score", "Share of the features that have drifted.")
        self.index = gauge(
            "credit_drift_psi",
            "Population stability index of the most important features, without chance, by `feature`.",
            "feature",
        )
        self.prediction = gauge(
            "credit_prediction_drift", "Population stability index of the probabilities of default."
        )
        self.target = gauge(
            "credit_target_drift", "Measured default rate of accepted applications minus that of the training."
        )
        self.cost = gauge(
            "credit_cost_per_client",
            "Cost per client by `kind`, in units of a refused good client: estimated of the decisions of the window; "
            "measured where an outcome became known in it; expected, which is the estimate of those.",
            "kind",
        )
        self.auc = gauge("credit_auc", "Area under the ROC curve by `kind`, as credit_cost_per_client.", "kind")
        self._forget()

    def refresh(self, settings: Settings, model_version: int) -> None:
        """Read the newest result on a model and show it; raises StorageError if the history cannot be read."""
        newest = newest_result(settings, model_version)
        if newest is None:
            self._forget()
        else:
            self.show(newest)

    def _forget(self) -> None:
        """Show that nothing was measured: the result on another model says nothing of this one."""
        for measured in (self.last_run, self.decisions, self.score, self.prediction, self.target):
            measured.set(math.nan)
        for labelled in (self.status, self.index, self.cost, self.auc):
            labelled.clear()

    def show(self, result: DriftSummary) -> None:
        """Set every gauge."""
        self.last_run.set(result.run_at.timestamp())
        for status in Status:
            self.status.labels(status.value).set(status is result.status)
        self.decisions.set(result.decisions)
        # The figures of too few decisions are chance.
        is_compared = result.status is not Status.TOO_FEW
        self.score.set(result.score if is_compared else math.nan)
        self.index.clear()
        for name, index in result.features.items():
            self.index.labels(name).set(index if is_compared else math.nan)
        self.prediction.set(_number(result.prediction_index if is_compared else None))
        self.target.set(_number(result.target_drift))
        for kind in ("estimated", "expected", "measured"):
            self.cost.labels(kind).set(_number(getattr(result, f"{kind}_cost")))
            self.auc.labels(kind).set(_number(getattr(result, f"{kind}_auc")))


def _number(value: float | None) -> float:
    return math.nan if value is None else value
