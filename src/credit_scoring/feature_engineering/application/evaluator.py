"""The order in which features are computed: those of one function together, for a call costs more than a number."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from credit_scoring.feature_engineering.application.arithmetic import Reduction, Values, unchanged
from credit_scoring.feature_engineering.application.feature_list import ApplicationFeature
from credit_scoring.feature_engineering.definition import STORED_TYPE

_ROWS_AT_ONCE = 1_024
"""So many that calls do not count, so few that what they compute stays in the processor's cache."""


@dataclass(frozen=True)
class _Call:
    """One call of a function, for one feature or for all that it serves and whose inputs are known by then.

    Attributes:
        inputs: where the values of the parameters are: shape (parameters, features).
        results: where the features' values go.
    """

    compute: Callable[..., Values]
    inputs: NDArray[np.intp]
    results: slice

    def run(self, table: Values) -> None:
        """Compute from what the table holds, shape (places, applications), and put the results there."""
        given = table[self.inputs].reshape(len(self.inputs), -1)
        computed = self.compute(given) if isinstance(self.compute, Reduction) else self.compute(*given)
        table[self.results] = computed.reshape(self.inputs.shape[1], -1)


class Evaluator:
    """How declared features are computed from columns of an application and from stored history features.

    Args:
        declared: the features, each after what it reads.
        column_names: columns of an application, in the order of the rows that `compute` will be given.
        history_names: history features in the order of the rows that `compute` will be given.
        derived_names: what `derive` makes of the columns of applications, in order.
        derive: shape (columns, applications) to (derived names, applications).

    Raises:
        ValueError: a feature reads something that neither the application, the history nor a feature before it gives.
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
        self._history = np.array([at for at, name in enumerate(history_names) if name in read], dtype=np.intp)
        given = (*column_names, *derived_names, *(history_names[at] for at in self._history))
        self._first_of_history = len(given) - len(self._history)
        if twice := {name for name in given if given.count(name) > 1}:
            raise ValueError(
                f"{sorted(twice)} are given twice: by the application, derived, or by the history"
            )
        self._places = {name: place for place, name in enumerate(given)}
        self._calls = tuple(self._planned(declared))
        self._place_count = 1 + max(self._places.values())
        self._results = np.array([self._places[feature.name] for feature in declared])

    def _planned(self, declared: Sequence[ApplicationFeature]) -> Iterator[_Call]:
        for features in _together(declared, self._places):
            first = features[0]
            if first.compute is unchanged:
                self._places |= {one.name: self._places[one.parameters[0]] for one in features}
                continue
            place = 1 + max(self._places.values())
            self._places |= {one.name: place + number for number, one in enumerate(features)}
            inputs = np.array([[self._places[name] for name in one.parameters] for one in features]).T
            yield _Call(first.compute, inputs, slice(place, place + len(features)))

    def compute(self, applications: Values, history: NDArray[np.float32]) -> NDArray[np.float32]:
        """Features of applications, the same bits for one row and for many.

        Args:
            applications: encoded columns, shape (columns of an application, applications).
            history: history features as stored, shape (applications, history features), NaN where missing.

        Returns:
            Shape (applications, number of application features); NaN where missing, never infinite.
        """
        features = np.empty((len(history), len(self._results)), dtype=STORED_TYPE)
        for start in range(0, len(history), _ROWS_AT_ONCE):
            rows = slice(start, start + _ROWS_AT_ONCE)
            features[rows] = self._computed(applications[:, rows], history[rows, self._history].T)
        return features

    def _computed(self, columns: Values, history: NDArray[np.float32]) -> NDArray[np.float32]:
        table = np.empty((self._place_count, columns.shape[1]))
        first, last = self._first_of_history, self._first_of_history + len(history)
        # Adding zero turns -0.0 into 0.0: which of the two is the smaller depends on how many rows are compared.
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


def _together(
    declared: Sequence[ApplicationFeature], given: Mapping[str, int]
) -> Iterator[list[ApplicationFeature]]:
    """Features that one call computes, each group after those that it reads."""
    depths = dict.fromkeys(given, 0)
    by_depth: dict[int, dict[tuple[object, ...], list[ApplicationFeature]]] = {}
    for feature in declared:
        if unknown := set(feature.parameters) - depths.keys():
            raise ValueError(f"{feature.name} reads {sorted(unknown)}, which nothing before it gives")
        depth = 1 + max((depths[name] for name in feature.parameters), default=0)
        depths[feature.name] = depth
        groups = by_depth.setdefault(depth, {})
        groups.setdefault((feature.compute, len(feature.parameters)), []).append(feature)
    yield from (group for depth in sorted(by_depth) for group in by_depth[depth].values())
