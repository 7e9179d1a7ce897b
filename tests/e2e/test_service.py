"""The prediction service as a process of its own, asked over HTTP."""

import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import numpy as np
import polars as pl
import pytest

from credit_scoring.batch_scoring.known_clients import ingested_application
from credit_scoring.batch_scoring.step import SCORE_STEP, SCORES_FILE
from credit_scoring.core.storage import Storage
from credit_scoring.decisions.ledger import Ledger
from credit_scoring.feature_engineering.catalogue import feature_names
from credit_scoring.feature_store.offline import read_version
from credit_scoring.feature_store.step import published_version
from tests.e2e.installation import Finished, Installation

START_SECONDS = 120


@pytest.fixture(scope="module")
def client(installation: Installation, first_run: Finished) -> Iterator[httpx.Client]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with installation.started(
        "serve", CREDIT_API_PORT=str(port), CREDIT_ENVIRONMENT="dev", CREDIT_LOG_LEVEL="WARNING"
    ) as process:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
            deadline = time.monotonic() + START_SECONDS
            while time.monotonic() < deadline and process.poll() is None:
                try:
                    client.get("/health").raise_for_status()
                    break
                except httpx.TransportError:
                    time.sleep(0.2)
            yield client


def test_health_names_the_versions_that_answer(client: httpx.Client) -> None:
    answer = client.get("/health").json()
    assert answer["status"] == "healthy"
    assert answer["model_version"] == 1
    assert answer["feature_version"] == 0


def test_every_client_gets_the_same_features_and_probability_over_http_as_in_batch(
    client: httpx.Client, installation: Installation
) -> None:
    """Parity: the difference is exactly zero, for every client."""
    settings, storage = installation.settings, Storage.of(installation.settings)
    batch = read_version(storage.offline_features(), published_version(settings).number)
    scores = dict(
        pl.read_parquet(storage.current(SCORE_STEP) / SCORES_FILE)
        .select("SK_ID_CURR", "probability")
        .iter_rows()
    )
    ledger = Ledger(storage.database_url("", "decisions"))
    assert batch.height == len(scores) > 0
    names = feature_names()
    for row in batch.select("SK_ID_CURR", *names).iter_rows():
        client_id = row[0]
        answer = client.post("/predict", json=ingested_application(settings, client_id))
        assert answer.status_code == 200, answer.text
        prediction = answer.json()
        assert prediction["probability_of_default"] == scores[client_id]
        assert prediction["history_found"] is True
        served = ledger.get(prediction["decision_id"]).features
        expected = np.array([np.nan if value is None else value for value in row[1:]], dtype=np.float32)
        differing = ~((served == expected) | (np.isnan(served) & np.isnan(expected)))
        assert not differing.any(), [name for name, differs in zip(names, differing, strict=True) if differs]


def test_a_client_without_history_is_scored_as_new_and_recorded(
    client: httpx.Client, installation: Installation
) -> None:
    answer = client.post("/predict", json=_some_application(installation) | {"SK_ID_CURR": None})
    prediction = answer.json()
    assert answer.status_code == 200
    assert prediction["history_found"] is False
    record = (
        Ledger(Storage.of(installation.settings).database_url("", "decisions"))
        .get(prediction["decision_id"])
        .record
    )
    assert record.client_id is None
    assert record.probability == prediction["probability_of_default"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"AMT_CREDIT": "a lot"}, "AMT_CREDIT"),
        ({"AMT_CREDIT": None}, "AMT_CREDIT"),
        ({"NO_SUCH_COLUMN": 1}, "NO_SUCH_COLUMN"),
    ],
)
def test_a_wrong_field_is_refused_by_name_and_nothing_is_recorded(
    client: httpx.Client, installation: Installation, change: dict[str, object], field: str
) -> None:
    ledger = Ledger(Storage.of(installation.settings).database_url("", "decisions"))
    before = ledger.count()
    answer = client.post("/predict", json=_some_application(installation) | change)
    assert answer.status_code == 422
    assert field in json.dumps(answer.json())
    assert ledger.count() == before


def _some_application(installation: Installation) -> dict[str, object]:
    scores = pl.read_parquet(Storage.of(installation.settings).current(SCORE_STEP) / SCORES_FILE)
    return dict(ingested_application(installation.settings, int(scores["SK_ID_CURR"][0])))


def test_a_service_that_cannot_start_says_why_without_a_traceback(
    client: httpx.Client, installation: Installation, tmp_path: Path
) -> None:
    empty = Installation(tmp_path / "data").run("serve")
    assert empty.exit_code == 6
    assert "The online store holds no feature version." in empty.errors
    assert "Traceback" not in empty.errors

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        busy = Installation(installation.data_directory, {"CREDIT_API_PORT": port}).run("serve")
    assert busy.exit_code == 3
    assert f"Cannot listen on 127.0.0.1:{port}" in busy.errors
