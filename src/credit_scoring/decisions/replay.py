"""Make a recorded decision again with what it was made from, and say whether every bit is the same."""

from dataclasses import dataclass

import numpy as np

from credit_scoring.decisions.decision_record import DecisionRecord, Entry
from credit_scoring.scoring.scorer import Decision, Scorer


@dataclass(frozen=True)
class Difference:
    """One thing that came out otherwise.

    Attributes:
        name: what it is: a feature, or a field of the record.
    """

    name: str
    recorded: str
    replayed: str


@dataclass(frozen=True)
class Replay:
    """A decision made again.

    Attributes:
        features_recomputed: whether the vector was computed from the recorded application too, which needs the
            statistics of the recorded feature version; otherwise it was taken from the record.
        differences: empty when everything is equal to the bit.
    """

    record: DecisionRecord
    probability: float
    decision: Decision
    features_recomputed: bool
    differences: tuple[Difference, ...]

    @property
    def is_equal(self) -> bool:
        """Whether nothing differs."""
        return not self.differences


def replay(entry: Entry, scorer: Scorer, recomputed: np.ndarray | None) -> Replay:
    """Score the recorded vector again and compare.

    Args:
        scorer: the recorded version of the model.
        recomputed: float32 vector (features,) computed again from the recorded application, if that was possible.
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
        differences += _differing_features(scorer.description.feature_names, entry.features, recomputed)
    return Replay(record, probability, decision, recomputed is not None, tuple(differences))


def _differing_features(
    names: tuple[str, ...], recorded: np.ndarray, recomputed: np.ndarray
) -> list[Difference]:
    differing = np.flatnonzero(recorded.view(np.uint32) != recomputed.view(np.uint32))
    return [
        Difference(names[position], str(recorded[position]), str(recomputed[position]))
        for position in differing
    ]
