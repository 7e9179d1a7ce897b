"""The model registry: registers Scorers in MLflow and loads them by alias or version."""

import tempfile
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property, partial
from pathlib import Path
from typing import NamedTuple

from mlflow import MlflowClient
from mlflow.entities.model_registry import ModelVersion

from credit_scoring.core.errors import ModelNotFoundError, StorageError
from credit_scoring.core.logs import get_logger
from credit_scoring.core.settings import Settings
from credit_scoring.core.storage import Storage
from credit_scoring.core.urls import location_of, missing_file
from credit_scoring.model_registry import aliases
from credit_scoring.model_registry.bundle import SCORER_IN_BUNDLE, write_bundle
from credit_scoring.model_registry.connection import RegistryConnection, require_registry
from credit_scoring.model_registry.gate_result import GATE_REPORTS, GateResult
from credit_scoring.model_registry.model_card import MODEL_DESCRIPTION, model_card, tags_of
from credit_scoring.model_registry.promotion_log import PromotionLog
from credit_scoring.scoring.artefact_names import SCORER_FOLDER
from credit_scoring.scoring.scorer import Scorer, load_description, load_scorer

_FINGERPRINT_TAG = "fingerprint"
_WARNED: set[tuple[str, int]] = set()
"""Versions in staging that stood in for one in production: one warning in each process is enough."""


class Deployment(NamedTuple):
    """Which version an alias points to, and since when.

    Attributes:
        alias: the one that points to it: ``staging`` where it stands in for ``production``.
        at: time of the promotion or rollback, or of the registration for other aliases than ``production``.
    """

    version: int
    alias: str
    at: datetime


@dataclass(frozen=True)
class RegisteredScorer:
    """A Scorer, with the model name and version that identify it permanently.

    Attributes:
        folder: the files it was loaded from.
        deployment: None for one that was loaded by its number.
    """

    scorer: Scorer
    name: str
    version: int
    folder: Path | None = None
    deployment: Deployment | None = None

    def require_features(self, served: tuple[str, ...]) -> None:
        """Check that the feature store serves the features of the model, in its order.

        Raises:
            StorageError: it serves others.
        """
        if self.scorer.description.feature_names != served:
            raise StorageError(
                f"{self.name} version {self.version} was trained on other features than are served.",
                "Run `credit-scoring train` on the published features.",
            )


@dataclass(frozen=True)
class VersionSummary:
    """A version as the registry describes it, without its files.

    Attributes:
        stage: None, Staging, Production or Archived.
        tags: figures and origin of the Scorer, as text.
        card: description in Markdown.
    """

    number: int
    aliases: tuple[str, ...]
    stage: str
    tags: dict[str, str]
    run_id: str
    card: str


class ModelRegistry:
    """The versions of one registered model.

    Every method raises StorageError if the tracking server does not respond.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._name = settings.registry.model_name
        self.tracking_uri = Storage.of(settings).database_url(settings.registry.tracking_uri, "mlflow")

    @property
    def location(self) -> str:
        """File or address of the registry, for messages."""
        return location_of(self.tracking_uri)

    @cached_property
    def connection(self) -> RegistryConnection:
        """The connection to the tracking server, opened when first used."""
        return RegistryConnection(self._settings)

    @property
    def _client(self) -> MlflowClient:
        return self.connection.client

    def find(self, fingerprint: str) -> ModelVersion | None:
        """The version that an earlier run registered for the same training step, if any."""
        if missing_file(self.tracking_uri):
            return None
        query = f"name = '{self._name}' and tags.{_FINGERPRINT_TAG} = '{fingerprint}'"
        with self.connection.clear_errors():
            found = self._client.search_model_versions(query)
        return found[0] if found else None

    def register(self, run_id: str, fingerprint: str, scorer_folder: Path, is_staged: bool = True) -> int:
        """Register a Scorer as the next version, optionally with alias and stage staging; returns its number.

        The files are uploaded before the version is created with all its tags, so a version always has its
        files. A fingerprint that is registered already, by a run that was killed, keeps its version.

        Args:
            run_id: the tracked run that produced the Scorer and keeps its files.
            scorer_folder: as `save_scorer` wrote it; must be named ``scorer``.
        """
        version = self.find(fingerprint) or self._create(run_id, fingerprint, scorer_folder)
        if is_staged:
            with self.connection.clear_errors():
                aliases.move_to_staging(self._client, self._name, version)
        return int(version.version)

    def _create(self, run_id: str, fingerprint: str, scorer_folder: Path) -> ModelVersion:
        description = load_description(scorer_folder)
        with self.connection.clear_errors(), tempfile.TemporaryDirectory() as temporary:
            bundle = Path(temporary, SCORER_FOLDER)
            write_bundle(scorer_folder, bundle)
            self._client.log_artifacts(run_id, str(bundle), SCORER_FOLDER)
            if not self._client.search_registered_models(f"name = '{self._name}'"):
                self._client.create_registered_model(self._name)
            self._client.update_registered_model(self._name, description=MODEL_DESCRIPTION)
            return self._client.create_model_version(
                self._name,
                f"{self._client.get_run(run_id).info.artifact_uri}/{SCORER_FOLDER}",
                run_id,
                tags=tags_of(description) | {_FINGERPRINT_TAG: fingerprint},
                description=model_card(description),
            )

    def load(self, alias: str) -> RegisteredScorer:
        """The Scorer behind an alias.

        Before the first promotion, ``production`` is the version in staging, with a warning in the log.

        Raises:
            ModelNotFoundError: no version has the alias.
            StorageError: its files are missing or damaged.
        """
        version, used_alias = self._resolve(alias)
        number = int(version.version)
        if used_alias != alias and (self._name, number) not in _WARNED:
            _WARNED.add((self._name, number))
            get_logger("model_registry").warning(
                "no model was ever promoted; using the version in staging",
                model=self._name,
                version=number,
                next_step=f"credit-scoring model promote {number} --why REASON",
            )
        return replace(self._load(number, str(version.source)), deployment=self._deployment(version, used_alias))

    def deployment(self, alias: str) -> Deployment:
        """The version behind an alias, without its files; resolves and raises like ``load``."""
        return self._deployment(*self._resolve(alias))

    def _deployment(self, version: ModelVersion, alias: str) -> Deployment:
        number, at = int(version.version), datetime.fromtimestamp(version.creation_timestamp / 1000, UTC)
        # A damaged log must not keep a service from its model.
        with suppress(StorageError):
            moves = PromotionLog(self.connection).read().completed if alias == aliases.PRODUCTION else []
            at = next((move.at for move in reversed(moves) if move.to_version == number), at)
        return Deployment(number, alias, at)

    def require_promoted(self, alias: str) -> None:
        """Check that ``load`` would not fall back to the version in staging.

        Raises:
            ModelNotFoundError: the alias is production, and no version was promoted yet.
        """
        if self._resolve(alias)[1] != alias:
            raise ModelNotFoundError(
                f"No version of {self._name} was promoted to production.",
                "Run `credit-scoring model promote staging --why REASON`, or set CREDIT_ENVIRONMENT to dev or "
                "staging to serve the version in staging.",
            )

    def load_version(self, number: int) -> RegisteredScorer:
        """The Scorer of a version; raises like ``load``."""
        require_registry(self.tracking_uri)
        version = self.connection.found(lambda: self._client.get_model_version(self._name, str(number)))
        if version is None:
            raise self._unknown(str(number))
        return self._load(number, str(version.source))

    def versions(self) -> list[VersionSummary]:
        """All versions, oldest first."""
        if missing_file(self.tracking_uri):
            return []
        with self.connection.clear_errors():
            query = f"name = '{self._name}'"
            models = self._client.search_registered_models(query)
            found = self._client.search_model_versions(query, max_results=aliases.MAX_SEARCH_RESULTS)
        # A search of versions leaves out their aliases.
        by_alias = {alias: int(number) for model in models for alias, number in model.aliases.items()}
        return [
            VersionSummary(
                number=int(version.version),
                aliases=tuple(sorted(a for a, number in by_alias.items() if number == int(version.version))),
                stage=version.current_stage,
                tags=dict(version.tags),
                run_id=str(version.run_id),
                card=version.description or "",
            )
            for version in sorted(found, key=lambda version: int(version.version))
        ]

    def summary(self, reference: str) -> VersionSummary:
        """The version with a number or an alias.

        Raises:
            ModelNotFoundError: there is none.
        """
        for version in self.versions():
            if reference == str(version.number) or reference in version.aliases:
                return version
        raise self._unknown(reference)

    def artefact(self, run_id: str, path: str) -> Path | None:
        """A local copy of a file or folder that a run logged; None if the run has none of that path."""
        with self.connection.clear_errors():
            folder = str(Path(path).parent)
            listed = self._client.list_artifacts(run_id, None if folder == "." else folder)
            if path not in {entry.path for entry in listed}:
                return None
            return self.connection.local_copy(run_id=run_id, artifact_path=path)

    def report_gate_result(self, run_id: str, result: GateResult) -> None:
        """Store the result of another step's gate among a run's files, replacing an earlier one of that gate."""
        with self.connection.clear_errors():
            self._client.log_text(run_id, result.model_dump_json(indent=1), f"{GATE_REPORTS}/{result.gate}.json")

    def put_into_production(self, number: int) -> None:
        """Move the alias ``production`` to a version, in one atomic write."""
        with self.connection.clear_errors():
            self._client.set_registered_model_alias(self._name, aliases.PRODUCTION, str(number))

    def show_stages(self, number: int) -> None:
        """Set MLflow's stages as the alias says: this version in Production, the one before Archived."""
        with self.connection.clear_errors():
            aliases.set_stage(self._client, self._name, number, "Production")

    def _resolve(self, alias: str) -> tuple[ModelVersion, str]:
        """The version behind an alias, and the alias: ``staging`` stands in until a version is promoted."""
        require_registry(self.tracking_uri)
        for name in (aliases.PRODUCTION, aliases.STAGING) if alias == aliases.PRODUCTION else (alias,):
            version = self.connection.found(partial(self._client.get_model_version_by_alias, self._name, name))
            if version is not None:
                return version, name
        raise ModelNotFoundError(
            f"The registry {self.location} has no version of {self._name} with the alias {alias!r}.",
            "Run `credit-scoring train`, or set CREDIT_REGISTRY_MODEL_ALIAS to an existing alias.",
        )

    def _load(self, number: int, source: str) -> RegisteredScorer:
        try:
            folder = self.connection.local_copy(artifact_uri=source)
        except StorageError as error:
            raise StorageError(
                f"The files of {self._name} version {number} are not at {source} ({error.message}).",
                "Run `credit-scoring train --force`, or choose another model version.",
            ) from error
        files = folder / SCORER_IN_BUNDLE
        return RegisteredScorer(load_scorer(files), self._name, number, files)

    def _unknown(self, reference: str) -> ModelNotFoundError:
        known = [version.number for version in self.versions()]
        return ModelNotFoundError(
            f"There is no version {reference!r} of {self._name} in {self.location}; " f"known versions: {known}.",
            "`credit-scoring model list` shows them.",
        )
