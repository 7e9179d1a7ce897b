"""Quality gate, promotion, rollback, smoke test and ledger: which commands run, and what is made of their results."""

import json

import pytest
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException
from credit_airflow.assets import VALIDATED_DATA
from credit_airflow.operators import DataQualityCheckOperator, MLflowModelPromotionOperator, SmokeTestOperator
from credit_airflow.operators.ledger import LedgerVerificationOperator

QUALITY = {"checks": 90, "errors": 0, "warnings": 3, "report": "report.html", "source": "synthetic"}


def prints(result):
    return f"echo '{json.dumps({'result': result})}'"


def test_data_within_the_limits_passes_and_the_asset_carries_the_figures(program, context):
    program.behaves(prints(QUALITY))
    made = context()
    result = DataQualityCheckOperator(task_id="validate", maximum_warnings="3").execute(made)
    assert result["warnings"] == 3
    assert made["outlet_events"][VALIDATED_DATA].extra["checks"] == 90
    assert program.calls == ["validate --json"]


def test_too_many_warnings_stop_the_run_without_another_try(program, context):
    program.behaves(prints(QUALITY))
    with pytest.raises(AirflowFailException, match="3 warnings, at most 2.*report.html"):
        DataQualityCheckOperator(task_id="validate", maximum_warnings=2).execute(context())


def test_a_validation_without_figures_does_not_pass(program, context):
    with pytest.raises(KeyError, match="errors"):
        DataQualityCheckOperator(task_id="validate", maximum_warnings=2).execute(context())


def test_a_version_is_staged(program, context):
    program.behaves(prints({"model": "credit-scoring", "version": 5, "verified": 4}))
    operator = MLflowModelPromotionOperator(task_id="a", environment="staging", version="5")
    assert operator.execute(context())["verified"] == 4
    assert program.calls == ["model stage 5 --json"]


@pytest.mark.parametrize(("allowed", "option"), [("False", ""), ("True", " --allow-synthetic")])
def test_a_promotion_to_production_says_who_and_why(program, context, allowed, option):
    operator = MLflowModelPromotionOperator(
        task_id="a", environment="production", version=5, why="run 7", allow_synthetic=allowed
    )
    operator.execute(context())
    assert program.calls == [f"model promote 5 --by airflow --why run 7{option} --json"]


@pytest.mark.parametrize("environment", ["staging", "production"])
def test_the_registry_decides_what_a_failed_version_is_replaced_by(program, context, environment):
    operator = MLflowModelPromotionOperator(
        task_id="a", environment=environment, version=5, restore=True, by="ada", why="run 7"
    )
    operator.execute(context())
    why = "--by ada --why the verification failed (run 7) --json"
    assert program.calls == [f"model restore {environment} --failed 5 {why}"]


def test_nothing_to_return_from_skips_the_task(program, context):
    program.behaves("exit 10")
    with pytest.raises(AirflowSkipException, match="nothing new"):
        MLflowModelPromotionOperator(task_id="a", environment="staging", version=5, restore=True).execute(context())


def test_a_run_without_a_version_changes_nothing(program, context):
    with pytest.raises(AirflowSkipException, match="registered no version"):
        MLflowModelPromotionOperator(task_id="a", environment="staging", version="", restore=True).execute(context())
    assert program.calls == []


def test_a_version_links_to_mlflow_where_its_address_is_set(program, context, monkeypatch):
    monkeypatch.setenv("AIRFLOW__CREDIT__MLFLOW_URL", "http://mlflow:5000/")
    program.behaves(prints({"model": "credit-scoring", "version": 5, "verified": 4}))
    made = context()
    MLflowModelPromotionOperator(task_id="a", environment="staging", version=5).execute(made)
    assert list(made["ti"].pushed.values()) == ["http://mlflow:5000/#/models/credit-scoring/versions/5"]


def test_a_passed_smoke_test_is_recorded(program, context):
    SmokeTestOperator(task_id="a", environment="staging", version=5).execute(context())
    assert [call.split()[0:2] for call in program.calls] == [["smoke", "http://api-staging:8000"], ["model", "confirm"]]
    assert program.calls[1] == "model confirm 5 staging --json"


def test_a_failed_smoke_test_is_not_recorded(program, context):
    program.behaves("exit 5")
    with pytest.raises(AirflowFailException):
        SmokeTestOperator(task_id="a", environment="staging", version=5).execute(context())
    assert len(program.calls) == 1


def test_the_anchor_moves_forward_with_each_verification(program, context, monkeypatch, tmp_path):
    monkeypatch.setenv("AIRFLOW__CREDIT__ANCHOR_DIRECTORY", str(tmp_path / "elsewhere"))
    for number in (1, 2):
        program.behaves(prints({"decisions": number, "anchor": f"head:{number}"}))
        LedgerVerificationOperator(task_id="a").execute(context())
    assert program.calls == ["decisions verify --json", "decisions verify --anchor head:1 --json"]
    assert (tmp_path / "elsewhere" / "ledger_anchor.txt").read_text() == "head:2\n"


def test_a_broken_ledger_keeps_the_anchor(program, context, monkeypatch, tmp_path):
    monkeypatch.setenv("AIRFLOW__CREDIT__ANCHOR_DIRECTORY", str(tmp_path))
    (tmp_path / "ledger_anchor.txt").write_text("head:1\n")
    program.behaves("exit 7")
    with pytest.raises(Exception, match="exit code 7"):
        LedgerVerificationOperator(task_id="a").execute(context())
    assert (tmp_path / "ledger_anchor.txt").read_text() == "head:1\n"
