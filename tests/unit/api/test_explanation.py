"""Reasons are part of an answer if requested, or by default where a setting says so, in the caller's language."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from credit_scoring.api.routes.predict import language_of
from credit_scoring.core.errors import UnexplainableModelError
from credit_scoring.data_contracts.application_request import EXAMPLE
from credit_scoring.explain.explainer import Explanation, LocalisedText
from credit_scoring.scoring.scorer import Decision
from tests.unit.api.fake_decisions import FakeDecisions

EXPLANATION = Explanation(
    margin=0.1,
    base=0.0,
    probability=0.25,
    threshold=0.1,
    decision=Decision.REFUSED,
    concepts=(),
    protected_excess=0.0,
    protected_decides=True,
    reasons=(),
    offers=(),
    texts={
        "fr": LocalisedText(reasons=("une raison",), offers=("une offre",)),
        "en": LocalisedText(reasons=("a reason",), offers=("an offer",)),
    },
)


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        (None, "fr"),
        ("", "fr"),
        ("en", "en"),
        ("en-GB,fr;q=0.5", "en"),
        ("de, en;q=0.3, fr;q=0.7", "fr"),
        ("de", "fr"),
        ("en;q=nonsense", "fr"),
    ],
)
def test_the_preferred_supported_language_is_chosen(accepted: str | None, language: str) -> None:
    assert language_of(accepted) == language


def test_reasons_are_in_the_language_of_the_caller(client: TestClient, decisions: FakeDecisions) -> None:
    decisions.reasons_recorded = EXPLANATION.model_dump(mode="json")
    answer = client.post("/predict?explain=true", json=EXAMPLE, headers={"Accept-Language": "en"})
    assert answer.json()["explanation"] == {
        "language": "en",
        "reasons": ["a reason"],
        "offers": ["an offer"],
        "person_must_decide": True,
    }


def test_an_answer_has_no_reasons_by_default(client: TestClient, decisions: FakeDecisions) -> None:
    decisions.reasons_recorded = EXPLANATION.model_dump(mode="json")
    for path in ("/predict", "/predict?explain=false"):
        assert "explanation" not in client.post(path, json=EXAMPLE).json()


def test_no_decision_is_made_if_the_model_cannot_give_the_requested_reasons(
    client: TestClient, decisions: FakeDecisions
) -> None:
    decisions.failure = UnexplainableModelError("The blend has no averages.", "Choose another.")
    answer = client.post("/predict?explain=true", json=EXAMPLE)
    assert answer.status_code == 422
    assert answer.json()["errors"] == [
        {"pointer": "explain", "given": "true", "allowed": "false: The blend has no averages."}
    ]


def test_an_invalid_value_of_explain_is_rejected(client: TestClient) -> None:
    answer = client.post("/predict?explain=maybe", json=EXAMPLE)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "explain"


def test_contradicting_values_of_explain_are_rejected(client: TestClient) -> None:
    answer = client.post("/predict?explain=true&explain=false", json=EXAMPLE)
    assert answer.status_code == 422
    assert answer.json()["errors"] == [
        {"pointer": "explain", "given": "'true'", "allowed": "one of true, false"},
        {"pointer": "explain", "given": "'false'", "allowed": "one of true, false"},
    ]


@pytest.fixture
def explaining(started: Callable[..., TestClient], decisions: FakeDecisions) -> TestClient:
    """A service that gives reasons by default."""
    decisions.reasons_recorded = EXPLANATION.model_dump(mode="json")
    return started(environment="dev", api={"requests_per_second": 1e9, "reasons_by_default": True})


def test_reasons_by_default_are_given_unless_the_request_declines_them(explaining: TestClient) -> None:
    assert "explanation" in explaining.post("/predict", json=EXAMPLE).json()
    assert "explanation" in explaining.post("/predict?explain=true", json=EXAMPLE).json()
    assert "explanation" not in explaining.post("/predict?explain=false", json=EXAMPLE).json()


def test_a_model_without_reasons_decides_where_they_are_only_the_default(
    explaining: TestClient, decisions: FakeDecisions
) -> None:
    decisions.is_explainable = False
    assert "explanation" not in explaining.post("/predict", json=EXAMPLE).json()
    assert explaining.post("/predict?explain=true", json=EXAMPLE).status_code == 422
