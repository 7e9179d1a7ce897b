"""The order in which features are computed: those of one function together, for a call costs more than a number."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from credit_scoring.feature_engineering.application.arithmetic import Values, unchanged
from credit_scoring.feature_engineering.application.definition import POPULATION, ApplicationFeature
from credit_scoring.feature_engineering.application.population import Population
from credit_scoring.feature_engineering.definition import STORED_TYPE

_ROWS_AT_ONCE = 1_024
"""So many that calls do not count, so few that what they compute stays in the processor's cache."""

_Places = NDArray[np.intp]


@dataclass(frozen=True)
class _Call:
    """One call of a function, for one feature or for all that it serves and whose inputs are known by then.

    Attributes:
        inputs: for each parameter where its values are, one place per feature; None for the population.
        results: where the features' values go.
    """

    compute: Callable[..., Values]
    inputs: tuple[int | _Places | None, ...]
    results: int | slice

    def run(self, table: Values, population: Population) -> None:
        """Compute from what the table holds, shape (places, applications), and put the results there."""
        given = [population if places is None else table[places] for places in self.inputs]
        table[self.results] = self.compute(*given)


class Plan:
    """How declared features are computed from columns of an application and from stored history features.

    Args:
        declared: the features, each after what it reads.
        column_names: columns of an application, in the order of the rows that `compute` will be given.
        history_names: history features in the order of the rows that `compute` will be given.

    Raises:
        ValueError: a feature reads something that neither the application, the history nor a feature before it gives.
    """

    def __init__(
        self,
        declared: Sequence[ApplicationFeature],
        column_names: Sequence[str],
        history_names: Sequence[str],
    ) -> None:
        read = {name for feature in declared for name in feature.parameters}
        self._history = np.array([at for at, name in enumerate(history_names) if name in read], dtype=np.intp)
        given = (*column_names, *(history_names[at] for at in self._history))
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
            read = [[self._places.get(name) for name in one.parameters] for one in features]
            if len(features) == 1:
                yield _Call(first.compute, tuple(read[0]), place)
            else:
                inputs = tuple(np.array(places, dtype=np.intp) for places in zip(*read, strict=True))
                yield _Call(first.compute, inputs, slice(place, place + len(features)))

    def compute(
        self, applications: Values, history: NDArray[np.float32], population: Population
    ) -> NDArray[np.float32]:
        """Features of applications, the same bits for one row and for many.

        Args:
            applications: encoded columns, shape (columns of an application, applications).
            history: history features as stored, shape (applications, history features), NaN where missing.
            population: statistics stored with the feature version.

        Returns:
            Shape (applications, number of application features); NaN where missing, never infinite.
        """
        features = np.empty((len(history), len(self._results)), dtype=STORED_TYPE)
        for start in range(0, len(history), _ROWS_AT_ONCE):
            rows = slice(start, start + _ROWS_AT_ONCE)
            features[rows] = self._computed(applications[:, rows], history[rows, self._history].T, population)
        return features

    def _computed(
        self, columns: Values, history: NDArray[np.float32], population: Population
    ) -> NDArray[np.float32]:
        table = np.empty((self._place_count, columns.shape[1]))
        # Adding zero turns -0.0 into 0.0: which of the two is the smaller depends on how many rows are compared.
        np.add(columns, 0.0, out=table[: len(columns)])
        np.add(history, 0.0, out=table[len(columns) : len(columns) + len(history)])
        with np.errstate(all="ignore"):
            for call in self._calls:
                call.run(table, population)
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
        inputs = [name for name in feature.parameters if name != POPULATION]
        if unknown := set(inputs) - depths.keys():
            raise ValueError(f"{feature.name} reads {sorted(unknown)}, which nothing before it gives")
        depth = 1 + max((depths[name] for name in inputs), default=0)
        depths[feature.name] = depth
        # Statistics come in shapes of their own, so a function that reads them gets one feature at a time.
        alone = feature.name if POPULATION in feature.parameters else None
        groups = by_depth.setdefault(depth, {})
        groups.setdefault((feature.compute, len(feature.parameters), alone), []).append(feature)
    yield from (group for depth in sorted(by_depth) for group in by_depth[depth].values())
