"""The plots of a training; each takes evaluations on the same out-of-fold clients."""

from collections.abc import Callable

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from sklearn.calibration import calibration_curve
from sklearn.metrics import precision_recall_curve, roc_curve

from credit_scoring.evaluation.business_cost import GRID, FlatRegion, by_cost_ratio, costs_at
from credit_scoring.evaluation.confidence_intervals import CONFIDENCE
from credit_scoring.scoring.calibration import LogisticCalibration
from credit_scoring.train.evaluation import Evaluation, threshold_outcomes
from credit_scoring.train.tuning import Tuning
from credit_scoring.train.tuning_trials import cost_of

_CHAMPION_COLOUR = "#1f5fa8"
_OTHER_COLOUR = "#9fb3c8"
_POINTS_OF_A_CURVE = 400
_TENTHS = 10


def comparison_figure(evaluations: list[Evaluation], champion: str) -> Figure:
    """AUC, cost per client and training time of each model as bars, with intervals where there are any."""
    figure = Figure(figsize=(12.8, 0.42 * len(evaluations) + 1.6), layout="constrained")
    axes = figure.subplots(1, 3, sharey=True)
    ranked = evaluations[::-1]
    names = [each.name for each in ranked]
    colours = [_CHAMPION_COLOUR if name == champion else _OTHER_COLOUR for name in names]
    for panel, metric, title in ((axes[0], "auc", "AUC"), (axes[1], "cost_per_client", "cost per client")):
        values, low, high = (
            np.array([each.metrics[f"{metric}{end}"] for each in ranked]) for end in ("", "_low", "_high")
        )
        reach = np.maximum(0.0, [values - low, high - values])
        panel.barh(names, values, color=colours, xerr=reach, ecolor="#5b6875", capsize=2)
        lowest, highest = float((values - reach[0]).min()), float((values + reach[1]).max())
        margin = (highest - lowest) / 10 or 0.01
        panel.set_xlim(lowest - margin, highest + margin)
        panel.set_xlabel(f"{title} (line: {CONFIDENCE:.0%} interval; axis does not start at 0)", fontsize=8)
    axes[2].barh(names, [each.training_seconds for each in ranked], color=colours)
    axes[2].set_xlabel("seconds to train all folds", fontsize=8)
    for panel in axes:
        panel.grid(axis="x", alpha=0.3)
    return figure


def roc_figure(evaluations: list[Evaluation], default: np.ndarray) -> Figure:
    """Receiver operating characteristics of all models."""
    figure, axes = _plot("share of good clients refused", "share of defaults refused")
    _curves(axes, evaluations, "auc", "AUC", lambda each: roc_curve(default, each.margins)[:2])
    axes.plot([0, 1], [0, 1], color="grey", linestyle=":")
    return figure


def precision_recall_figure(evaluations: list[Evaluation], default: np.ndarray) -> Figure:
    """Precision against recall of all models."""

    def curve(each: Evaluation) -> tuple[np.ndarray, np.ndarray]:
        precision, recall, _ = precision_recall_curve(default, each.margins)
        # The first points are shares of a handful of clients.
        kept = recall >= min(0.01, float(recall.max()))
        return recall[kept], precision[kept]

    figure, axes = _plot("recall: share of defaults refused", "precision: share of defaults among the refused")
    _curves(axes, evaluations, "average_precision", "average precision", curve)
    axes.axhline(float(np.mean(default)), color="grey", linestyle=":")
    return figure


def cost_figure(
    evaluations: list[Evaluation], champion: Evaluation, default: np.ndarray, flat: FlatRegion, cost: float
) -> Figure:
    """Cost per client against the threshold: the champion's with its optimum, the other models' behind it."""
    figure, axes = _plot("threshold: probability of default", "business cost per client")
    cuts = np.linspace(0.005, 0.9, _POINTS_OF_A_CURVE)
    for each in evaluations:
        if each.name != champion.name:
            axes.plot(cuts, costs_at(cuts, each.probability, default, cost), color=_OTHER_COLOUR, lw=0.7)
    costs, on_grid = (costs_at(at, champion.probability, default, cost) for at in (cuts, GRID))
    axes.plot(cuts, costs, color=_CHAMPION_COLOUR, label=champion.name)
    axes.plot(GRID, on_grid, "o", ms=4, color=_CHAMPION_COLOUR, label="grid 0.1 to 0.9")
    region = f"within 1 %: {flat.low:.3f} to {flat.high:.3f}"
    axes.axvspan(flat.low, flat.high, color="tab:green", alpha=0.2, label=region)
    best, theory = champion.threshold, 1 / (1 + cost)
    optimum = f"optimum {best.value:.3f}"
    axes.plot([best.value], [best.cost_per_client], "*", ms=12, color="tab:red", label=optimum)
    axes.axvline(theory, color="grey", linestyle=":", label=f"1 / (1 + {cost:g}) = {theory:.3f}")
    axes.legend(fontsize=7)
    return figure


def trade_off_figure(champion: Evaluation, default: np.ndarray, cost: float) -> Figure:
    """False negatives and positives, their cost, acceptances and precision at each threshold of thresholds.csv."""
    outcomes = threshold_outcomes(champion, default, cost).sort("threshold")
    figure = Figure(figsize=(12.8, 4.2), layout="constrained")
    panels = {
        "clients": {"false_negatives": "tab:red", "false_positives": "tab:orange"},
        "business cost per client": {"cost_per_client": _CHAMPION_COLOUR},
        "share": {"acceptance_rate": "tab:green", "precision": "tab:purple"},
    }
    names = {
        "false_negatives": "false negatives: accepted defaults",
        "false_positives": "false positives: refused good clients",
        "cost_per_client": f"false negatives count {cost:g} times",
        "acceptance_rate": "clients accepted",
        "precision": "precision: defaults among the refused",
    }
    for panel, (label, curves) in zip(figure.subplots(1, len(panels)), panels.items(), strict=True):
        for column, colour in curves.items():
            panel.plot(outcomes["threshold"], outcomes[column], "o-", ms=3, lw=1, color=colour, label=names[column])
        panel.axvline(
            champion.threshold.value, color="black", ls="--", lw=1, label=f"optimum {champion.threshold.value:.3f}"
        )
        panel.set(xlabel="threshold: probability of default", ylabel=label)
        panel.set_ylim(bottom=0)
        panel.grid(alpha=0.3)
        panel.legend(fontsize=7)
    return figure


def calibration_figure(evaluations: list[Evaluation], champion: Evaluation, default: np.ndarray) -> Figure:
    """Observed default rate against predicted probability by tenths of the clients, before and after calibration."""
    figure = Figure(figsize=(12.8, 4.4), layout="constrained")
    before, after = figure.subplots(1, 2)
    for panel, title in ((before, "before calibration"), (after, "after calibration")):
        limit = 0.0
        for index, each in enumerate(evaluations):
            probability = LogisticCalibration().probability(each.margins) if panel is before else each.probability
            observed, predicted = calibration_curve(default, probability, n_bins=_TENTHS, strategy="quantile")
            width = 2.2 if each.name == champion.name else 0.9
            panel.plot(
                predicted, observed, marker="o", ms=3, lw=width, color=colormaps["tab20"](index % 20), label=each.name
            )
            limit = max(limit, float(observed.max()), float(predicted.max()))
        panel.plot([0, limit], [0, limit], color="grey", linestyle=":")
        panel.set(title=title, xlabel="mean predicted probability", ylabel="observed default rate")
        panel.grid(alpha=0.3)
    before.legend(fontsize=7)
    return figure


def distribution_figure(champion: Evaluation, default: np.ndarray) -> Figure:
    """Distribution of the champion's probabilities among good clients and among defaults."""
    figure, axes = _plot("probability of default (logarithmic)", "share of the class")
    low, high = np.quantile(champion.probability, [0.001, 0.999])
    lowest = max(float(low), 1e-4)
    # A constant model has a single value.
    bins = np.geomspace(lowest, max(float(high), 1.5 * lowest), 50)
    for target, label, colour in ((0, "good clients", "tab:green"), (1, "defaults", "tab:red")):
        values = champion.probability[default == target].clip(bins[0], bins[-1])
        shares = np.histogram(values, bins)[0] / len(values)
        axes.stairs(shares, bins, fill=True, alpha=0.5, label=label, color=colour)
    cut = champion.threshold.value
    axes.axvline(cut, color="black", linestyle="--", label=f"threshold {cut:.3f}")
    axes.set_xscale("log")
    axes.legend(fontsize=8)
    return figure


def confusion_figure(evaluations: list[Evaluation]) -> Figure:
    """Confusion matrix of each model at its own threshold."""
    columns = min(4, len(evaluations))
    lines = -(-len(evaluations) // columns)
    figure = Figure(figsize=(3.1 * columns, 2.7 * lines), layout="constrained")
    panels = figure.subplots(lines, columns, squeeze=False).ravel()
    for panel in panels[len(evaluations) :]:
        panel.axis("off")
    cells = ("accepted_good_clients", "refused_good_clients", "accepted_defaults", "refused_defaults")
    for panel, each in zip(panels, evaluations, strict=False):
        counts = np.array([each.metrics[name] for name in cells]).reshape(2, 2)
        shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
        panel.imshow(shares, cmap="Blues", vmin=0, vmax=1)
        for (line, column), share in np.ndenumerate(shares):
            text, colour = f"{counts[line, column]:,.0f}\n{share:.0%}", "white" if share > 0.6 else "black"
            panel.text(column, line, text, ha="center", va="center", fontsize=8, color=colour)
        panel.set_xticks([0, 1], ["accepted", "refused"], fontsize=7)
        panel.set_yticks([0, 1], ["good", "default"], fontsize=7)
        panel.set_title(each.name, fontsize=8)
    return figure


def cost_ratio_figure(champion: Evaluation, default: np.ndarray) -> Figure:
    """The best threshold at each cost ratio, and the theoretical one."""
    figure, axes = _plot("cost of a missed default, in refused good clients", "threshold")
    ratios, best, theory = zip(*by_cost_ratio(champion.probability, default), strict=True)
    axes.plot(ratios, [each.value for each in best], marker="o", color=_CHAMPION_COLOUR, label="exact optimum")
    axes.plot(ratios, theory, color="grey", linestyle=":", label="1 / (1 + ratio)")
    axes.legend(fontsize=8)
    return figure


def tuning_figure(tuning: Tuning) -> Figure:
    """Cost of each trial in order, with the lowest so far, and the importance of each hyperparameter."""
    figure = Figure(figsize=(12.8, 4.0), layout="constrained")
    history, importance = figure.subplots(1, 2)
    complete = tuning.complete
    pruned = [trial for trial in tuning.trials if trial not in complete]
    for label, trials, colour in (("complete", complete, _CHAMPION_COLOUR), ("pruned", pruned, _OTHER_COLOUR)):
        numbers, costs = [each.number for each in trials], [cost_of(each) for each in trials]
        history.plot(numbers, costs, "o", ms=4, color=colour, label=label)
    numbers = [trial.number for trial in complete]
    lowest = np.minimum.accumulate([cost_of(trial) for trial in complete])
    history.step(numbers, lowest, where="post", color="tab:red", lw=1, label="best so far")
    history.set(xlabel="trial", ylabel="cost per client of the subsample")
    history.grid(alpha=0.3)
    history.legend(fontsize=8)
    ranked = sorted(tuning.importances.items(), key=lambda pair: pair[1])
    importance.barh([name for name, _ in ranked], [share for _, share in ranked], color=_OTHER_COLOUR)
    importance.set_xlabel("share in the variation of the cost")
    return figure


def _curves(
    axes: Axes,
    evaluations: list[Evaluation],
    metric: str,
    title: str,
    curve: Callable[[Evaluation], tuple[np.ndarray, np.ndarray]],
) -> None:
    """One curve per model, reduced to a number of points that looks the same, with its metric in the legend."""
    for index, each in enumerate(evaluations):
        x, y = curve(each)
        kept = np.unique(np.linspace(0, len(x) - 1, _POINTS_OF_A_CURVE).astype(int))
        label = f"{each.name} {each.metrics[metric]:.3f}"
        axes.plot(x[kept], y[kept], color=colormaps["tab20"](index % 20), lw=1.2, label=label)
    axes.legend(fontsize=7, title=title, title_fontsize=8)


def _plot(x_label: str, y_label: str) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(6.4, 4.4), layout="constrained")
    axes = figure.subplots()
    axes.set(xlabel=x_label, ylabel=y_label)
    axes.grid(alpha=0.3)
    return figure, axes
