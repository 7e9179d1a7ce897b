"""Finds published versions by number or tag, tags them, and compares two."""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from pydantic import BaseModel

from credit_scoring.core.atomic_files import clear_read_errors, locked, write_atomically
from credit_scoring.core.errors import MissingArtefactError, StorageError
from credit_scoring.core.storage import Storage
from credit_scoring.data_contracts.contract import CLIENT
from credit_scoring.evaluation.population_stability import STABLE_UP_TO, population_stability_index
from credit_scoring.feature_store.offline import FeatureVersion, bytes_of_version, read_version, versions

_NOT_FEATURES = (CLIENT, "TARGET")
_TAG = re.compile(r"[A-Za-z][A-Za-z0-9._-]{0,59}")


class VersionDifference(BaseModel, frozen=True, extra="forbid"):
    """Differences between two versions.

    Attributes:
        moved: population stability index of the common features that moved, largest first.
    """

    appeared: tuple[str, ...]
    vanished: tuple[str, ...]
    moved: dict[str, float]
    compared: int


def find_version(storage: Storage, reference: str) -> FeatureVersion:
    """The version with a number or a tag.

    Raises:
        MissingArtefactError: there is none.
    """
    known = versions(storage.offline_features())
    number = tags(storage).get(reference, reference)
    for version in known:
        if str(version.number) == str(number):
            return version
    raise MissingArtefactError(
        f"There is no feature version {reference!r} in {storage.offline_features()}; "
        f"known versions: {[version.number for version in known]}, tags: {sorted(tags(storage))}.",
        "`credit-scoring features list` shows them.",
    )


def tags(storage: Storage) -> dict[str, int]:
    """Version number of each tag."""
    path = storage.feature_tags()
    with clear_read_errors(path, "Restore it, or correct its JSON."):
        return dict(json.loads(path.read_bytes())) if path.is_file() else {}


def tags_of(storage: Storage, version: FeatureVersion) -> list[str]:
    """Tags of a version."""
    return [name for name, number in tags(storage).items() if number == version.number]


def describe(storage: Storage, version: FeatureVersion) -> dict[str, Any]:
    """Everything that is known about a version, ready for JSON; sizes are in bytes."""
    return version.model_dump(mode="json") | {
        "bytes": bytes_of_version(storage.offline_features(), version.number),
        "tags": tags_of(storage, version),
        "documents": sorted(str(path) for path in storage.feature_documents(version.number).glob("*")),
        "population": json.loads(version.population),
    }


def tag_version(storage: Storage, version: FeatureVersion, tag: str) -> None:
    """Tag a version; a tag never moves.

    Raises:
        StorageError: the tag is invalid, or belongs to another version.
    """
    if not _TAG.fullmatch(tag):
        raise StorageError(
            f"Invalid tag {tag!r}.", "Use at most 60 letters, digits, `.`, `_` and `-`, starting with a letter."
        )
    with locked(storage.feature_tags()):
        known = tags(storage)
        if known.get(tag, version.number) != version.number:
            raise StorageError(f"The tag {tag!r} already belongs to version {known[tag]}.", "Choose another tag.")
        write_atomically(storage.feature_tags(), json.dumps(known | {tag: version.number}, indent=1).encode())


def compare_versions(table: Path, before: FeatureVersion, after: FeatureVersion) -> VersionDifference:
    """Features that appeared, vanished or moved between two versions."""
    return difference(read_version(table, before.number), read_version(table, after.number))


def difference(before: pl.DataFrame, after: pl.DataFrame) -> VersionDifference:
    """Compare the feature columns of two frames; neither may be empty."""
    old = [name for name in before.columns if name not in _NOT_FEATURES]
    new = [name for name in after.columns if name not in _NOT_FEATURES]
    common = [name for name in new if name in set(old)]
    index = {name: _stability(before[name], after[name]) for name in common}
    moved = {name: value for name, value in index.items() if value > STABLE_UP_TO}
    return VersionDifference(
        appeared=tuple(name for name in new if name not in set(old)),
        vanished=tuple(name for name in old if name not in set(new)),
        moved=dict(sorted(moved.items(), key=lambda item: -item[1])),
        compared=len(common),
    )


def _stability(before: pl.Series, after: pl.Series) -> float:
    return population_stability_index(before.to_numpy().astype(np.float32), after.to_numpy().astype(np.float32))
