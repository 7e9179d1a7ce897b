"""The training DAG with data or a model that must not get into service."""

import pytest
from end_to_end.support.credit_settings import RECIPIENT
from end_to_end.support.dag_runs import TRAINING, DagRun, Runs
from end_to_end.support.mailbox import Mailbox
from end_to_end.support.scoring_platform import ScoringPlatform
from end_to_end.support.sources import Sources


class Before:
    """What is in service before a run."""

    def __init__(self, platform: ScoringPlatform) -> None:
        self.aliases = platform.aliases()
        self.features = platform.published_version()
        self.models = len(platform.registry.versions())


@pytest.fixture
def before(platform: ScoringPlatform, unchanged_run: DagRun) -> Before:
    """What is in service."""
    return Before(platform)


def test_tables_that_break_their_contract_stop_the_run_and_nothing_is_published(
    before: Before, runs: Runs, platform: ScoringPlatform, sources: Sources, mailbox: Mailbox
) -> None:
    sources.deliver(sources.broken())
    run = runs.start(TRAINING).finished()
    assert run.state == "failed"
    states = run.states
    assert states["ingest"] == "success"
    assert states["validate"] == "failed"
    assert states["transform.build_features"] == states["promote_staging"] == "upstream_failed"
    # A failed check is no reason to try again.
    assert run.tries("validate") == [1]
    (mail,) = [mail for mail in mailbox.about("task validate failed") if run.run_id in mail.text]
    assert mail.to == RECIPIENT
    assert "exit code 5" in mail.text
    after = Before(platform)
    assert (after.features, after.models, after.aliases) == (before.features, before.models, before.aliases)


def test_a_model_that_a_gate_rejects_is_registered_but_reaches_no_environment(
    before: Before, runs: Runs, platform: ScoringPlatform, sources: Sources, mailbox: Mailbox
) -> None:
    sources.deliver(sources.with_random_outcomes())
    run = runs.start(TRAINING).finished()
    assert run.state == "failed"
    states = run.states
    assert states["evaluate"] == "success", run.explain()
    assert states["test_model"] == "failed"
    assert run.tries("test_model") == [1]
    reached = ("promote_staging", "update_serving", "promote_production", "roll_back_staging")
    assert {states[task] for task in reached} <= {"upstream_failed", "skipped"}
    (mail,) = [mail for mail in mailbox.about("task test_model failed") if run.run_id in mail.text]
    assert "exit code 13" in mail.text
    assert "better_than_chance" in run.airflow.task_log(TRAINING, run.run_id, "test_model")
    assert platform.aliases() == before.aliases
    assert len(platform.registry.versions()) == before.models + 1
    assert {environment: platform.served(environment) for environment in platform.fronts} == before.aliases
