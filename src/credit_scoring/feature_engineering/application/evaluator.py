"""Computes application features, all features of one function in one vectorised call.

A call costs more than the numbers it computes for a single application: one call per feature takes 1.0 ms per request,
one per function and dependency level 0.45 ms (161 and 60 calls, measured on one core on 2026-11-26).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from credit_scoring.feature_engineering.application.arithmetic import Reduction, Values, unchanged
from credit_scoring.feature_engineering.application.feature_list import ApplicationFeature
from credit_scoring.feature_engineering.definition import STORED_TYPE

_ROWS_PER_CHUNK = 1_024
"""Large enough that call overhead is negligible, small enough that intermediate results stay in the processor cache."""


@dataclass(frozen=True)
class _Call:
    """One call of a function, for one feature or for several whose inputs are known by then.

    Attributes:
        inputs: rows of the value table that hold the arguments: shape (parameters, features).
        results: rows of the value table that receive the features.
    """

    compute: Callable[..., Values]
    inputs: NDArray[np.intp]
    results: slice

    def run(self, table: Values) -> None:
        """Compute from the value table, shape (rows, applications), and write the results into it."""
        given = table[self.inputs].reshape(len(self.inputs), -1)
        computed = self.compute(given) if isinstance(self.compute, Reduction) else self.compute(*given)
        table[self.results] = computed.reshape(self.inputs.shape[1], -1)


class Evaluator:
    """Computes declared features from columns of applications and from stored history features.

    Args:
        declared: the features, each after those that it reads.
        column_names: columns of an application, in the order of the rows that `compute` receives.
        history_names: history features in the order of the columns that `compute` receives.
        derived_names: what `derive` computes from the columns of applications, in order.
        derive: shape (columns, applications) to (derived names, applications).

    Raises:
        ValueError: a feature reads a name that no column, no history feature and no feature before it has, or two of
            them have the same name.
    """

    def __init__(
        self,
        declared: Sequence[ApplicationFeature],
        column_names: Sequence[str],
        history_names: Sequence[str],
        derived_names: Sequence[str] = (),
        derive: Callable[[Values], Values] | None = None,
    ) -> None:
        self._derive = derive
        read = {name for feature in declared for name in feature.parameters}
        self._history = np.array([index for index, name in enumerate(history_names) if name in read], dtype=np.intp)
        given = (*column_names, *derived_names, *(history_names[index] for index in self._history))
        self._first_history_row = len(given) - len(self._history)
        if duplicates := {name for name in given if given.count(name) > 1}:
            raise ValueError(f"{sorted(duplicates)} are the names of several columns or history features")
        self._rows = {name: row for row, name in enumerate(given)}
        self._calls = tuple(self._scheduled(declared))
        self._row_count = 1 + max(self._rows.values())
        self._results = np.array([self._rows[feature.name] for feature in declared])

    def _scheduled(self, declared: Sequence[ApplicationFeature]) -> Iterator[_Call]:
        for features in _grouped(declared, self._rows):
            function = features[0].compute
            if function is unchanged:
                self._rows |= {feature.name: self._rows[feature.parameters[0]] for feature in features}
                continue
            first = 1 + max(self._rows.values())
            self._rows |= {feature.name: row for row, feature in enumerate(features, start=first)}
            inputs = np.array([[self._rows[name] for name in feature.parameters] for feature in features]).T
            yield _Call(function, inputs, slice(first, first + len(features)))

    def compute(self, applications: Values, history: NDArray[np.float32]) -> NDArray[np.float32]:
        """Features of applications, the same bits for one row and for many.

        Args:
            applications: encoded columns, shape (columns of an application, applications).
            history: history features as stored, shape (applications, history features), NaN where missing.

        Returns:
            Shape (applications, number of application features); NaN where missing, never infinite.
        """
        features = np.empty((len(history), len(self._results)), dtype=STORED_TYPE)
        for start in range(0, len(history), _ROWS_PER_CHUNK):
            chunk = slice(start, start + _ROWS_PER_CHUNK)
            features[chunk] = self._computed(applications[:, chunk], history[chunk, self._history].T)
        return features

    def _computed(self, columns: Values, history: NDArray[np.float32]) -> NDArray[np.float32]:
        table = np.empty((self._row_count, columns.shape[1]))
        first, last = self._first_history_row, self._first_history_row + len(history)
        # Adding zero turns -0.0 into 0.0: which of the two counts as smaller depends on the number of rows compared.
        np.add(columns, 0.0, out=table[: len(columns)])
        np.add(history, 0.0, out=table[first:last])
        with np.errstate(all="ignore"):
            if self._derive is not None:
                table[len(columns) : first] = self._derive(table[: len(columns)])
            for call in self._calls:
                call.run(table)
            computed: NDArray[np.float32] = (table[self._results] + 0.0).astype(STORED_TYPE)
        computed[~np.isfinite(computed)] = np.nan
        return computed.T


def _grouped(declared: Sequence[ApplicationFeature], given: Mapping[str, int]) -> Iterator[list[ApplicationFeature]]:
    """Features that one call computes, each group after those that it reads."""
    depths = dict.fromkeys(given, 0)
    by_depth: dict[int, dict[tuple[object, ...], list[ApplicationFeature]]] = {}
    for feature in declared:
        if unknown := set(feature.parameters) - depths.keys():
            raise ValueError(f"{feature.name} reads {sorted(unknown)}, which nothing before it provides")
        depth = 1 + max((depths[name] for name in feature.parameters), default=0)
        depths[feature.name] = depth
        groups = by_depth.setdefault(depth, {})
        groups.setdefault((feature.compute, len(feature.parameters)), []).append(feature)
    yield from (group for depth in sorted(by_depth) for group in by_depth[depth].values())
