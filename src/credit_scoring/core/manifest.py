"""What a step read, wrote and measured; and the fingerprints that say whether anything changed."""

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, Field

SYNTHETIC_NOTICE = ("Synthetic data.", "Every figure on this page comes from synthetic clients, not from people.")
"""Printed on every page about synthetic data, in short and in full."""

DataSource = Literal["synthetic", "real"]

SOURCE_MARKER = "source.json"
"""File beside the CSV files that states the origin of the data; without it, the data is real."""


class Artefact(BaseModel, frozen=True, extra="forbid"):
    """Something a step read or wrote: rows and bytes where they are known."""

    name: str
    path: str
    rows: int | None = None
    bytes: int | None = None


class Manifest(BaseModel, frozen=True, extra="forbid"):
    """The record of one finished step.

    Attributes:
        fingerprint: hash of everything the result depends on: inputs, settings, code.
        source: whether the data was generated; carried from the raw files to every report.
        seconds: wall-clock time of the run that wrote the result.
        reused: the result was already there and nothing was computed; never stored as true.
    """

    step: str
    fingerprint: str
    source: DataSource
    run_id: str
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
    seconds: float
    inputs: tuple[Artefact, ...] = ()
    outputs: tuple[Artefact, ...] = ()
    measures: dict[str, float | int | str] = {}
    reused: bool = False


def fingerprint_of(*parts: object) -> str:
    """Hash of JSON-serialisable parts; the same parts give the same 16 hexadecimal digits on every machine."""
    text = json.dumps(parts, sort_keys=True, default=str, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def fingerprint_of_file(path: Path) -> str:
    """Hash of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()[:16]
