"""The training DAG when a worker is killed in the middle of a training, and without a person's approval."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import NamedTuple

import pytest
from end_to_end.support.dag_runs import TRAINING, DagRun, Runs
from end_to_end.support.killing import kill_worker, wait_until_gone
from end_to_end.support.scoring_platform import ScoringPlatform, empty_platform
from end_to_end.support.sources import Sources


class Killed(NamedTuple):
    """A run with a killed worker, and the command that the worker ran."""

    run: DagRun
    process: int


@pytest.fixture(scope="module")
def killed(
    runs: Runs,
    unchanged_run: DagRun,
    platform: ScoringPlatform,
    sources: Sources,
    undisturbed_training: "Future[dict[str, str]]",
) -> Killed:
    """A training on new data without approval, whose worker was killed after the first of several models."""
    sources.deliver(sources.synthetic("third"))
    run = runs.start(TRAINING, require_approval=False)
    folder = platform.settings.data_directory
    process = kill_worker(run, "train", "cross-validate", folder, after="step finished", map_index=0)
    return Killed(run.finished(), process)


@pytest.fixture(scope="module")
def undisturbed_training(
    sources: Sources, tmp_path_factory: pytest.TempPathFactory
) -> "Iterator[Future[dict[str, str]]]":
    """Training by the command line on the same data elsewhere, without Airflow, at the same time to save some.

    Its result: the tags of the model.
    """
    tables, folder = sources.synthetic("third"), tmp_path_factory.mktemp("undisturbed")

    def train() -> dict[str, str]:
        databases = {name: f"sqlite:///{folder / name}.db" for name in ("credit", "mlflow")}
        elsewhere = empty_platform(databases, folder).with_first_model(tables)
        return elsewhere.tags(elsewhere.aliases()["staging"])

    with ThreadPoolExecutor(max_workers=1) as executor:
        yield executor.submit(train)


def test_a_killed_worker_ends_its_command_and_the_task_is_tried_again(killed: Killed) -> None:
    wait_until_gone(killed.process)
    assert killed.run.state == "success", killed.run.explain()
    assert killed.run.tries("train") == [2]
    others = {task for task in killed.run.states if task != "train[0]" and set(killed.run.tries(task)) > {1}}
    assert others == set()


def test_a_training_with_a_killed_worker_gives_the_same_model_as_an_undisturbed_one(
    killed: Killed, undisturbed_training: "Future[dict[str, str]]", platform: ScoringPlatform
) -> None:
    undisturbed = undisturbed_training.result()
    tags = platform.tags(killed.run.returned("evaluate")["model_version"])
    same = ("model_hash", "auc", "cost_per_client", "threshold", "family", "feature_fingerprint", "feature_count")
    assert {name: tags[name] for name in same} == {name: undisturbed[name] for name in same}


def test_a_run_that_needs_no_approval_goes_into_production_by_itself(killed: Killed, platform: ScoringPlatform) -> None:
    assert killed.run.states["approve_production"] == "skipped"
    version = killed.run.returned("evaluate")["model_version"]
    assert killed.run.returned("promote_production")["version"] == version
    assert killed.run.returned("smoke_production")["verified"] == version


def test_a_verified_model_whose_smoke_test_fails_later_stays_in_production(
    killed: Killed, platform: ScoringPlatform
) -> None:
    run, version = killed.run, killed.run.returned("evaluate")["model_version"]
    platform.fronts["production"].broken_versions.add(version)
    run.repeat_from("smoke_production")
    assert run.finished().state == "failed"
    assert (run.states["smoke_production"], run.states["roll_back_production"]) == ("failed", "skipped"), run.explain()
    assert platform.aliases()["production"] == version
    platform.fronts["production"].broken_versions.clear()
