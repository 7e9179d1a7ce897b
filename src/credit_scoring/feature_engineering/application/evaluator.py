"""Computes application features, one after another, for any number of applications at once."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from credit_scoring.feature_engineering.application.arithmetic import Values
from credit_scoring.feature_engineering.application.feature_list import ApplicationFeature
from credit_scoring.feature_engineering.definition import STORED_TYPE


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
        self._declared = tuple(declared)
        self._derive = derive
        read = {name for feature in declared for name in feature.parameters}
        self._history = [index for index, name in enumerate(history_names) if name in read]
        self._given = (*column_names, *derived_names, *(history_names[index] for index in self._history))
        if duplicates := {name for name in self._given if self._given.count(name) > 1}:
            raise ValueError(f"{sorted(duplicates)} are the names of several columns or history features")
        known = set(self._given)
        for feature in declared:
            if unknown := set(feature.parameters) - known:
                raise ValueError(f"{feature.name} reads {sorted(unknown)}, which nothing before it provides")
            known.add(feature.name)

    def compute(self, applications: Values, history: NDArray[np.float32]) -> NDArray[np.float32]:
        """Features of applications, the same bits for one row and for many.

        Args:
            applications: encoded columns, shape (columns of an application, applications).
            history: history features as stored, shape (applications, history features), NaN where missing.

        Returns:
            Shape (applications, number of application features); NaN where missing, never infinite.
        """
        # Adding zero turns -0.0 into 0.0: which of the two counts as smaller depends on the number of rows compared.
        columns = applications + 0.0
        past = history[:, self._history].T.astype(np.float64) + 0.0
        with np.errstate(all="ignore"):
            derived = () if self._derive is None else self._derive(columns)
            values = dict(zip(self._given, (*columns, *derived, *past), strict=True))
            for feature in self._declared:
                values[feature.name] = feature.compute(*(values[name] for name in feature.parameters))
            own = np.array([values[feature.name] for feature in self._declared]) + 0.0
            computed: NDArray[np.float32] = own.astype(STORED_TYPE)
        computed[~np.isfinite(computed)] = np.nan
        return computed.T
