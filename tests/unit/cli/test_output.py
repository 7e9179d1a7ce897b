"""What commands print when they are done."""

from pathlib import Path

import pytest

from credit_scoring.cli.output import print_summary
from credit_scoring.core.manifest import Artefact, Manifest


def manifest(outputs: tuple[Artefact, ...], inputs: tuple[Artefact, ...] = ()) -> Manifest:
    """The record of a step that did something."""
    return Manifest(
        step="publish",
        fingerprint="0" * 16,
        source="synthetic",
        run_id="run",
        seconds=1.5,
        inputs=inputs,
        outputs=outputs,
        measures={"version": 3, "content_hash": "abc"},
    )


def test_the_size_of_a_small_note_is_not_printed(capsys: pytest.CaptureFixture[str]) -> None:
    print_summary([manifest((Artefact(name="note", path="note", rows=7, bytes=900),))], Path("data"))
    printed = capsys.readouterr().out
    assert "publish/: 7 rows" in printed
    assert "0.0 MB" not in printed
    assert "content hash" not in printed
    assert "no figure above describes real clients" in printed


def test_the_summary_names_the_path_of_the_source(capsys: pytest.CaptureFixture[str]) -> None:
    source = Artefact(name="source", path="some/where", bytes=5)
    print_summary([manifest((Artefact(name="t", path="t", bytes=2_000_000),), (source,))], Path("data"))
    printed = capsys.readouterr().out
    assert "some/where" in printed
    assert "2.0 MB" in printed
