"""The application that the smoke test sends, with its batch score; `credit-scoring bootstrap` writes the file."""

import json
from pathlib import Path

from pydantic import BaseModel

from credit_scoring.core.atomic_files import clear_read_errors
from credit_scoring.core.errors import MissingArtefactError
from credit_scoring.core.manifest import DataSource

_WRITE_AGAIN = "Run `credit-scoring bootstrap`, which writes it, or leave out --example."


class SmokeExample(BaseModel, frozen=True, extra="forbid"):
    """An application with its batch score.

    Attributes:
        application: raw columns by name, as `/predict` accepts them.
        probability: calibrated probability of default.
        model_version, feature_version: of the score.
        source: of the model's data.
    """

    application: dict[str, float | int | str]
    probability: float
    model_version: int
    feature_version: int
    source: DataSource


def read_example(path: Path) -> SmokeExample:
    """The example in a file.

    Raises:
        MissingArtefactError: there is no such file.
        StorageError: it is damaged.
    """
    if not path.is_file():
        raise MissingArtefactError(f"There is no example of the smoke test at {path}.", _WRITE_AGAIN)
    with clear_read_errors(path, _WRITE_AGAIN):
        # Not pydantic's JSON: the service and the batch read numbers as Python does, to the last bit.
        return SmokeExample.model_validate(json.loads(path.read_bytes()))
