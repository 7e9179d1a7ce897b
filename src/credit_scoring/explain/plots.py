"""The plots of the SHAP report."""

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl
import shap
from matplotlib import pyplot
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.ticker import ScalarFormatter

from credit_scoring.explain.importance import SHOWN_FEATURES
from credit_scoring.explain.portfolio import HeldOutRows, sample_rows
from credit_scoring.explain.texts.language import Language
from credit_scoring.feature_engineering.concepts import Concept

PARTNERS = 40
"""Strongest features among which to search the one that changes the effect of another."""
_SUMMARY_FEATURES = 20
_MAX_POINTS = 3_000
_BLUE, _GREY = "#1f5fa8", "#5b6875"

pyplot.switch_backend("Agg")


def importance_figure(importance: pl.DataFrame, language: Language) -> Figure:
    """The strongest features by three measures, side by side."""
    strongest = importance.head(SHOWN_FEATURES)
    return _bars(strongest, strongest["feature"].to_list(), language.measures, [_BLUE] * strongest.height, 8, language)


def native_importance_figure(native: pl.DataFrame, language: Language) -> Figure:
    """The strongest features by the model's own measure."""
    measure = {"native_share": language.measures["native_share"]}
    return _bars(native, native["feature"].to_list(), measure, [_BLUE] * native.height, 8, language)


def concept_figure(concepts: pl.DataFrame, language: Language) -> Figure:
    """How far each concept moves scores, and what the ranking loses without it; protected concepts in grey."""
    titles = [language.names[Concept(name)] for name in concepts["concept"]]
    colours = [_GREY if protected else _BLUE for protected in concepts["protected"]]
    return _bars(concepts, titles, language.concept_measures, colours, 9, language)


def _bars(
    ranked: pl.DataFrame,
    labels: Sequence[str],
    measures: Mapping[str, str],
    colours: Sequence[str],
    font_size: int,
    language: Language,
) -> Figure:
    """A panel with one bar per row for each measure (column and title); the first row is at the top."""
    width = 12.0 if len(measures) > 1 else 9.0
    figure = Figure(figsize=(width, 0.28 * ranked.height + 1.2), layout="constrained")
    panels = figure.subplots(1, len(measures), sharey=True, squeeze=False).ravel()
    for panel, (column, title) in zip(panels, measures.items(), strict=True):
        panel.barh(labels[::-1], ranked[column].fill_null(0.0).to_list()[::-1], color=colours[::-1])
        if ranked[column].null_count():
            panel.set_title(language.not_measured, fontsize=9)
        panel.set_xlabel(title, fontsize=9)
        panel.grid(axis="x", alpha=0.3)
        panel.tick_params(labelsize=font_size)
        panel.margins(y=0.01)
        panel.locator_params(axis="x", nbins=5)
        localise(panel.xaxis, language)
    return figure


def summary_figure(rows: HeldOutRows, names: Sequence[str], language: Language) -> Figure:
    """Each point is one application: how far a feature moved its score, coloured by the feature's value."""
    points = sample_rows(len(rows.features), _MAX_POINTS)
    drawn = shap.Explanation(
        values=rows.contributions[points],
        base_values=rows.base[points],
        data=rows.features[points],
        feature_names=list(names),
    )
    figure, axes = pyplot.subplots(figsize=(9.0, 8.5), layout="constrained")
    # SHAP jitters its points with NumPy's global generator.
    state = np.random.get_state()
    np.random.seed(0)
    try:
        shap.plots.beeswarm(
            drawn,
            max_display=_SUMMARY_FEATURES,
            group_remaining_features=False,
            plot_size=None,
            show=False,
            ax=axes,
            color_bar=False,
        )
    finally:
        np.random.set_state(state)
    colours = pyplot.cm.ScalarMappable(cmap=shap.plots.colors.red_blue)
    bar = figure.colorbar(colours, ax=axes, ticks=[0, 1], aspect=60)
    bar.set_ticklabels([language.low, language.high], fontsize=8)
    bar.set_label(language.feature_value, fontsize=9)
    bar.outline.set_visible(False)
    axes.set_xlabel(language.log_odds, fontsize=9)
    axes.tick_params(labelsize=8)
    localise(axes.xaxis, language)
    pyplot.close(figure)
    return figure


def dependence_figure(
    rows: HeldOutRows, names: Sequence[str], shown: Sequence[int], partners: Sequence[int], language: Language
) -> Figure:
    """Contribution of some features by their value, coloured by the feature they interact with.

    Args:
        shown, partners: column of each feature and of the one that colours it.
    """
    columns = 3
    figure = Figure(figsize=(12.0, 3.3 * -(-len(shown) // columns)), layout="constrained")
    panels = figure.subplots(-(-len(shown) // columns), columns, squeeze=False).ravel()
    points = sample_rows(len(rows.features), _MAX_POINTS)
    for panel, feature, partner in zip(panels, shown, partners, strict=False):
        panel.scatter(
            rows.features[points, feature],
            rows.contributions[points, feature],
            c=_ranks(rows.features[points, partner]),
            cmap="coolwarm",
            s=5,
            linewidths=0,
        )
        panel.axhline(0, color=_GREY, lw=0.8)
        panel.set_xlim(*_limits_of(rows.features[points, feature]))
        panel.set_title(names[feature], fontsize=9)
        panel.set_xlabel(language.coloured_by.format(names[partner]), fontsize=7)
        panel.set_ylabel("log-odds", fontsize=8)
        panel.tick_params(labelsize=7)
        localise(panel.xaxis, language)
        localise(panel.yaxis, language)
    for panel in panels[len(shown) :]:
        panel.axis("off")
    return figure


def strongest_partner(rows: HeldOutRows, feature: int, among: Sequence[int]) -> int:
    """The feature that best explains why equal values of another feature contribute differently.

    An approximation from the contributions alone (`shap.utils.approximate_interactions`).
    """
    points = sample_rows(len(rows.features), _MAX_POINTS)
    columns = np.array([feature, *(other for other in among if other != feature)])
    order = shap.utils.approximate_interactions(
        0, rows.contributions[np.ix_(points, columns)], rows.features[np.ix_(points, columns)]
    )
    return int(columns[next(position for position in order if position != 0)])


class _TickLabels(ScalarFormatter):
    def __init__(self, decimal_mark: str) -> None:
        super().__init__(useOffset=False)
        self._decimal_mark = decimal_mark

    def __call__(self, x: float, pos: int | None = None) -> str:
        return super().__call__(x, pos).replace(".", self._decimal_mark)


def localise(axis: Axis, language: Language) -> None:
    """Write the numbers of an axis as the language does."""
    axis.set_major_formatter(_TickLabels(language.decimal_mark))


def _ranks(values: np.ndarray) -> np.ndarray:
    """Ranks of the values, scaled from 0 to 1; 0.5 where missing."""
    known = ~np.isnan(values)
    ranks = np.full(len(values), 0.5)
    ranks[known] = np.searchsorted(np.sort(values[known]), values[known]) / max(1, known.sum() - 1)
    return ranks


def _limits_of(values: np.ndarray) -> tuple[float, float]:
    """Axis limits without the outermost percent at either end, where outliers stretch the axis."""
    known = values[~np.isnan(values)]
    if not known.size:
        return 0.0, 1.0
    low, high = (float(edge) for edge in np.quantile(known, [0.01, 0.99]))
    margin = (high - low) / 20 or 0.5
    return low - margin, high + margin
