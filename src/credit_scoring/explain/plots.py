"""The plots of the explanation report."""

from collections.abc import Sequence

import numpy as np
import polars as pl
import shap
from matplotlib import pyplot
from matplotlib.figure import Figure

from credit_scoring.explain.out_of_fold import HeldOut, drawn

SHOWN_FEATURES = 30
_SUMMARY_FEATURES = 20
_WATERFALL_FEATURES = 12
_MOST_POINTS = 3_000
_BLUE, _GREY = "#1f5fa8", "#5b6875"

pyplot.switch_backend("Agg")


def importance_figure(importance: pl.DataFrame) -> Figure:
    """The strongest features by three measures, side by side."""
    strongest = importance.head(SHOWN_FEATURES)[::-1]
    names = strongest["feature"].to_list()
    figure = Figure(figsize=(12.0, 0.27 * len(names) + 1.2), layout="constrained")
    panels = figure.subplots(1, 3, sharey=True)
    measures = (
        ("mean_absolute_shap", "mean absolute SHAP value (log-odds)"),
        ("native_share", "share by the model's own measure"),
        ("auc_loss_when_permuted", "AUC lost when permuted"),
    )
    for panel, (column, title) in zip(panels, measures, strict=True):
        panel.barh(names, strongest[column].fill_null(0.0).to_list(), color=_BLUE)
        panel.set_xlabel(title, fontsize=9)
        panel.grid(axis="x", alpha=0.3)
        panel.locator_params(axis="x", nbins=5)
        panel.tick_params(labelsize=8)
    return figure


def concept_figure(concepts: pl.DataFrame, titles: Sequence[str]) -> Figure:
    """How far each concept moves scores, and what the ranking loses without it; withheld ones in grey."""
    ranked = concepts[::-1]
    colours = [_GREY if withheld else _BLUE for withheld in ranked["withheld"]]
    figure = Figure(figsize=(12.0, 0.3 * len(colours) + 1.2), layout="constrained")
    panels = figure.subplots(1, 2, sharey=True)
    measures = (
        ("mean_absolute_shap", "mean change of the log-odds"),
        ("auc_loss_when_permuted", "AUC lost when the whole concept is permuted"),
    )
    for panel, (column, title) in zip(panels, measures, strict=True):
        panel.barh(list(titles)[::-1], ranked[column].fill_null(0.0).to_list(), color=colours)
        panel.set_xlabel(title, fontsize=9)
        panel.grid(axis="x", alpha=0.3)
        panel.tick_params(labelsize=9)
    return figure


def summary_figure(rows: HeldOut, names: Sequence[str]) -> Figure:
    """Each point is one application: how far a feature moved its score, coloured by the feature's value."""
    places = drawn(len(rows.features), _MOST_POINTS)
    figure, axes = pyplot.subplots(figsize=(9.0, 8.5), layout="constrained")
    # The library spreads its points with NumPy's global generator.
    state = np.random.get_state()
    np.random.seed(0)
    try:
        shap.plots.beeswarm(
            explanation(rows, names, places),
            max_display=_SUMMARY_FEATURES,
            group_remaining_features=False,
            plot_size=None,
            show=False,
            ax=axes,
        )
    finally:
        np.random.set_state(state)
    axes.set_xlabel("change of the log-odds of default", fontsize=9)
    axes.tick_params(labelsize=8)
    pyplot.close(figure)
    return figure


def dependence_figure(
    rows: HeldOut, names: Sequence[str], shown: Sequence[int], partners: Sequence[int]
) -> Figure:
    """How the contribution of some features changes with their value, coloured by the feature each goes with.

    Args:
        shown, partners: columns of the features and of what each goes with, as many as ``shown``.
    """
    columns = 3
    figure = Figure(figsize=(12.0, 3.3 * -(-len(shown) // columns)), layout="constrained")
    panels = figure.subplots(-(-len(shown) // columns), columns, squeeze=False).ravel()
    points = drawn(len(rows.features), _MOST_POINTS)
    for panel, place, partner in zip(panels, shown, partners, strict=False):
        panel.scatter(
            rows.features[points, place],
            rows.contributions[points, place],
            c=_ranks(rows.features[points, partner]),
            cmap="coolwarm",
            s=5,
            linewidths=0,
        )
        panel.axhline(0, color=_GREY, lw=0.8)
        panel.set_xlim(*_most_of(rows.features[points, place]))
        panel.set_title(names[place], fontsize=9)
        panel.set_xlabel(f"colour: {names[partner]}, blue low, red high", fontsize=7)
        panel.set_ylabel("log-odds", fontsize=8)
        panel.tick_params(labelsize=7)
    for panel in panels[len(shown) :]:
        panel.axis("off")
    return figure


def waterfall_figure(rows: HeldOut, names: Sequence[str], place: int) -> Figure:
    """From what the model says of nobody in particular to the score of one application, feature by feature."""
    return _waterfall(explanation(rows, names, np.array([place]))[0], _WATERFALL_FEATURES)


def concept_waterfall_figure(amounts: Sequence[float], titles: Sequence[str], base: float) -> Figure:
    """The same, concept by concept, in the words that people speak in.

    Args:
        amounts: what each concept adds to the log-odds.
        base: what the model says of nobody in particular.
    """
    return _waterfall(
        shap.Explanation(values=np.array(amounts), base_values=base, data=None, feature_names=list(titles)),
        len(titles),
    )


def _waterfall(one: shap.Explanation, most: int) -> Figure:
    size = (9.0, 0.34 * most + 1.4)
    figure = pyplot.figure(figsize=size)
    shap.plots.waterfall(one, max_display=most, show=False)
    drawn_figure = pyplot.gcf()
    drawn_figure.set_size_inches(*size)
    pyplot.close(drawn_figure)
    pyplot.close(figure)
    return drawn_figure


def strongest_partner(rows: HeldOut, place: int, among: Sequence[int]) -> int:
    """Which of some features best tells apart applications that get different contributions for one value.

    An approximation (`shap.utils.approximate_interactions`): it looks at contributions as they are and asks the
    model nothing.
    """
    points = drawn(len(rows.features), _MOST_POINTS)
    columns = np.array([place, *(other for other in among if other != place)])
    order = shap.utils.approximate_interactions(
        0, rows.contributions[np.ix_(points, columns)], rows.features[np.ix_(points, columns)]
    )
    return int(columns[next(position for position in order if position != 0)])


def explanation(rows: HeldOut, names: Sequence[str], places: np.ndarray) -> shap.Explanation:
    """Some rows as the library takes them."""
    return shap.Explanation(
        values=rows.contributions[places],
        base_values=rows.base[places],
        data=rows.features[places],
        feature_names=list(names),
    )


def _ranks(values: np.ndarray) -> np.ndarray:
    """Values as shares of the way from the lowest to the highest; the middle where nothing is known."""
    known = ~np.isnan(values)
    ranks = np.full(len(values), 0.5)
    ranks[known] = np.searchsorted(np.sort(values[known]), values[known]) / max(1, known.sum() - 1)
    return ranks


def _most_of(values: np.ndarray) -> tuple[float, float]:
    """Limits that leave out the last percent at either end, where single values stretch the axis."""
    known = values[~np.isnan(values)]
    if not known.size:
        return 0.0, 1.0
    low, high = (float(edge) for edge in np.quantile(known, [0.01, 0.99]))
    margin = (high - low) / 20 or 0.5
    return low - margin, high + margin
