"""Daily housekeeping: Airflow's database, age of the backup, integrity of the ledger, retention of personal data."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from airflow.sdk import DAG, CronTriggerTimetable, Param, task
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException
from credit_airflow.backups import backup_age
from credit_airflow.deadline import deadline_after
from credit_airflow.defaults import OWNER_LINKS, TASK_DEFAULTS, TIMEZONE
from credit_airflow.notifications import notify_timeout
from credit_airflow.operators import CreditScoringOperator
from credit_airflow.operators.database_cleanup import DatabaseCleanupOperator
from credit_airflow.operators.ledger import LedgerVerificationOperator
from credit_airflow.settings import read_settings

LAST_DAY = "{{ (dag_run.run_after - macros.timedelta(days=params.retention_days)).strftime('%Y-%m-%d') }}"

with DAG(
    dag_id="credit_maintenance",
    description="Clean-up, backup check, ledger verification, retention",
    doc_md="""
    ### Housekeeping

    Daily. Nothing is erased while the ledger does not verify: what is there then is evidence. The anchor of the
    verification is kept on another volume than the ledger.
    """,
    schedule=CronTriggerTimetable("0 4 * * *", timezone=TIMEZONE),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=6),
    deadline=deadline_after(timedelta(hours=3)),
    on_failure_callback=notify_timeout,
    default_args=TASK_DEFAULTS,
    owner_links=OWNER_LINKS,
    tags={"credit", "maintenance", "tier:2"},
    params={
        "kept_days": Param(90, type="integer", minimum=30, description="Age of runs that Airflow's database keeps."),
        "retention_days": Param(
            1825, type="integer", minimum=1, description="Personal data is erased after the last decision on a person."
        ),
        "backup_hours": Param(26, type="integer", minimum=1, description="Maximum age of the last backup."),
    },
) as dag:
    clean_database = DatabaseCleanupOperator(
        task_id="clean_database",
        kept_days="{{ params.kept_days }}",
        doc_md="Deletes old runs, logs and results of tasks from Airflow's own database.",
    )

    @task(doc_md="Fails if the last backup is too old. Nothing is backed up here.")
    def check_backup(params: dict[str, Any]) -> float:
        """Age of the last backup in hours."""
        metrics = read_settings().backup_metrics
        if not metrics:
            raise AirflowSkipException("[credit] backup_metrics is not set.")
        age, limit = backup_age(Path(metrics)), timedelta(hours=params["backup_hours"])
        if age > limit:
            raise AirflowFailException(
                f"The last backup is {age} old, at most {limit} is allowed. See docs/DEPLOYMENT.md."
            )
        return round(age.total_seconds() / 3600, 2)

    verify_ledger = LedgerVerificationOperator(
        task_id="verify_ledger",
        execution_timeout=timedelta(hours=2),
        doc_md="Checks the hash chain of all decisions, and that nothing before the stored anchor has changed.",
    )
    apply_retention = CreditScoringOperator(
        task_id="apply_retention",
        arguments=[
            *("decisions", "erase", "--last-decided-before", LAST_DAY),
            *("--by", "airflow", "--why", "retention period of {{ params.retention_days }} days", "--yes"),
        ],
        execution_timeout=timedelta(hours=1),
        doc_md="Permanently erases the personal data of everyone last decided on before the retention period.",
    )

    check_backup()
    verify_ledger >> apply_retention
