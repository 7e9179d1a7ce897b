"""All settings in one typed place: the only reader of the environment.

A variable is called ``CREDIT_`` and the field's name in capitals. A wrong value, or a variable that no field has,
stops the program at start and names the variable.
"""

import os
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


class Settings(BaseSettings):
    """What may differ between two installations."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        dotenv_filtering="match_prefix",  # other programs (Docker Compose) read the same file
        frozen=True,
        extra="forbid",
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
        default="staging", min_length=1, description="Alias of the model version that scores"
    )
    fold_count: int = Field(default=5, ge=2, le=20, description="Number of stratified folds")
    missed_default_cost: float = Field(
        default=10.0,
        gt=0,
        allow_inf_nan=False,
        description="Cost of one accepted client who defaults, in units of a refused good client",
    )
    api_host: str = Field(
        default="127.0.0.1", min_length=1, description="Address the prediction service binds"
    )
    api_port: int = Field(default=8000, ge=1, le=65535, description="Port the prediction service binds")

    @field_validator("data_directory", mode="before")
    @classmethod
    def _is_named(cls, value: object) -> object:
        if value == "":
            raise ValueError("must name a folder")
        return value

    @field_validator("online_store_url", "ledger_url")
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
