"""Reasons and counterfactuals of synthetic clients, by models really trained on them."""

import json
import re
import shutil
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import polars as pl
import pytest

from credit_scoring.batch_scoring.known_clients import ingested_application
from credit_scoring.core.settings import Settings
from credit_scoring.core.settings.defaults import TrainingSettings, TuningSettings
from credit_scoring.core.storage import Storage
from credit_scoring.data_contracts.contract import CLIENT
from credit_scoring.data_ingestion import step as data_ingestion
from credit_scoring.data_validation import step as data_validation
from credit_scoring.decisions.decision_request import DecisionRequest
from credit_scoring.decisions.service import DecisionService, open_decision_service
from credit_scoring.explain.explainer import Explanation, explain
from credit_scoring.explain.reasons import Grouping, reasons_for
from credit_scoring.feature_engineering import step as feature_engineering
from credit_scoring.feature_engineering.concepts import Concept
from credit_scoring.feature_store import step as feature_store
from credit_scoring.feature_store.offline import feature_matrix, read_version
from credit_scoring.model_registry.registry import ModelRegistry
from credit_scoring.scoring.artefact_names import FOLD_MODELS
from credit_scoring.scoring.model_family import Model
from credit_scoring.scoring.scorer import Decision, Scorer
from credit_scoring.synthetic_data.writer import write_synthetic_tables
from credit_scoring.train import step as train
from tests.support.protected_terms import PROTECTED_TERMS

pytestmark = pytest.mark.slow
CLIENTS = 4_000
EXPLAINED = 400


class Portfolio(NamedTuple):
    """Synthetic clients whom the registered Scorer never saw, and the Scorer."""

    settings: Settings
    scorer: Scorer
    client_ids: list[int]
    features: np.ndarray


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """An installation that has published the features of synthetic clients."""
    folder = tmp_path_factory.mktemp("synthetic")
    write_synthetic_tables(folder / "raw", clients=CLIENTS, seed=5)
    settings = Settings(
        data_directory=folder / "data",
        bucket_count=4,
        training=TrainingSettings(fold_count=3),
        tuning=TuningSettings(trials=5),
    )
    data_ingestion.run(settings, folder / "raw")
    data_validation.run(settings)
    feature_engineering.run(settings)
    feature_store.run(settings)
    return settings


@pytest.fixture(scope="module", params=["lightgbm", "logistic_regression"])
def portfolio(
    request: pytest.FixtureRequest, published: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Portfolio:
    folder = tmp_path_factory.mktemp(request.param) / "data"
    shutil.copytree(published.data_directory, folder)
    settings = published.with_values(data_directory=folder, training={"families": request.param})
    train.run(settings)
    scorer = ModelRegistry(settings).load("staging").scorer
    number = feature_store.published_version(settings).number
    frame = read_version(Storage.of(settings).offline_features(), number)
    new = frame.filter(pl.col("TARGET").is_null()).head(EXPLAINED)
    features = feature_matrix(new, scorer.description.feature_names)
    return Portfolio(settings, scorer, new[CLIENT].to_list(), features)


@pytest.fixture
def service(portfolio: Portfolio) -> Iterator[DecisionService]:
    opened = open_decision_service(portfolio.settings)
    yield opened
    opened.close()


def explained(portfolio: Portfolio, service: DecisionService, client_id: int) -> Explanation:
    return service.explain(ingested_application(portfolio.settings, client_id), client_id, explain)


def refused_clients(portfolio: Portfolio, maximum: int) -> list[int]:
    refused = portfolio.scorer.probability(portfolio.features) >= portfolio.scorer.description.threshold
    return [client for client, is_so in zip(portfolio.client_ids, refused, strict=True) if is_so][:maximum]


def test_replacing_the_first_reason_by_values_of_accepted_clients_moves_the_score_as_stated(
    portfolio: Portfolio,
) -> None:
    scorer, features = portfolio.scorer, portfolio.features
    assert len(features) == EXPLAINED and scorer.accepted is not None
    grouping = Grouping.from_names(scorer.description.feature_names)
    refused = scorer.probability(features) >= scorer.description.threshold
    accepted = features[~refused][:40]
    contributions = scorer.model.contributions(features)[:, :-1]
    moved = []
    for row in range(len(features)):
        reasons = reasons_for(bool(refused[row]), grouping, contributions[row], features[row], scorer.accepted)
        if not reasons:
            continue
        group = grouping.concept_indices == list(Concept).index(reasons[0].concept)
        exchanged = np.tile(features[row], (len(accepted), 1))
        exchanged[:, group] = accepted[:, group]
        change = scorer.margin(exchanged).mean() - scorer.margin(features[row : row + 1])[0]
        moved.append(change < 0 if refused[row] else change > 0)
    assert len(moved) > 0.9 * EXPLAINED and np.mean(moved) >= 0.95


def test_contributions_by_concept_sum_to_the_margin_and_the_probability(
    portfolio: Portfolio, service: DecisionService
) -> None:
    for client_id in portfolio.client_ids[:25]:
        found = explained(portfolio, service, client_id)
        margin = found.base + sum(share.contribution for share in found.concepts)
        assert margin == pytest.approx(found.margin, abs=1e-6)
        calibration = portfolio.scorer.description.calibration
        assert float(calibration.probability(np.array([margin]))[0]) == pytest.approx(found.probability, abs=1e-6)
        row = portfolio.features[portfolio.client_ids.index(client_id)].reshape(1, -1)
        assert found.probability == pytest.approx(float(portfolio.scorer.probability(row)[0]), abs=0)


def test_the_same_client_gets_the_same_explanation(portfolio: Portfolio, service: DecisionService) -> None:
    another = open_decision_service(portfolio.settings)
    try:
        for client_id in portfolio.client_ids[:25]:
            first = explained(portfolio, service, client_id)
            assert first == explained(portfolio, service, client_id) == explained(portfolio, another, client_id)
    finally:
        another.close()


def test_there_are_at_most_five_reasons_without_protected_concepts_or_words(
    portfolio: Portfolio, service: DecisionService
) -> None:
    named = 0
    for client_id in portfolio.client_ids[:100]:
        found = explained(portfolio, service, client_id)
        assert (found.decision is Decision.REFUSED) <= len(found.reasons) <= 5
        strengths = [reason.strength for reason in found.reasons]
        assert strengths == sorted(strengths, reverse=True) and min(strengths, default=1) > 0
        assert not any(reason.concept.is_protected for reason in found.reasons)
        named += sum(reason.value is not None for reason in found.reasons)
        for code, texts in found.texts.items():
            assert len(texts.reasons) == max(1, len(found.reasons))
            for text in (*texts.reasons, *texts.offers):
                for pattern in PROTECTED_TERMS[code]:
                    assert not re.search(rf"\b({pattern})\b", text, re.IGNORECASE), text
    # Most reasons carry the client's own value.
    assert named > 200


def test_every_offer_is_accepted_when_the_changed_application_is_scored_again(
    portfolio: Portfolio, service: DecisionService
) -> None:
    offered = 0
    for client_id in refused_clients(portfolio, 120):
        application = ingested_application(portfolio.settings, client_id)
        found = explained(portfolio, service, client_id)
        assert found.decision is Decision.REFUSED
        for offer in found.offers:
            offered += 1
            record = service.make_decision(DecisionRequest(application | offer.changes, client_id, "a test"))
            assert record.decision is Decision.ACCEPTED
            assert record.probability == offer.probability
    assert offered > 5


def test_reasons_are_recorded_with_the_decision_and_explained_again_by_its_id(
    portfolio: Portfolio, service: DecisionService
) -> None:
    client_id = refused_clients(portfolio, 1)[0]
    record = service.make_decision(
        DecisionRequest(ingested_application(portfolio.settings, client_id), client_id, "a test"),
        explain=lambda *inputs: explain(*inputs).model_dump(mode="json"),
    )
    assert record.probability == Explanation.model_validate(record.reasons).probability
    again, explanation = service.explain_recorded(record.decision_id, explain)
    assert again.reasons == record.reasons == json.loads(explanation.model_dump_json())


def test_averages_of_accepted_clients_come_from_models_that_never_saw_them(portfolio: Portfolio) -> None:
    scorer = portfolio.scorer
    assert scorer.accepted is not None
    assert len(scorer.accepted.contributions) == len(scorer.description.feature_names)
    kept = Storage.of(portfolio.settings).current("train")
    assert (kept / FOLD_MODELS / "0").is_dir()
    unseen = portfolio.features[scorer.probability(portfolio.features) < scorer.description.threshold]
    model: Model = scorer.model
    own = model.contributions(unseen)[:, :-1].mean(axis=0)
    grouping = Grouping.from_names(scorer.description.feature_names)
    difference = grouping.sums(own) - grouping.sums(np.array(scorer.accepted.contributions))
    assert np.abs(difference).max() < 0.3
