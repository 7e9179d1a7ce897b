"""The publishing step: computed features become an offline version and online rows."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import polars as pl

from credit_scoring import __version__
from credit_scoring.core.manifest import Artefact, Manifest
from credit_scoring.core.progress import progress
from credit_scoring.core.settings import Settings
from credit_scoring.core.steps import StepInputs, StepResult, run_step
from credit_scoring.core.storage import Storage
from credit_scoring.feature_engineering.catalogue import FEATURES
from credit_scoring.feature_engineering.history import HISTORY_FEATURES
from credit_scoring.feature_engineering.parquet import FEATURES_STEP, POPULATION_FILE
from credit_scoring.feature_store.offline import FeatureVersion, content_hash, publish
from credit_scoring.feature_store.online import OnlineStore, OnlineVersion

PUBLISH_STEP = "publish"
_RECORD = "version.json"


def run(settings: Settings, force: bool = False) -> Manifest:
    """Publish the current features offline (Delta) and online (one row per client)."""
    storage = Storage.of(settings)
    features, folder = storage.current_version(FEATURES_STEP)
    online_url = storage.database_url(settings.online_store_url, "online_store")

    def publish_everywhere(out: Path) -> StepResult:
        buckets = sorted(folder.glob("bucket=*.parquet"))
        hashed, rows = content_hash(buckets)
        version = publish(
            storage.offline_features(),
            buckets,
            FeatureVersion(
                fingerprint=features.fingerprint,
                created_at=datetime.now(UTC),
                rows=rows,
                features=len(FEATURES),
                content_hash=hashed,
                source=features.source,
                code_version=__version__,
                population=(folder / POPULATION_FILE).read_text(),
            ),
        )
        online_rows = _materialise(online_url, version, buckets)
        (out / _RECORD).write_text(version.model_dump_json(indent=2))
        return StepResult(
            rows={_RECORD: rows},
            measures={
                "version": version.number,
                "features": version.features,
                "content_hash": version.content_hash,
                "online_rows": online_rows,
            },
        )

    inputs = StepInputs(
        source=features.source,
        depends_on=(features.fingerprint, online_url),
        rooms=("feature_store",),
        artefacts=(Artefact(name=FEATURES_STEP, path=storage.relative(folder)),),
    )
    return run_step(settings, PUBLISH_STEP, inputs, publish_everywhere, force)


def published_version(settings: Settings) -> FeatureVersion:
    """The offline version that training and scoring read; MissingArtefactError before the first publication."""
    folder = Storage.of(settings).current(PUBLISH_STEP)
    return FeatureVersion.model_validate_json((folder / _RECORD).read_bytes())


def _materialise(url: str, version: FeatureVersion, buckets: list[Path]) -> int:
    store = OnlineStore(url)
    try:
        return store.materialise(
            OnlineVersion(
                fingerprint=version.fingerprint,
                number=version.number,
                created_at=version.created_at,
                source=version.source,
                history_features=tuple(feature.name for feature in HISTORY_FEATURES),
                population=version.population,
            ),
            _history_rows(buckets),
        )
    finally:
        store.close()


def _history_rows(buckets: list[Path]) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    names = [feature.name for feature in HISTORY_FEATURES]
    for path in progress(buckets, "Loading online rows"):
        frame = pl.read_parquet(path, columns=["SK_ID_CURR", *names])
        yield frame["SK_ID_CURR"].to_numpy(), frame.select(names).to_numpy()
