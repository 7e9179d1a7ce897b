"""Interpretability report and model card: complete in each language, or not written."""

import copy
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from matplotlib.figure import Figure

from credit_scoring.core.errors import MissingArtefactError
from credit_scoring.core.html_page import png
from credit_scoring.explain.texts import LANGUAGES
from credit_scoring.explain.texts.language import DOCUMENTS, PICTURES
from credit_scoring.governance.documents import PICTURES_FOLDER, as_page, document, html_of
from credit_scoring.governance.pdf import write_pdf

CREATED_AT = datetime(2026, 1, 2, tzinfo=UTC)

METRICS = (
    "clients",
    "default_rate",
    "auc",
    "auc_low",
    "auc_high",
    "acceptance_rate",
    "recall",
    "precision",
    "cost_per_client",
    "average_precision",
    "brier_score",
    "nested_cost_per_client",
    "refused_good_clients",
    "accepted_defaults",
    "cost_per_client_low",
    "cost_per_client_high",
    "calibration_error",
)
ESTIMATE = {"value": 0.83, "low": 0.8, "high": 0.86}
WORST = {"attribute": "gender x age", "group": "M, under 30", "acceptance_ratio": ESTIMATE}
FIGURES: dict[str, Any] = {
    "model": {
        "name": "m",
        "version": 3,
        "family_name": "lightgbm",
        "features": 7,
        "trained_at": "2026-01-02",
        "feature_version": 1,
        "feature_fingerprint": "0123",
        "model_hash": "4567",
        "code_version": "0.1.0",
        "threshold": 0.0912,
        "missed_default_cost": 10.0,
    },
    "metrics": dict.fromkeys(METRICS, 0.25) | {"clients": 5000.0},
    "intended_use": "Deciding.",
    "compared": [{"model": "lightgbm", "auc": 0.75, "cost_per_client": 0.5}],
    "gate": {"passed": False, "limit": 0.8},
    "rows": {"explained": "5,000", "which": "applications"},
    "concepts": [{"title": "Debts", "protected": False, "share": 0.5, "auc_loss": 0.01}],
    "strongest": [
        {
            "feature": "a_b",
            "meaning": "What <b>it</b> means.",
            "name": "What <b>it</b> means.",
            "mean_absolute_shap": 0.1,
        }
    ],
    "cases": [
        {
            "title": "Client 7 (defaulted): refused",
            "text": "A case.",
            "reasons": ["A reason."],
            "effects": [("Debts", "total debt on record", "8,000", "500", "+0.53", "+0.60")],
            "pictures": ["waterfall_of_concepts_1", "waterfall_1"],
        }
    ],
    "effect_columns": ("group", "figure", "client", "usual", "effect", "compared"),
    "selection": [{"title": "redundant", "features": 4, "disclosed": 1, "share": 0.2, "auc_loss": 0.0012}],
    "pairs": [{"feature": "a_b", "stronger": "c_d", "correlation": 0.97}],
    "redundant_from": 0.95,
    "left_out": {"a key": ["SK_ID_BUREAU"]},
    "protected_auc_loss": 0.003,
    "protected": [{"title": "Age", "law": "The law."}],
    "protected_share": 0.25,
    "fairness": {"rows": 5000, "limit": 0.8, "worst": WORST},
    "price": {
        "features": 28,
        "fitted_rows": 5000,
        "auc_with": 0.75,
        "auc_without": 0.74,
        "auc_lost": ESTIMATE,
        "cost_with": 0.5,
        "cost_without": 0.51,
        "cost_added_per_thousand": ESTIMATE,
        "worst_with": WORST,
        "worst_without": None,
    },
}


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_report_formats_numbers_by_its_language(code: str) -> None:
    text = document("interpretability_report", LANGUAGES[code], FIGURES, "real")
    assert ("probabilité atteint\n9,1" if code == "fr" else "probability of\n9.1") in text
    assert "5000" not in text
    assert "ynth" not in text
    for number in range(1, 10):
        assert f"## {number}. " in text


@pytest.mark.parametrize("name", DOCUMENTS)
@pytest.mark.parametrize("code", LANGUAGES)
def test_a_document_about_synthetic_data_says_so(code: str, name: str) -> None:
    assert "ynth" in document(name, LANGUAGES[code], FIGURES, "synthetic").splitlines()[2]


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_model_card_states_the_result_of_the_fairness_gate(code: str) -> None:
    refused = document("model_card", LANGUAGES[code], FIGURES, "real")
    passed = document("model_card", LANGUAGES[code], FIGURES | {"gate": {"passed": True, "limit": 0.8}}, "real")
    word = {"en": "written waiver", "fr": "dérogation écrite"}[code]
    assert word in refused
    assert word not in passed
    assert "`lightgbm`" in passed


def without_auc(figures: dict[str, Any]) -> None:
    del figures["metrics"]["auc_low"]


def without_the_ablation(figures: dict[str, Any]) -> None:
    figures["price"] = None


def without_the_gate(figures: dict[str, Any]) -> None:
    figures["gate"]["limit"] = None


def without_fairness(figures: dict[str, Any]) -> None:
    del figures["fairness"]


def with_none_for_a_number(figures: dict[str, Any]) -> None:
    figures["concepts"][0]["auc_loss"] = None


def with_nan_for_a_number(figures: dict[str, Any]) -> None:
    figures["protected_share"] = float("nan")


def with_none_for_a_text(figures: dict[str, Any]) -> None:
    figures["cases"][0]["text"] = None


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("spoil", [without_auc, without_fairness, without_the_ablation, without_the_gate])
def test_a_model_card_that_lacks_a_figure_is_not_written(code: str, spoil: Callable[[dict[str, Any]], None]) -> None:
    figures = copy.deepcopy(FIGURES)
    spoil(figures)
    with pytest.raises(MissingArtefactError, match="model_card lacks a figure"):
        document("model_card", LANGUAGES[code], figures, "real")


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize(
    "spoil",
    [
        without_auc,
        without_fairness,
        without_the_ablation,
        with_none_for_a_number,
        with_nan_for_a_number,
        with_none_for_a_text,
    ],
)
def test_a_report_that_lacks_a_figure_is_not_written(code: str, spoil: Callable[[dict[str, Any]], None]) -> None:
    figures = copy.deepcopy(FIGURES)
    spoil(figures)
    with pytest.raises(MissingArtefactError, match="lacks a figure"):
        document("interpretability_report", LANGUAGES[code], figures, "real")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a picture of each name in each language."""
    folder = tmp_path_factory.mktemp("documents")
    content = png(Figure(figsize=(2.0, 1.0)))
    for code in LANGUAGES:
        (folder / PICTURES_FOLDER / code).mkdir(parents=True)
        for name in PICTURES:
            for ending in ("", "_1"):
                (folder / PICTURES_FOLDER / code / f"{name}{ending}.png").write_bytes(content)
    return folder


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_page_shows_the_text_and_escapes_html_in_it(code: str, folder: Path) -> None:
    language = LANGUAGES[code]
    name = "interpretability_report"
    page = as_page(name, document(name, language, FIGURES, "synthetic"), language, "synthetic", folder)
    assert f'<html lang="{code}">' in page
    assert "What &lt;b&gt;it&lt;/b&gt; means." in page
    assert page.count("<h1>") == 1
    assert page.count("<h2>") == 9
    assert page.count('<div class="scroll"><table>') == page.count("</table></div>") == 11


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_form_of_the_report_shows_the_pictures_and_figures_of_a_client_and_links_the_shap_report(
    code: str, folder: Path
) -> None:
    language = LANGUAGES[code]
    name = "interpretability_report"
    text = document(name, language, FIGURES, "real")
    page = as_page(name, text, language, "real", folder)
    write_pdf(html_of(text), "Title", code, CREATED_AT, folder, folder / "report.pdf")
    pdf = (folder / "report.pdf").read_bytes()
    pictures = re.findall(rf"\]\((pictures/{code}/\w+\.png)\)", text)
    assert {Path(picture).stem for picture in pictures} == {
        *PICTURES[:5],
        "waterfall_of_concepts_1",
        "waterfall_1",
    }
    assert page.count('<img src="data:image/png;base64,') == len(pictures)
    # Equal pictures are stored once.
    assert pdf.count(b"/Subtype /Image") >= 1
    assert pdf.count(b"/URI (shap_report.html)") == text.count("](shap_report.html)") == 2
    for form in (text, page):
        assert form.count("shap_report.html") >= 2
        assert "Client 7 (defaulted): refused" in form
        for cell in FIGURES["cases"][0]["effects"][0]:
            assert cell in form


def test_equal_documents_are_equal_bytes_as_pdf(folder: Path) -> None:
    written = []
    for file in (folder / "one.pdf", folder / "other.pdf"):
        write_pdf("<h1>Title</h1><p>Text: é, ≥, −, œ</p>", "Title", "fr", CREATED_AT, folder, file)
        written.append(file.read_bytes())
    assert written[0] == written[1]
    assert written[0].startswith(b"%PDF-")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_line_of_a_french_document_can_break_before_a_mark_or_within_a_number(name: str) -> None:
    text = document(name, LANGUAGES["fr"], FIGURES, "real")
    assert not re.search(r" [;:%»?!]|« |\d \d{3}\b", text)
    assert "\N{NO-BREAK SPACE}:" in text
    assert "|---|" in text
