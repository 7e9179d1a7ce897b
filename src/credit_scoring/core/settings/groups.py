"""What may differ between two installations: one class per component, one field per setting."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_settings import NoDecode

from credit_scoring.core.urls import database_url, tracking_url

_FORMS = "sqlite:///PATH or postgresql+psycopg://USER@HOST/DATABASE"


def _split_list(value: object) -> object:
    return (
        tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value
    )


def _empty_as_none(value: object) -> object:
    return None if value == "" else value


DatabaseUrl = Annotated[str, AfterValidator(database_url)]
TrackingUri = Annotated[str, AfterValidator(tracking_url)]
NameList = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split_list)]
Seconds = Annotated[float, Field(gt=0, allow_inf_nan=False)]


class SettingsGroup(BaseModel):
    """The settings of one component."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)


class LogSettings(SettingsGroup):
    """Structured logs on standard error."""

    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="Lowest level that is logged"
    )
    format: Literal["auto", "console", "json"] = Field(
        default="auto", description="auto: readable lines on a terminal, JSON elsewhere"
    )


class StorageSettings(SettingsGroup):
    """Results of the steps in the data directory."""

    kept_versions: int = Field(
        default=3,
        ge=1,
        description="Number of versions of each step's result to keep; older ones are deleted",
    )


class SparkSettings(SettingsGroup):
    """The Spark cluster that computes buckets when the engine is Spark."""

    master: str = Field(
        default="local[*]",
        min_length=1,
        description="Spark master, for CREDIT_ENGINE=spark (spark://host:7077)",
    )


class IngestionSettings(SettingsGroup):
    """Reading of the raw CSV files."""

    unknown_columns: Literal["warn", "reject"] = Field(
        default="warn",
        description="What to do with raw columns that no contract declares: drop them with a warning, or fail",
    )


class FeatureSettings(SettingsGroup):
    """The feature store."""

    online_store_url: DatabaseUrl = Field(
        default="",
        description=f"Database of the online feature rows ({_FORMS}); empty: SQLite in the data directory",
    )


class LedgerSettings(SettingsGroup):
    """The decision ledger."""

    url: DatabaseUrl = Field(
        default="",
        description=f"Database of the decision ledger ({_FORMS}); empty: SQLite in the data directory",
    )
    timeout_seconds: float = Field(
        default=2.0,
        gt=0,
        le=60,
        description="Maximum time of a ledger transaction; after it, decisions are spooled on disk",
    )
    spool_megabytes: int = Field(
        default=256,
        ge=1,
        description="Maximum size of one process's decision spool while the ledger is unavailable",
    )


class RegistrySettings(SettingsGroup):
    """The model registry."""

    tracking_uri: TrackingUri = Field(
        default="",
        description=f"MLflow tracking and registry: a server (http://HOST:PORT) or a database ({_FORMS}); "
        "empty: SQLite in the data directory",
    )
    model_name: str = Field(default="credit-scoring", min_length=1, description="Name in the model registry")
    model_alias: str = Field(
        default="production",
        min_length=1,
        description="Alias of the model version that scores; until one is promoted to production, `production` "
        "means the newest version in staging",
    )


class PromotionSettings(SettingsGroup):
    """Limits of the gates that a model version passes before production."""

    max_calibration_error: float = Field(
        default=0.01, gt=0, le=1, description="Maximum calibration error, beyond what chance explains"
    )
    max_latency_milliseconds: float = Field(
        default=10.0,
        gt=0,
        allow_inf_nan=False,
        description="Maximum time to score one application, features given",
    )
    min_acceptance_ratio: float = Field(
        default=0.8,
        gt=0,
        le=1,
        description="Minimum acceptance rate of the least accepted group, relative to the most accepted one "
        "(four-fifths rule)",
    )


class CostSettings(SettingsGroup):
    """What decisions cost and earn."""

    missed_default: float = Field(
        default=10.0,
        gt=0,
        allow_inf_nan=False,
        description="Cost of one accepted client who defaults, in units of one refused good client",
    )
    interest_margin: float = Field(
        default=0.06,
        ge=0,
        allow_inf_nan=False,
        description="Earnings on a repaid loan, as a share of its amount (for the ROI)",
    )
    loss_given_default: float = Field(
        default=0.60,
        ge=0,
        allow_inf_nan=False,
        description="Loss on a defaulted loan, as a share of its amount (for the ROI)",
    )


class TrainingSettings(SettingsGroup):
    """Training and comparison of model families."""

    fold_count: int = Field(default=5, ge=2, le=20, description="Number of stratified folds")
    budget: Literal["quick", "full"] = Field(
        default="quick",
        description="quick: small models and few tuning trials; full: larger models, all rows, 50 trials",
    )
    families: NameList = Field(
        default=(), description="Model families to train, separated by commas; empty: all of them"
    )
    monotone_constraints: bool = Field(
        default=False,
        description="true: in tree models, higher external scores can only lower the probability of default, and "
        "lateness, limit use and refusals can only raise it; unconstrained trees are compared but not eligible",
    )


class TuningSettings(SettingsGroup):
    """Hyper-parameter tuning."""

    trials: Annotated[int | None, BeforeValidator(_empty_as_none)] = Field(
        default=None, ge=0, description="Number of tuning trials; empty: as the budget says, 0: no tuning"
    )
    database_url: DatabaseUrl = Field(
        default="",
        description=f"Database of the tuning trials, which several workers may share ({_FORMS}); "
        "empty: SQLite in the data directory",
    )


class ApiSettings(SettingsGroup):
    """The prediction service."""

    host: str = Field(default="127.0.0.1", min_length=1, description="Address the service binds")
    port: int = Field(default=8000, ge=1, le=65535, description="Port the service binds")
    keys_url: DatabaseUrl = Field(
        default="", description=f"Database of the API keys ({_FORMS}); empty: SQLite in the data directory"
    )
    requests_per_second: float = Field(
        default=100.0,
        gt=0,
        allow_inf_nan=False,
        description="Applications per second and API key, per replica; bursts may be twice as large",
    )
    max_in_flight: int = Field(
        default=200, ge=1, description="Maximum number of requests in progress; further ones get 503"
    )
    body_timeout_seconds: Seconds = Field(
        default=10.0, description="Maximum time to receive a request's body"
    )
    request_timeout_seconds: Seconds = Field(
        default=10.0, description="Maximum time of a decision before the service answers 503"
    )
    batch_timeout_seconds: Seconds = Field(
        default=60.0, description="Maximum time of a batch before the service answers 503"
    )
    shutdown_timeout_seconds: int = Field(
        default=30, ge=1, description="Maximum time to finish requests in progress after SIGTERM"
    )
    model_refresh_seconds: Seconds = Field(
        default=10.0, description="Interval between checks of the registry for a new champion"
    )
    shadow_alias: str = Field(
        default="", description="Alias of a challenger model to run in shadow mode; empty: none"
    )
