"""The training DAG where everything is in order: new data, a person's approval, and the same data again."""

from end_to_end.support.airflow_stack import USER, AirflowStack
from end_to_end.support.dag_runs import Ended
from end_to_end.support.mailbox import Mailbox
from end_to_end.support.scoring_platform import ScoringPlatform

WAY_INTO_SERVICE = (
    *("check_new_data", "ingest", "validate", "transform.build_features", "transform.publish_features"),
    *("choose_families", "train[0]", "evaluate", "test_model", "promote_staging", "update_serving", "smoke_tests"),
    *("decide_production", "promote_production", "update_production", "smoke_production", "finish"),
)
WAY_BACK = ("roll_back_staging", "restore_serving", "roll_back_production", "restore_production")


def test_every_component_is_healthy_and_every_dag_is_parsed(airflow: AirflowStack) -> None:
    assert airflow.api.health() == dict.fromkeys(("metadatabase", "scheduler", "triggerer", "dag_processor"), "healthy")
    assert airflow.api.get("/importErrors")["import_errors"] == []
    dags = {dag["dag_id"] for dag in airflow.api.get("/dags")["dags"]}
    assert dags == {"credit_training", "credit_drift", "credit_maintenance"}


def test_new_data_leads_to_a_model_in_production_that_a_person_approved(
    approved: Ended, mailbox: Mailbox, platform: ScoringPlatform
) -> None:
    run = approved.run
    assert run.state == "success", run.explain()
    done = dict.fromkeys((*WAY_INTO_SERVICE, "approve_production"), "success")
    assert run.states == done | dict.fromkeys(WAY_BACK, "skipped")
    version = run.returned("evaluate")["model_version"]
    assert version == 2
    assert approved.aliases == approved.served == {"staging": version, "production": version}
    assert mailbox.about(f"model {version} to production?")
    assert f" {USER} " in platform.run("model", "history").output


def test_the_same_data_again_skips_everything_behind_the_check(unchanged: Ended) -> None:
    assert unchanged.run.state == "success", unchanged.run.explain()
    states = unchanged.run.states
    # It only gathers what became of the others.
    assert states.pop("finish") == "success"
    assert set(states.values()) == {"skipped"}
    assert unchanged.aliases == unchanged.served == {"staging": 2, "production": 2}
