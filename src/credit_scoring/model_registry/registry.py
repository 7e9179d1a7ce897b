"""Register Scorers and load them again by alias or number, through MLflow."""

import tempfile
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from credit_scoring.core.errors import ModelNotFoundError, StorageError
from credit_scoring.core.logs import get_logger
from credit_scoring.core.settings import Settings
from credit_scoring.core.storage import Storage
from credit_scoring.core.urls import without_password
from credit_scoring.model_registry.bundle import scorer_folder_of, write_bundle
from credit_scoring.model_registry.gate_result import GATE_REPORTS, Verdict
from credit_scoring.model_registry.model_card import model_card, tags_of
from credit_scoring.model_registry.unchanged import Answer, Unchanged, local_folder
from credit_scoring.scoring.scorer import Scorer, load_description, load_scorer

if TYPE_CHECKING:
    # Loading MLflow takes longer than all else the service loads: it waits until it is needed.
    from mlflow import MlflowClient
    from mlflow.entities.model_registry import ModelVersion

    from credit_scoring.model_registry.connection import RegistryConnection

SCORER_ARTEFACT = "scorer"
STAGING, PRODUCTION = "staging", "production"
"""Aliases: where training puts a new version, and what answers clients."""

_FINGERPRINT_TAG = "fingerprint"


@dataclass(frozen=True)
class RegisteredScorer:
    """A Scorer and where it stands in the registry.

    Attributes:
        name, version: what identifies it; together they never change their meaning.
    """

    scorer: Scorer
    name: str
    version: int

    def require_features(self, names: Sequence[str]) -> None:
        """Raises StorageError when the Scorer was trained on other features than these, or in another order."""
        if self.scorer.description.feature_names != tuple(names):
            raise StorageError(
                f"{self.name} version {self.version} was trained on other features than are served.",
                "Run `credit-scoring train` on the published features.",
            )


@dataclass(frozen=True)
class VersionSummary:
    """What the registry says of a version without its files being read.

    Attributes:
        stage: None, Staging, Production or Archived.
        tags: figures and origins of the Scorer, as text.
        card: description in Markdown.
    """

    number: int
    aliases: tuple[str, ...]
    stage: str
    tags: dict[str, str]
    run_id: str
    card: str


class ModelRegistry:
    """The versions of one registered model; asked through MLflow, which is loaded with the first question.

    Every method raises StorageError when the tracking server does not answer.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._name = settings.registry.model_name
        storage = Storage.of(settings)
        self.tracking_uri = storage.database_url(settings.registry.tracking_uri, "mlflow")
        """Address of the tracking server or database."""
        self._unchanged = Unchanged(self.tracking_uri, storage.registry_answers())

    @cached_property
    def connection(self) -> "RegistryConnection":
        """The way to the tracking server."""
        from credit_scoring.model_registry.connection import RegistryConnection

        return RegistryConnection(self._settings)

    @property
    def _client(self) -> "MlflowClient":
        return self.connection.client

    def find(self, fingerprint: str) -> "ModelVersion | None":
        """The version that an earlier run registered for the same training step, if any."""
        query = f"name = '{self._name}' and tags.{_FINGERPRINT_TAG} = '{fingerprint}'"
        with self.connection.clear_errors():
            found = self._client.search_model_versions(query)
        return found[0] if found else None

    def register(self, run_id: str, fingerprint: str, scorer_folder: Path) -> int:
        """Make a Scorer the next version, at the alias and stage Staging.

        Its files are uploaded first, and the version is created with all its tags at once: whatever dies when, there is
        no version without its files. Registering the same fingerprint again, after a run that was killed, finds the
        version that is there.

        Args:
            run_id: the tracked run that made it; keeps the files.
            scorer_folder: as `save_scorer` left it; called ``scorer``.
        """
        version = self.find(fingerprint) or self._create(run_id, fingerprint, scorer_folder)
        with self.connection.clear_errors():
            self._client.set_registered_model_alias(self._name, STAGING, version.version)
            if version.current_stage == "None":
                self._set_stage(int(version.version), "Staging")
        return int(version.version)

    def _create(self, run_id: str, fingerprint: str, scorer_folder: Path) -> "ModelVersion":
        description = load_description(scorer_folder)
        with self.connection.clear_errors(), tempfile.TemporaryDirectory() as temporary:
            bundle = Path(temporary, SCORER_ARTEFACT)
            write_bundle(scorer_folder, bundle)
            self._client.log_artifacts(run_id, str(bundle), SCORER_ARTEFACT)
            if not self._client.search_registered_models(f"name = '{self._name}'"):
                self._client.create_registered_model(self._name)
            return self._client.create_model_version(
                self._name,
                f"{self._client.get_run(run_id).info.artifact_uri}/{SCORER_ARTEFACT}",
                run_id,
                tags=tags_of(description) | {_FINGERPRINT_TAG: fingerprint},
                description=model_card(description),
            )

    def load(self, alias: str) -> RegisteredScorer:
        """The Scorer an alias points to.

        Until a version was promoted for the first time, ``production`` means the newest one in Staging, and a log line
        says so: a new installation answers, but not unnoticed.

        Raises:
            ModelNotFoundError: no version has that alias.
            StorageError: its files are missing or damaged.
        """
        answer = self._resolved(alias)
        if not answer.has_alias:
            get_logger("model_registry").warning(
                "no model was ever promoted: the newest one in Staging answers",
                model=self._name,
                version=answer.version,
                next_step=f"credit-scoring model promote {answer.version} --why REASON",
            )
        return self._load(answer.version, answer.source)

    def number_of(self, alias: str) -> int:
        """The version an alias points to, without its files; falls back and raises like ``load``."""
        return self._resolved(alias).version

    def _resolved(self, alias: str) -> Answer:
        self._unchanged.require_there()
        # Taken before the question: what is written meanwhile makes the answer count for nothing next time.
        mark = self._unchanged.mark()
        known = self._unchanged.answer(self._name, alias, mark)
        if known is not None:
            return known
        version = self._version_of(alias)
        if version is None and alias == PRODUCTION:
            version = self._version_of(STAGING)
        if version is None:
            raise ModelNotFoundError(
                f"The registry {without_password(self.tracking_uri)} holds no version of {self._name} "
                f"with the alias {alias!r}.",
                "Run `credit-scoring train`, or set CREDIT_REGISTRY_MODEL_ALIAS to an alias that exists.",
            )
        answer = Answer(
            version=int(version.version), source=str(version.source), has_alias=alias in version.aliases
        )
        self._unchanged.keep(self._name, alias, mark, answer)
        return answer

    def require_promoted(self, alias: str) -> None:
        """Refuse what ``load`` allows for a beginning: that Staging stands in for production.

        Raises:
            ModelNotFoundError: the alias is that of production, and no version was ever promoted.
        """
        if alias == PRODUCTION and not self._resolved(PRODUCTION).has_alias:
            raise ModelNotFoundError(
                f"No version of {self._name} was promoted, so none may answer clients.",
                "Run `credit-scoring model promote staging --why REASON`, or set CREDIT_ENVIRONMENT to dev or staging "
                "to try out what was trained last.",
            )

    def load_version(self, number: int) -> RegisteredScorer:
        """The Scorer of a version; raises like ``load``."""
        self._unchanged.require_there()
        version = self.connection.found(lambda: self._client.get_model_version(self._name, str(number)))
        if version is None:
            raise self._unknown(str(number))
        return self._load(number, str(version.source))

    def versions(self) -> list[VersionSummary]:
        """All versions, oldest first."""
        if self._unchanged.is_gone:
            return []
        with self.connection.clear_errors():
            registered = self._client.search_registered_models(f"name = '{self._name}'")
            found = self._client.search_model_versions(f"name = '{self._name}'", max_results=10_000)
        # A search leaves the aliases of the versions out.
        aliases = {alias: int(number) for model in registered for alias, number in model.aliases.items()}
        return [
            VersionSummary(
                number=int(version.version),
                aliases=tuple(sorted(a for a, number in aliases.items() if number == int(version.version))),
                stage=version.current_stage,
                tags=dict(version.tags),
                run_id=str(version.run_id),
                card=version.description or "",
            )
            for version in sorted(found, key=lambda version: int(version.version))
        ]

    def summary(self, reference: str) -> VersionSummary:
        """The version of a number or an alias.

        Raises:
            ModelNotFoundError: there is none.
        """
        for version in self.versions():
            if reference == str(version.number) or reference in version.aliases:
                return version
        raise self._unknown(reference)

    def artefact(self, run_id: str, path: str) -> Path | None:
        """A local copy of a file or folder that a run logged; None if it logged no such thing."""
        with self.connection.clear_errors():
            folder = str(Path(path).parent)
            listed = self._client.list_artifacts(run_id, None if folder == "." else folder)
            if path not in {entry.path for entry in listed}:
                return None
            return self.connection.local_copy(run_id=run_id, artifact_path=path)

    def report_verdict(self, run_id: str, verdict: Verdict) -> None:
        """Leave the verdict of a gate that another step owns among a run's files; the last one of a gate counts."""
        with self.connection.clear_errors():
            self._client.log_text(
                run_id, verdict.model_dump_json(indent=1), f"{GATE_REPORTS}/{verdict.gate}.json"
            )

    def put_into_production(self, number: int) -> None:
        """Point the alias ``production`` to a version: one write, seen whole or not at all."""
        with self.connection.clear_errors():
            self._client.set_registered_model_alias(self._name, PRODUCTION, str(number))

    def label_stages(self, number: int) -> None:
        """Show in MLflow's own stages what the alias says: this version is in Production, the one before archived."""
        with self.connection.clear_errors():
            self._set_stage(number, "Production")

    def _set_stage(self, number: int, stage: str) -> None:
        with warnings.catch_warnings():
            # Stages are on their way out of MLflow. Aliases decide here; stages are only shown.
            warnings.simplefilter("ignore", FutureWarning)
            # One by one: told to archive the others itself, MLflow 3.17 compares a number with a text on PostgreSQL.
            for other in self._client.search_model_versions(f"name = '{self._name}'", max_results=10_000):
                if other.current_stage == stage and int(other.version) != number:
                    self._client.transition_model_version_stage(self._name, other.version, "Archived")
            self._client.transition_model_version_stage(self._name, str(number), stage)

    def _version_of(self, alias: str) -> "ModelVersion | None":
        return self.connection.found(lambda: self._client.get_model_version_by_alias(self._name, alias))

    def _load(self, number: int, source: str) -> RegisteredScorer:
        folder = local_folder(source)
        if folder is None:
            try:
                folder = self.connection.local_copy(artifact_uri=source)
            except StorageError as error:
                raise self._without_files(number, source, error.message) from error
        elif not folder.is_dir():
            raise self._without_files(number, source, "there is no such folder")
        return RegisteredScorer(load_scorer(scorer_folder_of(folder)), self._name, number)

    def _without_files(self, number: int, source: str, reason: str) -> StorageError:
        return StorageError(
            f"The files of {self._name} version {number} are not at {source} ({reason}).",
            "Run `credit-scoring train --force`, or choose another model version.",
        )

    def _unknown(self, reference: str) -> ModelNotFoundError:
        known: Sequence[int] = [version.number for version in self.versions()]
        return ModelNotFoundError(
            f"There is no version {reference!r} of {self._name}; known are {list(known)}.",
            "`credit-scoring model list` shows them.",
        )
