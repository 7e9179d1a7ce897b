"""docs/pictures/architecture.svg: delivery, cluster, batch, state and monitoring on one picture."""

from pathlib import Path

from scripts.documentation.diagram import Arrow, Box, Lane, draw

LANES = (
    Lane(
        "Delivery",
        (
            Box("git", "repository\nci.yml, cd.yml"),
            Box("registry", "registry\nimages by digest, chart"),
            Box("deploy", "deploy.py or Argo CD\nHelm chart"),
            None,
            None,
        ),
    ),
    Lane(
        "Answers",
        (
            Box("callers", "callers\nHTTPS, API keys"),
            Box("proxy", "Ingress or nginx\nTLS, limits"),
            Box("api", "prediction service\n3 to 10 replicas"),
            Box("mlflow", "MLflow\nruns, versions, aliases"),
            None,
        ),
    ),
    Lane(
        "Batch",
        (
            Box("airflow", "Airflow\nDAGs, or CronJobs"),
            Box("etl", "ETL\ningest, validate, features"),
            Box("training", "training\ntrain, explain, audit"),
            Box("drift", "drift\ndata, scores, outcomes"),
            None,
        ),
    ),
    Lane(
        "State",
        (
            None,
            Box("volume", "volume\nDelta tables, reports"),
            Box("postgres", "PostgreSQL\nledger, online rows"),
            Box("backup", "backups\ndaily"),
            None,
        ),
    ),
    Lane(
        "Monitoring",
        (
            Box("logs", "VictoriaLogs\nlogs as JSON"),
            Box("grafana", "Grafana\ndashboards"),
            Box("prometheus", "Prometheus\nmetrics, objectives"),
            Box("alertmanager", "Alertmanager\nroutes"),
            Box("people", "people\nmail, Slack, PagerDuty"),
        ),
    ),
)
ARROWS = (
    Arrow("git", "registry"),
    Arrow("registry", "deploy"),
    Arrow("deploy", "api", "upgrade"),
    Arrow("callers", "proxy"),
    Arrow("proxy", "api"),
    Arrow("mlflow", "api", "alias"),
    Arrow("airflow", "etl"),
    Arrow("etl", "training"),
    Arrow("training", "drift"),
    Arrow("training", "mlflow", "register"),
    Arrow("etl", "volume"),
    Arrow("etl", "postgres", "publish"),
    Arrow("drift", "postgres"),
    Arrow("postgres", "backup"),
    Arrow("prometheus", "grafana"),
    Arrow("prometheus", "alertmanager"),
    Arrow("alertmanager", "people"),
)


def write_architecture_picture(docs: Path) -> None:
    """Write the picture."""
    (docs / "pictures" / "architecture.svg").write_text(draw("The platform", LANES, ARROWS))
