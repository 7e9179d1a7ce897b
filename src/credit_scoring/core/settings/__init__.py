"""All settings in one typed object; this package is the only reader of the environment.

A variable is called ``CREDIT_<GROUP>_<NAME>`` (``CREDIT_API_PORT`` is ``settings.api.port``); settings of no group
are called ``CREDIT_<NAME>``. An invalid value or an unknown variable stops the program at start and is named.

A setting may also be the content of a file, as containers mount secrets: ``/run/secrets/credit_<group>_<name>``. The
environment and ``.env`` come before it.
"""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    NestedSecretsSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from credit_scoring.core.errors import SettingsError
from credit_scoring.core.settings import defaults
from credit_scoring.core.urls import without_credentials

PREFIX = "CREDIT_"
SECRETS_DIRECTORY = Path("/run/secrets")
_PUBLISHED_PORT = f"{PREFIX}PORT_"
"""Prefix of Compose's ports on the host, which share ``.env`` and the environment with the settings."""
_SERVICE_LINK = re.compile(r"_SERVICE_(HOST|PORT(_\w+)?)$|_PORT_\d+_(TCP|UDP|SCTP)(_\w+)?$")
_MISREAD_IN_PATHS = re.compile(r"[#?\[\]\\^|\x00-\x1f\udc80-\udcff]|%[0-9A-Fa-f]{2}")


class Settings(BaseSettings):
    """Everything that may differ between two installations."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="_",
        env_nested_max_split=1,
        env_file=".env",
        dotenv_filtering="match_prefix",  # other programs (Docker Compose) read the same file
        frozen=True,
        extra="forbid",
        str_strip_whitespace=True,  # a secret read from a file may end in a newline
        use_attribute_docstrings=True,
    )

    environment: Literal["production", "staging", "dev"] = "production"
    """dev: the service answers without API keys, for a developer's own machine only"""
    data_directory: Path = Path("data")
    """Folder of everything the steps write: tables, features, models"""
    bucket_count: Annotated[int, Field(ge=1, le=4096)] = 16
    """Number of client buckets each table is split into"""
    engine: Literal["local", "spark"] = "local"
    """Where buckets are computed: in this process or on Spark"""
    code_commit: str = ""
    """Commit of the program, recorded with each feature version; empty: that of the checkout it runs from, if any"""
    log: defaults.LogSettings = defaults.LogSettings()
    storage: defaults.StorageSettings = defaults.StorageSettings()
    spark: defaults.SparkSettings = defaults.SparkSettings()
    ingestion: defaults.IngestionSettings = defaults.IngestionSettings()
    features: defaults.FeatureSettings = defaults.FeatureSettings()
    ledger: defaults.LedgerSettings = defaults.LedgerSettings()
    registry: defaults.RegistrySettings = defaults.RegistrySettings()
    promotion: defaults.PromotionSettings = defaults.PromotionSettings()
    cost: defaults.CostSettings = defaults.CostSettings()
    training: defaults.TrainingSettings = defaults.TrainingSettings()
    tuning: defaults.TuningSettings = defaults.TuningSettings()
    drift: defaults.DriftSettings = defaults.DriftSettings()
    api: defaults.ApiSettings = defaults.ApiSettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Where values come from; the first source that has one wins."""
        files = NestedSecretsSettingsSource(
            file_secret_settings, secrets_dir=SECRETS_DIRECTORY, secrets_dir_missing="ok"  # pragma: allowlist secret
        )
        if isinstance(dotenv_settings, DotEnvSettingsSource):
            dotenv_settings.env_vars = {
                name: value
                for name, value in dotenv_settings.env_vars.items()
                if not name.upper().startswith(_PUBLISHED_PORT)
            }
        return init_settings, env_settings, dotenv_settings, files

    @field_validator("data_directory", mode="before")
    @classmethod
    def _can_hold_a_delta_table(cls, value: object) -> object:
        if value == "":
            raise ValueError("must name a folder")
        folder = Path(os.path.expanduser(str(value).strip()))
        if str(folder).startswith("~"):
            raise ValueError("names the home of an unknown user")
        if misread := _MISREAD_IN_PATHS.search(str(folder.absolute())):
            raise ValueError(
                f"{str(folder.absolute())!r} contains {misread[0]!r}, which the Delta library misreads; choose a "
                "folder whose path is UTF-8 without # ? % [ ] ^ | and backslashes"
            )
        return folder

    @model_validator(mode="after")
    def _schemas_are_apart(self) -> Self:
        tracking, tuning = self.registry.tracking_uri, self.tuning.database_url
        if tracking and tracking == tuning and not tracking.startswith("sqlite"):
            raise ValueError(
                f"{variable_name('registry.tracking_uri')} and {variable_name('tuning.database_url')} name the same "
                "database, but MLflow and Optuna both keep a table alembic_version: give each a database of its own"
            )
        return self

    def with_values(self, **changes: object) -> Self:
        """A copy with other values: ``with_values(bucket_count=2, api={"port": 8001})``.

        Raises:
            SettingsError: a value of a group is not allowed.
        """
        updates: dict[str, object] = {}
        for name, value in changes.items():
            group = getattr(self, name)
            if isinstance(group, defaults.SettingsGroup) and isinstance(value, Mapping):
                try:
                    updates[name] = type(group).model_validate({**dict(group), **value})
                except ValidationError as error:
                    raise _invalid(error, f"{name}.") from error
            else:
                updates[name] = value
        return self.model_copy(update=updates)


def variable_name(setting: str) -> str:
    """Environment variable of a setting: ``api.port`` is set by ``CREDIT_API_PORT``."""
    return f"{PREFIX}{setting.replace('.', '_').upper()}"


def setting_variables() -> Iterator[tuple[str, FieldInfo]]:
    """Every environment variable with its field, in the order of declaration."""
    for name, field in Settings.model_fields.items():
        group = field.annotation
        if isinstance(group, type) and issubclass(group, defaults.SettingsGroup):
            for member, nested in group.model_fields.items():
                yield variable_name(f"{name}.{member}"), nested
        else:
            yield variable_name(name), field


@cache
def load_settings() -> Settings:
    """Settings from the environment and ``.env``.

    Raises:
        SettingsError: a variable is unknown or its value is not allowed; the message names it.
    """
    with unchanged_environment():
        for name in [name for name, value in os.environ.items() if _belongs_to_the_deployment(name, value)]:
            del os.environ[name]
        allowed = {variable for variable, _ in setting_variables()}
        unknown = sorted(name for name in os.environ if name.startswith(PREFIX) and name not in allowed)
        if unknown:
            raise _unknown_variable(unknown[0])
        for file in _setting_files():
            if file.name.upper() not in allowed:
                raise SettingsError(
                    f"Unknown setting {file}.", "Rename or remove it; .env.example lists every setting."
                )
            if file.is_file() and not file.stat().st_size:
                raise SettingsError(f"{file} is empty.", "Write the value of the setting to it, or remove it.")
        try:
            return Settings()
        except OSError as error:
            raise SettingsError(
                f"{error.filename} cannot be read ({error.strerror}).", "Let the user of the program read it."
            ) from error
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            raise SettingsError(
                f"{Path('.env').absolute()}, line {line}, is not UTF-8.", "Save it as UTF-8."
            ) from error
        except ValidationError as error:
            raise _invalid(error) from error


def _setting_files() -> list[Path]:
    """Files of settings; other files, such as the token of a Kubernetes service account, are none."""
    return sorted(SECRETS_DIRECTORY.glob(f"{PREFIX.lower()}*"))


def _belongs_to_the_deployment(name: str, value: str) -> bool:
    """Whether a variable is a port of Compose, or set by Kubernetes for a service that is called credit-something."""
    return name.startswith(_PUBLISHED_PORT) or bool(
        name.startswith(PREFIX)
        and (_SERVICE_LINK.search(name) or (name.endswith("_PORT") and value.startswith(("tcp://", "udp://"))))
    )


def _unknown_variable(name: str) -> SettingsError:
    return SettingsError(f"Unknown variable {name}.", "Correct or unset it; .env.example lists every variable.")


def _invalid(error: ValidationError, group: str = "") -> SettingsError:
    first = error.errors()[0]
    setting = group + ".".join(str(part) for part in first["loc"]).lower().removeprefix(PREFIX.lower())
    if first["type"] == "extra_forbidden":  # of a .env file
        return _unknown_variable(variable_name(setting))
    message = first["msg"].removeprefix("Value error, ")
    if not setting:
        return SettingsError(f"{message}.", "Correct the variables; .env.example says what each one means.")
    variable = variable_name(setting)
    file = SECRETS_DIRECTORY / variable.lower()
    # The content of a file may be a secret, in any form.
    given = str(file) if file.exists() else f"{variable}={without_credentials(as_given(first['input']))!r}"
    return SettingsError(
        f"{given}: {message}.",
        "Correct the variable or option; .env.example says what each one means.",
    )


def prepare_environment() -> None:
    """Give libraries what they need and the user left open: no usage data leaves the machine, and there is a home."""
    # A pseudo-terminal without a size; at a width of 0, rich prints nothing at all.
    if os.environ.get("COLUMNS", "").strip() == "0":
        del os.environ["COLUMNS"]
    if "DO_NOT_TRACK" not in os.environ:
        os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
        # Evidently looks whether there is a value, and MLflow whether it is "true".
        os.environ["DO_NOT_TRACK"] = "1"
    try:
        Path.home()
    except RuntimeError:  # a user id without a name, as containers have, and without HOME
        os.environ["HOME"] = str(load_settings().data_directory.absolute())


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


def as_given(value: Any) -> str:
    """The value of a setting as a variable gives it."""
    return ",".join(value) if isinstance(value, tuple) else str("" if value is None else value)
