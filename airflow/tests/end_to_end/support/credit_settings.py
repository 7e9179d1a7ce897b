"""The settings of our Airflow code, for the test environment."""

from collections.abc import Mapping
from pathlib import Path

from end_to_end.support.front import Front
from end_to_end.support.scoring_platform import PROGRAM, ScoringPlatform

RECIPIENT = "mlops@example.org"


def credit_settings(
    platform: ScoringPlatform, source: Path, fronts: Mapping[str, Front], airflow_url: str
) -> dict[str, str]:
    """Section ``[credit]`` as environment variables.

    Args:
        source: folder of the raw tables.
        fronts: address of the service by environment.
        airflow_url: of Airflow's database.
    """
    settings = {
        "program": str(PROGRAM),
        "source": str(source),
        "families": "logistic_regression",
        "tuning_trials": "0",
        # All clients here are synthetic; no other gate is affected.
        "allow_synthetic": "true",
        "staging_url": fronts["staging"].url,
        "production_url": fronts["production"].url,
        "key_file": str(platform.key_file),
        "failure_emails": RECIPIENT,
        "retry_seconds": "1",
        "report_directory": str(platform.folder / "reports"),
        "anchor_directory": str(platform.folder / "anchor"),
        "backup_metrics": str(platform.folder / "backup.prom"),
        "airflow_database_command": f"printf %s {airflow_url}",
    }
    return {f"AIRFLOW__CREDIT__{name.upper()}": value for name, value in settings.items()}
