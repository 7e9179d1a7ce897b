"""The program's part of the platform: its data and databases, and the service in staging and in production."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import httpx
from end_to_end.support.front import Front

from credit_scoring.core.settings import Settings
from credit_scoring.core.settings.defaults import RegistrySettings
from credit_scoring.feature_store.step import published_version
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
        fronts: address of the service by environment: staging, production; empty before they run.
    """

    folder: Path
    variables: Mapping[str, str]
    fronts: Mapping[str, Front] = field(default_factory=dict)

    @property
    def key_file(self) -> Path:
        """File with an API key of the scopes predict and read."""
        return self.folder / "api_key"

    def run(self, *arguments: str) -> Finished:
        """Run a command of the program to its end; it must succeed."""
        finished = Installation(self.folder / "data", dict(self.variables)).run(*arguments)
        assert finished.exit_code == 0, f"{' '.join(arguments)}: {finished.errors[-3000:]}"
        return finished

    def with_first_model(self, source: Path) -> "ScoringPlatform":
        """The same installation, after the databases, an API key and a model in staging were made.

        Args:
            source: folder of the raw tables.
        """
        self.run("database", "upgrade")
        key = self.run("keys", "create", "airflow", "--scope", "predict", "--scope", "read").output.split()[-1]
        self.key_file.write_text(key)
        steps = (("ingest", "--source", str(source)), ("validate",), ("features", "build"), ("features", "publish"))
        for step in (*steps, ("train", "--families", "logistic_regression", "--trials", "0")):
            self.run(*step)
        return self

    def served(self, environment: str) -> int:
        """The model version that decides in an environment."""
        example = {"NAME_CONTRACT_TYPE": "Cash loans", "AMT_INCOME_TOTAL": 135_000, "AMT_CREDIT": 568_800}
        address, headers = f"{self.fronts[environment].url}/predict", {"X-API-Key": self.key_file.read_text()}
        answer = httpx.post(address, json={**example, "DAYS_BIRTH": -14_000}, headers=headers, timeout=60)
        assert answer.is_success, answer.text
        return int(answer.json()["model_version"])

    @property
    def settings(self) -> Settings:
        """Those of its data and registry."""
        tracking = RegistrySettings(tracking_uri=self.variables["CREDIT_REGISTRY_TRACKING_URI"])
        return Settings(data_directory=self.folder / "data", registry=tracking)

    @property
    def registry(self) -> ModelRegistry:
        """The registered models."""
        return ModelRegistry(self.settings)

    def aliases(self) -> dict[str, int]:
        """Model version by environment, as the registry says."""
        versions = {alias: version.number for version in self.registry.versions() for alias in version.aliases}
        return {
            environment: versions[environment] for environment in ("staging", "production") if environment in versions
        }

    def published_version(self) -> int:
        """Number of the published feature version."""
        return published_version(self.settings).number

    def tags(self, version: int) -> dict[str, str]:
        """What the registry knows about a model version."""
        return dict(self.registry.summary(str(version)).tags)


def empty_platform(databases: Mapping[str, str], folder: Path) -> ScoringPlatform:
    """An installation in which nothing was done yet.

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
    return ScoringPlatform(folder, variables)


@contextmanager
def running_services(platform: ScoringPlatform, fronts: Mapping[str, Front]) -> Iterator[ScoringPlatform]:
    """The same installation, which has a model, with a service behind the front of each environment."""
    with ExitStack() as stack:
        for environment, front in fronts.items():
            port = free_port()
            url = front.service_url = f"http://127.0.0.1:{port}"
            own = {"CREDIT_REGISTRY_MODEL_ALIAS": environment, "CREDIT_API_PORT": str(port)}
            log = platform.folder / f"service_{environment}.log"
            command = [str(PROGRAM), "serve"]
            stack.enter_context(running(command, f"{url}/health/live", log, {**platform.variables, **own}))
        yield replace(platform, fronts=fronts)
