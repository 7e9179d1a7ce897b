"""How application features are declared: a function whose parameters are its inputs and whose name is the feature."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from credit_scoring.feature_engineering.application.arithmetic import Values, ratio
from credit_scoring.feature_engineering.application.derived_columns import DERIVED
from credit_scoring.feature_engineering.definition import Feature


@dataclass(frozen=True)
class ApplicationFeature:
    """A feature together with the row-wise function that computes it.

    Attributes:
        parameters: what the function is given, in order: columns of an application, derived columns, history
            features, and application features declared before.
    """

    definition: Feature
    compute: Callable[..., Values]
    parameters: tuple[str, ...]

    @property
    def name(self) -> str:
        """Name of the feature."""
        return self.definition.name


class FeatureList:
    """Collects the features of one module, in the order in which they are declared.

    Args:
        source: tables that the features speak about.
    """

    def __init__(self, source: str = "application") -> None:
        self._source = source
        self._features: list[ApplicationFeature] = []

    @property
    def features(self) -> tuple[ApplicationFeature, ...]:
        """Everything declared so far."""
        return tuple(self._features)

    def feature(
        self,
        *,
        unit: str,
        meaning: str,
        minimum: float | None = None,
        maximum: float | None = None,
        nullable: bool = True,
        constant_because: str = "",
    ) -> Callable[[Callable[..., Values]], Callable[..., Values]]:
        """Declare the decorated function as a feature; it must be elementwise and stays an ordinary function."""

        def declare(function: Callable[..., Values]) -> Callable[..., Values]:
            self.add(
                function.__name__,
                function,
                tuple(inspect.signature(function).parameters),
                unit=unit,
                meaning=meaning,
                minimum=minimum,
                maximum=maximum,
                nullable=nullable,
                constant_because=constant_because,
            )
            return function

        return declare

    def ratios(self, unit: str, *declared: tuple[str, str, str, str], minimum: float | None = 0) -> None:
        """Declare quotients, each as name, numerator, denominator and meaning."""
        for name, numerator, denominator, meaning in declared:
            self.add(name, ratio, (numerator, denominator), unit=unit, meaning=meaning, minimum=minimum)

    def differences(self, unit: str, *declared: tuple[str, str, str, str]) -> None:
        """Declare differences, each as name, what is taken from, what is taken away and meaning."""
        for name, minuend, subtrahend, meaning in declared:
            self.add(name, np.subtract, (minuend, subtrahend), unit=unit, meaning=meaning)

    def add(
        self,
        name: str,
        function: Callable[..., Values],
        parameters: tuple[str, ...],
        *,
        unit: str,
        meaning: str,
        minimum: float | None = None,
        maximum: float | None = None,
        nullable: bool = True,
        constant_because: str = "",
    ) -> None:
        """Declare a feature whose function serves several features and therefore has a general name."""
        definition = Feature(
            name=name,
            kind="application",
            source=self._source,
            unit=unit,
            meaning=meaning,
            # What is derived from a column is no input of its own to who reads about the feature.
            inputs=tuple(dict.fromkeys(name for one in parameters for name in DERIVED.get(one, (one,)))),
            minimum=minimum,
            maximum=maximum,
            nullable=nullable,
            constant_because=constant_because,
        )
        self._features.append(ApplicationFeature(definition, function, parameters))
