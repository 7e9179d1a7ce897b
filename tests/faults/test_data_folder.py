"""A data folder can be moved, copied, restored and mounted elsewhere."""

import shutil
from pathlib import Path

import pytest

from credit_scoring.core.settings import Settings
from credit_scoring.core.storage import Storage
from credit_scoring.model_registry import connection, relocation
from credit_scoring.model_registry.evidence import reported_gate_results
from credit_scoring.model_registry.gate_result import FAIRNESS_GATE, GateResult
from credit_scoring.model_registry.registry import ModelRegistry
from credit_scoring.train import step as train
from tests.support.audits import report_a_passed_audit


def fingerprints(folder: Path) -> dict[str, int]:
    return {str(path.relative_to(folder)): path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


def test_a_moved_folder_loads_its_models_and_a_copy_writes_into_itself(trained_copy: Settings, tmp_path: Path) -> None:
    original = trained_copy.data_directory
    expected = ModelRegistry(trained_copy).load("staging").scorer.description
    copied = trained_copy.with_values(data_directory=tmp_path / "copied")
    shutil.copytree(original, copied.data_directory)
    before = fingerprints(original)
    train.run(copied.with_values(cost={"missed_default": 11.0}))
    assert fingerprints(original) == before
    assert ModelRegistry(copied).load("staging").version == 2

    moved = trained_copy.with_values(data_directory=tmp_path / "moved")
    original.rename(moved.data_directory)
    found = ModelRegistry(moved)
    assert found.load("staging").scorer.description == expected
    run_id = found.summary("staging").run_id
    logged = found.artefact(run_id, "scorer")
    assert logged is not None and logged.is_relative_to(moved.data_directory.resolve())
    assert not original.exists()


def test_the_gate_result_of_a_copy_leaves_the_original_as_it_was(trained: Settings, trained_copy: Settings) -> None:
    original, copy = ModelRegistry(trained), ModelRegistry(trained_copy)
    report_a_passed_audit(trained)
    before = reported_gate_results(original, original.summary("1"))
    failed = GateResult(gate=FAIRNESS_GATE, passed=False, message="the audit of the copy", limit=0.8)
    copy.report_gate_result(copy.summary("1").run_id, failed)
    assert reported_gate_results(original, original.summary("1")) == before
    assert reported_gate_results(copy, copy.summary("1")) == [failed]


def test_a_folder_that_cannot_be_written_loads_its_models_elsewhere(
    trained_copy: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved = trained_copy.with_values(data_directory=tmp_path / "mounted")
    shutil.move(trained_copy.data_directory, moved.data_directory)
    # As on a file system that is mounted read-only.
    monkeypatch.setattr(connection, "correct_addresses", lambda *_: None)
    assert ModelRegistry(moved).load("staging").version == 1


def test_addresses_outside_the_data_folder_stay(tmp_path: Path) -> None:
    artefacts = Storage(tmp_path, 1).tracking_artefacts()
    for uri in ("s3://bucket/mlflow_artifacts/1", "mlflow-artifacts:/1/scorer", "file:///elsewhere/1"):
        assert relocation.relocated(uri, artefacts) == uri
    old = "file:///old/data/mlflow_artifacts/1/scorer"
    assert relocation.relocated(old, artefacts) == f"{artefacts.resolve().as_uri()}/1/scorer"
