"""Trains, verifies and promotes a model: the ten tasks of the flow, and the way back if a verification fails."""

from datetime import timedelta
from typing import Any

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.providers.standard.operators.hitl import ApprovalOperator
from airflow.sdk import DAG, AssetOrTimeSchedule, CronTriggerTimetable, Param, TaskGroup, TriggerRule, task
from credit_airflow.assets import DRIFT_ALARM, PROMOTED_MODEL, PUBLISHED_FEATURES
from credit_airflow.deadline import deadline_after
from credit_airflow.decisions import approver, production_step
from credit_airflow.defaults import OWNER_LINKS, TASK_DEFAULTS, TIMEZONE, TRAINING_POOL
from credit_airflow.notifications import notify_approval, notify_timeout
from credit_airflow.operators import (
    CreditScoringOperator,
    DataQualityCheckOperator,
    MLflowModelPromotionOperator,
    ModelServingUpdateOperator,
    NewDataOperator,
    SmokeTestOperator,
)
from credit_airflow.settings import read_settings
from credit_airflow.times import as_datetime

SETTINGS = read_settings()
VERSION = "{{ ti.xcom_pull(task_ids='evaluate')['model_version'] }}"
# Empty where `evaluate` did not get that far.
EVALUATED = "{{ (ti.xcom_pull(task_ids='evaluate') or {}).get('model_version', '') }}"
SYNTHETIC = "{{ '--allow-synthetic' if params.allow_synthetic else '' }}"
# A full training on 300,000 clients takes hours.
TRAINING_TIME = timedelta(hours=6)

with DAG(
    dag_id="credit_training",
    description="New data -> features -> models -> staging -> approval -> production",
    doc_md="""
    ### Training of the credit scoring model

    Weekly, and after a drift alarm. Without new data everything is skipped, unless the run was started by an alarm or
    with `force_training`. A model reaches staging if it passes every gate; production needs the approval of a person
    too (*Required actions*), unless `require_approval` is false. If the verification of an environment fails, the
    version that passed the last one comes back, and the run fails.

    Every task can be cleared and run again: a step whose inputs did not change is not computed twice.
    `docs/AIRFLOW.md` says what each failure means.
    """,
    schedule=AssetOrTimeSchedule(timetable=CronTriggerTimetable("0 2 * * 0", timezone=TIMEZONE), assets=DRIFT_ALARM),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(days=5),
    deadline=deadline_after(timedelta(hours=12)),
    on_failure_callback=notify_timeout,
    default_args=TASK_DEFAULTS,
    owner_links=OWNER_LINKS,
    tags={"credit", "training", "tier:1"},
    user_defined_filters={"approver": approver},
    params={
        "source": Param(SETTINGS.source, type="string", minLength=1, description="Folder or zip of the raw CSV files."),
        "force_training": Param(False, type="boolean", description="Train even if there is no new data."),
        "families": Param(
            SETTINGS.family_names,
            type="array",
            items={"type": "string", "pattern": "^[a-z_]+$"},
            minItems=1,
            uniqueItems=True,
            description="Model families to train and compare.",
        ),
        "budget": Param(SETTINGS.budget, type="string", enum=["quick", "full"], description="Size of the models."),
        "tuning_trials": Param(
            SETTINGS.tuning_trials, type="integer", minimum=0, maximum=100_000, description="Of the leading family."
        ),
        "maximum_warnings": Param(
            50, type="integer", minimum=0, description="Data quality warnings that are tolerated. Errors never are."
        ),
        "require_approval": Param(True, type="boolean", description="A person approves the promotion to production."),
        "allow_synthetic": Param(
            SETTINGS.allow_synthetic,
            type="boolean",
            description="For demonstrations: a model trained on synthetic clients may pass. No other gate is affected.",
        ),
    },
) as dag:
    check_new_data = NewDataOperator(
        task_id="check_new_data",
        arguments=["ingest", "--check", "--source", "{{ params.source }}"],
        retries=3,
        doc_md="Is there data that was not ingested, or not trained on yet? If not, everything behind it is skipped.",
    )
    ingest = CreditScoringOperator(
        task_id="ingest",
        arguments=["ingest", "--source", "{{ params.source }}"],
        retries=3,
        execution_timeout=timedelta(hours=2),
        doc_md="Raw CSV files -> typed Parquet tables.",
    )
    validate = DataQualityCheckOperator(
        task_id="validate",
        maximum_warnings="{{ params.maximum_warnings }}",
        execution_timeout=timedelta(hours=1),
        doc_md="Tables against their contracts. A failed check of severity error, or too many warnings, stops the run.",
    )
    with TaskGroup("transform", tooltip="Tables -> published features") as transform:
        build_features = CreditScoringOperator(
            task_id="build_features",
            arguments=["features", "build"],
            execution_timeout=timedelta(hours=2),
            doc_md="Tables -> features of every client.",
        )
        publish_features = CreditScoringOperator(
            task_id="publish_features",
            arguments=["features", "publish"],
            execution_timeout=timedelta(hours=1),
            outlets=[PUBLISHED_FEATURES],
            doc_md="Features -> an immutable offline version, and the online rows of the service.",
        )
        build_features >> publish_features

    @task(doc_md="One training command for each family of the run's parameters.")
    def choose_families(params: dict[str, Any]) -> list[list[str]]:
        """Arguments of the mapped tasks."""
        return [["cross-validate", "--budget", params["budget"], family] for family in sorted(params["families"])]

    families = choose_families()
    train = CreditScoringOperator.partial(
        task_id="train",
        pool=TRAINING_POOL,
        execution_timeout=TRAINING_TIME,
        map_index_template="{{ task.arguments[-1] }}",
        doc_md="Cross-validates the candidates of one family. `evaluate` uses the results instead of repeating them.",
    ).expand(arguments=families)
    evaluate = CreditScoringOperator(
        task_id="evaluate",
        arguments=[
            "train",
            "--no-stage",
            "--json",
            "--families",
            "{{ params.families | join(',') }}",
            "--budget",
            "{{ params.budget }}",
            "--trials",
            "{{ params.tuning_trials }}",
        ],
        pool=TRAINING_POOL,
        execution_timeout=TRAINING_TIME,
        doc_md="Compares all candidates, tunes the leading family, and registers the best as a version without alias.",
    )
    test_model = CreditScoringOperator(
        task_id="test_model",
        arguments=["model", "check", VERSION, "--audit", "--json", SYNTHETIC],
        execution_timeout=timedelta(hours=1),
        doc_md="Audits the version's decisions by group, and evaluates every gate of promotion. None is waived here.",
    )
    promote_staging = MLflowModelPromotionOperator(
        task_id="promote_staging",
        environment="staging",
        version=VERSION,
        doc_md="Moves the alias `staging` to the version.",
    )
    update_serving = ModelServingUpdateOperator(
        task_id="update_serving",
        environment="staging",
        version=VERSION,
        doc_md="Rolling update of staging: waits until every replica answers with the version.",
    )
    smoke_tests = SmokeTestOperator(
        task_id="smoke_tests", environment="staging", version=VERSION, doc_md="Checks the running staging environment."
    )
    roll_back_staging = MLflowModelPromotionOperator(
        task_id="roll_back_staging",
        environment="staging",
        version=EVALUATED,
        restore=True,
        trigger_rule=TriggerRule.ONE_FAILED,
        retries=3,
        doc_md="Moves the alias `staging` back to the verified version, if it still points to this one.",
    )
    restore_serving = ModelServingUpdateOperator(
        task_id="restore_serving",
        environment="staging",
        version="{{ ti.xcom_pull(task_ids='roll_back_staging')['version'] }}",
        retries=3,
        doc_md="Waits until every replica of staging answers with the previous version.",
    )

    @task.branch(doc_md="Is there a new version for production, and does a person decide on it?")
    def decide_production(params: dict[str, Any], dag_run: Any, ti: Any) -> str | None:
        """The next task; None skips what leads to production."""
        evaluated = ti.xcom_pull(task_ids="evaluate")
        return production_step(
            version=evaluated["model_version"],
            in_production=evaluated["in_production"],
            trained_at=as_datetime(evaluated["trained_at"]),
            run_after=dag_run.run_after,
            require_approval=params["require_approval"],
        )

    approve_production = ApprovalOperator(
        task_id="approve_production",
        subject="Promote credit scoring model " + VERSION + " to production?",
        body=(
            "Version " + VERSION + " passed every gate and serves in staging.\n\n"
            "{% for name, value in ti.xcom_pull(task_ids='evaluate')['measures'].items() %}"
            "- {{ name }}: {{ value }}\n{% endfor %}"
        ),
        defaults="Reject",
        response_timeout=timedelta(days=3),
        # The time to answer is limited by response_timeout.
        execution_timeout=None,
        notifiers=[notify_approval],
        doc_md="A person approves or rejects under *Required actions*; without an answer in 3 days it is rejected.",
    )
    promote_production = MLflowModelPromotionOperator(
        task_id="promote_production",
        environment="production",
        version=VERSION,
        allow_synthetic="{{ params.allow_synthetic }}",
        trigger_rule=TriggerRule.NONE_FAILED_MIN_ONE_SUCCESS,
        by="{{ ti.xcom_pull(task_ids='approve_production') | approver }}",
        doc_md="Evaluates every gate again, moves the alias `production`, and records it in the promotion log.",
    )
    update_production = ModelServingUpdateOperator(
        task_id="update_production",
        environment="production",
        version=VERSION,
        doc_md="Rolling update of production: waits until every replica answers with the version.",
    )
    smoke_production = SmokeTestOperator(
        task_id="smoke_production",
        environment="production",
        version=VERSION,
        outlets=[PROMOTED_MODEL],
        doc_md="Checks the running production environment.",
    )
    roll_back_production = MLflowModelPromotionOperator(
        task_id="roll_back_production",
        environment="production",
        version=EVALUATED,
        restore=True,
        trigger_rule=TriggerRule.ONE_FAILED,
        retries=3,
        doc_md="Rolls production back to the verified version, if this one still serves, with an entry in the log.",
    )
    restore_production = ModelServingUpdateOperator(
        task_id="restore_production",
        environment="production",
        version="{{ ti.xcom_pull(task_ids='roll_back_production')['version'] }}",
        retries=3,
        outlets=[PROMOTED_MODEL],
        doc_md="Waits until every replica of production answers with the previous version.",
    )
    finish = EmptyOperator(
        task_id="finish",
        trigger_rule=TriggerRule.NONE_FAILED,
        doc_md="The last task: it fails the run if anything failed, also after a rollback that succeeded.",
    )

    check_new_data >> ingest >> validate >> transform >> families >> train >> evaluate >> test_model >> promote_staging
    promote_staging >> update_serving >> smoke_tests
    [update_serving, smoke_tests] >> roll_back_staging >> restore_serving
    decided = decide_production()
    smoke_tests >> decided >> [approve_production, promote_production]
    approve_production >> promote_production >> update_production >> smoke_production
    [update_production, smoke_production] >> roll_back_production >> restore_production
    [smoke_production, restore_serving, restore_production] >> finish
