"""Decisions on a real store, registry and ledger."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from pydantic import JsonValue

from credit_scoring.batch_scoring import step as scoring_step
from credit_scoring.batch_scoring.known_clients import decide_on_clients, example_clients, ingested_application
from credit_scoring.core.buckets import bucket_of
from credit_scoring.core.errors import MissingArtefactError, ModelNotFoundError, StorageError
from credit_scoring.core.settings import Settings
from credit_scoring.core.steps import StepInputs, StepResult, run_step
from credit_scoring.core.storage import Storage
from credit_scoring.data_contracts.application import APPLICATION_TEST, APPLICATION_TRAIN
from credit_scoring.data_contracts.application_request import RawColumns
from credit_scoring.data_contracts.bucket_files import bucket_path
from credit_scoring.data_contracts.validated_tables import INGEST_STEP, VALIDATE_STEP, VALIDATED_MEASURE
from credit_scoring.decisions.decision_request import DecisionRequest
from credit_scoring.decisions.ledger import Ledger
from credit_scoring.decisions.service import DecisionService, open_decision_service
from credit_scoring.feature_engineering.history import HISTORY_FEATURES
from credit_scoring.feature_store import step as feature_store
from credit_scoring.feature_store.offline import feature_matrix
from credit_scoring.model_registry.registry import ModelRegistry
from credit_scoring.scoring.explanation_types import Recompute
from credit_scoring.scoring.scorer import Decision, Scorer
from tests.support.feature_versions import compute_made_up_features, made_up_features
from tests.support.handmade_tables import make_table
from tests.support.registered_scorers import register_scorer, write_scorer
from tests.support.scorers import small_scorer

APPLICATION: dict[str, float | int | str | None] = {
    "NAME_CONTRACT_TYPE": "Cash loans",
    "AMT_INCOME_TOTAL": 135_000.0,
    "AMT_CREDIT": 500_000.0,
    "DAYS_BIRTH": -12_000,
}
TRAINING_CLIENT, NEW_CLIENT = 3, 190
CALLER = "a test"


def ledger_of(settings: Settings) -> Ledger:
    return Ledger(Storage.of(settings).database_url("", "decisions"))


@pytest.fixture
def service(trained_copy: Settings) -> Iterator[DecisionService]:
    opened = open_decision_service(trained_copy)
    yield opened
    opened.close()


def test_only_scorings_that_lead_to_a_decision_are_observed(service: DecisionService) -> None:
    observed: list[tuple[int, float]] = []
    service.observe(
        lambda _: None, lambda _, features, probabilities, __: observed.append((len(features), probabilities[0]))
    )

    def explain(scorer: Scorer, _: RawColumns, features: np.ndarray, __: Recompute) -> JsonValue:
        return float(scorer.probability(features.reshape(1, -1) + 1)[0])

    record = service.make_decision(DecisionRequest(APPLICATION, None, CALLER), explain=explain)
    assert observed == [(1, record.probability)]
    assert service.replay(record.decision_id).is_equal
    service.explain(APPLICATION, None, explain)
    service.explain_recorded(record.decision_id, explain)
    assert len(observed) == 1
    service.make_decisions([DecisionRequest.from_columns(one, CALLER) for one in [APPLICATION, APPLICATION]])
    assert [rows for rows, _ in observed] == [1, 2]


@pytest.fixture
def ingested(trained_copy: Settings) -> Settings:
    """A trained installation with the raw applications of one training client and one new client."""
    applications = {
        APPLICATION_TRAIN: {"SK_ID_CURR": TRAINING_CLIENT, "TARGET": 1},
        APPLICATION_TEST: {"SK_ID_CURR": NEW_CLIENT},
    }

    def write(folder: Path) -> StepResult:
        for table, row in applications.items():
            frame = make_table(table.name, [APPLICATION | row])
            for bucket in range(trained_copy.bucket_count):
                path = bucket_path(folder, table, bucket)
                path.parent.mkdir(exist_ok=True)
                mine = bucket_of(row["SK_ID_CURR"], trained_copy.bucket_count) == bucket
                frame.head(int(mine)).write_parquet(path)
        return StepResult({}, {"buckets": trained_copy.bucket_count})

    tables = run_step(trained_copy, INGEST_STEP, StepInputs("synthetic", (), (), ()), write)
    run_step(
        trained_copy,
        VALIDATE_STEP,
        StepInputs("synthetic", (), (), ()),
        lambda _: StepResult({}, {VALIDATED_MEASURE: tables.fingerprint}),
    )
    return trained_copy


def test_a_decision_is_recorded_with_the_bits_of_its_features(service: DecisionService, trained_copy: Settings) -> None:
    answer = service.make_decision(DecisionRequest(APPLICATION, 7, CALLER))
    ledger = ledger_of(trained_copy)
    entry = ledger.get(answer.decision_id)
    features = entry.features
    assert entry.record == answer
    history = feature_matrix(made_up_features(), [feature.name for feature in HISTORY_FEATURES])
    # The seventh row is client 7.
    assert features[: len(HISTORY_FEATURES)].tobytes() == history[6].tobytes()
    scorer = ModelRegistry(trained_copy).load("staging").scorer
    assert scorer.probability(features.reshape(1, -1))[0] == answer.probability
    assert scorer.decision_for(answer.probability) is answer.decision
    ledger.close()


def test_a_client_without_history_gets_a_decision(service: DecisionService) -> None:
    for client in (None, 999_999):
        answer = service.make_decision(DecisionRequest(APPLICATION, client, CALLER))
        assert not answer.history_found
        assert answer.client_id == client
        assert 0 < answer.probability < 1


def test_the_versions_in_use_are_reported(service: DecisionService) -> None:
    assert service.feature_version.number == 0
    assert (service.registered.name, service.registered.version) == ("credit-scoring", 1)


def test_without_the_ledger_a_decision_is_spooled_and_can_be_found(
    service: DecisionService, trained_copy: Settings
) -> None:
    with closing(sqlite3.connect(trained_copy.data_directory / "databases" / "decisions.db")) as database:
        database.execute("DROP TABLE ledger_decisions")
    answer = service.make_decision(DecisionRequest(APPLICATION, 7, CALLER))
    assert service.spool_depth() == 1
    assert "decision ledger" in (service.ledger_unavailable_reason or "")
    assert service.readiness() == {"model": None, "store": None, "ledger": None}
    assert service.find(answer.decision_id) == answer
    assert service.replay(answer.decision_id).is_equal


def test_without_features_or_model_the_service_does_not_open(with_tracking: Settings) -> None:
    with pytest.raises(MissingArtefactError, match="features publish"):
        open_decision_service(with_tracking)
    compute_made_up_features(with_tracking, made_up_features(10))
    feature_store.run(with_tracking)
    with pytest.raises(ModelNotFoundError, match="credit-scoring train"):
        open_decision_service(with_tracking)


def test_a_model_of_other_features_is_not_served(trained_copy: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "version"
    write_scorer(small_scorer(), folder)
    register_scorer(trained_copy, "another training", folder)
    with pytest.raises(StorageError, match="version 2 was trained on other features than are served"):
        open_decision_service(trained_copy)


def test_an_ingested_application_has_the_form_of_a_request(ingested: Settings) -> None:
    for client in (TRAINING_CLIENT, NEW_CLIENT):
        application = ingested_application(ingested, client)
        assert tuple(application) == APPLICATION_TEST.column_names
        known = {name: value for name, value in application.items() if value is not None}
        assert known == APPLICATION | {"SK_ID_CURR": client}


def test_decisions_on_known_clients_are_recorded(ingested: Settings) -> None:
    answers = decide_on_clients(ingested, [NEW_CLIENT, TRAINING_CLIENT])
    assert [answer.client_id for answer in answers] == [NEW_CLIENT, TRAINING_CLIENT]
    assert all(answer.history_found for answer in answers)
    ledger = ledger_of(ingested)
    assert [ledger.get(answer.decision_id).record for answer in answers] == answers
    ledger.close()


def test_an_unknown_client_among_several_stops_before_the_first_decision(ingested: Settings) -> None:
    with pytest.raises(MissingArtefactError, match="client 4242 among the ingested tables"):
        decide_on_clients(ingested, [NEW_CLIENT, 4242])
    ledger = ledger_of(ingested)
    assert len(list(ledger.rows_with_keys())) == 0
    ledger.close()


def test_examples_are_an_accepted_and_a_refused_new_client(trained_copy: Settings) -> None:
    scoring_step.run(trained_copy)
    scores = pl.read_parquet(Storage.of(trained_copy).current(scoring_step.SCORE_STEP) / scoring_step.SCORES_FILE)
    examples = scores.filter(pl.col("SK_ID_CURR").is_in(example_clients(trained_copy)))
    assert sorted(examples["decision"]) == [Decision.ACCEPTED.value, Decision.REFUSED.value]
    assert not examples["used_in_training"].any()
    for decision, probability in examples.select("decision", "probability").iter_rows():
        new = scores.filter((pl.col("decision") == decision) & ~pl.col("used_in_training"))
        below = np.count_nonzero(new["probability"].to_numpy() < probability)
        assert below == new.height // 2
