"""The Scorer and its files: a LightGBM booster in its own text format, everything else as JSON; no pickle."""

import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

import lightgbm as lgb
import numpy as np
from pydantic import BaseModel, ConfigDict

from credit_scoring.core.errors import StorageError
from credit_scoring.core.manifest import DataSource, fingerprint_of_file
from credit_scoring.scoring.calibration import LogisticCalibration

_MODEL_FILE = "model.txt"
_DESCRIPTION_FILE = "scorer.json"


class Decision(StrEnum):
    """What the lender answers."""

    ACCEPTED = "accepted"
    REFUSED = "refused"


class ScorerDescription(BaseModel):
    """Everything about a Scorer except its trees.

    Attributes:
        feature_names: inputs, in order; the vector is the whole feature catalogue of `feature_version`.
        threshold: probability of default at or above which an application is refused.
        metrics: out-of-fold figures; synthetic if `source` is.
        model_hash: of the booster file; checked when it is loaded.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    feature_names: tuple[str, ...]
    threshold: float
    calibration: LogisticCalibration
    metrics: dict[str, float]
    feature_version: int
    feature_fingerprint: str
    source: DataSource
    code_version: str
    trained_at: datetime
    model_hash: str = ""


@dataclass(frozen=True)
class Scorer:
    """A model that answers: how likely is default, and do we accept?"""

    booster: lgb.Booster
    description: ScorerDescription

    def margin(self, features: np.ndarray) -> np.ndarray:
        """Log-odds (n,) before calibration, from float32 features (n, features) in the order of the description."""
        expected = len(self.description.feature_names)
        if features.ndim != 2 or features.shape[1] != expected or features.dtype != np.float32:
            raise ValueError(
                f"features must be float32 of shape (n, {expected}), not {features.dtype} of {features.shape}"
            )
        # One thread: several cost milliseconds of waiting for each other on a single row.
        threads = 1 if len(features) == 1 else 0
        margin: np.ndarray = self.booster.predict(features, raw_score=True, num_threads=threads)
        return margin

    def probability(self, features: np.ndarray) -> np.ndarray:
        """Calibrated probabilities of default (n,) from float32 features (n, features)."""
        return self.description.calibration.probability(self.margin(features))

    def decide(self, probability: float) -> Decision:
        """Refused at or above the threshold."""
        return Decision.REFUSED if probability >= self.description.threshold else Decision.ACCEPTED


def save_scorer(scorer: Scorer, folder: Path) -> None:
    """Write a Scorer's two files into an existing folder."""
    scorer.booster.save_model(folder / _MODEL_FILE)
    described = scorer.description.model_copy(
        update={"model_hash": fingerprint_of_file(folder / _MODEL_FILE)}
    )
    (folder / _DESCRIPTION_FILE).write_text(described.model_dump_json(indent=1))


def load_scorer(folder: Path) -> Scorer:
    """Read a Scorer.

    Raises:
        StorageError: a file is missing, or its content is not what was saved.
    """
    retrain = "Run `credit-scoring train --force`, or choose another model version."
    try:
        description = ScorerDescription.model_validate_json((folder / _DESCRIPTION_FILE).read_bytes())
        found = fingerprint_of_file(folder / _MODEL_FILE)
    except (OSError, json.JSONDecodeError, ValueError) as error:
        raise StorageError(f"The Scorer in {folder} cannot be read ({error}).", retrain) from error
    if found != description.model_hash:
        raise StorageError(
            f"{folder / _MODEL_FILE} has the hash {found} instead of {description.model_hash}.", retrain
        )
    return Scorer(lgb.Booster(model_file=folder / _MODEL_FILE), description)
