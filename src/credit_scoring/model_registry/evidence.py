"""The evidence that the gates evaluate: a candidate, the champion and their out-of-fold predictions."""

from dataclasses import dataclass

import numpy as np

from credit_scoring.core.settings import Settings
from credit_scoring.evaluation.business_cost import client_costs
from credit_scoring.scoring.scorer import ScorerDescription


@dataclass(frozen=True)
class OutOfFold:
    """Predictions for clients that the model was not fitted on, sorted by client.

    Attributes:
        client_ids, default, probability: (n,); 1 for a default; calibrated probabilities.
    """

    client_ids: np.ndarray
    default: np.ndarray
    probability: np.ndarray

    def has_same_clients(self, other: "OutOfFold") -> bool:
        """Whether both have the same clients and outcomes, so that a paired comparison is possible."""
        return np.array_equal(self.client_ids, other.client_ids) and np.array_equal(self.default, other.default)


@dataclass(frozen=True)
class EvaluatedVersion:
    """A version and its out-of-fold predictions."""

    number: int
    description: ScorerDescription
    out_of_fold: OutOfFold

    def costs(self, missed_default_cost: float) -> np.ndarray:
        """Business cost of its decision on each client (n,)."""
        refused = self.out_of_fold.probability >= self.description.threshold
        return client_costs(refused, self.out_of_fold.default, missed_default_cost)


@dataclass(frozen=True)
class Evidence:
    """The input of every gate.

    Attributes:
        champion: the version in production, if there is one.
        served_features: the features that the service computes, in order; or the reason why it computes none.
        single_row_milliseconds: median time of the candidate for one application.
        allow_synthetic: whether a model trained on synthetic clients may be promoted.
    """

    candidate: EvaluatedVersion
    champion: EvaluatedVersion | None
    served_features: tuple[str, ...] | str
    single_row_milliseconds: float
    allow_synthetic: bool
    settings: Settings
