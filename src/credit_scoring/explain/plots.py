"""The plots of the SHAP report."""

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl
import shap
from matplotlib import pyplot
from matplotlib.figure import Figure

from credit_scoring.explain.portfolio import HeldOutRows, sample_rows

SHOWN_FEATURES = 30
_SUMMARY_FEATURES = 20
_WATERFALL_FEATURES = 12
_MAX_POINTS = 3_000
_BLUE, _GREY = "#1f5fa8", "#5b6875"

pyplot.switch_backend("Agg")


def importance_figure(importance: pl.DataFrame) -> Figure:
    """The strongest features by three measures, side by side."""
    strongest = importance.head(SHOWN_FEATURES)
    measures = {
        "mean_absolute_shap": "mean absolute SHAP value (log-odds)",
        "native_share": "share by the model's own measure",
        "auc_loss_when_permuted": "AUC lost when permuted",
    }
    figure = _bars(strongest, strongest["feature"].to_list(), measures, [_BLUE] * strongest.height, 0.27, 8)
    for panel in figure.axes:
        panel.locator_params(axis="x", nbins=5)
    return figure


def concept_figure(concepts: pl.DataFrame, titles: Sequence[str]) -> Figure:
    """How far each concept moves scores, and what the ranking loses without it; protected concepts in grey."""
    colours = [_GREY if protected else _BLUE for protected in concepts["protected"]]
    measures = {
        "mean_absolute_shap": "mean change of the log-odds",
        "auc_loss_when_permuted": "AUC lost when the whole concept is permuted",
    }
    return _bars(concepts, titles, measures, colours, 0.3, 9)


def _bars(
    ranked: pl.DataFrame,
    labels: Sequence[str],
    measures: Mapping[str, str],
    colours: Sequence[str],
    bar_height: float,
    font_size: int,
) -> Figure:
    """A panel with one bar per row for each measure (column and title); the first row is at the top."""
    figure = Figure(figsize=(12.0, bar_height * ranked.height + 1.2), layout="constrained")
    panels = figure.subplots(1, len(measures), sharey=True)
    for panel, (column, title) in zip(panels, measures.items(), strict=True):
        panel.barh(labels[::-1], ranked[column].fill_null(0.0).to_list()[::-1], color=colours[::-1])
        panel.set_xlabel(title, fontsize=9)
        panel.grid(axis="x", alpha=0.3)
        panel.tick_params(labelsize=font_size)
    return figure


def summary_figure(rows: HeldOutRows, names: Sequence[str]) -> Figure:
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
            drawn, max_display=_SUMMARY_FEATURES, group_remaining_features=False, plot_size=None, show=False, ax=axes
        )
    finally:
        np.random.set_state(state)
    axes.set_xlabel("change of the log-odds of default", fontsize=9)
    axes.tick_params(labelsize=8)
    pyplot.close(figure)
    return figure


def dependence_figure(rows: HeldOutRows, names: Sequence[str], shown: Sequence[int], partners: Sequence[int]) -> Figure:
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
        panel.set_xlabel(f"colour: {names[partner]}, blue low, red high", fontsize=7)
        panel.set_ylabel("log-odds", fontsize=8)
        panel.tick_params(labelsize=7)
    for panel in panels[len(shown) :]:
        panel.axis("off")
    return figure


def waterfall_figure(
    amounts: np.ndarray, labels: Sequence[str], base: float, features: np.ndarray | None = None
) -> Figure:
    """From the model's average output to the score of one application, by concept or by feature.

    Args:
        amounts: log-odds (n,) that each concept or feature adds.
        base: average output of the model.
        features: values (n,) of the features; with them, only the strongest ones are drawn.
    """
    shown = len(labels) if features is None else _WATERFALL_FEATURES
    size = (9.0, 0.34 * shown + 1.4)
    figure = pyplot.figure(figsize=size)
    one = shap.Explanation(values=amounts, base_values=base, data=features, feature_names=list(labels))
    shap.plots.waterfall(one, max_display=shown, show=False)
    drawn_figure = pyplot.gcf()
    drawn_figure.set_size_inches(*size)
    pyplot.close(drawn_figure)
    pyplot.close(figure)
    return drawn_figure


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
