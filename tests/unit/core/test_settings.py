"""Settings come from CREDIT_ variables; a wrong one stops the program and is named."""

import errno
import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from credit_scoring.core.errors import SettingsError
from credit_scoring.core.settings import Settings, load_settings, setting_variables
from scripts.documentation.env_example import render_env_example

REPOSITORY = Path(__file__).parents[3]


def test_a_variable_sets_the_field_of_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CREDIT_BUCKET_COUNT", "7")
    monkeypatch.setenv("CREDIT_DATA_DIRECTORY", "elsewhere")
    settings = load_settings()
    assert (settings.bucket_count, settings.data_directory) == (7, Path("elsewhere"))


def test_the_env_file_of_the_working_folder_is_read(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("CREDIT_REGISTRY_MODEL_ALIAS=champion\n")
    assert load_settings().registry.model_alias == "champion"


def test_the_environment_wins_over_the_env_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("CREDIT_REGISTRY_MODEL_ALIAS=champion\n")
    monkeypatch.setenv("CREDIT_REGISTRY_MODEL_ALIAS", "challenger")
    assert load_settings().registry.model_alias == "challenger"


@pytest.fixture
def secrets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The folder in which a container finds its secrets."""
    folder = tmp_path / "secrets"
    folder.mkdir()
    monkeypatch.setattr("credit_scoring.core.settings.SECRETS_DIRECTORY", folder)
    return folder


def test_a_secret_comes_from_a_file_and_is_in_no_environment(secrets: Path) -> None:
    url = "postgresql+psycopg://credit:word@postgres/credit"  # pragma: allowlist secret
    (secrets / "credit_ledger_url").write_text(f"{url}\n")
    (secrets / "credit_environment").write_text("staging")
    (secrets / "kubernetes.io").mkdir()
    settings = load_settings()
    assert (settings.ledger.url, settings.environment) == (url, "staging")
    assert "word" not in "".join(os.environ.values())


def test_the_environment_wins_over_a_file(secrets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (secrets / "credit_registry_model_alias").write_text("champion")
    monkeypatch.setenv("CREDIT_REGISTRY_MODEL_ALIAS", "challenger")
    assert load_settings().registry.model_alias == "challenger"


def test_an_empty_file_is_an_error_and_not_the_default(secrets: Path) -> None:
    (secrets / "credit_ledger_url").touch()
    with pytest.raises(SettingsError, match="credit_ledger_url is empty"):
        load_settings()


def test_a_file_of_no_setting_is_named(secrets: Path) -> None:
    (secrets / "credit_ledger_uri").write_text("x")
    with pytest.raises(SettingsError, match="Unknown setting .*credit_ledger_uri"):
        load_settings()


def test_a_file_that_cannot_be_read_is_named(secrets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = secrets / "credit_ledger_url"
    file.write_text("value")

    def denied(*_: object, **__: object) -> str:
        raise PermissionError(errno.EACCES, "Permission denied", str(file))

    monkeypatch.setattr(Path, "read_text", denied)
    with pytest.raises(SettingsError, match=f"{file} cannot be read"):
        load_settings()


def test_a_wrong_value_of_a_file_is_not_shown(secrets: Path) -> None:
    (secrets / "credit_bucket_count").write_text("word")
    with pytest.raises(SettingsError, match="credit_bucket_count") as caught:
        load_settings()
    assert "word" not in str(caught.value)


def test_an_unknown_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CREDIT_BUCKETS", "7")
    with pytest.raises(SettingsError, match=r"CREDIT_BUCKETS\b"):
        load_settings()


def test_an_unknown_variable_of_the_env_file_is_named(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("CREDIT_BUCKETS=7\n")
    with pytest.raises(SettingsError, match=r"CREDIT_BUCKETS\b"):
        load_settings()


def test_variables_of_other_programs_are_left_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CREDITOR", "someone")
    monkeypatch.setenv("CREDIT_PORT_PROXY", "9080")
    (tmp_path / ".env").write_text("COMPOSE_PROJECT_NAME=credit\nCREDIT_PORT_MLFLOW=5005\n")  # pragma: allowlist secret
    assert load_settings() == Settings()


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("CREDIT_BUCKET_COUNT", "0"),
        ("CREDIT_BUCKET_COUNT", "many"),
        ("CREDIT_LOG_FORMAT", "prose"),
        ("CREDIT_DATA_DIRECTORY", ""),
        ("CREDIT_DATA_DIRECTORY", "data#1"),
        ("CREDIT_DATA_DIRECTORY", "my%20data"),
        ("CREDIT_ENGINE", "dask"),
        ("CREDIT_LOG_LEVEL", "info"),
        ("CREDIT_TRAINING_FOLD_COUNT", "1"),
        ("CREDIT_COST_MISSED_DEFAULT", "-1"),
        ("CREDIT_COST_MISSED_DEFAULT", "nan"),
        ("CREDIT_COST_MISSED_DEFAULT", "inf"),
        ("CREDIT_REGISTRY_MODEL_ALIAS", ""),
        ("CREDIT_API_PORT", "65536"),
    ],
)
def test_a_wrong_value_is_named_with_its_variable(variable: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert caught.value.message.startswith(f"{variable}={value!r}: ")
    assert ".env.example" in caught.value.next_step


def test_settings_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    first = load_settings()
    monkeypatch.setenv("CREDIT_API_PORT", "9000")
    assert load_settings() is first


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Settings().api.port = 9000  # type: ignore[misc]


def test_env_example_is_generated_from_the_settings() -> None:
    assert (REPOSITORY / ".env.example").read_text() == render_env_example()


def test_env_example_uncommented_gives_the_defaults(tmp_path: Path) -> None:
    lines = render_env_example().splitlines()
    given = [line.removeprefix("#") for line in lines if line.startswith("#CREDIT_")]
    assert [line.split("=")[0] for line in given] == [variable for variable, _ in setting_variables()]
    (tmp_path / ".env").write_text("\n".join(given))
    assert load_settings() == Settings(_env_file=None)
