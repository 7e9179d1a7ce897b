"""A copy of the version that a service uses, so that a replica starts while the registry is unavailable."""

import shutil
from contextlib import suppress

from pydantic import BaseModel, ConfigDict, ValidationError

from credit_scoring.core.atomic_files import replacing_folder
from credit_scoring.core.errors import StorageError
from credit_scoring.core.logs import get_logger
from credit_scoring.core.settings import Settings
from credit_scoring.core.storage import Storage
from credit_scoring.core.urls import sqlite_file, without_credentials
from credit_scoring.model_registry.connection import shorten_waits
from credit_scoring.model_registry.registry import Deployment, ModelRegistry, RegisteredScorer
from credit_scoring.scoring.artefact_names import SCORER_FOLDER
from credit_scoring.scoring.scorer import load_scorer

_INDEX = "version.json"


class _Copied(BaseModel):
    """The version behind an alias when it was copied.

    Attributes:
        registry: address without credentials.
        alias: the configured one; that of the deployment is staging where it stood in for production.
    """

    model_config = ConfigDict(frozen=True)

    registry: str
    name: str
    alias: str
    deployment: Deployment


def load_to_serve(settings: Settings, registry: ModelRegistry) -> RegisteredScorer:
    """The Scorer of the configured alias, promoted if this is production; its copy if the registry is unavailable.

    Raises:
        ModelNotFoundError: no version has the alias, or it was not promoted.
        StorageError: the registry is unavailable, and there is no copy of a version that may be used.
    """
    shorten_waits()
    try:
        if settings.environment == "production":
            registry.require_promoted(settings.registry.model_alias)
        registered = registry.load(settings.registry.model_alias)
    except StorageError as error:
        copied = _copied(settings, registry)
        if copied is None:
            raise
        get_logger("model_registry").warning(
            "registry unavailable, using the version served last", version=copied.version, reason=str(error)
        )
        return copied
    keep_copy(settings, registry, registered)
    return registered


def keep_copy(settings: Settings, registry: ModelRegistry, registered: RegisteredScorer) -> None:
    """Replace the copy by the version in use; without a copy, the service only depends on the registry at its start.

    Nothing is copied where the registry is a file beside it.
    """
    if registered.folder is None or sqlite_file(registry.tracking_uri) is not None:
        return
    folder = Storage.of(settings).served_model()
    try:
        deployment = registry.deployment(settings.registry.model_alias)
        index = _index(settings, registry, deployment._replace(version=registered.version))
        with replacing_folder(folder, lambda existing: (existing / _INDEX).is_file()) as partial:
            shutil.copytree(registered.folder, partial / SCORER_FOLDER)
            (partial / _INDEX).write_text(index.model_dump_json())
    except (StorageError, OSError) as error:
        get_logger("model_registry").warning("no copy for a start without the registry", reason=str(error))


def _copied(settings: Settings, registry: ModelRegistry) -> RegisteredScorer | None:
    folder = Storage.of(settings).served_model()
    with suppress(OSError, ValidationError, StorageError):
        found = _Copied.model_validate_json((folder / _INDEX).read_bytes())
        deployment = found.deployment
        is_promoted = deployment.alias == found.alias
        same = found == _index(settings, registry, deployment)
        if same and (is_promoted or settings.environment != "production"):
            scorer = load_scorer(folder / SCORER_FOLDER)
            return RegisteredScorer(scorer, found.name, deployment.version, deployment=deployment)
    return None


def _index(settings: Settings, registry: ModelRegistry, deployment: Deployment) -> _Copied:
    return _Copied(
        registry=without_credentials(registry.tracking_uri),
        name=settings.registry.model_name,
        alias=settings.registry.model_alias,
        deployment=deployment,
    )
