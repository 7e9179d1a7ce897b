"""The audit step: fairness by group and the documents about the registered Scorer."""

import re
import shutil
from pathlib import Path

import polars as pl
import pytest

from credit_scoring.core.errors import MissingArtefactError, StorageError
from credit_scoring.core.settings import Settings
from credit_scoring.core.storage import Storage
from credit_scoring.evaluation.fairness import FairnessAudit
from credit_scoring.explain import step as explain
from credit_scoring.explain.portfolio_explanation import EXPLAIN_STEP, EXPLANATION_FILE, read_explanation
from credit_scoring.governance import step
from credit_scoring.train import step as train
from tests.support.feature_versions import made_up_features


@pytest.fixture(scope="module")
def explained(trained: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A trained installation of its own whose model is explained."""
    folder = tmp_path_factory.mktemp("explained") / "data"
    shutil.copytree(trained.data_directory, folder)
    settings = trained.with_values(data_directory=folder)
    explain.run(settings)
    return settings


def audited_folder(settings: Settings) -> Path:
    step.run(settings)
    return Storage.of(settings).current(step.AUDIT_STEP)


def fairness_of(folder: Path) -> FairnessAudit:
    return FairnessAudit.model_validate_json((folder / step.FAIRNESS_FILE).read_bytes())


def test_documents_exist_in_each_language_and_say_that_data_are_synthetic(explained: Settings) -> None:
    folder = audited_folder(explained)
    for language in ("en", "fr"):
        assert "synth" in (folder / f"interpretability_report.{language}.html").read_text().lower()
        assert (folder / f"interpretability_report.{language}.md").is_file()
        assert "logistic" not in (folder / f"model_card.{language}.md").read_text()
        assert "`lightgbm`" in (folder / f"model_card.{language}.md").read_text()
    assert "Synthetic data." in (folder / step.FAIRNESS_REPORT_FILE).read_text()


def test_the_report_of_each_language_lies_beside_its_pictures_and_the_shap_report(explained: Settings) -> None:
    folder = audited_folder(explained)
    cases = read_explanation(Storage.of(explained), 1, 0).cases
    assert len(cases) == 2
    for language in ("en", "fr"):
        text = (folder / f"interpretability_report.{language}.md").read_text()
        page = (folder / f"interpretability_report.{language}.html").read_text()
        pictures = re.findall(r"\]\((pictures/[^)]+)\)", text)
        linked = re.findall(r"\]\((\w+\.html)\)", text)
        assert len(pictures) == page.count("data:image/png") == 9
        assert set(linked) == {"shap_report.html"}
        assert all((folder / name).is_file() for name in (*pictures, *linked))
        assert all(f"Client {case.client_id} (" in form for case in cases for form in (text, page))
        for name in ("interpretability_report", "model_card"):
            assert (folder / f"{name}.{language}.pdf").read_bytes().startswith(b"%PDF-")


def test_an_explanation_of_an_earlier_release_must_be_made_again(trained_copy: Settings) -> None:
    explain.run(trained_copy)
    file = Storage.of(trained_copy).current(EXPLAIN_STEP) / EXPLANATION_FILE
    file.write_text(file.read_text().replace('"client_id"', '"title"'))
    with pytest.raises(StorageError, match=f"{EXPLANATION_FILE} cannot be read"):
        step.run(trained_copy)


def test_the_search_of_the_documentation_finds_every_report_that_shows_a_client(explained: Settings) -> None:
    folders = (Storage.of(explained).current(EXPLAIN_STEP), audited_folder(explained))
    client = read_explanation(Storage.of(explained), 1, 0).cases[0].client_id
    documented = re.search(r'grep -rl "(.*?)"', (Path(__file__).parents[2] / "docs" / "LEDGER.md").read_text())
    assert documented is not None
    searched = documented[1].replace("100002", str(client))
    found = [
        {file.name for file in folder.iterdir() if file.suffix in (".html", ".md") and searched in file.read_text()}
        for folder in folders
    ]
    reports = {f"interpretability_report.{code}.{ending}" for code in ("en", "fr") for ending in ("md", "html")}
    assert found == [{"shap_report.html"}, {"shap_report.html", *reports}]


def test_the_audit_covers_all_clients_of_the_training_and_the_cost_of_leaving_inputs_out(explained: Settings) -> None:
    audited = fairness_of(audited_folder(explained))
    assert audited.rows == made_up_features().filter(pl.col("TARGET").is_not_null()).height
    price = audited.without_gender_and_age
    assert price is not None
    assert (price.columns, price.features) == (("CODE_GENDER", "DAYS_BIRTH"), 2)
    assert price.auc_lost.low <= price.auc_with - price.auc_without <= price.auc_lost.high
    assert price.cost_added.value == pytest.approx(price.cost_without - price.cost_with)


def test_every_document_prints_the_fairness_limit_that_is_set(explained: Settings) -> None:
    folder = audited_folder(explained.with_values(promotion={"min_acceptance_ratio": 0.875}))
    assert "below\n0.875 of the group" in (folder / step.FAIRNESS_REPORT_FILE).read_text()
    for code, limit in (("en", "0.875"), ("fr", "0,875")):
        for name in ("model_card", "interpretability_report"):
            document = (folder / f"{name}.{code}.md").read_text()
            assert limit in document
            assert not re.search(r"(below|sous) 0[.,]8\b|four-fifths|quatre cinquièmes", document)


def test_auditing_again_computes_nothing_unless_forced(explained: Settings) -> None:
    step.run(explained)
    assert step.run(explained).reused
    assert not step.run(explained, force=True).reused


def test_after_another_training_groups_are_compared_but_no_document_is_written(trained_copy: Settings) -> None:
    shutil.rmtree(trained_copy.data_directory / "train")
    explain.run(trained_copy)
    folder = audited_folder(trained_copy)
    # The run still keeps what the fold models predicted.
    assert fairness_of(folder).rows == made_up_features().filter(pl.col("TARGET").is_not_null()).height
    assert not list(folder.glob("interpretability_report*"))


def test_a_model_that_was_not_explained_is_not_audited(trained_copy: Settings) -> None:
    # Tests of other files may have explained the shared installation.
    shutil.rmtree(trained_copy.data_directory / "explain", ignore_errors=True)
    with pytest.raises(MissingArtefactError, match="step 'explain'"):
        step.run(trained_copy)
    explain.run(trained_copy)
    train.run(trained_copy, force=True)
    with pytest.raises(MissingArtefactError, match="Model version 2 is not explained") as caught:
        step.run(trained_copy)
    assert "credit-scoring explain" in caught.value.next_step
