"""The charts of the drift report."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from credit_scoring.drift_detection.decision_drift import Month, PredictionDrift
from credit_scoring.drift_detection.feature_drift import Drift, FeatureDrift
from credit_scoring.drift_detection.moved_features import bin_names, range_names
from credit_scoring.drift_detection.result import DriftResult
from credit_scoring.evaluation.confidence_intervals import Interval
from credit_scoring.explain.texts.language import Language
from credit_scoring.governance.drift_history import DriftSummary, Status

STATUS_COLOURS = {
    Status.TOO_FEW: "#9fb3c8",
    Status.STABLE: "#1b7f4b",
    Status.WARNING: "#e0a020",
    Status.ALARM: "#b3261e",
}
_BEFORE_COLOUR, _EXPECTED_COLOUR, _NOW_COLOUR = "#9fb3c8", "#1b7f4b", "#1f5fa8"
_SHOWN_RESULTS = 40
_LONGEST_TITLE, _LONGEST_BIN = 70, 26


def history_figure(result: DriftResult, earlier: Sequence[DriftSummary], language: Language) -> Figure:
    """Score and status of the last results, this one included."""
    texts, shown = language.drift, [*earlier, result.summary][-_SHOWN_RESULTS:]
    figure = Figure(figsize=(12.8, 3.4), layout="constrained")
    axes = figure.subplots()
    for status, colour in STATUS_COLOURS.items():
        chosen = [index for index, one in enumerate(shown) if one.status is status]
        if chosen:
            scores = [shown[index].score for index in chosen]
            axes.plot(chosen, scores, "o", ms=9, color=colour, label=texts.statuses[status])
    axes.plot([one.score for one in shown], color="#5b6875", lw=0.8, zorder=0)
    for limit, status in ((result.warning_score, Status.WARNING), (result.alarm_score, Status.ALARM)):
        axes.axhline(limit, color=STATUS_COLOURS[status], linestyle="--", lw=1)
    dates = [(one.until or one.run_at).strftime(language.date_format) for one in shown]
    axes.set_xticks(range(len(shown)), dates, rotation=30, ha="right", fontsize=8)
    axes.set(ylabel=texts.score, ylim=(-0.03, 1.03))
    _label_axis(axes, lambda share: language.percent(share, 0))
    axes.grid(axis="y", alpha=0.3)
    axes.legend(fontsize=8)
    return figure


def features_figure(features: Sequence[FeatureDrift], language: Language) -> Figure:
    """Distributions of some features, at least one, in the training and now."""
    lines = -(-len(features) // 2)
    figure = Figure(figsize=(12.8, 2.9 * lines), layout="constrained")
    panels = figure.subplots(lines, 2, squeeze=False).ravel()
    for panel in panels[len(features) :]:
        panel.axis("off")
    for panel, feature in zip(panels, features, strict=False):
        _draw_shares(panel, feature, bin_names(feature, language), language)
        name = language.feature_name(feature.name) if feature.name in language.features else feature.name
        panel.set_title(_shortened(name, _LONGEST_TITLE), fontsize=9)
    panels[0].legend(fontsize=8)
    return figure


def probability_figure(prediction: PredictionDrift, language: Language) -> Figure:
    """Distribution of the probability of default in the training and now."""
    figure = Figure(figsize=(12.8, 2.9), layout="constrained")
    panel = figure.subplots()
    names = range_names(prediction.edges, language.percent, language.drift)
    _draw_shares(panel, prediction, [*names, language.drift.missing_bin], language)
    panel.legend(fontsize=8)
    return figure


def _draw_shares(panel: Axes, drift: Drift, names: Sequence[str], language: Language) -> None:
    before, now = np.array(drift.shares_before), np.array(drift.shares_now)
    occurring = np.flatnonzero((before > 0) | (now > 0))
    positions = np.arange(len(occurring))
    panel.bar(positions - 0.2, before[occurring], 0.4, color=_BEFORE_COLOUR, label=language.drift.before)
    panel.bar(positions + 0.2, now[occurring], 0.4, color=_NOW_COLOUR, label=language.drift.now)
    shown = [_shortened(names[index], _LONGEST_BIN) for index in occurring.tolist()]
    panel.set_xticks(positions, shown, rotation=30, ha="right", fontsize=7)
    _label_axis(panel, lambda share: language.percent(share, 0))


class _Series(NamedTuple):
    label: str
    values: list[Interval | None]
    colour: str


def months_figure(months: Sequence[Month], language: Language) -> Figure:
    """Estimated and measured cost and AUC, and the default rate of accepted applications, by month.

    What is expected is the estimate for the decisions with known outcome: only these can be compared.
    """
    texts = language.drift
    figure = Figure(figsize=(12.8, 3.8), layout="constrained")
    panels = figure.subplots(1, 3)
    kinds = (
        (texts.estimated, _BEFORE_COLOUR, [month.estimated for month in months]),
        (texts.expected, _EXPECTED_COLOUR, [month.estimated_where_measured for month in months]),
        (texts.measured, _NOW_COLOUR, [month.measured for month in months]),
    )
    for panel, title, name in ((panels[0], texts.cost, "cost_per_client"), (panels[1], "AUC", "auc")):
        series = [
            _Series(label, [None if one is None else getattr(one, name) for one in values], colour)
            for label, colour, values in kinds
        ]
        _draw(panel, title, series)
        _label_axis(panel, language.plain_number)
    rates = _Series(texts.measured, [one.default_rate_of_accepted for one in months], _NOW_COLOUR)
    _draw(panels[2], texts.default_rate_of_accepted, [rates])
    _label_axis(panels[2], language.percent)
    for panel in panels:
        panel.set_xticks(range(len(months)), [month.month for month in months], rotation=30, ha="right", fontsize=8)
        panel.grid(axis="y", alpha=0.3)
        panel.legend(fontsize=8)
    return figure


def _draw(axes: Axes, title: str, several: Sequence[_Series]) -> None:
    axes.set_title(title, fontsize=10)
    for number, series in enumerate(several):
        known = [(index, one) for index, one in enumerate(series.values) if one is not None]
        values = np.array([one.value for _, one in known])
        # An interval from draws need not hold its estimate.
        ends = np.array([(one.low, one.high) for _, one in known]).reshape(-1, 2)
        reach = np.maximum([values - ends[:, 0], ends[:, 1] - values], 0.0)
        positions = np.array([index for index, _ in known]) + 0.12 * number
        axes.errorbar(positions, values, reach, fmt="o-", ms=5, capsize=3, color=series.colour, label=series.label)


def _label_axis(axes: Axes, write: Callable[[float], str]) -> None:
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: write(value)))


def _shortened(name: str, characters: int) -> str:
    return name if len(name) <= characters else name[: characters - 1] + "…"
