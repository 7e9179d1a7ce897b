"""Metrics count requests, decisions and the state of the service."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, cast

import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from credit_scoring import __version__
from credit_scoring.api.metrics import Metrics
from credit_scoring.api.security.keys import KeyRing
from credit_scoring.data_contracts.application_request import EXAMPLE
from credit_scoring.decisions.service import DecisionService
from tests.unit.api.fake_decisions import PUBLISHED_AT, FakeDecisions, record_of


def samples(text: str) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    """Every sample of a text by name and labels."""
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def values(client: TestClient) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    """Every sample by name and labels."""
    answer = client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    return samples(answer.text)


def value(client: TestClient, name: str, **labels: Any) -> float | None:
    """One sample, None where there is none."""
    return values(client).get((name, frozenset(labels.items())))


def test_requests_are_counted_by_route_and_status(client: TestClient) -> None:
    client.post("/predict", json=EXAMPLE)
    client.post("/predict", json=EXAMPLE | {"AMT_CREDIT": "x"})
    client.get("/no/such/path")

    def counted(**labels: str) -> float | None:
        return value(client, "credit_requests_total", **labels)

    assert counted(method="POST", path="/predict", status="200") == 1
    assert counted(method="POST", path="/predict", status="422") == 1
    assert counted(method="GET", path="other", status="404") == 1
    assert value(client, "credit_request_duration_seconds_count", path="/predict") == 2
    # The request for the metrics itself.
    assert value(client, "credit_requests_in_flight") == 1


def test_decisions_are_counted_by_decision_history_and_unseen_category(client: TestClient) -> None:
    client.post("/predict", json=EXAMPLE | {"OCCUPATION_TYPE": "Astronaut"})
    client.post("/predict", json=EXAMPLE | {"SK_ID_CURR": None})
    assert value(client, "credit_predictions_total", decision="refused", model_version="5") == 2
    assert value(client, "credit_history_lookups_total", result="hit") == 1
    assert value(client, "credit_history_lookups_total", result="none") == 1
    assert value(client, "credit_unseen_categories_total", column="OCCUPATION_TYPE") == 1
    assert value(client, "credit_probability_of_default_sum") == pytest.approx(0.5)


def test_a_client_unknown_to_the_store_is_counted_as_a_miss(
    client: TestClient, decisions: FakeDecisions, monkeypatch: pytest.MonkeyPatch
) -> None:
    unknown = record_of(EXAMPLE, 8, "somebody").model_copy(update={"history_found": False})
    monkeypatch.setattr(decisions, "make_decisions", lambda requests: [unknown] * len(requests))
    client.post("/predict/batch", json={"applications": [EXAMPLE, EXAMPLE]})
    assert value(client, "credit_history_lookups_total", result="miss") == 2
    assert value(client, "credit_history_lookups_total", result="hit") is None


def test_the_feature_age_is_the_time_since_publication(decisions: FakeDecisions) -> None:
    metrics = Metrics()
    earliest = (datetime.now(UTC) - PUBLISHED_AT).total_seconds()
    metrics.update_gauges(cast(DecisionService, decisions), None)
    latest = (datetime.now(UTC) - PUBLISHED_AT).total_seconds()
    age = samples(metrics.rendered().decode())["credit_feature_age_seconds", frozenset()]
    assert earliest <= age <= latest


def test_an_unavailable_component_and_spooled_decisions_are_shown(decisions: FakeDecisions) -> None:
    decisions.reasons = {"model": None, "store": "The online store does not answer.", "ledger": None}
    decisions.ledger_unavailable_reason = "it is away"
    metrics = Metrics()
    metrics.update_gauges(cast(DecisionService, decisions), None)
    shown = samples(metrics.rendered().decode())
    ready = {
        component: shown["credit_component_ready", frozenset({("component", component)})]
        for component in decisions.reasons
    }
    assert ready == {"model": 1, "store": 0, "ledger": 1}
    assert shown["credit_ledger_spooled_decisions", frozenset()] == 7
    connected = {dict(labels)["database"]: number for (name, labels), number in shown.items() if "connected" in name}
    assert connected == {"ledger": 0, "store": 0}, "also while the spool keeps the ledger's part ready"


def test_the_connection_to_the_keys_is_shown_where_keys_are_needed(decisions: FakeDecisions) -> None:
    class Keys:
        unavailable_reason = "it is away"

    metrics = Metrics()
    metrics.update_gauges(cast(DecisionService, decisions), cast(KeyRing, Keys()))
    shown = samples(metrics.rendered().decode())
    assert shown["credit_database_connected", frozenset({("database", "keys")})] == 0
    assert shown["credit_database_connected", frozenset({("database", "ledger")})] == 1


def test_counters_that_alert_on_their_first_event_begin_at_zero(client: TestClient) -> None:
    assert value(client, "credit_model_changes_total", result="failed") == 0
    assert value(client, "credit_thread_failures_total", thread="champion") == 0
    assert value(client, "credit_build_info", version=__version__) == 1


def test_the_state_of_the_service_is_shown(client: TestClient) -> None:
    assert value(client, "credit_model_version", role="champion") == 5
    assert value(client, "credit_feature_version") == 3
    assert (value(client, "credit_feature_age_seconds") or 0) > 0
    assert (value(client, "credit_process_resident_memory_bytes") or 0) > 10_000_000
    assert (value(client, "credit_process_cpu_seconds_total") or 0) > 0


def test_every_metric_has_the_prefix_and_a_description() -> None:
    families = list(Metrics().registry.collect())
    assert len(families) > 15
    assert all(family.name.startswith("credit_") and family.documentation.endswith(".") for family in families)


def test_no_value_chosen_by_callers_becomes_a_label(started: Callable[..., TestClient], client: TestClient) -> None:
    before = len(values(client))
    for number in range(20):
        client.get(f"/decisions{number}/x")
        client.request(f"METHOD{number}", "/predict")
        client.post("/predict", json=EXAMPLE | {"OCCUPATION_TYPE": f"trade {number}"})
    after = len(values(client))
    client.get("/decisions21/x")
    client.request("METHOD21", "/predict")
    client.post("/predict", json=EXAMPLE | {"OCCUPATION_TYPE": "trade 21"})
    assert after > before
    assert len(values(client)) == after
