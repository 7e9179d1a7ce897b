"""What is compared: a baseline (the training of a model, or a published version) and a sample of applications."""

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from credit_scoring.core.manifest import DataSource
from credit_scoring.model_registry.registry import RegisteredScorer
from credit_scoring.scoring.training_distribution import Reference

MIN_OUTCOMES = 100
"""Fewer newly known outcomes lead to no finding and to no measured figure of the history."""


@dataclass(frozen=True)
class Baseline:
    """What current applications are compared with.

    Attributes:
        name: "model version 3" or "feature version 2".
        registered: the model whose decisions and importance matter.
        distributions: of each of its features, and of its probability.
        clients: number of clients behind the distributions.
        accepted: how many of them the model would have accepted.
        accepted_defaults: how many of these defaulted; NaN if no outcome is known.
    """

    name: str
    registered: RegisteredScorer
    distributions: Reference
    clients: int
    accepted: float
    accepted_defaults: float

    @property
    def feature_names(self) -> tuple[str, ...]:
        """Features in the order of the model."""
        return self.registered.scorer.description.feature_names

    @property
    def acceptance_rate(self) -> float:
        """Share of the clients that the model would have accepted."""
        return self.accepted / self.clients

    @property
    def default_rate_of_accepted(self) -> float:
        """Default rate of the clients that the model would have accepted."""
        return self.accepted_defaults / max(self.accepted, 1.0)


@dataclass(frozen=True)
class Sample:
    """Applications, what the model answered, and what became of them.

    Attributes:
        name: "ledger", "feature version 2", or the name of a file.
        features: float32 (n, features), one column after the other in memory.
        probability: (n,) at the time of the decision.
        refused: bool (n,).
        default: (n,) 1 for a default, 0 for none; NaN where the outcome is unknown.
        has_history: bool (n,), whether the store had the client.
        client: int (n,) number of the client; negative, and of its own, for an applicant without one.
        unseen: number of categories that the contract does not know, by raw column.
        left_out: number of decisions that are not compared, by reason.
    """

    name: str
    source: DataSource
    features: np.ndarray
    probability: np.ndarray
    refused: np.ndarray
    default: np.ndarray
    has_history: np.ndarray
    client: np.ndarray
    unseen: dict[str, int] = field(default_factory=dict)
    left_out: dict[str, int] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.probability)

    @property
    def has_outcome(self) -> np.ndarray:
        """Bool (n,)."""
        return np.asarray(~np.isnan(self.default))


@dataclass(frozen=True)
class TrackRecord:
    """All decisions of a model so far; outcomes arrive months after them.

    Attributes:
        probability, refused, default: (n,) as in `Sample`.
        month: (n,) of the decision, such as 2026-07; empty where decisions have no date.
        is_newly_known: bool (n,), whether a first outcome became known in the window.
    """

    probability: np.ndarray
    refused: np.ndarray
    default: np.ndarray
    month: np.ndarray
    is_newly_known: np.ndarray

    @classmethod
    def of(cls, sample: Sample) -> "TrackRecord":
        """The track record of applications without dates."""
        month = np.full(len(sample), "")
        return cls(sample.probability, sample.refused, sample.default, month, sample.has_outcome)


class TrainingClients(NamedTuple):
    """A sample of the clients of a baseline.

    Attributes:
        names: of the features.
        features: float32 (n, features).
        default: (n,) 1 for a default, 0 for none.
        client: int (n,) number of the client.
        probability: (n,) out of fold for the training of the model, NaN if its run keeps none.
    """

    names: tuple[str, ...]
    features: np.ndarray
    default: np.ndarray
    client: np.ndarray
    probability: np.ndarray
