"""The training DAG when a new model fails its smoke test, in staging and then in production."""

from typing import NamedTuple

import pytest
from end_to_end.support.dag_runs import TRAINING, DagRun, Runs
from end_to_end.support.mailbox import Mailbox
from end_to_end.support.scoring_platform import ScoringPlatform
from end_to_end.support.sources import Sources


class Failed(NamedTuple):
    """A run as it was when it had failed, and what was in service then.

    Attributes:
        previous: model version in production before the run.
        served: model version by environment.
    """

    run: DagRun
    new: int
    previous: int
    states: dict[str, str | None]
    state: str
    aliases: dict[str, int]
    served: dict[str, int]


def _failed(run: DagRun, previous: int, platform: ScoringPlatform) -> Failed:
    run.finished()
    served = {environment: platform.served(environment) for environment in platform.fronts}
    new = run.returned("evaluate")["model_version"]
    return Failed(run, new, previous, run.states, run.state, platform.aliases(), served)


@pytest.fixture(scope="module")
def failed_in_staging(runs: Runs, unchanged_run: DagRun, platform: ScoringPlatform, sources: Sources) -> Failed:
    """A run whose new model answers with errors in staging."""
    previous, new = platform.aliases()["production"], len(platform.registry.versions()) + 1
    platform.fronts["staging"].broken_versions.add(new)
    sources.deliver(sources.synthetic("fourth"))
    return _failed(runs.start(TRAINING), previous, platform)


@pytest.fixture(scope="module")
def failed_in_production(failed_in_staging: Failed, platform: ScoringPlatform) -> Failed:
    """The same run, repeated after staging was corrected, whose model answers with errors in production."""
    run, new = failed_in_staging.run, failed_in_staging.new
    platform.fronts["staging"].broken_versions.clear()
    run.repeat_from("promote_staging")
    platform.fronts["production"].broken_versions.add(new)
    run.approve("approve_production")
    return _failed(run, failed_in_staging.previous, platform)


def test_a_model_that_fails_in_staging_is_replaced_by_the_previous_one_there(
    failed_in_staging: Failed, mailbox: Mailbox
) -> None:
    failed = failed_in_staging
    assert failed.new != failed.previous
    assert failed.state == "failed"
    tasks = ("update_serving", "smoke_tests", "roll_back_staging", "restore_serving", "finish")
    found = [failed.states[task] for task in tasks]
    assert found == ["success", "failed", "success", "success", "upstream_failed"], failed.run.explain()
    assert failed.aliases == {"staging": failed.previous, "production": failed.previous}
    assert failed.served == {"staging": failed.previous, "production": failed.previous}
    assert [mail for mail in mailbox.about("task smoke_tests failed") if failed.run.run_id in mail.text]


def test_nothing_behind_a_failed_smoke_test_in_staging_reaches_production(failed_in_staging: Failed) -> None:
    behind = ("decide_production", "approve_production", "promote_production", "smoke_production")
    assert {failed_in_staging.states[task] for task in behind} == {"upstream_failed"}
    back = ("roll_back_production", "restore_production")
    assert "success" not in {failed_in_staging.states[task] for task in back}


def test_a_model_that_fails_in_production_is_replaced_by_the_previous_one_and_stays_in_staging(
    failed_in_production: Failed, platform: ScoringPlatform, mailbox: Mailbox
) -> None:
    failed = failed_in_production
    assert failed.state == "failed"
    tasks = ("smoke_tests", "update_production", "smoke_production", "roll_back_production", "restore_production")
    found = [failed.states[task] for task in tasks]
    assert found == ["success", "success", "failed", "success", "success"], failed.run.explain()
    assert failed.states["finish"] == "upstream_failed"
    assert failed.aliases == {"staging": failed.new, "production": failed.previous}
    assert failed.served == {"staging": failed.new, "production": failed.previous}
    assert [mail for mail in mailbox.about("task smoke_production failed") if failed.run.run_id in mail.text]
    history = platform.run("model", "history").output
    assert "the verification failed" in " ".join(history.split())
