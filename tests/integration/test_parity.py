"""Parity: what the service computes for a client, alone or among others, equals what the batch stored, bit for bit."""

from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from credit_scoring.core.settings import Settings
from credit_scoring.core.storage import Storage
from credit_scoring.data_contracts.application import APPLICATION_TEST, APPLICATION_TRAIN
from credit_scoring.data_contracts.bucket_files import read_bucket
from credit_scoring.data_contracts.contract import CLIENT
from credit_scoring.data_ingestion import step as data_ingestion
from credit_scoring.data_validation import step as data_validation
from credit_scoring.feature_engineering import step as feature_engineering
from credit_scoring.feature_engineering.catalogue import feature_names
from credit_scoring.feature_store import step as feature_store
from credit_scoring.feature_store.offline import feature_matrix, read_version
from credit_scoring.feature_store.online import OnlineStore
from credit_scoring.feature_store.serving import FeatureService
from credit_scoring.synthetic_data.writer import write_synthetic_tables
from tests.support.real_sample import SAMPLE, needs_real_sample

SYNTHETIC_CLIENTS = 20_000
# A quarter of the clients alone, the others in company: under load the service decides on many together.
REQUESTED_TOGETHER = (*(1,) * 10, 2, 28)


@pytest.mark.slow
@pytest.mark.parametrize("source", ["synthetic", pytest.param("real", marks=needs_real_sample)])
def test_every_client_gets_the_same_features_online_as_in_batch(source: str, tmp_path: Path) -> None:
    settings = Settings(data_directory=tmp_path / "data")
    _publish(settings, _raw_tables(source, tmp_path))
    storage = Storage.of(settings)
    batch = read_version(storage.offline_features(), feature_store.published_version(settings).number)
    expected = dict(zip(batch[CLIENT].to_list(), feature_matrix(batch, feature_names()), strict=True))
    service = FeatureService(OnlineStore(storage.database_url("", "online_store")))
    compared = 0
    left = _applications(settings)
    for size in cycle(REQUESTED_TOGETHER):
        applications = list(islice(left, size))
        if not applications:
            break
        clients = [int(application[CLIENT]) for application in applications]
        for client, served in zip(clients, service.features_of_many(applications, clients), strict=True):
            assert served.history_found
            differing = _differing(served.values, expected[client])
            assert not differing, f"client {client}: {differing}"
            compared += 1
    service.close()
    assert compared == len(expected) >= 10_000


def _raw_tables(source: str, tmp_path: Path) -> Path:
    if source == "real":
        return SAMPLE
    write_synthetic_tables(tmp_path / "raw", clients=SYNTHETIC_CLIENTS, seed=11)
    return tmp_path / "raw"


def _publish(settings: Settings, source: Path) -> None:
    data_ingestion.run(settings, source)
    data_validation.run(settings)
    feature_engineering.run(settings)
    feature_store.run(settings)


def _applications(settings: Settings) -> Iterator[dict[str, Any]]:
    manifest, folder = Storage.of(settings).current_version("ingest")
    for bucket in range(int(manifest.measures["buckets"])):
        for table in (APPLICATION_TRAIN, APPLICATION_TEST):
            frame = read_bucket(folder, table, bucket, APPLICATION_TEST.column_names)
            yield from frame.iter_rows(named=True)


def _differing(served: np.ndarray, expected: np.ndarray) -> list[str]:
    # NaN is equal to NaN here; anything else must be the same bits, so that -0.0 and 0.0 differ.
    same = (served.view(np.uint32) == expected.view(np.uint32)) | (np.isnan(served) & np.isnan(expected))
    return [name for name, equal in zip(feature_names(), same, strict=True) if not equal]
