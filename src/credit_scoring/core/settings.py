"""All settings in one typed place: the only reader of the environment.

A variable is called ``CREDIT_`` and the field's name in capitals. A wrong value, or a variable that no field has,
stops the program at start and names the variable.
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from credit_scoring.core.addresses import database_address, tracking_address, without_password
from credit_scoring.core.errors import SettingsError

PREFIX = "CREDIT_"
_MISREAD_IN_PATHS = re.compile(r"[#?]|%[0-9A-Fa-f]{2}")
_SHARED_METRICS = "PROMETHEUS_MULTIPROC_DIR"  # read by the metrics library when it is loaded


class Settings(BaseSettings):
    """What may differ between two installations."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        dotenv_filtering="match_prefix",  # other programs (Docker Compose) read the same file
        frozen=True,
        extra="forbid",
    )

    environment: Literal["production", "staging", "dev"] = Field(
        default="production",
        description="dev: the service answers without API keys, for a developer's own machine only",
    )
    data_directory: Path = Field(
        default=Path("data"), description="Folder of everything the steps write: tables, features, models"
    )
    bucket_count: int = Field(
        default=16, ge=1, le=4096, description="Number of client buckets each table is split into"
    )
    unknown_columns: Literal["warn", "refuse"] = Field(
        default="warn", description="Raw columns that no contract knows: left out with a warning, or an error"
    )
    engine: Literal["local", "spark"] = Field(
        default="local", description="Where buckets are computed: in this process or on Spark"
    )
    spark_master: str = Field(
        default="local[*]",
        min_length=1,
        description="Spark master, for CREDIT_ENGINE=spark (spark://host:7077)",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="Least important level that is logged"
    )
    log_format: Literal["auto", "console", "json"] = Field(
        default="auto", description="auto: readable lines on a terminal, JSON elsewhere"
    )
    online_store_url: str = Field(
        default="",
        description="Database of the online feature rows (sqlite:///PATH or postgresql+psycopg://USER@HOST/DATABASE); "
        "empty: SQLite in the data folder",
    )
    ledger_url: str = Field(
        default="",
        description="Database of the decision ledger, in the same forms; empty: SQLite in the data folder",
    )
    ledger_timeout_seconds: float = Field(
        default=2.0,
        gt=0,
        le=60,
        description="Longest the ledger's database may take for a transaction before decisions wait on disk",
    )
    ledger_spool_megabytes: int = Field(
        default=256,
        ge=1,
        description="Most that one process keeps of decisions on its disk while the ledger's database is away",
    )
    tracking_uri: str = Field(
        default="",
        description="MLflow tracking and registry: a server (http://HOST:PORT) or a database in the same forms; "
        "empty: SQLite in the data folder",
    )
    model_name: str = Field(default="credit-scoring", min_length=1, description="Name in the model registry")
    model_alias: str = Field(
        default="production",
        min_length=1,
        description="Alias of the model version that scores; production means the newest one in staging until one "
        "was promoted",
    )
    promotion_calibration_error_limit: float = Field(
        default=0.01,
        gt=0,
        le=1,
        description="Largest calibration error of a model that may be promoted, beyond what chance explains",
    )
    promotion_latency_limit_milliseconds: float = Field(
        default=10.0,
        gt=0,
        allow_inf_nan=False,
        description="Longest time a model that may be promoted takes to score one application, features given",
    )
    promotion_least_acceptance_ratio: float = Field(
        default=0.8,
        gt=0,
        le=1,
        description="Least share that the group accepted least often reaches of the one accepted most often, in a "
        "model that may be promoted without a waiver (four-fifths rule)",
    )
    fold_count: int = Field(default=5, ge=2, le=20, description="Number of stratified folds")
    missed_default_cost: float = Field(
        default=10.0,
        gt=0,
        allow_inf_nan=False,
        description="Cost of one accepted client who defaults, in units of a refused good client",
    )
    good_loan_margin: float = Field(
        default=0.06,
        ge=0,
        allow_inf_nan=False,
        description="Earned on a repaid loan, as a share of it (for the ROI)",
    )
    default_loss: float = Field(
        default=0.60,
        ge=0,
        allow_inf_nan=False,
        description="Lost on a defaulted loan, as a share of it (for the ROI)",
    )
    training_budget: Literal["quick", "full"] = Field(
        default="quick",
        description="quick: small models, a study of a few trials; full: larger ones, all rows, 50 trials",
    )
    training_families: str = Field(
        default="", description="Model families to train, separated by commas; empty: all of them"
    )
    monotone_constraints: bool = Field(
        default=False,
        description="true: in tree models better outside scores only lower a probability of default, and lateness, use "
        "of limits and refusals only raise it; free trees are then compared, and none becomes champion",
    )
    study_trials: int = Field(
        default=-1,
        ge=-1,
        description="Trials of the tuning study; -1: as many as the budget says, 0: no study",
    )
    study_url: str = Field(
        default="",
        description="Database of the tuning study, which several workers may share, in the same forms; "
        "empty: SQLite in the data folder",
    )
    api_host: str = Field(
        default="127.0.0.1", min_length=1, description="Address the prediction service binds"
    )
    api_port: int = Field(default=8000, ge=1, le=65535, description="Port the prediction service binds")
    api_workers: int = Field(
        default=1, ge=1, le=64, description="Processes of the prediction service; one uses one core"
    )
    api_keys_url: str = Field(
        default="", description="SQLAlchemy URL of the API keys; empty: SQLite in the data folder"
    )
    api_requests_per_second: float = Field(
        default=100.0,
        gt=0,
        allow_inf_nan=False,
        description="Applications per second and API key, over all workers of this service; twice as many in a burst",
    )
    api_most_in_flight: int = Field(
        default=200,
        ge=1,
        description="Requests that one worker answers at the same time; further ones get 503",
    )
    api_body_timeout_seconds: float = Field(
        default=10.0,
        gt=0,
        allow_inf_nan=False,
        description="How long a request's head, and then its body, may take",
    )
    api_answer_timeout_seconds: float = Field(
        default=10.0,
        gt=0,
        allow_inf_nan=False,
        description="How long a decision may take before 503 is answered",
    )
    api_batch_timeout_seconds: float = Field(
        default=60.0,
        gt=0,
        allow_inf_nan=False,
        description="How long a batch may take before 503 is answered",
    )
    api_shutdown_timeout_seconds: int = Field(
        default=30, ge=1, description="How long requests in flight may take after the service is told to end"
    )
    model_refresh_seconds: float = Field(
        default=10.0,
        gt=0,
        allow_inf_nan=False,
        description="How often the prediction service asks the registry for a new champion",
    )
    shadow_alias: str = Field(
        default="",
        description="Alias of a challenger that scores along unseen, for comparison; empty: none",
    )

    @field_validator("data_directory", mode="before")
    @classmethod
    def _is_named(cls, value: object) -> object:
        if value == "":
            raise ValueError("must name a folder")
        return value

    @field_validator("data_directory")
    @classmethod
    def _can_hold_a_delta_table(cls, value: Path) -> Path:
        if held := _MISREAD_IN_PATHS.search(str(value.absolute())):
            raise ValueError(
                f"{value.absolute()} holds {held[0]!r}, which the Delta library takes for part of an address; "
                "choose a folder without # ? and %"
            )
        return value

    @field_validator("online_store_url", "ledger_url", "api_keys_url", "study_url")
    @classmethod
    def _is_a_database(cls, value: str) -> str:
        return database_address(value)

    @field_validator("tracking_uri")
    @classmethod
    def _is_a_tracking_server(cls, value: str) -> str:
        return tracking_address(value)


def variable_name(field: str) -> str:
    """Environment variable of a settings field."""
    return f"{PREFIX}{field.upper()}"


@contextmanager
def unchanged_environment() -> Iterator[None]:
    """Undo what a library does to the environment of this process while it is imported."""
    before = dict(os.environ)
    try:
        yield
    finally:
        for name in set(os.environ) - set(before):
            del os.environ[name]
        os.environ.update(before)


def share_metrics_in(folder: str) -> None:
    """Name the folder in which worker processes that are started from now on keep their measures together."""
    os.environ[_SHARED_METRICS] = folder


def shared_metrics_folder() -> Path | None:
    """The folder that was named; None where a process keeps its measures to itself."""
    folder = os.environ.get(_SHARED_METRICS)
    return Path(folder) if folder else None


@cache
def load_settings() -> Settings:
    """Settings from the environment and ``.env``.

    Raises:
        SettingsError: a variable is unknown or its value is not allowed; the message names it.
    """
    allowed = {variable_name(field) for field in Settings.model_fields}
    unknown = sorted(name for name in os.environ if name.startswith(PREFIX) and name not in allowed)
    if unknown:
        raise SettingsError(
            f"Unknown environment variable {unknown[0]}.",
            "Correct or unset it; .env.example lists every variable.",
        )
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        field = str(first["loc"][0]).lower().removeprefix(PREFIX.lower())
        given = without_password(str(first["input"]))
        raise SettingsError(
            f"{variable_name(field)}={given!r}: {first['msg'].removeprefix('Value error, ')}.",
            "Correct the variable; .env.example says what each one means.",
        ) from error


def render_env_example() -> str:
    """Text of ``.env.example``: every variable with its meaning and default, commented out."""
    lines = [
        "# Generated by `make generated` from core/settings.py; copy to .env and uncomment what differs."
    ]
    for name, field in Settings.model_fields.items():
        default = "" if field.default is None else field.default
        lines += ["", f"# {field.description}.", f"#{variable_name(name)}={default}"]
    return "\n".join(lines) + "\n"
