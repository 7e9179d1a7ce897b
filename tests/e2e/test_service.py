"""The prediction service as a process of its own, called over HTTP."""

import json
import socket
from pathlib import Path

import httpx
import polars as pl
import pytest

from tests.e2e.conftest import CLIENTS
from tests.e2e.installation import Installation

VECTORS_COMPARED = 5


def test_health_names_the_versions_that_answer(client: httpx.Client) -> None:
    answer = client.get("/health").json()
    assert answer["status"] == "healthy"
    assert answer["model_version"] == 1
    assert answer["feature_version"] == 0


def test_every_client_gets_the_same_probability_and_features_over_http_as_in_batch(
    client: httpx.Client, installation: Installation, applications: list[dict[str, object]], tmp_path: Path
) -> None:
    """Parity: the difference is exactly zero, for every client."""
    scores, features = tmp_path / "scores.parquet", tmp_path / "features.parquet"
    assert installation.run("score", "--output", str(scores)).exit_code == 0
    assert installation.run("features", "export", "--output", str(features)).exit_code == 0
    expected = dict(pl.read_parquet(scores).select("SK_ID_CURR", "probability").iter_rows())
    batch = {row["SK_ID_CURR"]: row for row in pl.read_parquet(features).drop("TARGET").iter_rows(named=True)}
    assert len(applications) == len(expected) == CLIENTS
    for number, application in enumerate(applications):
        answer = client.post("/predict", json=application)
        assert answer.status_code == 200, answer.text
        prediction = answer.json()
        client_id = application["SK_ID_CURR"]
        assert prediction["probability_of_default"] == expected[client_id]
        assert prediction["history_found"] is True
        if number < VECTORS_COMPARED:
            shown = installation.run("decisions", "show", prediction["decision_id"])
            assert json.loads(shown.output)["features"] == {
                name: value for name, value in batch[client_id].items() if name != "SK_ID_CURR"
            }


def test_a_client_without_history_is_scored_as_new_and_recorded(
    client: httpx.Client, applications: list[dict[str, object]]
) -> None:
    answer = client.post("/predict", json=applications[0] | {"SK_ID_CURR": None})
    prediction = answer.json()
    assert answer.status_code == 200
    assert prediction["history_found"] is False
    record = client.get(f"/decisions/{prediction['decision_id']}").json()
    assert record["client_id"] is None
    assert record["probability"] == prediction["probability_of_default"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"AMT_CREDIT": "a lot"}, "AMT_CREDIT"),
        ({"AMT_CREDIT": None}, "AMT_CREDIT"),
        ({"NO_SUCH_COLUMN": 1}, "NO_SUCH_COLUMN"),
    ],
)
def test_an_invalid_field_is_named_and_nothing_is_recorded(
    client: httpx.Client,
    installation: Installation,
    applications: list[dict[str, object]],
    change: dict[str, object],
    field: str,
) -> None:
    before = installation.run("decisions", "verify").output
    answer = client.post("/predict", json=applications[0] | change)
    assert answer.status_code == 422
    assert field in json.dumps(answer.json())
    assert installation.run("decisions", "verify").output == before


def test_a_service_that_cannot_start_says_why_without_a_traceback(
    client: httpx.Client, installation: Installation, tmp_path: Path
) -> None:
    empty = Installation(tmp_path / "data").run("serve")
    assert empty.exit_code == 9
    assert "There is no model registry" in empty.errors and "credit-scoring train" in empty.errors
    assert "Traceback" not in empty.errors

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        busy = installation.run("serve", "--port", port)
    assert busy.exit_code == 3
    assert f"Cannot listen on 127.0.0.1, port {port}" in busy.errors
