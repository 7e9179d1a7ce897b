"""How history features are declared: a measure of each row, a selection of rows, a statistic over them.

A family is the product of the three; the name and the meaning of each feature follow from its parts.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from credit_scoring.data_contracts.contract import CLIENT
from credit_scoring.feature_engineering.definition import Feature


@dataclass(frozen=True)
class Measure:
    """A number that each row carries.

    Attributes:
        meaning: a noun phrase that follows "average", "highest" and so on.
        value: expression over one row.
        minimum, maximum: possible values of one row.
    """

    name: str
    meaning: str
    unit: str
    value: pl.Expr
    minimum: float | None = 0
    maximum: float | None = None


@dataclass(frozen=True)
class Selection:
    """Which rows of a client count.

    Attributes:
        name: last part of the feature's name; empty for all rows.
        meaning: plural noun phrase, "credits still running".
        condition: boolean expression over one row; None for all rows.
    """

    name: str
    meaning: str
    condition: pl.Expr | None = None

    def of(self, value: pl.Expr) -> pl.Expr:
        """The value where the row counts, null elsewhere."""
        return value if self.condition is None else pl.when(self.condition).then(value)

    def within(self, other: "Selection", meaning: str) -> "Selection":
        """Rows that count in both; the other's name comes last."""
        conditions = [part for part in (self.condition, other.condition) if part is not None]
        return Selection(_joined(self.name, other.name), meaning, pl.all_horizontal(conditions))


def recent(
    event: str, unit: str, lengths: Iterable[int], meaning: str, latest: int = -1
) -> tuple[Selection, ...]:
    """Rows whose event lies in the last so many days or months.

    Args:
        event: column with the offset from the application, 0 or negative.
        unit: "days" or "months", as the column counts.
        meaning: plural noun phrase with `{}` for the length of the window.
        latest: offset of the latest period of the source: the first of each window.
    """
    return tuple(
        Selection(f"last_{length}_{unit}", meaning.format(length), pl.col(event) > latest - length)
        for length in lengths
    )


@dataclass(frozen=True)
class Statistic:
    """How the rows of a client become one number.

    Attributes:
        words: the opening of the meaning, in front of the measure.
        keeps_range: whether the result lies between the smallest and largest possible value of a row.
        of_nothing: value when no row counts; None means missing.
    """

    name: str
    words: str
    aggregate: Callable[[pl.Expr], pl.Expr]
    keeps_range: bool = True
    of_nothing: float | None = None


def _lowest(value: pl.Expr) -> pl.Expr:
    # A column without nulls is reduced twice as fast; what stays infinite is stored as missing.
    return value.cast(pl.Float64).fill_null(math.inf).min()


def _highest(value: pl.Expr) -> pl.Expr:
    return value.cast(pl.Float64).fill_null(-math.inf).max()


MEAN = Statistic("mean", "Average", lambda value: value.mean())
LOWEST = Statistic("min", "Lowest", _lowest)
HIGHEST = Statistic("max", "Highest", _highest)
TOTAL = Statistic("sum", "Total", lambda value: value.fill_null(0).sum(), keeps_range=False, of_nothing=0)
SPREAD = Statistic("std", "Standard deviation of the", lambda value: value.std(), keeps_range=False)
LATEST = Statistic("latest", "Most recent known", lambda value: value.drop_nulls().last())


@dataclass(frozen=True)
class HistoryFeature:
    """A feature together with the expression that computes it from the rows of one client."""

    definition: Feature
    expression: pl.Expr

    @property
    def name(self) -> str:
        """Name of the feature."""
        return self.definition.name


class FeatureBuilder:
    """Declares the features of one set of rows.

    Args:
        prefix: first part of the names.
        table: raw table, or tables, that the rows come from.
        derived: layers of columns that preparation adds to the raw ones; needed to name the raw inputs.
    """

    def __init__(self, prefix: str, table: str, *derived: Mapping[str, pl.Expr]) -> None:
        self._prefix = prefix
        self._table = table
        self._derived = {name: value for layer in derived for name, value in layer.items()}

    def cross_product(
        self, measures: Iterable[Measure], selections: Iterable[Selection], statistics: Sequence[Statistic]
    ) -> tuple[HistoryFeature, ...]:
        """Every statistic of every measure over every selection."""
        return tuple(
            self._statistic(measure, selection, statistic)
            for measure in measures
            for selection in selections
            for statistic in statistics
        )

    def counts(self, selections: Iterable[Selection], unit: str) -> tuple[HistoryFeature, ...]:
        """How many rows each selection holds."""
        return tuple(
            self.feature(
                _joined("count", selection.name),
                f"Number of {selection.meaning}.",
                unit,
                _count(selection),
                minimum=0,
                without_history=0,
            )
            for selection in selections
        )

    def shares(
        self, selections: Iterable[Selection], among: Selection, unit: str = "share from 0 to 1"
    ) -> tuple[HistoryFeature, ...]:
        """Which share of the rows that count in `among` also count in each selection; what is not known does not."""
        return tuple(
            self.feature(
                _joined("share", selection.name, among.name),
                f"Share of {selection.meaning} among {among.meaning}.",
                unit,
                among.of(_condition(selection).fill_null(False)).mean(),
                minimum=0,
                maximum=1,
            )
            for selection in selections
        )

    def feature(
        self,
        name: str,
        meaning: str,
        unit: str,
        expression: pl.Expr,
        *,
        minimum: float | None = None,
        maximum: float | None = None,
        without_history: float | None = None,
        constant_because: str = "",
    ) -> HistoryFeature:
        """One feature that is not a plain product; with a value without history it promises never to be missing."""
        full_name = f"{self._prefix}_{name}"
        return HistoryFeature(
            definition=Feature(
                name=full_name,
                kind="history",
                source=self._table,
                unit=unit,
                meaning=meaning,
                inputs=self._raw_inputs(expression),
                minimum=minimum,
                maximum=maximum,
                nullable=without_history is None,
                without_history=without_history,
                constant_because=constant_because,
            ),
            expression=(
                expression if without_history is None else expression.fill_null(without_history)
            ).alias(full_name),
        )

    def _statistic(self, measure: Measure, selection: Selection, statistic: Statistic) -> HistoryFeature:
        minimum = measure.minimum if statistic.keeps_range else _sign_of_total(measure, statistic)
        return self.feature(
            _joined(measure.name, statistic.name, selection.name),
            f"{statistic.words} {measure.meaning}, over {selection.meaning}.",
            measure.unit,
            statistic.aggregate(selection.of(measure.value)),
            minimum=minimum,
            maximum=measure.maximum if statistic.keeps_range else None,
            without_history=statistic.of_nothing,
        )

    def _raw_inputs(self, expression: pl.Expr) -> tuple[str, ...]:
        raw: set[str] = set()
        pending = list(expression.meta.root_names())
        seen: set[str] = set()
        while pending:
            name = pending.pop()
            if name in seen:
                continue
            seen.add(name)
            if name in self._derived:
                pending.extend(self._derived[name].meta.root_names())
            if name.isupper():
                raw.add(name)
        # Counting all rows reads no column in particular: it needs the client alone.
        return tuple(sorted(raw)) or (CLIENT,)


@dataclass(frozen=True)
class FeatureGroup:
    """Features of one set of rows.

    Attributes:
        rows: gives the rows, with their client, from the prepared tables by name.
    """

    rows: Callable[[Mapping[str, pl.DataFrame]], pl.DataFrame]
    features: tuple[HistoryFeature, ...]


def _joined(*parts: str) -> str:
    return "_".join(part for part in parts if part)


def _condition(selection: Selection) -> pl.Expr:
    return pl.lit(True) if selection.condition is None else selection.condition


def _count(selection: Selection) -> pl.Expr:
    return pl.len() if selection.condition is None else selection.condition.sum()


def _sign_of_total(measure: Measure, statistic: Statistic) -> float | None:
    if statistic is SPREAD or (measure.minimum is not None and measure.minimum >= 0):
        return 0
    return None
