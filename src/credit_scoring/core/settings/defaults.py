"""What may differ between two installations: one class per component, one field per setting.

The text below a field is its description in ``.env.example``.
"""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_settings import NoDecode

from credit_scoring.core.urls import database_url, tracking_url

DEFAULT_TUNING_TRIALS = 50
_FORMS = "sqlite:///PATH or postgresql+psycopg://USER@HOST/DATABASE"


def _split_list(value: object) -> object:
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


DatabaseUrl = Annotated[str, AfterValidator(database_url)]
TrackingUri = Annotated[str, AfterValidator(tracking_url)]
NameList = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split_list)]
Name = Annotated[str, Field(min_length=1)]
Count = Annotated[int, Field(ge=1)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
NotNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Share = Annotated[float, Field(gt=0, le=1)]


def _database(content: str) -> Any:
    return Field("", description=f"Database of {content} ({_FORMS}); empty: SQLite in the data directory")


class SettingsGroup(BaseModel):
    """The settings of one component."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", validate_default=True, str_strip_whitespace=True, use_attribute_docstrings=True
    )


class LogSettings(SettingsGroup):
    """Structured logs on standard error."""

    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    """Lowest level that is logged"""
    format: Literal["auto", "console", "json"] = "auto"
    """auto: readable lines on a terminal, JSON elsewhere"""


class StorageSettings(SettingsGroup):
    """Results of the steps in the data directory."""

    kept_versions: Count = 3
    """Number of versions of each step's result to keep; older ones are deleted"""


class SparkSettings(SettingsGroup):
    """The Spark cluster that computes buckets when the engine is Spark."""

    master: Name = "local[*]"
    """Spark master, for CREDIT_ENGINE=spark (spark://host:7077)"""


class IngestionSettings(SettingsGroup):
    """Reading of the raw CSV files."""

    unknown_columns: Literal["warn", "reject"] = "warn"
    """What to do with raw columns that no contract declares: drop them with a warning, or fail"""


class FeatureSettings(SettingsGroup):
    """The feature store."""

    online_store_url: DatabaseUrl = _database("the online feature rows")


class LedgerSettings(SettingsGroup):
    """The decision ledger."""

    url: DatabaseUrl = _database("the decision ledger")
    timeout_seconds: Annotated[float, Field(gt=0, le=60)] = 2.0
    """Maximum time of a ledger transaction before decisions are spooled; a quarter of a request's, if that is less"""
    spool_megabytes: Annotated[int, Field(ge=0)] = 256
    """Maximum size of one process's decision spool while the ledger is unavailable; 0: no decision is made meanwhile"""


class RegistrySettings(SettingsGroup):
    """The model registry."""

    tracking_uri: TrackingUri = Field(
        default="",
        description=f"MLflow tracking and registry: a server (http://HOST:PORT) or a database ({_FORMS}); "
        "empty: SQLite in the data directory",
    )
    model_name: Name = "credit-scoring"
    """Name in the model registry"""
    model_alias: Name = Field(
        default="production",
        description="Alias of the model version that scores; until one is promoted to production, `production` "
        "means the newest version in staging",
    )


class PromotionSettings(SettingsGroup):
    """Limits of the gates that a model version passes before production."""

    max_calibration_error: Share = 0.01
    """Maximum calibration error, beyond what chance explains"""
    max_latency_milliseconds: Positive = 10.0
    """Maximum time to score one application, features given"""
    min_acceptance_ratio: Share = 0.8
    """Minimum acceptance rate of the least accepted group, relative to the most accepted one (four-fifths rule)"""


class CostSettings(SettingsGroup):
    """What decisions cost and earn."""

    missed_default: Positive = 10.0
    """Cost of one accepted client who defaults, in units of one refused good client"""
    interest_margin: NotNegative = 0.06
    """Earnings on a repaid loan, as a share of its amount (for the ROI)"""
    loss_given_default: NotNegative = 0.60
    """Loss on a defaulted loan, as a share of its amount (for the ROI)"""


class TrainingSettings(SettingsGroup):
    """Training and comparison of model families."""

    fold_count: Annotated[int, Field(ge=2, le=20)] = 5
    """Number of stratified folds"""
    budget: Literal["quick", "full"] = "quick"
    """quick: small models, few treatments of imbalance; full: larger models, all rows, all treatments"""
    families: NameList = ()
    """Model families to train, separated by commas; empty: all of them"""
    without_protected: bool = False
    """true: models that use no protected attribute (docs/REASONS.md), however little it would influence them"""
    monotone_constraints: bool = Field(
        default=False,
        description="true: in tree models, higher external scores can only lower the probability of default, and "
        "lateness, limit use and refusals can only raise it; unconstrained trees are compared but not eligible",
    )


class TuningSettings(SettingsGroup):
    """Hyper-parameter tuning."""

    trials: Annotated[
        int, Field(ge=0), BeforeValidator(lambda value: DEFAULT_TUNING_TRIALS if value == "" else value)
    ] = DEFAULT_TUNING_TRIALS
    """Number of tuning trials; 0: no tuning"""
    database_url: DatabaseUrl = _database("the tuning trials, which several workers may share")


class DriftSettings(SettingsGroup):
    """The monitor of drift and performance."""

    history_url: DatabaseUrl = _database("the drift history")
    feature_index: Positive = 0.2
    """Population stability index above which a feature has drifted, after subtracting what chance explains"""
    warning_score: Share = 0.2
    """Share of drifted features above which the verdict is a warning"""
    alarm_score: Share = 0.5
    """Share of drifted features above which the verdict is an alarm, in two windows in a row"""
    min_decisions: Count = 500
    """Number of decisions below which there is no verdict"""


class ApiSettings(SettingsGroup):
    """The prediction service."""

    host: Name = "127.0.0.1"
    """Address the service binds"""
    port: Annotated[int, Field(ge=1, le=65535)] = 8000
    """Port the service binds"""
    root_path: Annotated[str, Field(pattern=r"^(/[\w.-]+)*$")] = ""
    """Path prefix that a proxy removes from requests, such as /credit; pages and OpenAPI name it"""
    keys_url: DatabaseUrl = _database("the API keys")
    requests_per_second: Positive = 100.0
    """Applications per second and API key, per replica; bursts may be twice as large"""
    max_in_flight: Count = 200
    """Maximum number of requests in progress; further ones get 503"""
    body_timeout_seconds: Positive = 10.0
    """Maximum time to receive a request's body"""
    request_timeout_seconds: Positive = 10.0
    """Maximum time of a decision before the service answers 503"""
    batch_timeout_seconds: Positive = 60.0
    """Maximum time of a batch before the service answers 503"""
    shutdown_timeout_seconds: Count = 30
    """Maximum time to finish requests in progress after SIGTERM, or after the drain period"""
    drain_seconds: NotNegative = 0.0
    """Time from SIGTERM, when readiness turns 503, until no more requests are accepted"""
    keep_alive_seconds: Count = 75
    """Time until an idle connection is closed; longer than the proxy keeps one open"""
    model_refresh_seconds: Positive = 10.0
    """Interval between checks of the registry for a new champion"""

    shadow_alias: str = ""
    """Alias of a challenger model to run in shadow mode; empty: none"""
    reasons_by_default: bool = False
    """true: answers of /predict give reasons unless the request says explain=false"""

    @property
    def look_up_seconds(self) -> float:
        """Time limit of one query: a request may wait for a broken connection, a new one, and then for the ledger."""
        return self.request_timeout_seconds / 4
