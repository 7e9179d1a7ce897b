"""The first start of an installation, interrupted twice; then a service on it, and its smoke test."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.installation import Finished, Installation
from tests.support.servers.prediction_service import RunningService, running_service

pytestmark = pytest.mark.slow

CHECKS = ["health", "prediction", "batch_score", "reasons", "model_info", "without_key", "bad_body", "replay"]
VARIABLES = {
    "CREDIT_TRAINING_FAMILIES": "logistic_regression",
    "CREDIT_TRAINING_FOLD_COUNT": "3",
    "CREDIT_TUNING_TRIALS": "0",
    "CREDIT_ENVIRONMENT": "staging",
}


@pytest.fixture(scope="module")
def arguments(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, ...]:
    """The command, with an empty folder where tables might be."""
    empty = tmp_path_factory.mktemp("raw")
    (empty / "lost+found").mkdir()
    return ("bootstrap", "--source", str(empty), "--clients", "400")


@pytest.fixture(scope="module")
def platform(arguments: tuple[str, ...], tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """An installation whose first start was killed before there was a model, and again after that."""
    started = Installation(tmp_path_factory.mktemp("platform") / "data", VARIABLES)
    for step in ("train", "explain"):
        assert started.run_until_killed(*arguments, event="step started", step=step), step
    return started


@pytest.fixture(scope="module")
def first_start(arguments: tuple[str, ...], platform: Installation) -> Finished:
    """The run that came to its end."""
    finished = platform.run(*arguments)
    assert finished.exit_code == 0, finished.errors
    return finished


@pytest.fixture(scope="module")
def service(
    first_start: Finished, platform: Installation, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningService]:
    log = tmp_path_factory.mktemp("service") / "log"
    with running_service(platform.data_directory, log, VARIABLES) as running:
        yield running


@pytest.fixture(scope="module")
def key_file(platform: Installation, first_start: Finished, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("keys") / "smoke.key"
    file.write_text(platform.run("keys", "create", "smoke test", "--scope", "predict", "--scope", "read").output)
    return file


def example_of(installation: Installation) -> dict[str, object]:
    example: dict[str, object] = json.loads((installation.data_directory / "smoke_example.json").read_text())
    return example


def test_an_interrupted_first_start_is_continued_to_its_end(first_start: Finished, platform: Installation) -> None:
    assert "Model version 1, trained on synthetic data, can be served." in first_start.output
    assert "model promote staging" in first_start.output
    for step in ("score", "explain", "audit", "drift"):
        assert (platform.data_directory / step / "current").is_file()
    assert "staging" in platform.run("model", "list").output
    assert "No version was promoted" in platform.run("model", "history").output
    example = example_of(platform)
    assert (example["model_version"], example["feature_version"], example["source"]) == (1, 0, "synthetic")


def test_every_check_of_the_smoke_test_passes(key_file: Path, service: RunningService, platform: Installation) -> None:
    before = time.monotonic()
    tested = platform.run("smoke", service.url, "--key-file", str(key_file), "--operations-url", service.url)
    assert time.monotonic() - before < 30
    assert tested.exit_code == 0, tested.output + tested.errors
    *lines, last = tested.output.splitlines()
    assert [line.split()[:2] for line in lines] == [["passed", name] for name in (*CHECKS, "metrics", "ready")]
    decision = json.loads(platform.run("decisions", "show", lines[1].split()[3].rstrip(":")).output)
    assert decision["request_id"] == last.split()[-1]
    application = example_of(platform)["application"]
    assert isinstance(application, dict) and decision["client_id"] == application["SK_ID_CURR"]


def test_a_second_start_trains_nothing_and_writes_the_example_again(
    arguments: tuple[str, ...], first_start: Finished, platform: Installation
) -> None:
    example, file = example_of(platform), platform.data_directory / "smoke_example.json"
    file.write_text("damaged")
    again = platform.run(*arguments)
    assert again.exit_code == 0, again.errors
    assert "Model version 1, trained on synthetic data, can be served." in again.output
    assert not [event for event in again.events if event["event"] == "step started"]
    assert example_of(platform) == example


def test_tables_whose_features_are_not_published_give_no_example(
    arguments: tuple[str, ...], first_start: Finished, platform: Installation, tmp_path: Path
) -> None:
    example = example_of(platform)
    for command in (
        ("synthesize", "--output", str(tmp_path / "new"), "--clients", "400", "--seed", "2"),
        ("ingest", "--source", str(tmp_path / "new")),
        ("validate",),
    ):
        assert platform.run(*command).exit_code == 0
    again = platform.run(*arguments)
    assert again.exit_code == 0
    assert "The example of the smoke test is not up to date: Feature version 0 was not computed from" in again.errors
    assert example_of(platform) == example
