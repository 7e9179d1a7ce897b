"""Every threshold of alerts and dashboards, in base units. The first seven are the specification's."""

from typing import Final

# Specification, part 8.
ERROR_SHARE: Final = 0.05
LATENCY_P95_SECONDS: Final = 1.0
CPU_SHARE: Final = 0.80
DRIFT_SCORE: Final = 0.5
DISK_SHARE: Final = 0.85

# Service-level objectives.
AVAILABILITY: Final = 0.995
LATENCY_SHARE: Final = 0.95
LATENCY_OBJECTIVE_SECONDS: Final = 0.2
SPOOL_MINUTES: Final = 5

# What is unusual rather than wrong: set the band from the training report of the model in production.
REFUSED_SHARE_MINIMUM: Final = 0.05
REFUSED_SHARE_MAXIMUM: Final = 0.60
REFUSED_SHARE_MINIMUM_DECISIONS: Final = 100
UNSEEN_CATEGORY_SHARE: Final = 0.05
UNSEEN_CATEGORY_MINIMUM_DECISIONS: Final = 100

REPLICAS: Final = 2
"""Replicas of the prediction service that the platform runs: `deploy.replicas` in docker-compose.yml."""
CONTAINER_RESTARTS: Final = 2
RESTARTS: Final = 2
"""Starts of replicas within half an hour that are usual: a deployment starts each of them once."""

TRAINING_AGE_DAYS: Final = 8
FEATURE_AGE_DAYS: Final = 8
DRIFT_AGE_HOURS: Final = 26
BACKUP_AGE_HOURS: Final = 26
CERTIFICATE_DAYS: Final = 14
CERTIFICATE_CRITICAL_DAYS: Final = 2
DATABASE_CONNECTION_SHARE: Final = 0.8
MEMORY_SHARE: Final = 0.9
DISK_FULL_IN_DAYS: Final = 4
BURN_RATE_MINIMUM_REQUESTS: Final = 100
FEATURE_INDEX: Final = 0.2
"""Population stability index above which a feature has drifted: `CREDIT_DRIFT_FEATURE_INDEX`."""

# Airflow. Durations are the deadlines of the DAGs (a test compares them); the alert holds where no callback runs.
DAG_SUCCESS_AGE_HOURS: Final = {"credit_training": 8 * 24, "credit_drift": 26, "credit_maintenance": 26}
DAG_RUN_HOURS: Final = {"credit_training": 12, "credit_drift": 2, "credit_maintenance": 3}
"""Duration of a run, without the time in which it waits for a person."""
HEARTBEAT_SECONDS: Final = 60
"""Scheduler, dag-processor and triggerer send one every 5 seconds."""
POOL_WAIT_HOURS: Final = 8
"""Longer than one family may train, which holds the only slot of its pool."""
APPROVAL_HOURS: Final = 36
"""From Sunday morning, when the weekly training ends, to Monday evening."""
