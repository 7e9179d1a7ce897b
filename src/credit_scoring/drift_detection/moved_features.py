"""How features moved, and what they are about, in the words of a language."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from credit_scoring.data_contracts.application import APPLICATION_TEST
from credit_scoring.drift_detection.feature_drift import FeatureDrift
from credit_scoring.evaluation.population_stability import index_by_bin
from credit_scoring.explain.displayed_values import concepts_of
from credit_scoring.explain.reasons import ROW_COUNTS
from credit_scoring.explain.texts.drift_texts import DriftTexts
from credit_scoring.explain.texts.language import Language
from credit_scoring.feature_engineering.catalogue import FEATURES
from credit_scoring.feature_engineering.definition import CATEGORY_INDEX
from credit_scoring.feature_engineering.feature_table import feature_table

_MOVED_SHARE = 0.1
"""From this change of the share of missing values on, it is what a reader should know first."""
_MOVED_ORDER = 0.2
"""From this difference on between the chances that a current value is the higher and the lower one of a pair."""
CODES = frozenset(feature.name for feature in FEATURES if feature.unit == CATEGORY_INDEX)
"""Features whose values are codes of categories."""
_CATEGORIES = {
    feature.name: APPLICATION_TEST.column(feature.inputs[0]).categories
    for feature in FEATURES
    if feature.name in CODES and feature.kind == "application"
}


class MovedGroup(NamedTuple):
    """Drifted features of a history table, or of a concept if they are computed from the application.

    Attributes:
        name: in a language; a table with its raw name.
        features: the strongest first.
    """

    name: str
    features: tuple[FeatureDrift, ...]


def moved_groups(drifted: Sequence[FeatureDrift], language: Language) -> list[MovedGroup]:
    """The groups of drifted features: the one that moved most, all its features together, comes first.

    Importance orders the features within a group. Between groups it would hide a table whose coverage has changed
    behind single features that the model happens to prefer.
    """
    groups: dict[str, list[FeatureDrift]] = defaultdict(list)
    for feature in sorted(drifted, key=lambda one: one.effect, reverse=True):
        groups[_group_name(feature.name, language)].append(feature)
    ranked = sorted(groups.items(), key=lambda item: -sum(feature.index for feature in item[1]))
    return [MovedGroup(name, tuple(features)) for name, features in ranked]


def change_of(feature: FeatureDrift, language: Language) -> str:
    """What changed in a feature: its coverage, its level, or the share of one of its ranges."""
    texts = language.drift
    if abs(feature.missing_now - feature.missing_before) >= _MOVED_SHARE:
        return _shares(texts.missing, feature.missing_before, feature.missing_now, language)
    before, now = (np.array(shares[:-1]) for shares in (feature.shares_before, feature.shares_now))
    # Chances that of one value of each side, the current one lies in a higher or in a lower bin.
    higher, lower = (float(one @ (np.cumsum(other) - other)) for one, other in ((now, before), (before, now)))
    if feature.name not in CODES and abs(higher - lower) >= _MOVED_ORDER * before.sum() * now.sum():
        return texts.higher if higher > lower else texts.lower
    # A category that vanishes adds more to the index than one that grows by as much.
    furthest = int(np.argmax(index_by_bin(np.array(feature.shares_before), np.array(feature.shares_now))))
    template = texts.other.replace("{bin}", bin_names(feature, language)[furthest])
    return _shares(template, feature.shares_before[furthest], feature.shares_now[furthest], language)


def bin_names(feature: FeatureDrift, language: Language) -> list[str]:
    """Name of each bin: its categories, its only value or its lower edge; the last is that of missing values."""
    texts = language.drift
    translated = {**language.groups, **texts.groups}
    if (categories := _CATEGORIES.get(feature.name)) is not None:
        bins = np.searchsorted(np.array(feature.edges), np.arange(len(categories)), side="right")
        names = [
            ", ".join(
                translated.get(name, texts.category.format(name))
                for name, index in zip(categories, bins, strict=True)
                if index == number
            )
            for number in range(len(feature.edges) + 1)
        ]
        return [*names, texts.missing_bin]
    return [*range_names(feature.edges, language.plain_number, texts), texts.missing_bin]


def range_names(edges: Sequence[float], write: Callable[[float], str], texts: DriftTexts) -> list[str]:
    """Name of each range between some edges, one more than these."""
    if not edges:
        return [""]
    edges = np.array(edges, np.float32).tolist()
    names = [texts.below.format(write(edges[0]))]
    for index, edge in enumerate(edges):
        if index and edge == _next(edges[index - 1]):
            names.append(texts.above.format(write(edges[index - 1])))
        elif index + 1 < len(edges) and edges[index + 1] == _next(edge):
            names.append(texts.exactly.format(write(edge)))
        else:
            names.append(texts.from_.format(write(edge)))
    return names


def _next(value: float) -> float:
    return float(np.nextafter(np.float32(value), np.float32(np.inf)))


def _group_name(feature: str, language: Language) -> str:
    declared = feature_table().get(feature)
    if declared is not None and declared.source in ROW_COUNTS:
        return f"{language.tables[declared.source]} ({declared.source})"
    return language.names[concepts_of([feature])[0]]


def _shares(template: str, before: float, now: float, language: Language) -> str:
    return template.format(before=language.percent(before), now=language.percent(now))
