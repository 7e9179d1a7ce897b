"""The curves of one model, as the rows of a table and as one picture."""

import numpy as np
import polars as pl
from matplotlib.figure import Figure
from sklearn.calibration import calibration_curve
from sklearn.metrics import precision_recall_curve, roc_curve

from credit_scoring.evaluation.business_cost import costs_at
from credit_scoring.train.evaluation import Evaluation

_POINTS = 200
_AXES = {
    "roc": ("share of good clients refused", "share of defaults refused"),
    "precision_recall": ("recall", "precision"),
    "cost": ("threshold", "business cost per client"),
    "calibration": ("predicted probability", "observed default rate"),
}


def curves_of(each: Evaluation, default: np.ndarray, missed_default_cost: float) -> pl.DataFrame:
    """Columns curve, x and y: at most 200 points of each curve of a model."""
    false_positives, true_positives, _ = roc_curve(default, each.probability)
    precision, recall, _ = precision_recall_curve(default, each.probability)
    cuts = np.linspace(0.005, 0.9, _POINTS)
    # Tenths of the clients.
    observed, predicted = calibration_curve(default, each.probability, n_bins=10, strategy="quantile")
    points = {
        "roc": (false_positives, true_positives),
        "precision_recall": (recall[::-1], precision[::-1]),
        "cost": (cuts, costs_at(cuts, each.probability, default, missed_default_cost)),
        "calibration": (predicted, observed),
    }
    return pl.concat(_thinned(curve, x, y) for curve, (x, y) in points.items())


def picture_of(curves: pl.DataFrame) -> Figure:
    """The curves side by side."""
    figure = Figure(figsize=(14, 3.2))
    for panel, (curve, (x_label, y_label)) in zip(figure.subplots(1, len(_AXES)), _AXES.items(), strict=True):
        points = curves.filter(pl.col("curve") == curve)
        panel.plot(points["x"], points["y"], marker="o" if curve == "calibration" else None)
        panel.set(xlabel=x_label, ylabel=y_label)
        panel.grid(alpha=0.3)
    figure.subplots_adjust(left=0.05, right=0.99, bottom=0.16, top=0.97)
    return figure


def _thinned(curve: str, x: np.ndarray, y: np.ndarray) -> pl.DataFrame:
    kept = np.unique(np.linspace(0, len(x) - 1, _POINTS).astype(int))
    return pl.DataFrame({"curve": [curve] * len(kept), "x": x[kept].astype(float), "y": y[kept].astype(float)})
