"""The settings of our Airflow code: section ``[credit]`` of Airflow's configuration.

Set them as ``AIRFLOW__CREDIT__<NAME>``. The program's own settings (``CREDIT_*``) are its own affair.
"""

from typing import Any, Literal, NamedTuple, get_args

from airflow.sdk import conf

SECTION = "credit"
Execution = Literal["subprocess", "kubernetes"]
Environment = Literal["staging", "production"]


class CreditSettings(NamedTuple):
    """Every setting, with its default.

    Attributes:
        execution: run commands as subprocesses of the worker, or as pods.
        program: the command line of the program, in the image of the worker or of the pods.
        source: folder or zip of the raw CSV files.
        families: model families to train, separated by commas, unless a run's parameter names others.
        budget: of the training: quick or full.
        retry_seconds: time before the second try of a task; it doubles with each further one.
        tuning_trials: number of tuning trials of the leading family.
        allow_synthetic: whether a model trained on synthetic clients may pass the gates: for demonstrations only.
        staging_url, production_url: addresses of the service in each environment, as the worker reaches it.
        key_file: file with an API key of the scopes predict and read.
        failure_emails: addresses, separated by commas, that learn of failures and drift; empty: none.
        sender: address that e-mails come from.
        slack_connection: id of the connection of a Slack webhook; empty: none.
        report_directory: folder that the drift reports are copied to; empty: they stay in the data directory only.
        mlflow_url: address under which people reach MLflow; empty: no link is shown.
        report_url: address under which people reach that folder; empty: messages name no address.
        anchor_directory: folder where the anchor of the ledger is kept, on another volume than the data.
        backup_metrics: file in which the backup reports its success; empty: the check is skipped.
        airflow_database_command: shell command that prints the address of Airflow's database, for its clean-up; tasks
            do not get that address otherwise. Empty: the clean-up is skipped, because something else does it.
        namespace: of the pods that commands run in.
        image: of those pods.
        service_account: of those pods.
        release: name of the Helm release of the platform, whose network policies admit those pods.
        data_claim: persistent volume claim with the data directory.
        raw_claim: persistent volume claim with the raw tables, mounted at /raw.
        secret: Kubernetes secret with the program's settings, mounted at /run/secrets.
        config_map: Kubernetes config map with the program's settings, as environment variables.
        task_processors, task_memory: of those pods, as Kubernetes writes quantities.
        staging_namespace, production_namespace: where each environment's deployment is.
        deployment: name of the deployment of the service.
    """

    execution: Execution = "subprocess"
    program: str = "/opt/credit-scoring/bin/credit-scoring"
    source: str = "/raw"
    families: str = "lightgbm,logistic_regression"
    budget: str = "quick"
    retry_seconds: int = 60
    tuning_trials: int = 2
    allow_synthetic: bool = False
    staging_url: str = "http://api-staging:8000"
    production_url: str = "http://api:8000"
    key_file: str = "/var/lib/credit-scoring/airflow/api_key"
    failure_emails: str = ""
    sender: str = "airflow@localhost"
    slack_connection: str = ""
    report_directory: str = ""
    mlflow_url: str = ""
    report_url: str = ""
    anchor_directory: str = "/var/lib/credit-scoring-anchor"
    backup_metrics: str = ""
    airflow_database_command: str = ""
    namespace: str = "mlops-credit-scoring"
    image: str = "credit-scoring-training:latest"
    service_account: str = "credit-scoring"
    release: str = "credit-scoring"
    data_claim: str = "credit-scoring-data"
    raw_claim: str = "credit-scoring-raw"
    secret: str = "credit-scoring"  # pragma: allowlist secret
    config_map: str = "credit-scoring"
    task_processors: str = "2"
    task_memory: str = "8Gi"
    staging_namespace: str = "mlops-credit-scoring-staging"
    production_namespace: str = "mlops-credit-scoring"
    deployment: str = "credit-scoring-api"

    def url(self, environment: Environment) -> str:
        """Address of the service in an environment."""
        return (self.staging_url if environment == "staging" else self.production_url).rstrip("/")

    def serving_namespace(self, environment: Environment) -> str:
        """Kubernetes namespace of the service in an environment."""
        return self.staging_namespace if environment == "staging" else self.production_namespace

    @property
    def family_names(self) -> list[str]:
        """The families one by one."""
        return _listed(self.families)

    @property
    def recipients(self) -> list[str]:
        """The addresses of ``failure_emails`` one by one."""
        return _listed(self.failure_emails)


def read_settings() -> CreditSettings:
    """The settings of this process.

    Raises:
        ValueError: a value is not allowed; contains the name and the value.
    """
    values: dict[str, Any] = {}
    for name, default in CreditSettings._field_defaults.items():
        text = conf.get(SECTION, name, fallback=None)
        if text is not None:
            values[name] = _converted(name, text.strip(), default)
    settings = CreditSettings(**values)
    if settings.execution not in get_args(Execution):
        raise ValueError(
            f"[{SECTION}] execution is {settings.execution!r}; choose among {', '.join(get_args(Execution))}."
        )
    return settings


def _converted(name: str, text: str, default: object) -> object:
    try:
        if isinstance(default, bool):
            return {"true": True, "false": False}[text.lower()]
        return int(text) if isinstance(default, int) else text
    except (KeyError, ValueError) as error:
        kind = "true or false" if isinstance(default, bool) else "a whole number"
        raise ValueError(f"[{SECTION}] {name} is {text!r}; give {kind}.") from error


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]
