"""Replays a recorded decision with its recorded inputs, and compares the results bit for bit."""

from dataclasses import dataclass

import numpy as np

from credit_scoring.decisions.decision_record import DecisionRecord, Entry
from credit_scoring.scoring.scorer import Decision, Scorer


@dataclass(frozen=True)
class Difference:
    """One value that was not reproduced.

    Attributes:
        name: of the feature or of the record's field.
    """

    name: str
    recorded: str
    replayed: str


@dataclass(frozen=True)
class Replay:
    """A replayed decision.

    Attributes:
        features_recomputed: whether the features were computed from the recorded application, which needs the
            statistics of the recorded feature version; otherwise only the recorded vector was scored.
        differences: empty if everything is equal bit for bit.
    """

    record: DecisionRecord
    probability: float
    decision: Decision
    features_recomputed: bool
    differences: tuple[Difference, ...]

    @property
    def is_equal(self) -> bool:
        """Whether everything was reproduced."""
        return not self.differences


def replay(entry: Entry, scorer: Scorer, recomputed: np.ndarray | None) -> Replay:
    """Score the recorded vector again and compare.

    Args:
        scorer: the recorded version of the model.
        recomputed: float32 vector (features,) computed from the recorded application; None if that was impossible.
    """
    record = entry.record
    probability = float(scorer.probability(entry.features.reshape(1, -1))[0])
    decision = scorer.decision_for(probability)
    differences = [
        Difference(name, str(recorded), str(replayed))
        for name, recorded, replayed in (
            ("model_hash", record.model_hash, scorer.description.model_hash),
            ("threshold", record.threshold, scorer.description.threshold),
            ("probability", record.probability, probability),
            ("decision", record.decision, decision),
        )
        if recorded != replayed
    ]
    if recomputed is not None:
        names, recorded = scorer.description.feature_names, entry.features
        differing = np.flatnonzero(recorded.view(np.uint32) != recomputed.view(np.uint32))
        differences += [Difference(names[i], str(recorded[i]), str(recomputed[i])) for i in differing]
    return Replay(record, probability, decision, recomputed is not None, tuple(differences))
