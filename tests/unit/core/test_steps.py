"""A step runs when something it depends on changed, and leaves a whole result or none."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from credit_scoring.core import steps
from credit_scoring.core.errors import StorageError, ValidationFailedError
from credit_scoring.core.logs import configure_logs
from credit_scoring.core.manifest import Artefact, Manifest
from credit_scoring.core.settings import Settings
from credit_scoring.core.steps import StepInputs, StepResult, run_step
from credit_scoring.core.storage import Storage

STEP = "double"
READ = Artefact(name="numbers", path="numbers.csv", rows=3)


@dataclass
class Doubling:
    """A step that writes twice its input, and counts how often it had to."""

    settings: Settings
    runs: list[int] = field(default_factory=list)
    stops_with: ValidationFailedError | None = None

    def run(self, number: int, force: bool = False) -> Manifest:
        def compute(folder: Path) -> StepResult:
            self.runs.append(number)
            (folder / "result").write_text(str(2 * number))
            return StepResult({"result": 1}, {"largest": 2 * number}, self.stops_with)

        inputs = StepInputs("synthetic", (number,), (steps.__name__,), (READ,))
        return run_step(self.settings, STEP, inputs, compute, force)

    @property
    def result(self) -> str:
        return (Storage.of(self.settings).current(STEP) / "result").read_text()


@pytest.fixture
def doubling(settings: Settings) -> Doubling:
    return Doubling(settings)


def test_a_finished_step_records_what_it_read_wrote_and_measured(doubling: Doubling, settings: Settings) -> None:
    run_id = configure_logs(settings)
    manifest = doubling.run(21)
    assert doubling.result == "42"
    assert manifest == Storage.of(settings).current_version(STEP)[0]
    assert (manifest.step, manifest.source, manifest.run_id) == (STEP, "synthetic", run_id)
    assert manifest.inputs == (READ,)
    assert manifest.outputs == (Artefact(name="result", path="result", rows=1, bytes=2),)
    assert manifest.measures == {"largest": 42}
    assert not manifest.reused


def test_a_second_run_on_the_same_inputs_computes_nothing(doubling: Doubling) -> None:
    first, second = doubling.run(1), doubling.run(1)
    assert doubling.runs == [1]
    assert second == first.model_copy(update={"reused": True, "seconds": 0.0})


def test_force_computes_again(doubling: Doubling) -> None:
    doubling.run(1)
    assert not doubling.run(1, force=True).reused
    assert doubling.runs == [1, 1]


def test_other_inputs_compute_again(doubling: Doubling) -> None:
    doubling.run(1)
    doubling.run(2)
    assert doubling.runs == [1, 2]
    assert doubling.result == "4"


def test_a_return_to_earlier_inputs_uses_the_earlier_result(doubling: Doubling) -> None:
    doubling.run(1)
    doubling.run(2)
    assert doubling.run(1).reused
    assert doubling.result == "2"


def test_changed_code_computes_again(doubling: Doubling, monkeypatch: pytest.MonkeyPatch) -> None:
    doubling.run(1)
    monkeypatch.setattr(steps, "fingerprint_of_code", lambda modules: f"changed {modules}")
    assert not doubling.run(1).reused


def test_a_result_that_was_damaged_is_computed_again(doubling: Doubling, settings: Settings) -> None:
    doubling.run(1)
    (Storage.of(settings).current(STEP) / "result").unlink()
    assert not doubling.run(1).reused
    assert doubling.result == "2"


def test_a_computation_that_stops_keeps_its_findings_apart(doubling: Doubling, settings: Settings) -> None:
    doubling.run(1)
    doubling.stops_with = ValidationFailedError("2 is even.", "Use 1.")
    with pytest.raises(ValidationFailedError, match="2 is even"):
        doubling.run(2)
    assert (Storage.of(settings).failed(STEP) / "result").read_text() == "4"
    assert doubling.result == "2"
    doubling.stops_with = None
    doubling.run(2)
    assert doubling.runs == [1, 2, 2]
    assert not Storage.of(settings).failed(STEP).exists()


def test_a_data_folder_that_is_a_file_is_named(settings: Settings, doubling: Doubling) -> None:
    settings.data_directory.write_text("")
    with pytest.raises(StorageError, match=f"Cannot write {settings.data_directory}/{STEP}"):
        doubling.run(1)
