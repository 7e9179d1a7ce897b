"""The training DAG when a worker is killed in the middle of a training, and without a person's approval."""

from typing import NamedTuple

import pytest
from end_to_end.support.dag_runs import TRAINING, DagRun, Runs
from end_to_end.support.killing import kill_worker, wait_until_gone
from end_to_end.support.scoring_platform import ScoringPlatform, prepared_platform
from end_to_end.support.sources import Sources

from tests.support.servers.postgresql import running_postgresql


class Killed(NamedTuple):
    """A run with a killed worker, and the command that the worker ran."""

    run: DagRun
    process: int


@pytest.fixture(scope="module")
def killed(runs: Runs, unchanged_run: DagRun, platform: ScoringPlatform, sources: Sources) -> Killed:
    """A training on new data without approval, whose worker was killed after the first of several models."""
    sources.deliver(sources.synthetic("third"))
    run = runs.start(TRAINING, require_approval=False)
    folder = platform.settings.data_directory
    process = kill_worker(run, "train", "cross-validate", folder, after="step finished", map_index=0)
    return Killed(run.finished(), process)


@pytest.fixture(scope="module")
def undisturbed(sources: Sources, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Tags of the model that the command line trains on the same data elsewhere, without Airflow."""
    with running_postgresql(upgraded=False) as url:
        elsewhere = prepared_platform({"credit": url, "mlflow": url}, tmp_path_factory.mktemp("undisturbed"))
        elsewhere.train(sources.synthetic("third"))
        return elsewhere.tags(elsewhere.aliases()["staging"])


def test_a_killed_worker_ends_its_command_and_the_task_is_tried_again(killed: Killed) -> None:
    wait_until_gone(killed.process)
    assert killed.run.state == "success", killed.run.explain()
    assert killed.run.tries("train") == [2]
    others = {task for task in killed.run.states if task != "train[0]" and set(killed.run.tries(task)) > {1}}
    assert others == set()


def test_a_training_with_a_killed_worker_gives_the_same_model_as_an_undisturbed_one(
    killed: Killed, undisturbed: dict[str, str], platform: ScoringPlatform
) -> None:
    tags = platform.tags(killed.run.returned("evaluate")["model_version"])
    same = ("model_hash", "auc", "cost_per_client", "threshold", "family", "feature_fingerprint", "feature_count")
    assert {name: tags[name] for name in same} == {name: undisturbed[name] for name in same}


def test_a_run_that_needs_no_approval_goes_into_production_by_itself(killed: Killed, platform: ScoringPlatform) -> None:
    assert killed.run.states["approve_production"] == "skipped"
    version = killed.run.returned("evaluate")["model_version"]
    assert killed.run.returned("promote_production")["version"] == version
    assert killed.run.returned("smoke_production")["verified"] == version
