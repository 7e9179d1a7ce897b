"""The Scorer and its files: a model in its family's own format, everything else as JSON; no pickle."""

import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

import numpy as np
from pydantic import BaseModel, ConfigDict

from credit_scoring.core.errors import StorageError
from credit_scoring.core.manifest import DataSource, fingerprint_of, fingerprint_of_file
from credit_scoring.scoring.calibration import LogisticCalibration
from credit_scoring.scoring.models.model import Model, load_model

MODEL_FOLDER = "model"
_DESCRIPTION_FILE = "scorer.json"


class Decision(StrEnum):
    """What the lender answers."""

    ACCEPTED = "accepted"
    REFUSED = "refused"


class ScorerDescription(BaseModel):
    """Everything about a Scorer except the numbers of its model.

    Attributes:
        feature_names: inputs, in order; the vector is the whole feature catalogue of `feature_version`.
        threshold: probability of default at or above which an application is refused.
        metrics: out-of-fold figures; synthetic if `source` is.
        family: kind of the model; says how its files are read.
        model_hash: of the model's files; checked when they are loaded.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    family: str
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

    model: Model
    description: ScorerDescription

    def margin(self, features: np.ndarray) -> np.ndarray:
        """Log-odds (n,) before calibration, from float32 features (n, features) in the order of the description."""
        expected = len(self.description.feature_names)
        if features.ndim != 2 or features.shape[1] != expected or features.dtype != np.float32:
            raise ValueError(
                f"features must be float32 of shape (n, {expected}), not {features.dtype} of {features.shape}"
            )
        return self.model.margin(features)

    def probability(self, features: np.ndarray) -> np.ndarray:
        """Calibrated probabilities of default (n,) from float32 features (n, features)."""
        return self.description.calibration.probability(self.margin(features))

    def decide(self, probability: float) -> Decision:
        """Refused at or above the threshold."""
        return Decision.REFUSED if probability >= self.description.threshold else Decision.ACCEPTED


def save_scorer(scorer: Scorer, folder: Path) -> None:
    """Write a Scorer's description and its model's files into an existing folder."""
    (folder / MODEL_FOLDER).mkdir()
    scorer.model.save(folder / MODEL_FOLDER)
    described = scorer.description.model_copy(
        update={"family": scorer.model.family, "model_hash": _hash_of_model(folder / MODEL_FOLDER)}
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
        found = _hash_of_model(folder / MODEL_FOLDER)
    except (OSError, json.JSONDecodeError, ValueError) as error:
        raise StorageError(f"The Scorer in {folder} cannot be read ({error}).", retrain) from error
    if found != description.model_hash:
        raise StorageError(
            f"{folder / MODEL_FOLDER} has the hash {found} instead of {description.model_hash}.", retrain
        )
    return Scorer(load_model(description.family, folder / MODEL_FOLDER), description)


def _hash_of_model(folder: Path) -> str:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return fingerprint_of(
        [(path.relative_to(folder).as_posix(), fingerprint_of_file(path)) for path in files]
    )
