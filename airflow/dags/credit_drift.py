"""Compares current applications and performance with the training, reports it, and requests a training on an alarm."""

from datetime import UTC, datetime, timedelta
from typing import Any

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG, AssetOrTimeSchedule, CronTriggerTimetable, Param, TriggerRule, get_current_context, task
from airflow.sdk.exceptions import AirflowSkipException
from credit_airflow.assets import DRIFT_ALARM, PROMOTED_MODEL, RECORDED_OUTCOMES
from credit_airflow.deadline import deadline_after
from credit_airflow.decisions import is_alarm, may_request_training
from credit_airflow.defaults import OWNER_LINKS, TASK_DEFAULTS, TIMEZONE
from credit_airflow.drift_messages import drift_message
from credit_airflow.notifications import notify_timeout, send
from credit_airflow.operators import CreditScoringOperator
from credit_airflow.operators.reports import DriftReportOperator, report_address
from credit_airflow.settings import read_settings

with DAG(
    dag_id="credit_drift",
    description="Data drift -> model drift -> alert -> report; an alarm requests a training",
    doc_md="""
    ### Drift of applications and of the model

    Daily, when outcomes were recorded, and when another model went into production. An alarm sends a message with the
    address of the report and requests a training, at most one in the cool-down. It never changes production: the model
    of that training passes the same gates and the same approval as any other.
    """,
    schedule=AssetOrTimeSchedule(
        timetable=CronTriggerTimetable("0 5 * * *", timezone=TIMEZONE), assets=RECORDED_OUTCOMES | PROMOTED_MODEL
    ),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=4),
    deadline=deadline_after(timedelta(hours=2)),
    on_failure_callback=notify_timeout,
    default_args=TASK_DEFAULTS,
    owner_links=OWNER_LINKS,
    tags={"credit", "drift", "tier:2"},
    params={
        "window": Param("7d", type="string", pattern="^[1-9][0-9]{0,3}d$", description="Days of decisions to compare."),
        "current": Param(
            "ledger", type="string", minLength=1, description="ledger, version:NUMBER, or a CSV or Parquet file."
        ),
        "reference": Param(
            "", type="string", description="model:NUMBER or version:NUMBER; empty: the model in production."
        ),
        "cool_down_days": Param(7, type="integer", minimum=0, description="Minimum time between requested trainings."),
    },
) as dag:
    data_drift = CreditScoringOperator(
        task_id="data_drift",
        arguments=[
            "drift",
            "--json",
            "--current={{ params.current }}",
            "{{ '--window=' ~ params.window if params.current == 'ledger' else '' }}",
            "{{ '--reference=' ~ params.reference if params.reference else '' }}",
        ],
        execution_timeout=timedelta(hours=1),
        doc_md="Current applications against those of the training: every feature, and Evidently's page.",
    )
    model_drift = CreditScoringOperator(
        task_id="model_drift",
        arguments=["performance", "--json"],
        doc_md="Performance of the model in that comparison against what its training promised.",
    )

    # The rule: an alarm is not lost if the performance cannot be compared, or if no message can be sent.
    @task(
        trigger_rule=TriggerRule.ALL_DONE,
        doc_md="On an alarm: a message to people, with the address where the report will be.",
    )
    def alert(dag_run: Any, ti: Any) -> None:
        """Send the message, or skip."""
        drift, performance = ti.xcom_pull(task_ids="data_drift"), ti.xcom_pull(task_ids="model_drift")
        if not is_alarm(drift, performance):
            raise AirflowSkipException("No alarm.")
        address = report_address(read_settings(), dag_run.run_after)
        send(drift_message(drift, performance, address), get_current_context())

    report = DriftReportOperator(
        task_id="report",
        compared_by="data_drift",
        trigger_rule=TriggerRule.ALL_DONE,
        doc_md="Publishes the HTML report of the comparison, alarm or not.",
    )

    @task(
        trigger_rule=TriggerRule.ALL_DONE,
        inlets=[DRIFT_ALARM],
        outlets=[DRIFT_ALARM],
        doc_md="On an alarm, and not again in the cool-down: emits the asset that starts a training.",
    )
    def request_training(params: dict[str, Any], ti: Any, inlet_events: Any, outlet_events: Any) -> None:
        """Emit the asset, or skip."""
        drift, performance = ti.xcom_pull(task_ids="data_drift"), ti.xcom_pull(task_ids="model_drift")
        earlier = [event.timestamp for event in inlet_events[DRIFT_ALARM].ascending(False).limit(1)]
        alarm, cool_down = is_alarm(drift, performance), timedelta(days=params["cool_down_days"])
        if not may_request_training(alarm, earlier[0] if earlier else None, datetime.now(UTC), cool_down):
            raise AirflowSkipException(f"Alarm: {alarm}, last request: {earlier[0] if earlier else 'never'}.")
        outlet_events[DRIFT_ALARM].extra.update({"score": drift["score"], "findings": drift["findings"]})

    requested, alerted = request_training(), alert()
    finish = EmptyOperator(
        task_id="finish",
        trigger_rule=TriggerRule.NONE_FAILED,
        doc_md="The last task: it fails the run if anything failed.",
    )
    data_drift >> model_drift >> alerted >> report
    model_drift >> requested
    [data_drift, model_drift, alerted, report, requested] >> finish
