"""The program's part of the platform: its data and databases, and the service in staging and in production."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from end_to_end.support.front import Front, running_front

from credit_scoring.core.settings import Settings
from credit_scoring.core.settings.defaults import RegistrySettings
from credit_scoring.model_registry.registry import ModelRegistry
from tests.e2e.installation import Finished, Installation
from tests.support.servers.processes import free_port, running

PROGRAM = Path(sys.executable).with_name("credit-scoring")
# Small and quick; none of them is a limit of a gate.
_SMALL = {
    "CREDIT_ENVIRONMENT": "staging",
    "CREDIT_BUCKET_COUNT": "2",
    "CREDIT_TRAINING_FOLD_COUNT": "3",
    "CREDIT_DRIFT_MIN_DECISIONS": "100",
    "CREDIT_API_MODEL_REFRESH_SECONDS": "0.5",
    "CREDIT_LOG_FORMAT": "json",
    "OMP_NUM_THREADS": "1",
    "MLFLOW_DISABLE_TELEMETRY": "true",
}


@dataclass(frozen=True)
class ScoringPlatform:
    """An installation that Airflow works on.

    Attributes:
        variables: its settings, as environment variables.
        fronts: address of the service by environment: staging, production.
        key: API key of the scopes predict and read, which is also in `key_file`.
    """

    folder: Path
    variables: Mapping[str, str]
    fronts: Mapping[str, Front]
    key: str

    @property
    def key_file(self) -> Path:
        """File with the API key."""
        return self.folder / "api_key"

    def run(self, *arguments: str) -> Finished:
        """Run a command of the program to its end; it must succeed."""
        return _run(self.folder, self.variables, *arguments)

    def served(self, environment: str) -> int:
        """The model version that decides in an environment."""
        example = {"NAME_CONTRACT_TYPE": "Cash loans", "AMT_INCOME_TOTAL": 135_000, "AMT_CREDIT": 568_800}
        address, headers = f"{self.fronts[environment].url}/predict", {"X-API-Key": self.key}
        answer = httpx.post(address, json={**example, "DAYS_BIRTH": -14_000}, headers=headers, timeout=60)
        assert answer.is_success, answer.text
        return int(answer.json()["model_version"])

    @property
    def registry(self) -> ModelRegistry:
        """The registered models."""
        tracking = RegistrySettings(tracking_uri=self.variables["CREDIT_REGISTRY_TRACKING_URI"])
        return ModelRegistry(Settings(data_directory=self.folder / "data", registry=tracking))

    def aliases(self) -> dict[str, int]:
        """Model version by alias."""
        return {alias: version.number for version in self.registry.versions() for alias in version.aliases}

    def published_versions(self) -> int:
        """Number of published feature versions."""
        return len(list((self.folder / "data" / "publish").glob("*/manifest.json")))


@contextmanager
def running_platform(databases: Mapping[str, str], folder: Path) -> Iterator[ScoringPlatform]:
    """An installation without data and models, and its two services.

    Args:
        databases: empty ones: credit and mlflow.
    """
    names = ("LEDGER_URL", "FEATURES_ONLINE_STORE_URL", "API_KEYS_URL", "DRIFT_HISTORY_URL")
    variables = {
        **_SMALL,
        **{f"CREDIT_{name}": databases["credit"] for name in names},
        "CREDIT_DATA_DIRECTORY": str(folder / "data"),
        "CREDIT_REGISTRY_TRACKING_URI": databases["mlflow"],
    }
    _run(folder, variables, "database", "upgrade")
    key = _run(folder, variables, "keys", "create", "airflow", "--scope", "predict", "--scope", "read").output.split()[-1]
    (folder / "api_key").write_text(key)
    with (
        _running_service(folder, variables, "staging") as staging,
        _running_service(folder, variables, "production") as production,
    ):
        yield ScoringPlatform(folder, variables, {"staging": staging, "production": production}, key)


@contextmanager
def _running_service(folder: Path, variables: Mapping[str, str], alias: str) -> Iterator[Front]:
    port = free_port()
    own = {**variables, "CREDIT_REGISTRY_MODEL_ALIAS": alias, "CREDIT_API_PORT": str(port)}
    url = f"http://127.0.0.1:{port}"
    log = folder / f"service_{alias}.log"
    with running([str(PROGRAM), "serve"], f"{url}/health/live", log, own), running_front(url) as front:
        yield front


def _run(folder: Path, variables: Mapping[str, str], *arguments: str) -> Finished:
    finished = Installation(folder / "data", dict(variables)).run(*arguments)
    assert finished.exit_code == 0, f"{' '.join(arguments)}: {finished.errors[-3000:]}"
    return finished
