"""What is compared: a baseline (the training of a model, or a published version) and a sample of applications."""

from dataclasses import dataclass, field

import numpy as np

from credit_scoring.core.manifest import DataSource
from credit_scoring.model_registry.registry import RegisteredScorer
from credit_scoring.scoring.training_distribution import Reference

ACCEPTED_DEFAULTS = "accepted_defaults"
"""Figure of a training: defaults among the clients that the model would have accepted."""


@dataclass(frozen=True)
class Baseline:
    """What current applications are compared with.

    Attributes:
        name: "model version 3" or "feature version 2".
        registered: the model whose decisions and importance matter.
        distributions: of each of its features, and of its probability.
        clients: number of clients behind the distributions.
    """

    name: str
    registered: RegisteredScorer
    distributions: Reference
    clients: int

    @property
    def feature_names(self) -> tuple[str, ...]:
        """Features in the order of the model."""
        return self.registered.scorer.description.feature_names

    def figure(self, name: str) -> float:
        """A figure of the model's training, out of fold."""
        return self.registered.scorer.description.metrics[name]

    @property
    def default_rate_of_accepted(self) -> float:
        """Default rate of the clients that the model would have accepted, out of fold."""
        return self.figure(ACCEPTED_DEFAULTS) / max(self.figure("acceptance_rate") * self.figure("clients"), 1.0)


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
        is_newly_known: bool (n,), whether the outcome became known in the window.
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
