"""What training found, as a page with plots."""

import numpy as np
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from sklearn.calibration import calibration_curve
from sklearn.metrics import roc_curve

from credit_scoring.core.html_page import picture, render, render_page, table
from credit_scoring.core.manifest import DataSource
from credit_scoring.train.business_cost import business_cost

_SIZE = (5.6, 3.6)


def training_report(
    probability: np.ndarray,
    default: np.ndarray,
    metrics: dict[str, float],
    missed_default_cost: float,
    source: DataSource,
    subtitle: str,
) -> str:
    """HTML page of one trained model, from calibrated out-of-fold probabilities (n,) and defaults (n,)."""
    rows = [
        (name.replace("_", " "), f"{value:,.0f}" if value.is_integer() and value > 1 else f"{value:.4f}")
        for name, value in metrics.items()
    ]
    body = render(
        "<h2>Figures, out of fold</h2>{{ figures }}<h2>Plots</h2><div class='grid'>{{ plots }}</div>",
        figures=table(("metric", "value"), rows),
        plots=Markup("").join(
            [
                picture(
                    cost_figure(probability, default, metrics, missed_default_cost), "Cost of each threshold"
                ),
                picture(roc_figure(probability, default, metrics["auc"]), "Ranking"),
                picture(calibration_figure(probability, default), "Calibration"),
            ]
        ),
    )
    return render_page("Training report", subtitle, source, body)


def cost_figure(
    probability: np.ndarray, default: np.ndarray, metrics: dict[str, float], missed_default_cost: float
) -> Figure:
    """Business cost per client against the threshold, with the chosen one."""
    cuts = np.linspace(0.01, 0.5, 99)
    costs = [business_cost(probability >= cut, default, missed_default_cost) / len(default) for cut in cuts]
    figure, axes = _plot("threshold: probability of default", "business cost per client")
    axes.plot(cuts, costs)
    axes.axvline(
        metrics["threshold"], color="tab:red", linestyle="--", label=f"chosen {metrics['threshold']:.3f}"
    )
    axes.legend()
    return figure


def roc_figure(probability: np.ndarray, default: np.ndarray, auc: float) -> Figure:
    """Receiver operating characteristic."""
    false_positive_rate, true_positive_rate, _ = roc_curve(default, probability)
    figure, axes = _plot("share of good clients refused", "share of defaults refused")
    axes.plot(false_positive_rate, true_positive_rate, label=f"AUC {auc:.4f}")
    axes.plot([0, 1], [0, 1], color="grey", linestyle=":")
    axes.legend()
    return figure


def calibration_figure(probability: np.ndarray, default: np.ndarray) -> Figure:
    """Observed default rate against predicted probability, by tenths of the clients."""
    observed, predicted = calibration_curve(default, probability, n_bins=10, strategy="quantile")
    figure, axes = _plot("mean predicted probability", "observed default rate")
    axes.plot(predicted, observed, marker="o")
    limit = float(max(observed.max(), predicted.max()))
    axes.plot([0, limit], [0, limit], color="grey", linestyle=":")
    return figure


def _plot(x_label: str, y_label: str) -> tuple[Figure, Axes]:
    figure = Figure(figsize=_SIZE, layout="constrained")
    axes = figure.subplots()
    axes.set_xlabel(x_label)
    axes.set_ylabel(y_label)
    axes.grid(alpha=0.3)
    return figure, axes
