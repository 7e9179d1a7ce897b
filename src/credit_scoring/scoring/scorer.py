"""The Scorer and its files: a model in its family's own format, everything else as JSON or plain arrays; no pickle."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path

import numpy as np
from pydantic import BaseModel

from credit_scoring import __version__
from credit_scoring.core.atomic_files import clear_read_errors
from credit_scoring.core.errors import StorageError
from credit_scoring.core.manifest import DataSource, fingerprint_of
from credit_scoring.scoring import integrity
from credit_scoring.scoring.approved_baseline import AcceptedClients, load_accepted, save_accepted
from credit_scoring.scoring.calibration import LogisticCalibration
from credit_scoring.scoring.model_family import Model
from credit_scoring.scoring.models import RETRAIN, family_named, load_model
from credit_scoring.scoring.training_distribution import Reference, save_reference

MODEL_FOLDER = "model"
FORMAT_VERSION = 1
"""Of the files; raised when an older program would read them wrongly."""

_DESCRIPTION_FILE = "scorer.json"


class Decision(StrEnum):
    """What the lender answers."""

    ACCEPTED = "accepted"
    REFUSED = "refused"


class ScorerDescription(BaseModel, frozen=True, extra="forbid"):
    """Everything about a Scorer except the numbers of its model.

    Attributes:
        feature_names: inputs, in order; the vector is the whole feature catalogue of `feature_version`.
        threshold: probability of default at or above which an application is refused.
        metrics: out-of-fold figures; synthetic if `source` is.
        family: model family; determines how its files are read.
        model_hash: of the model's files.
        library_versions: of the libraries whose files or arithmetic the model depends on, when it was saved.
    """

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
    format_version: int = FORMAT_VERSION
    library_versions: dict[str, str] = {}


@dataclass(frozen=True)
class Scorer:
    """A model, its calibration and its threshold.

    Attributes:
        accepted: baseline that reasons are compared with; None for a family without contributions.
    """

    model: Model
    description: ScorerDescription
    accepted: AcceptedClients | None = field(default=None, kw_only=True)

    def margin(self, features: np.ndarray) -> np.ndarray:
        """Log-odds (n,) before calibration, from float32 features (n, features) in the order of the description.

        Raises:
            ValueError: the features have another shape or type.
        """
        expected = len(self.description.feature_names)
        if features.ndim != 2 or features.shape[1] != expected or features.dtype != np.float32:
            raise ValueError(
                f"features must be float32 of shape (n, {expected}), not {features.dtype} of {features.shape}"
            )
        return self.model.margin(features)

    def probability(self, features: np.ndarray) -> np.ndarray:
        """Calibrated probabilities of default (n,); takes features and raises like ``margin``."""
        return self.description.calibration.probability(self.margin(features))

    def decision_for(self, probability: float) -> Decision:
        """Refused at or above the threshold."""
        return Decision.REFUSED if probability >= self.description.threshold else Decision.ACCEPTED


def save_scorer(scorer: Scorer, reference: Reference, folder: Path) -> None:
    """Write a Scorer's description, its model, its training distribution and the checksums of all files."""
    (folder / MODEL_FOLDER).mkdir()
    scorer.model.save(folder / MODEL_FOLDER)
    described = scorer.description.model_copy(
        update={
            "family": scorer.model.family,
            "model_hash": fingerprint_of(list(integrity.file_hashes(folder / MODEL_FOLDER).items())),
            "format_version": FORMAT_VERSION,
            "library_versions": integrity.library_versions(family_named(scorer.model.family).libraries),
        }
    )
    (folder / _DESCRIPTION_FILE).write_text(described.model_dump_json(indent=1))
    save_reference(reference, folder)
    if scorer.accepted is not None:
        save_accepted(scorer.accepted, folder)
    integrity.seal(folder)


def load_scorer(folder: Path) -> Scorer:
    """Read a Scorer.

    Raises:
        StorageError: a file is missing or was changed, or reading it requires a newer program or library.
    """
    description = load_description(folder)
    integrity.check_seal(folder, RETRAIN)
    integrity.check_library_versions(folder, description.library_versions)
    model = load_model(description.family, folder / MODEL_FOLDER)
    return Scorer(model, description, accepted=load_accepted(folder))


def load_description(folder: Path) -> ScorerDescription:
    """Read a Scorer's description without its model.

    Raises:
        StorageError: the file is missing or damaged, or reading it requires a newer program.
    """
    path = folder / _DESCRIPTION_FILE
    with clear_read_errors(path, RETRAIN):
        stored = json.loads(path.read_bytes())
        written = stored.get("format_version", FORMAT_VERSION)
        if written != FORMAT_VERSION:
            raise StorageError(
                f"{path} has the format {written}, this program {__version__} reads format {FORMAT_VERSION}.",
                f"Install version {stored.get('code_version')} of this program, or choose another model version.",
            )
        return ScorerDescription.model_validate(stored)
