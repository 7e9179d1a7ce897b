"""The checks of the smoke test on a service that answers as it should, and otherwise."""

import pytest

from credit_scoring.smoke.checks import Outcome, SmokeTest
from credit_scoring.smoke.example import SmokeExample
from credit_scoring.smoke.server import Server
from tests.support.servers.fake_service import (
    ANSWERS,
    DECISION,
    EXPLAINED,
    HEALTHY,
    INVALID,
    KEY,
    PREDICTION,
    PROBABILITY,
    Answers,
    fake_service,
)

EXAMPLE = SmokeExample(
    application={"SK_ID_CURR": 7, "AMT_CREDIT": 1000.5},
    probability=PROBABILITY,
    model_version=1,
    feature_version=0,
    source="synthetic",
)
OF_THE_SERVICE = [
    *("health", "prediction", "batch_score", "reasons", "model_info", "without_key", "bad_body", "replay"),
]
OF_OPERATIONS = ["metrics", "ready"]
REPLAY = f"POST /decisions/{DECISION}/replay"
DIFFERENT = {"is_equal": False, "differences": [{"name": "probability"}, {"name": "threshold"}]}


def outcomes(answers: Answers, example: SmokeExample | None = EXAMPLE, has_operations: bool = True) -> list[Outcome]:
    with fake_service({**ANSWERS, **answers}) as (url, _):
        server = Server(url, "smoke-1", KEY)
        return list(SmokeTest(server, server if has_operations else None, example).run())


def test_all_checks_of_a_good_service_pass() -> None:
    found = outcomes({})
    assert [outcome.name for outcome in found] == OF_THE_SERVICE + OF_OPERATIONS
    assert {outcome.mark for outcome in found} == {"passed"}


def test_without_an_address_for_operations_their_checks_are_left_out() -> None:
    assert [outcome.name for outcome in outcomes({}, has_operations=False)] == OF_THE_SERVICE


@pytest.mark.parametrize(
    ("request_", "status", "body", "name", "sentence"),
    [
        ("GET /health", 503, HEALTHY | {"status": "unhealthy"}, "health", "answers 503 instead of 200"),
        (
            "GET /health",
            200,
            HEALTHY | {"status": "degraded", "parts": {"model": "ready", "ledger": "unavailable"}},
            "health",
            "The service is degraded: ledger unavailable.",
        ),
        ("GET /health", 200, "<html>", "health", "does not answer like this service"),
        ("GET /health", 200, {"status": "healthy"}, "health", "does not answer like this service"),
        (
            "POST /predict",
            503,
            {"detail": "Unavailable: store."},
            "prediction",
            "503 instead of 200: Unavailable: store.",
        ),
        ("POST /predict", 401, {"detail": "Send a valid key."}, "prediction", "does not know this key"),
        ("POST /predict", 200, PREDICTION | {"decision": "refused"}, "prediction", "The decision is refused"),
        (
            "POST /predict",
            200,
            PREDICTION | {"probability_of_default": PROBABILITY + 1e-17},
            "batch_score",
            f"answers probability {PROBABILITY + 1e-17!r}, the batch computed {PROBABILITY!r}",
        ),
        ("POST /predict?explain=true", 422, INVALID, "reasons", "answers 422 instead of 200"),
        ("POST /predict?explain=true", 200, PREDICTION, "reasons", "without reasons"),
        ("POST /predict?explain=true", 200, EXPLAINED | {"explanation": {"reasons": []}}, "reasons", "without reasons"),
        (
            "GET /model-info",
            403,
            {"detail": "Key 0123 does not have the scope read."},
            "model_info",
            "the scope read. `",
        ),
        ("POST /predict without key", 422, INVALID, "without_key", "answers 422 instead of 401"),
        ("POST /predict of a bad body", 200, PREDICTION, "bad_body", "answers 200 instead of 422"),
        ("POST /predict of a bad body", 422, INVALID | {"errors": []}, "bad_body", "does not name the invalid field"),
        (REPLAY, 200, DIFFERENT, "replay", f"2 values of decision {DECISION} differ: probability, threshold."),
        (REPLAY, 404, {"detail": "Nothing is stored under this id."}, "replay", "answers 404 instead of 200: Nothing"),
        ("GET /metrics", 200, "python_info 1.0\n", "metrics", "has no metric of this service"),
        (
            "GET /health/ready",
            503,
            {"detail": "Unavailable: ledger."},
            "ready",
            "503 instead of 200: Unavailable: ledger.",
        ),
    ],
)
def test_a_failed_check_says_what_it_found_and_the_others_run(
    request_: str, status: int, body: object, name: str, sentence: str
) -> None:
    found = outcomes({request_: (status, body)})
    assert [outcome.name for outcome in found] == OF_THE_SERVICE + OF_OPERATIONS
    (failed,) = (outcome for outcome in found if outcome.mark == "failed")
    assert failed.name == name
    assert sentence in failed.sentence
    without_prediction = ["batch_score", "replay"] if name == "prediction" and status != 200 else []
    assert [outcome.name for outcome in found if outcome.mark == "skipped"] == without_prediction


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            {"model_version": 2},
            "model version 1 and feature version 0, the example model version 2 and feature version 0",
        ),
        ({"feature_version": 3}, "the example model version 1 and feature version 3"),
    ],
)
def test_a_score_of_other_versions_is_not_compared(change: dict[str, int], sentence: str) -> None:
    example = EXAMPLE.model_copy(update={**change, "probability": 0.9})
    (compared,) = (outcome for outcome in outcomes({}, example) if outcome.mark != "passed")
    assert (compared.mark, compared.name) == ("skipped", "batch_score")
    assert sentence in compared.sentence


def test_without_an_example_an_applicant_without_a_client_number_is_sent_and_no_score_compared() -> None:
    test = SmokeTest(Server("http://127.0.0.1:1", "smoke-1", KEY), None, None)
    assert "SK_ID_CURR" not in test._application and "AMT_CREDIT" in test._application
    (compared,) = (outcome for outcome in outcomes({}, None) if outcome.mark != "passed")
    assert (compared.mark, compared.name) == ("skipped", "batch_score")


def test_the_two_decisions_of_a_test_are_all_that_it_leaves() -> None:
    with fake_service() as (url, requests):
        list(SmokeTest(Server(url, "smoke-1", KEY), None, EXAMPLE).run())
    deciding = [request for request in requests if request in ("POST /predict", "POST /predict?explain=true")]
    assert deciding == ["POST /predict", "POST /predict?explain=true"]


def test_the_key_is_not_shown() -> None:
    assert KEY not in repr(Server("http://127.0.0.1:1", "smoke-1", KEY))
