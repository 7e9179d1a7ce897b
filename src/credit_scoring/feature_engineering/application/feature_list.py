"""How application features are declared: a row-wise function and the columns and features that it reads."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple, Unpack

import numpy as np

from credit_scoring.feature_engineering.application.arithmetic import Values, ratio
from credit_scoring.feature_engineering.application.derived_columns import DERIVED
from credit_scoring.feature_engineering.concepts import Concept, protected_concept
from credit_scoring.feature_engineering.definition import Disclosure, Feature, FeatureOptions, calling_line

HISTORY = "history"
"""Stands for all columns of the other tables among the raw columns behind a feature."""


@dataclass(frozen=True)
class ApplicationFeature:
    """A feature together with the row-wise function that computes it.

    Attributes:
        parameters: arguments of the function, in order: columns of an application, derived columns, history features,
            and application features declared before.
    """

    definition: Feature
    compute: Callable[..., Values]
    parameters: tuple[str, ...]

    @property
    def name(self) -> str:
        """Name of the feature."""
        return self.definition.name


class Pair(NamedTuple):
    """A quotient or a difference of two numbers: ``Pair("name", "left", "right").means("What it says.")``."""

    name: str
    left: str
    right: str
    meaning: str = ""
    disclosure: Disclosure | None = None
    concept: Concept | None = None
    minimum: float | None = 0

    def means(
        self,
        meaning: str,
        disclosure: Disclosure | None = None,
        concept: Concept | None = None,
        minimum: float | None = 0,
    ) -> "Pair":
        """The same pair, with its meaning, how it may be disclosed, and the concept if it is not that of the list."""
        return self._replace(meaning=meaning, disclosure=disclosure, concept=concept, minimum=minimum)


class FeatureList:
    """Collects the features of one module, in the order in which they are declared.

    Args:
        concept: of features that name no other and are not computed from a protected column.
        source: tables that the features are about.
    """

    def __init__(self, concept: Concept, source: str = "application") -> None:
        self._concept = concept
        self._source = source
        self._features: list[ApplicationFeature] = []

    @property
    def features(self) -> tuple[ApplicationFeature, ...]:
        """Everything declared so far."""
        return tuple(self._features)

    def ratios(self, unit: str, *pairs: Pair) -> None:
        """Declare quotients; none is below zero if its pair does not say otherwise."""
        for name, left, right, meaning, disclosure, concept, minimum in pairs:
            options: FeatureOptions = {"disclosure": disclosure, "concept": concept, "minimum": minimum}
            self.add(name, ratio, (left, right), unit=unit, meaning=meaning, **options)

    def differences(self, unit: str, *pairs: Pair) -> None:
        """Declare differences, left minus right, of any sign."""
        for name, left, right, meaning, disclosure, concept, _ in pairs:
            options: FeatureOptions = {"disclosure": disclosure, "concept": concept}
            self.add(name, np.subtract, (left, right), unit=unit, meaning=meaning, **options)

    def add(
        self,
        name: str,
        function: Callable[..., Values],
        parameters: tuple[str, ...],
        *,
        unit: str,
        meaning: str,
        concept_because: str = "",
        nullable: bool = True,
        constant_because: str = "",
        **options: Unpack[FeatureOptions],
    ) -> None:
        """Declare one feature; its function works row by row and may serve several features."""
        options["concept"] = options.get("concept") or self._concept
        definition = Feature(
            name=name,
            kind="application",
            source=self._source,
            unit=unit,
            meaning=meaning,
            # Derived columns are not listed as inputs; the documentation shows the raw columns behind them.
            inputs=tuple(dict.fromkeys(name for one in parameters for name in DERIVED.get(one, (one,)))),
            concept_because=concept_because,
            nullable=nullable,
            constant_because=constant_because,
            declared_at=calling_line(),
            **options,
        )
        self._features.append(ApplicationFeature(definition, function, parameters))


def raw_columns_behind(features: Iterable[Feature]) -> Mapping[str, frozenset[str]]:
    """Raw columns of the application behind each feature, through all features between, and `HISTORY`.

    Args:
        features: application features, each after those that it reads.
    """
    found: dict[str, frozenset[str]] = {}
    for feature in features:
        found[feature.name] = frozenset().union(
            *({name} if name.isupper() else found.get(name, {HISTORY}) for name in feature.inputs)
        )
    return found


def with_protected_concepts(declared: Iterable[ApplicationFeature]) -> tuple[ApplicationFeature, ...]:
    """The features, those computed from protected columns under the concept of these columns.

    A declaration that gives a reason in `concept_because` keeps its concept.

    Raises:
        ValueError: a feature mixes a protected column with others, or is of a protected concept and declared as
            disclosed or constrained.
    """
    features = tuple(declared)
    raw_columns = raw_columns_behind(feature.definition for feature in features)
    return tuple(_with_concept(feature, raw_columns[feature.name]) for feature in features)


def _with_concept(feature: ApplicationFeature, raw_columns: frozenset[str]) -> ApplicationFeature:
    concept = protected_concept(raw_columns)
    if concept is None or feature.definition.concept_because:
        return feature
    if concept is Concept.MIXED:
        raise ValueError(
            f"{feature.name} mixes a protected column with others ({', '.join(sorted(raw_columns))}): "
            "compute it from the protected columns of one concept alone, or from none"
        )
    return replace(feature, definition=Feature.model_validate(dict(feature.definition) | {"concept": concept}))
