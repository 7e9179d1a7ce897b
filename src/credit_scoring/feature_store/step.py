"""The publishing step: computed features become an offline version and online rows."""

import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from credit_scoring import __version__
from credit_scoring.core.atomic_files import clear_read_errors, write_atomically
from credit_scoring.core.code_commit import code_commit
from credit_scoring.core.errors import StorageError
from credit_scoring.core.manifest import Artefact, Manifest
from credit_scoring.core.progress import progress
from credit_scoring.core.settings import Settings
from credit_scoring.core.steps import StepInputs, StepResult, run_step
from credit_scoring.core.storage import RUN_AGAIN, Storage
from credit_scoring.data_contracts.contract import CLIENT
from credit_scoring.feature_engineering.catalogue import FEATURES
from credit_scoring.feature_engineering.feature_files import CATALOGUE_FILES, FEATURES_STEP, STATISTICS_FILE
from credit_scoring.feature_engineering.history import HISTORY_FEATURES, HISTORY_NAMES
from credit_scoring.feature_engineering.promises import check_promises
from credit_scoring.feature_store.offline import (
    FeatureVersion,
    columns_of_version,
    content_hash,
    files_of_version,
    publish,
    read_part,
)
from credit_scoring.feature_store.online import SCHEMA, OnlineStore, OnlineVersion

PUBLISH_STEP = "publish"
_RECORD = "version.json"


def run(settings: Settings, force: bool = False) -> Manifest:
    """Publish the current features offline (Delta) and online (one row per client).

    Raises:
        ValidationFailedError: a feature breaks its declaration; nothing is published.
    """
    storage = Storage.of(settings)
    features, folder = storage.current_version(FEATURES_STEP)

    def publish_everywhere(out: Path) -> StepResult:
        buckets = sorted(folder / part.path for part in features.outputs if part.path.startswith("bucket="))
        with clear_read_errors(folder / STATISTICS_FILE, RUN_AGAIN):
            statistics = (folder / STATISTICS_FILE).read_text()
        for path in buckets:
            check_promises(read_part(path))
        hashed, rows = content_hash(buckets)
        draft = FeatureVersion(
            fingerprint=features.fingerprint,
            source_fingerprint=str(features.measures["ingest_fingerprint"]),
            created_at=datetime.now(UTC),
            rows=rows,
            features=len(FEATURES),
            content_hash=hashed,
            source=features.source,
            code_version=__version__,
            code_commit=code_commit(settings.code_commit),
            population=statistics,
        )
        version = publish(storage.offline_features(), buckets, draft)
        for document in (folder / name for name in CATALOGUE_FILES):
            if document.is_file():
                with clear_read_errors(document, RUN_AGAIN):
                    content = document.read_bytes()
                write_atomically(storage.feature_documents(version.number) / document.name, content)
        return _in_use(settings, version, out)

    inputs = StepInputs(
        source=features.source,
        depends_on=(features.fingerprint, SCHEMA.url(settings)),
        modules=(__name__,),
        artefacts=(Artefact(name=FEATURES_STEP, path=storage.relative(folder)),),
    )

    return _served(settings, run_step(settings, PUBLISH_STEP, inputs, publish_everywhere, force))


def use_version(settings: Settings, version: FeatureVersion, reload: bool = False) -> Manifest:
    """Use an offline version: training reads it, and the online rows come from it.

    The next `publish` of other features replaces it.

    Args:
        reload: write every online row again, even if the store has them.

    Raises:
        StorageError: the version lacks features of this program, so it cannot be served; nothing changes.
    """
    _require_servable(settings, version)
    storage = Storage.of(settings)
    inputs = StepInputs(
        source=version.source,
        depends_on=("restored", version.number, version.fingerprint, SCHEMA.url(settings)),
        modules=(__name__,),
        artefacts=(
            Artefact(name=f"feature version {version.number}", path=storage.relative(storage.offline_features())),
        ),
    )
    manifest = run_step(
        settings, PUBLISH_STEP, inputs, lambda out: _in_use(settings, version, out, reload), force=reload
    )
    return _served(settings, manifest)


def published_version(settings: Settings) -> FeatureVersion:
    """The offline version in use; raises MissingArtefactError before the first publication."""
    record = Storage.of(settings).current(PUBLISH_STEP) / _RECORD
    with clear_read_errors(record, RUN_AGAIN):
        return FeatureVersion.model_validate_json(record.read_bytes())


def _require_servable(settings: Settings, version: FeatureVersion) -> None:
    held = set(columns_of_version(Storage.of(settings).offline_features(), version.number))
    if missing := [name for name in HISTORY_NAMES if name not in held]:
        raise StorageError(
            f"Feature version {version.number} lacks {len(missing)} history features of this program "
            f"{__version__}, the first is {missing[0]}; program {version.code_version} published it.",
            "Serve it with the program that published it, or publish the features again with this one.",
        )


def _served(settings: Settings, manifest: Manifest) -> Manifest:
    """Load the online rows of the version in use, unless the database, which may have changed since, serves them."""
    version = published_version(settings)
    with closing(OnlineStore(SCHEMA.url(settings))) as store:
        if not manifest.reused or store.serves(_online_version(version)):
            return manifest
    started = time.perf_counter()
    _materialise(settings, version)
    return manifest.model_copy(update={"reused": False, "seconds": round(time.perf_counter() - started, 3)})


def _in_use(settings: Settings, version: FeatureVersion, out: Path, reload: bool = False) -> StepResult:
    online_rows = _materialise(settings, version, reload)
    (out / _RECORD).write_text(version.model_dump_json(indent=2))
    return StepResult(
        rows={_RECORD: version.rows},
        measures={
            "version": version.number,
            "features": version.features,
            "content_hash": version.content_hash,
            "online_rows": online_rows,
        },
    )


def _materialise(settings: Settings, version: FeatureVersion, reload: bool = False) -> int:
    """Load the online rows of a version; an interrupted load resumes with the remaining files."""
    files = files_of_version(Storage.of(settings).offline_features(), version.number)
    online = _online_version(version)
    with closing(OnlineStore(SCHEMA.url(settings))) as store:
        if reload and store.holds(online):
            return store.reload(online, _history_rows(files))
        loaded = store.loaded_chunks(online.fingerprint)
        return store.materialise(online, _history_rows(files[loaded:]), first_chunk=loaded)


def _online_version(version: FeatureVersion) -> OnlineVersion:
    return OnlineVersion(
        # Hash and number: versions may differ in values or in file order, and a resumed load must not mix them.
        fingerprint=f"{version.content_hash}-{version.number}",
        number=version.number,
        created_at=version.created_at,
        source=version.source,
        history_features=tuple(HISTORY_NAMES),
        without_history=tuple(feature.without_history for feature in HISTORY_FEATURES),
        population=version.population,
    )


def _history_rows(files: list[Path]) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    for path in progress(files, "Loading online rows"):
        frame = read_part(path, [CLIENT, *HISTORY_NAMES])
        yield frame[CLIENT].to_numpy(), frame.select(HISTORY_NAMES).to_numpy()
