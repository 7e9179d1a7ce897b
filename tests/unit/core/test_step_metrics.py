"""A step tells Prometheus that it succeeded, also when nothing changed, or failed."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from credit_scoring.core import steps
from credit_scoring.core.errors import ValidationFailedError
from credit_scoring.core.manifest import Manifest
from credit_scoring.core.settings import Settings
from credit_scoring.core.steps import StepInputs, StepResult, run_step
from credit_scoring.core.storage import Storage

SUCCESS = "credit_step_last_success_timestamp_seconds"


@pytest.fixture
def run(settings: Settings) -> Callable[..., Manifest]:
    """Runs a step with an output of seven rows, and one of unknown length."""

    def one(number: int = 1, stops_with: ValidationFailedError | None = None) -> Manifest:
        def compute(folder: Path) -> StepResult:
            for name in ("table", "report"):
                (folder / name).write_text(str(number))
            return StepResult({"table": 7, "report": None}, stops_with=stops_with)

        return run_step(settings, "count", StepInputs("real", (number,), (steps.__name__,), ()), compute)

    return one


def written(settings: Settings) -> dict[tuple[str, str], float]:
    """Samples by name and output."""
    text = Storage.of(settings).step_metrics("count").read_text()
    families = list(text_string_to_metric_families(text))
    assert all(family.documentation and family.type == "gauge" for family in families)
    assert all(sample.labels["step"] == "count" for family in families for sample in family.samples)
    return {(s.name, s.labels.get("output", "")): s.value for family in families for s in family.samples}


def test_success_duration_and_rows_are_written(run: Callable[..., Manifest], settings: Settings) -> None:
    started = int(time.time())
    manifest = run()
    found = written(settings)
    assert started <= found[SUCCESS, ""] <= time.time() + 1
    assert found["credit_step_duration_seconds", ""] == manifest.seconds
    assert {key for key in found if key[0] == "credit_step_rows"} == {("credit_step_rows", "table")}
    assert found["credit_step_rows", "table"] == 7


def test_a_run_without_changes_is_a_success_too(
    run: Callable[..., Manifest], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = run()
    monkeypatch.setattr(time, "time", lambda: 4_000_000_000.0)
    assert run().reused
    found = written(settings)
    assert found[SUCCESS, ""] == 4_000_000_000
    assert found["credit_step_duration_seconds", ""] == first.seconds, "of the run that computed"


def test_a_failed_run_is_no_success(run: Callable[..., Manifest], settings: Settings) -> None:
    run()
    before = written(settings)
    with pytest.raises(ValidationFailedError):
        run(2, ValidationFailedError("bad", "Repair it."))
    assert written(settings) == before


def test_a_failure_is_written_beside_the_last_success(run: Callable[..., Manifest], settings: Settings) -> None:
    started = int(time.time())
    with pytest.raises(ValidationFailedError):
        run(1, ValidationFailedError("bad", "Repair it."))
    text = (Storage.of(settings).step_metrics("count").parent / "count_failure.prom").read_text()
    ((sample,),) = [family.samples for family in text_string_to_metric_families(text)]
    assert (sample.name, sample.labels) == ("credit_step_last_failure_timestamp_seconds", {"step": "count"})
    assert started <= sample.value <= time.time() + 1
    assert not Storage.of(settings).step_metrics("count").exists()


def test_a_step_succeeds_although_its_metrics_cannot_be_written(
    run: Callable[..., Manifest], settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.data_directory.mkdir()
    (settings.data_directory / "metrics").write_text("a file where the folder should be")
    assert not run().reused
