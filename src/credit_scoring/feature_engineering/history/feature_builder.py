"""How history features are declared: most are one statistic of one measure of each row over one selection of rows.

Their name, meaning, concept and direction follow from the parts.
`credit-scoring features where NAME` finds the declaration behind a composed name.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Unpack

import polars as pl

from credit_scoring.data_contracts.contract import CLIENT
from credit_scoring.feature_engineering.concepts import Concept, protected_concept
from credit_scoring.feature_engineering.definition import Disclosure, DisplayUnit, Feature, FeatureOptions, calling_line
from credit_scoring.feature_engineering.history.aggregations import Measure, Selection, joined
from credit_scoring.feature_engineering.history.statistics import SPREAD, Statistic


@dataclass(frozen=True)
class HistoryFeature:
    """A feature together with the expression that computes it from the rows of one client."""

    definition: Feature
    expression: pl.Expr


@dataclass(frozen=True)
class FeatureGroup:
    """Features of one set of rows.

    Attributes:
        rows: the rows that are aggregated by client, from the prepared rows of the table.
    """

    features: tuple[HistoryFeature, ...]
    rows: Callable[[pl.DataFrame], pl.DataFrame] = lambda prepared: prepared


class FeatureBuilder:
    """Declares the features of one set of rows.

    Args:
        prefix: first part of the names.
        table: raw table, or tables, that the rows come from.
        concept: of features for which neither measure nor selection names another.
        derived: layers of columns that preparation adds to the raw ones; needed to name the raw inputs.
    """

    def __init__(self, prefix: str, table: str, concept: Concept, *derived: Mapping[str, pl.Expr]) -> None:
        self._prefix = prefix
        self._table = table
        self._concept = concept
        self._derived = {name: value for layer in derived for name, value in layer.items()}

    def cross_product(
        self,
        measures: Iterable[Measure],
        selections: Iterable[Selection],
        statistics: Sequence[Statistic],
        *,
        concept: Concept | None = None,
        disclosure: Disclosure | None = None,
    ) -> tuple[HistoryFeature, ...]:
        """Every statistic of every measure over every selection."""
        return tuple(
            self.feature(
                joined(measure.name, statistic.name, selection.name),
                f"{statistic.phrase} {measure.meaning}, over {selection.meaning}.",
                measure.unit,
                statistic.aggregate(selection.apply(measure.expression)),
                minimum=measure.minimum if statistic.keeps_range else _sign_of_total(measure, statistic),
                maximum=measure.maximum if statistic.keeps_range else None,
                without_history=statistic.of_nothing,
                concept=concept or measure.concept or selection.concept,
                monotone=measure.monotone if statistic.keeps_direction else 0,
                disclosure=disclosure,
            )
            for measure in measures
            for selection in selections
            for statistic in statistics
        )

    def counts(self, selections: Iterable[Selection], unit: str) -> tuple[HistoryFeature, ...]:
        """How many rows each selection holds."""
        return tuple(
            self.feature(
                joined("count", selection.name),
                f"Number of {selection.meaning}.",
                unit,
                pl.len() if selection.condition is None else selection.condition.sum(),
                minimum=0,
                without_history=0,
                concept=selection.concept,
                monotone=selection.monotone,
                disclosure=_disclosure(selection, "count"),
            )
            for selection in selections
        )

    def shares(
        self, selections: Sequence[Selection], among: Selection | Sequence[Selection]
    ) -> tuple[HistoryFeature, ...]:
        """Which share of the rows that count in `among` also count in each selection; unknown rows do not."""
        return tuple(
            self.feature(
                joined("share", selection.name, window.name),
                f"Share of {selection.meaning} among {window.meaning}.",
                "share from 0 to 1",
                window.apply(
                    (pl.lit(True) if selection.condition is None else selection.condition).fill_null(False)
                ).mean(),
                minimum=0,
                maximum=1,
                concept=selection.concept or window.concept,
                monotone=selection.monotone,
                disclosure=_disclosure(selection, "share"),
            )
            for window in ((among,) if isinstance(among, Selection) else among)
            for selection in selections
        )

    def feature(
        self,
        name: str,
        meaning: str,
        unit: str,
        expression: pl.Expr,
        *,
        without_history: float | None = None,
        **options: Unpack[FeatureOptions],
    ) -> HistoryFeature:
        """One feature that is not a plain product; with a value without history it is never missing."""
        full_name = f"{self._prefix}_{name}"
        # Counting all rows reads no column in particular: it needs the client alone.
        inputs = tuple(sorted(filter(str.isupper, self._columns_behind(expression)))) or (CLIENT,)
        options["concept"] = protected_concept(inputs) or options.get("concept") or self._concept
        return HistoryFeature(
            definition=Feature(
                name=full_name,
                kind="history",
                source=self._table,
                unit=unit,
                meaning=meaning,
                inputs=inputs,
                nullable=without_history is None,
                without_history=without_history,
                declared_at=calling_line(),
                **options,
            ),
            expression=(expression if without_history is None else expression.fill_null(without_history)).alias(
                full_name
            ),
        )

    def _columns_behind(self, expression: pl.Expr) -> set[str]:
        names = set(expression.meta.root_names())
        return names.union(*(self._columns_behind(self._derived[name]) for name in names & self._derived.keys()))


def _disclosure(selection: Selection, shown_as: DisplayUnit) -> Disclosure | None:
    return None if selection.risk_rises is None else Disclosure(shown_as, selection.risk_rises)


def _sign_of_total(measure: Measure, statistic: Statistic) -> float | None:
    if statistic is SPREAD or (measure.minimum is not None and measure.minimum >= 0):
        return 0
    return None
