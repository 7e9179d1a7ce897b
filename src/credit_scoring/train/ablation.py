"""The champion once more without gender and age among its inputs, on the same folds: what they are worth.

The comparison is a pair: both models get the same rows, and no more than `MOST_ROWS` in a fold, so that it costs
minutes on tables of full size too. Each is a competitor's step of its own, so a killed training continues after it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl

from credit_scoring.feature_engineering.application import RAW_COLUMNS
from credit_scoring.scoring.models.model import Model
from credit_scoring.train.candidates import Entrant
from credit_scoring.train.cross_validation import TrainingData
from credit_scoring.train.evaluation import Evaluation
from credit_scoring.train.families.family import Candidate, Parameters, TrainingRows

LEFT_OUT_COLUMNS = ("CODE_GENDER", "DAYS_BIRTH")
MOST_ROWS = 60_000


class LeftOutPair(NamedTuple):
    """The same model with and without some inputs.

    Attributes:
        features: names of the features that were left out.
    """

    whole: Evaluation
    without: Evaluation
    features: tuple[str, ...]


def features_computed_from(columns: Sequence[str], names: Sequence[str]) -> tuple[str, ...]:
    """The features, among some names, into which one of the raw columns enters, however indirectly."""
    return tuple(name for name in names if RAW_COLUMNS.get(name, frozenset()) & set(columns))


def compare_without(
    champion: Evaluation, data: TrainingData, compete: Callable[[Entrant], Evaluation]
) -> LeftOutPair | None:
    """Train the champion's family without gender and age; None if no feature is computed from them.

    Args:
        compete: cross-validates and measures an entrant.
    """
    features = features_computed_from(LEFT_OUT_COLUMNS, data.names)
    if not features:
        return None
    whole, entrant = champion, champion.entrant
    if champion.fitted_rows > MOST_ROWS:
        entrant = replace(entrant, name=f"{entrant.name}_on_{MOST_ROWS}_rows", most_rows=MOST_ROWS)
        whole = compete(entrant)
    narrowed = replace(
        entrant,
        name=f"{entrant.name}_without_gender_and_age",
        candidate=_without(entrant.candidate, features),
        leaves_out=features,
    )
    return LeftOutPair(whole, compete(narrowed), features)


def pair_frame(pair: LeftOutPair, data: TrainingData) -> pl.DataFrame:
    """without_gender_and_age.parquet: what both models say of every client, out of fold."""
    return pl.DataFrame(
        {
            "SK_ID_CURR": data.client_ids,
            "probability_with": pair.whole.probability,
            "refused_with": pair.whole.refused(),
            "probability_without": pair.without.probability,
            "refused_without": pair.without.refused(),
        }
    )


def pair_facts(pair: LeftOutPair) -> dict[str, object]:
    """without_gender_and_age.json: what was left out, and on how many rows both models were fitted."""
    return {
        "columns": LEFT_OUT_COLUMNS,
        "features": len(pair.features),
        "fitted_rows": pair.without.fitted_rows,
    }


def _without(candidate: Candidate, features: tuple[str, ...]) -> Candidate:
    def fit(rows: TrainingRows, parameters: Parameters) -> Model:
        kept = np.array([place for place, name in enumerate(rows.names) if name not in set(features)])
        names = tuple(rows.names[place] for place in kept)
        fitted = candidate.fit(rows._replace(features=rows.features[:, kept], names=names), parameters)
        return _OnSomeFeatures(fitted, kept)

    return replace(candidate, fit=fit)


@dataclass(frozen=True)
class _OnSomeFeatures:
    """A model that is given all features and looks at some: the `kept` (k,) places."""

    model: Model
    kept: np.ndarray

    @property
    def family(self) -> str:
        return self.model.family

    def margin(self, features: np.ndarray) -> np.ndarray:
        return self.model.margin(np.ascontiguousarray(features[:, self.kept]))

    def contributions(self, features: np.ndarray) -> np.ndarray:
        part = self.model.contributions(np.ascontiguousarray(features[:, self.kept]))
        whole = np.zeros((len(features), features.shape[1] + 1))
        whole[:, np.append(self.kept, features.shape[1])] = part
        return whole

    def importance(self) -> np.ndarray:
        return self.model.importance()

    def save(self, folder: Path) -> None:
        self.model.save(folder)
