"""The explain step: what drives the registered Scorer."""

import shutil

import numpy as np
import polars as pl
import pytest

from credit_scoring.core.errors import ModelNotFoundError
from credit_scoring.core.settings import Settings
from credit_scoring.core.storage import Storage
from credit_scoring.explain import step
from credit_scoring.explain.cases import effect_rows
from credit_scoring.explain.feature_findings import LEFT_OUT
from credit_scoring.explain.feature_selection import feature_selection
from credit_scoring.explain.importance import PERMUTED_FEATURES, SHOWN_FEATURES, concept_importance, feature_importance
from credit_scoring.explain.portfolio import portfolio_of, training_folder
from credit_scoring.explain.portfolio_explanation import EXPLAIN_STEP, portfolio_explanation, read_explanation
from credit_scoring.explain.reasons import ROW_COUNTS
from credit_scoring.explain.texts import ENGLISH
from credit_scoring.feature_engineering.catalogue import feature_names
from credit_scoring.feature_engineering.concepts import Concept
from credit_scoring.feature_store import step as feature_store
from credit_scoring.model_registry.registry import ModelRegistry
from credit_scoring.scoring.artefact_names import OUT_OF_FOLD_FILE, PLOTS
from credit_scoring.scoring.scorer import Decision
from tests.support.feature_versions import compute_made_up_features, made_up_features


def test_importances_come_from_applications_the_model_never_saw(trained: Settings) -> None:
    manifest = step.run(trained)
    folder = Storage.of(trained).current(EXPLAIN_STEP)
    importance = pl.read_csv(folder / step.IMPORTANCE_FILE)
    assert importance.height == len(feature_names())
    # The made-up risk depends on the first feature alone.
    assert importance["feature"][0] == manifest.measures["strongest_feature"] == feature_names()[0]
    known = made_up_features().filter(pl.col("TARGET").is_not_null())
    assert manifest.measures["explained_rows"] == known.height
    assert importance["auc_loss_when_permuted"][0] > 0.05
    assert set(pl.read_csv(folder / step.CONCEPTS_FILE)["protected"]) == {True, False}
    page = (folder / step.REPORT_FILE).read_text()
    assert f"explained on {known.height} of {known.height} training applications" in page
    assert "by a model that never saw it" in page
    plots = {path.stem for path in (folder / PLOTS).glob("*.png")}
    assert plots >= {"importance", "native_importance", "summary", "waterfall_1", "waterfall_of_concepts_2"}
    assert {path.stem for path in (folder / PLOTS / "fr").iterdir()} == plots
    assert "Synthetic data." in page
    assert feature_names()[0].replace("_", "_<wbr>") in page


def test_a_table_says_which_features_were_not_permuted(trained: Settings) -> None:
    step.run(trained)
    folder = Storage.of(trained).current(EXPLAIN_STEP)
    importance = pl.read_csv(folder / step.IMPORTANCE_FILE)
    assert importance["permutation"].to_list() == ["measured"] * PERMUTED_FEATURES + ["not measured"] * (
        len(feature_names()) - PERMUTED_FEATURES
    )
    assert importance["auc_loss_when_permuted"].is_not_null().sum() == PERMUTED_FEATURES
    native = pl.read_csv(folder / step.NATIVE_FILE)
    assert native["rank"].to_list() == list(range(1, SHOWN_FEATURES + 1))
    assert native["native_share"].is_sorted(descending=True)
    selection = pl.read_csv(folder / step.SELECTION_FILE)
    assert selection["decision"].value_counts(sort=True).rows() == [
        ("kept", len(feature_names())),
        ("left out", len(LEFT_OUT)),
    ]


def test_an_example_case_names_the_client_and_compares_with_accepted_clients(trained: Settings) -> None:
    step.run(trained)
    storage, registered = Storage.of(trained), ModelRegistry(trained).load("staging")
    explanation = read_explanation(storage, registered.version, 0)
    assert [(case.decision, case.defaulted) for case in explanation.cases] == [
        (Decision.REFUSED, True),
        (Decision.ACCEPTED, False),
    ]
    portfolio = portfolio_of(storage, registered.scorer, 0, training_folder(storage, registered.scorer))
    page = (storage.current(EXPLAIN_STEP) / step.REPORT_FILE).read_text()
    for case in explanation.cases:
        row = portfolio.rows.client_ids.tolist().index(case.client_id)
        assert case.base + sum(case.contributions.values()) == pytest.approx(portfolio.rows.margins[row])
        assert f"Client {case.client_id} (" in page
        for effect in case.concepts:
            assert effect.excess is not None
            if effect.concept.is_protected:
                assert effect.feature is None
            elif effect.value is not None:
                assert effect.is_on_record
                features = registered.scorer.description.feature_names
                assert effect.value == portfolio.rows.features[row, features.index(str(effect.feature))]
        # The figures of the table are those of the sentences.
        figures = [row[1:4] for row in effect_rows(case, ENGLISH)]
        cited = [sentence for sentence in case.reasons["en"] if "usual value" in sentence]
        assert cited or case.decision is Decision.ACCEPTED
        for sentence in cited:
            assert any(
                sentence.startswith(f"{name[:1].upper()}{name[1:]}: {value}, ") and sentence.endswith(f"({usual}).")
                for name, value, usual in figures
            )


def test_a_client_without_rows_in_a_history_table_has_nothing_on_record(trained: Settings) -> None:
    storage, registered = Storage.of(trained), ModelRegistry(trained).load("staging")
    names = registered.scorer.description.feature_names
    portfolio = portfolio_of(storage, registered.scorer, 0, training_folder(storage, registered.scorer))
    without_rows = portfolio.rows.features.copy()
    without_rows[:, [names.index(count) for count in ROW_COUNTS.values()]] = 0
    rows = portfolio.rows._replace(features=without_rows)
    importance = feature_importance(registered.scorer.model, names, rows)
    concepts, selection = concept_importance(names, rows), feature_selection(importance, names, rows)
    explained = portfolio_explanation(registered, 0, portfolio._replace(rows=rows), concepts, importance, selection)
    for case in explained.cases:
        effects = {effect.concept: effect for effect in case.concepts if effect.feature is not None}
        assert not effects[Concept.EARLIER_APPLICATIONS].is_on_record
        assert effects[Concept.EARLIER_APPLICATIONS].value is None
        assert effects[Concept.LOAN_REQUESTED].is_on_record


def test_contributions_sum_to_the_margins_that_training_kept(trained: Settings) -> None:
    storage, scorer = Storage.of(trained), ModelRegistry(trained).load("staging").scorer
    training = training_folder(storage, scorer)
    assert training is not None
    portfolio = portfolio_of(storage, scorer, 0, training)
    kept = pl.read_parquet(training / OUT_OF_FOLD_FILE)
    np.testing.assert_array_equal(portfolio.rows.client_ids, kept["SK_ID_CURR"])
    np.testing.assert_allclose(portfolio.rows.margins, kept["margin"], atol=1e-6)
    np.testing.assert_allclose(portfolio.probability, kept["probability"], atol=1e-6)


def test_after_another_training_new_applications_are_explained_by_the_model_itself(trained_copy: Settings) -> None:
    shutil.rmtree(trained_copy.data_directory / "train")
    manifest = step.run(trained_copy)
    unseen = made_up_features().filter(pl.col("TARGET").is_null())
    assert manifest.measures["explained_rows"] == unseen.height
    folder = Storage.of(trained_copy).current(EXPLAIN_STEP)
    assert "applications the model never saw" in (folder / step.REPORT_FILE).read_text()
    importance = pl.read_csv(folder / step.IMPORTANCE_FILE)
    assert importance["auc_loss_when_permuted"].null_count() == len(feature_names())
    assert set(importance["permutation"]) == {"not measured"}


def test_explaining_again_computes_nothing_unless_forced(trained_copy: Settings) -> None:
    step.run(trained_copy)
    assert step.run(trained_copy).reused
    assert not step.run(trained_copy, force=True).reused


def test_without_a_model_the_error_says_what_to_run(with_tracking: Settings) -> None:
    compute_made_up_features(with_tracking, made_up_features(10, new_clients=0))
    feature_store.run(with_tracking)
    with pytest.raises(ModelNotFoundError, match="credit-scoring train"):
        step.run(with_tracking)
