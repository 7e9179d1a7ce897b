"""Fingerprints tell equal from different; manifests survive the way to disk and back."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import ValidationError

from credit_scoring.core.manifest import Artefact, Manifest, fingerprint_of, fingerprint_of_file


def manifest() -> Manifest:
    return Manifest(
        step="ingest",
        fingerprint="0f" * 8,
        source="synthetic",
        run_id="run",
        created_at=datetime(2026, 1, 2, tzinfo=UTC),
        seconds=1.5,
        inputs=(Artefact(name="source", path="raw"),),
        outputs=(Artefact(name="bureau", path="bureau", rows=3, bytes=400),),
        measures={"buckets": 16, "share": 0.12, "verdict": "passed"},
    )


def test_a_fingerprint_is_the_same_on_every_machine() -> None:
    assert fingerprint_of("ingest", 16) == hashlib.sha256(b'["ingest",16]').hexdigest()[:16]


def test_the_order_of_keys_does_not_change_a_fingerprint() -> None:
    assert fingerprint_of({"a": 1, "b": 2}) == fingerprint_of({"b": 2, "a": 1})


@pytest.mark.parametrize("other", [("a", "c"), ("b", "a"), ("ab",), ("a", "b", None), (["a", "b"],), ("a", 1)])
def test_other_parts_have_another_fingerprint(other: tuple[object, ...]) -> None:
    assert fingerprint_of(*other) != fingerprint_of("a", "b")


def test_the_fingerprint_of_a_file_is_that_of_its_bytes(tmp_path: Path) -> None:
    content = bytes(range(256)) * 5000
    (tmp_path / "large").write_bytes(content)
    assert fingerprint_of_file(tmp_path / "large") == hashlib.sha256(content).hexdigest()[:16]


def test_a_manifest_read_again_is_the_same() -> None:
    assert Manifest.model_validate_json(manifest().model_dump_json()) == manifest()


@pytest.mark.parametrize("change", ['"step": 1', '"source": "invented"', '"surprise": 1'])
def test_a_manifest_that_says_something_else_is_refused(change: str) -> None:
    text = manifest().model_dump_json()
    with pytest.raises(ValidationError):
        Manifest.model_validate_json(f"{text[:-1]}, {change}}}")


def test_a_manifest_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        manifest().step = "features"  # type: ignore[misc]
