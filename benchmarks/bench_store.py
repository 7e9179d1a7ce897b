"""Measures how fast a feature version of full size is published, loaded online and read for one client.

Values are random: only their number and type matter. Run with `make bench-store`.
"""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np
import polars as pl

from credit_scoring.core.storage import bytes_of
from credit_scoring.feature_engineering.catalogue import feature_names
from credit_scoring.feature_engineering.history import HISTORY_FEATURES
from credit_scoring.feature_store.offline import FeatureVersion, content_hash, files_of_version, publish
from credit_scoring.feature_store.online import OnlineStore, OnlineVersion
from tests.support.servers.postgresql import running_postgresql

Result = TypeVar("Result")

CLIENTS = 356_255
BUCKETS = 16
READS = 5_000
FIRST_CLIENT = 100_001
_TIMEOUT_SECONDS = 2.5


def main() -> None:
    """Print seconds, megabytes and milliseconds."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        buckets = _write_buckets(folder)
        table = folder / "offline"
        seconds, version = _timed(lambda: _publish(table, buckets))
        print(
            f"offline  {CLIENTS:,} clients x {version.features} features: published in {seconds:.1f} s, "
            f"{bytes_of(table) / 1e6:,.0f} MB"
        )
        sqlite = f"sqlite:///{folder / 'online.db'}"
        _measure("SQLite", sqlite, table, version)
        with running_postgresql() as postgresql:
            _measure("PostgreSQL", postgresql, table, version)


def _measure(database: str, url: str, table: Path, version: FeatureVersion) -> None:
    store = OnlineStore(url)
    online = OnlineVersion(
        fingerprint=version.fingerprint,
        number=version.number,
        created_at=version.created_at,
        source=version.source,
        history_features=tuple(feature.name for feature in HISTORY_FEATURES),
        without_history=tuple(feature.without_history for feature in HISTORY_FEATURES),
        population=version.population,
    )
    seconds, rows = _timed(lambda: store.materialise(online, _history(table, version)))
    clients = np.random.default_rng(0).integers(FIRST_CLIENT, FIRST_CLIENT + CLIENTS, READS).tolist()
    store.close()
    service = OnlineStore(url, _TIMEOUT_SECONDS)
    milliseconds = [_timed(partial(service.read, [client]))[0] * 1e3 for client in clients]
    service.close()
    p50, p95 = statistics.median(milliseconds), statistics.quantiles(milliseconds, n=20)[-1]
    print(
        f"{database:<11}{rows:,} rows of {len(HISTORY_FEATURES)} history features loaded in {seconds:.1f} s; "
        f"one client p50 {p50:.3f} ms, p95 {p95:.3f} ms"
    )


def _write_buckets(folder: Path) -> list[Path]:
    random, names, paths = np.random.default_rng(0), feature_names(), []
    for bucket, clients in enumerate(np.array_split(np.arange(CLIENTS) + FIRST_CLIENT, BUCKETS)):
        values = random.normal(size=(len(clients), len(names))).astype(np.float32)
        frame = pl.DataFrame({"SK_ID_CURR": clients.astype(np.int32), "TARGET": np.zeros(len(clients), np.int8)})
        paths.append(folder / f"bucket={bucket:04d}.parquet")
        pl.concat([frame, pl.from_numpy(values, schema=list(names))], how="horizontal").write_parquet(paths[-1])
    return paths


def _publish(table: Path, buckets: list[Path]) -> FeatureVersion:
    hashed, rows = content_hash(buckets)
    draft = FeatureVersion(
        fingerprint="bench",
        source_fingerprint="random",
        created_at=datetime.now(UTC),
        rows=rows,
        features=len(feature_names()),
        content_hash=hashed,
        source="synthetic",
        code_version="bench",
        population="{}",
    )
    return publish(table, buckets, draft)


def _history(table: Path, version: FeatureVersion) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    names = [feature.name for feature in HISTORY_FEATURES]
    for path in files_of_version(table, version.number):
        frame = pl.read_parquet(path, columns=["SK_ID_CURR", *names])
        yield frame["SK_ID_CURR"].to_numpy(), frame.select(names).to_numpy()


def _timed(action: Callable[[], Result]) -> tuple[float, Result]:
    started = time.perf_counter()
    result = action()
    return time.perf_counter() - started, result


if __name__ == "__main__":
    main()
