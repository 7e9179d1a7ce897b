"""The drift report in each language, for every status."""

import re
from collections.abc import Mapping
from html import unescape

import pytest

from credit_scoring.drift_detection import current_applications
from credit_scoring.drift_detection.report import drift_page
from credit_scoring.drift_detection.result import DriftResult, Finding
from credit_scoring.drift_detection.sentences import verdict_sentences
from credit_scoring.evaluation.confidence_intervals import Interval
from credit_scoring.explain.texts import LANGUAGES
from credit_scoring.explain.texts.drift_texts import LEFT_OUT, STATUSES
from credit_scoring.governance.drift_history import Status
from tests.support.drift_results import drift_result, feature, unmoved

pytestmark = pytest.mark.slow

AMOUNT = feature("app_amt_credit", (0.5, 0.5, 0.0), (0.1, 0.9, 0.0), (100_000.0,), index=0.8, importance=0.02)
OTHERS = {"it": "drift_report.it.html"}
SECTIONS: Mapping[str, tuple[str, ...]] = {
    "en": ("What moved", "All features together", "Probabilities and decisions", "Performance", "Groups of applicants"),
    "fr": ("Ce qui a changé", "Toutes les variables ensemble", "Probabilités et décisions", "Groupes de demandeurs"),
}
NO_OUTCOME = {"en": "Refused applicants have no outcome", "fr": "L'issue des demandes refusées n'est jamais connue"}


def page_of(result: DriftResult, code: str, earlier: list[DriftResult] | None = None, reason: str | None = None) -> str:
    summaries = [one.summary for one in earlier or []]
    page = unescape(drift_page(result, summaries, reason, OTHERS, LANGUAGES[code]))
    return re.sub(r"base64,[^\"]*", "", page)


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("status", [Status.STABLE, Status.WARNING, Status.ALARM])
def test_each_status_has_a_page_with_every_part(status: Status, code: str) -> None:
    finding = () if status is Status.STABLE else (Finding.IMPORTANT_FEATURE,)
    result = drift_result(status, [AMOUNT, unmoved("bureau_count")], *finding)
    page, language = page_of(result, code, [result, result]), LANGUAGES[code]
    assert f'<html lang="{code}">' in page and language.synthetic_notice[0] in page
    assert f"{language.drift.statuses[status]}.</strong>" in page
    assert all(sentence in page for sentence in verdict_sentences(result, language))
    assert all(f"<h2>{section}</h2>" in page for section in SECTIONS[code])
    assert page.count("<img") == 4  # history, features, probabilities, months
    assert NO_OUTCOME[code] in page
    for expected in (
        "NAME_INCOME_TYPE",
        language.features["app_amt_credit"],
        "2026-08",
        'href="evidently_report.html"',
    ):
        assert expected in page
    assert 'href="drift.json"' in page and 'href="drift_report.it.html"' in page
    assert language.drift.left_out["erased"] in page
    younger, older = (page.index(language.group_name(group)) for group in ("F, under 30", "F, 30 to 39"))
    assert younger < older
    few = language.typeset(language.drift.few.format(language.drift.groups["new"]))
    assert few in page and language.typeset(language.drift.few.format(language.drift.groups["known"])) not in page


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("decisions", [0, 40])
def test_too_few_applications_have_a_page_that_says_so(decisions: int, code: str) -> None:
    result = drift_result(
        Status.TOO_FEW, [AMOUNT] if decisions else [], decisions=decisions, **({} if decisions else {"overall": None})
    )
    page = page_of(result, code, reason="nothing to compare")
    assert all(sentence in page for sentence in verdict_sentences(result, LANGUAGES[code]))
    assert not any(f"<h2>{section}</h2>" in page for section in SECTIONS[code])
    assert LANGUAGES[code].typeset(LANGUAGES[code].drift.no_evidently_page["nothing to compare"]) in page
    assert 'href="evidently_report.html"' not in page and LANGUAGES[code].drift.left_out["erased"] in page


def test_the_estimate_is_compared_with_the_measurement_of_the_same_decisions() -> None:
    page = page_of(drift_result(Status.ALARM, [AMOUNT], Finding.DEFAULT_RATE), "en")
    assert "measured costs within the interval of their estimate: 1 of 2" in page.replace("\n", " ")
    assert "as estimated" in page and "higher than estimated" in page


def test_a_comparison_without_dates_has_one_row_and_no_chart_of_months() -> None:
    result = drift_result(
        Status.STABLE, [unmoved()], kind="version", current="feature version 2", since=None, until=None, months=()
    )
    page = page_of(result, "en")
    assert "Applications of feature version 2, compared with the training of model version 3" in page
    assert page.count("<img") == 2 and "This is the first comparison of its kind." in page
    french = page_of(result, "fr")
    assert "Demandes de la version 2 des variables, par rapport à l'apprentissage de la version 3 du modèle" in french


def test_a_comparison_without_outcomes_says_so() -> None:
    result = drift_result(Status.STABLE, [unmoved()])
    assert result.overall is not None
    unknown = {"estimated_where_measured": None, "measured": None, "default_rate_of_accepted": None}
    month = result.overall.model_copy(update=unknown)
    changed = result.model_copy(update={"overall": month, "months": (month,), "expected_default_rate": None})
    assert "No outcome is known yet." in page_of(changed, "en")
    assert "Aucune issue n'est encore connue." in page_of(changed, "fr")


def test_an_interval_that_does_not_hold_its_estimate_is_drawn() -> None:
    result = drift_result(Status.STABLE, [unmoved()])
    drawn = result.months[0].estimated.model_copy(update={"auc": Interval(0.5, 0.51, 0.52)})
    months = (result.months[0].model_copy(update={"estimated": drawn}),)
    assert page_of(result.model_copy(update={"months": months}), "en").count("<img") == 3


def test_text_from_the_data_is_escaped() -> None:
    result = drift_result(Status.STABLE, [unmoved()], kind="file", current="<b>.csv", since=None, until=None)
    assert "<b>.csv" not in drift_page(result, [], None, OTHERS, LANGUAGES["en"])


def test_the_languages_name_every_status_and_every_reason() -> None:
    assert set(STATUSES) == {status.value for status in Status}
    assert set(LEFT_OUT) == {current_applications._ERASED, current_applications._OTHER_MODEL}


def test_acceptance_ratios_of_groups_are_shown_over_time() -> None:
    result = drift_result(Status.STABLE, [unmoved()])
    name = "gender x age: F, under 30"
    earlier = [
        result.summary.model_copy(update={"acceptance_ratios": {name: ratio}}) for ratio in (0.1, 0.2, 0.3, 0.4, 0.5)
    ]
    page = drift_page(result, earlier, None, {}, LANGUAGES["en"])
    assert "0.20 → 0.30 → 0.40 → 0.50 → 0.90" in page
    assert "→" not in drift_page(result, [], None, {}, LANGUAGES["en"])
