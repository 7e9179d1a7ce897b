"""The way from the model's average output to one client's output, as bars."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure

from credit_scoring.explain.displayed_values import concepts_of
from credit_scoring.explain.plots import localise
from credit_scoring.explain.texts.language import Language
from credit_scoring.feature_engineering.concepts import Concept

NAMED_SHARE = 0.8
"""Share of the way that the bars with a name explain."""
SINGLE_FEATURES = 12
_RISES, _FALLS, _UNNAMED = "#c0392b", "#1f5fa8", 0.45


class Bar(NamedTuple):
    """One step of the way; unnamed if it stands for features of several concepts."""

    label: str
    amount: float
    is_named: bool = True


def concept_bars(contributions: Mapping[Concept, float], language: Language) -> list[Bar]:
    """A bar for each concept, the longest first."""
    bars = [Bar(language.names[concept], amount) for concept, amount in contributions.items()]
    return sorted(bars, key=lambda bar: -abs(bar.amount))


def feature_bars(
    names: Sequence[str], contributions: np.ndarray, features: np.ndarray, language: Language
) -> list[Bar]:
    """The strongest features, then the others by concept until enough of the way is named, and one bar for the rest.

    Args:
        contributions: log-odds (features,).
        features: values (features,); those of protected features are not shown.
    """
    concepts = concepts_of(names)
    order = np.argsort(-np.abs(contributions), kind="stable").tolist()
    bars = [
        Bar(
            names[index] + ("" if concepts[index].is_protected else f" = {_value(features[index], language)}"),
            float(contributions[index]),
        )
        for index in order[:SINGLE_FEATURES]
    ]
    further: dict[Concept, list[int]] = {}
    for index in order[SINGLE_FEATURES:]:
        further.setdefault(concepts[index], []).append(index)
    sums = {concept: float(contributions[indices].sum()) for concept, indices in further.items()}
    unnamed = sorted(sums, key=lambda concept: -abs(sums[concept]))
    tolerated = (1 - NAMED_SHARE) * abs(float(contributions.sum()))
    # Effects that cancel each other out count as a movement, too.
    while unnamed and sum(abs(sums[concept]) for concept in unnamed) > tolerated:
        concept = unnamed.pop(0)
        label = language.further_features.format(concept=language.names[concept], count=len(further[concept]))
        bars.append(Bar(label, sums[concept]))
    if unnamed:
        count = sum(len(further[concept]) for concept in unnamed)
        bars.append(
            Bar(language.other_features.format(count=count), sum(sums[concept] for concept in unnamed), is_named=False)
        )
    return bars


def waterfall_figure(bars: Sequence[Bar], base: float, title: str, language: Language) -> Figure:
    """Bars that start where the one above ends, from the model's average output at the top to the client's own.

    Args:
        base: average output of the model, in log-odds.
    """
    amounts = np.array([bar.amount for bar in bars])
    ends = base + np.cumsum(amounts)
    starts = ends - amounts
    figure = Figure(figsize=(11.0, 0.3 * len(bars) + 1.6), layout="constrained")
    axes = figure.subplots()
    axes.barh(
        range(len(bars)),
        amounts,
        left=starts,
        height=0.7,
        color=[(_RISES if bar.amount > 0 else _FALLS, 1.0 if bar.is_named else _UNNAMED) for bar in bars],
    )
    for row, (bar, end) in enumerate(zip(bars, ends, strict=True)):
        is_rise = bar.amount > 0
        axes.annotate(
            language.signed(bar.amount),
            (end, row),
            xytext=(4 if is_rise else -4, 0),
            textcoords="offset points",
            ha="left" if is_rise else "right",
            va="center",
            fontsize=8,
            color=_RISES if is_rise else _FALLS,
        )
    # Each bar is tied to the end of the one above it.
    axes.vlines(ends[:-1], np.arange(len(bars) - 1), np.arange(1, len(bars)), color="grey", lw=0.6)
    axes.axvline(base, color="grey", linestyle=":", lw=0.8)
    axes.set_yticks(range(len(bars)), [bar.label for bar in bars], fontsize=8)
    axes.invert_yaxis()
    axes.use_sticky_edges = False
    axes.margins(x=0.09, y=0.01)
    localise(axes.xaxis, language)
    axes.set_xlabel(
        language.waterfall_axis.format(base=language.decimal(base, 2), margin=language.decimal(float(ends[-1]), 2)),
        fontsize=9,
    )
    axes.set_title(f"{title}\n{language.waterfall_unit}", fontsize=10)
    axes.grid(axis="x", alpha=0.3)
    return figure


def _value(value: float, language: Language) -> str:
    return language.no_value if np.isnan(value) else language.plain_number(float(value))
