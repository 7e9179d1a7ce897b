"""The verdict says in two sentences what moved, since when, and what to do, in each language."""

import re

import pytest

from credit_scoring.core.settings.defaults import DriftSettings
from credit_scoring.drift_detection.feature_drift import FeatureDrift
from credit_scoring.drift_detection.moved_features import bin_names, change_of, moved_groups
from credit_scoring.drift_detection.result import Finding, Verdict
from credit_scoring.drift_detection.sentences import verdict_sentences
from credit_scoring.drift_detection.verdict import verdict
from credit_scoring.explain.texts import LANGUAGES
from credit_scoring.explain.texts.language import Language
from credit_scoring.governance.drift_history import Status
from tests.support.drift_results import SINCE, drift_result, feature, unmoved

ENGLISH, FRENCH = LANGUAGES["en"], LANGUAGES["fr"]
COVERAGE = feature(
    "bureau_balance_credit_months_mean", (0.2, 0.1, 0.7), (0.5, 0.4, 0.1), (20.0,), index=1.7, importance=0.03
)
LATE = feature("bureau_balance_share_late", (0.2, 0.1, 0.7), (0.5, 0.4, 0.1), (0.5,), index=1.4, importance=0.01)
AMOUNT = feature("app_amt_credit", (0.5, 0.5, 0.0), (0.1, 0.9, 0.0), (100_000.0,), index=0.8, importance=0.02)
CONTRACT = feature("app_name_contract_type", (0.0, 0.9, 0.1, 0.0), (0.0, 1.0, 0.0, 0.0), (0.0, 1.0), index=0.3)


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


def test_groups_are_history_tables_or_concepts_and_what_moved_most_comes_first() -> None:
    groups = moved_groups([AMOUNT, LATE, COVERAGE], ENGLISH)
    assert [group.name for group in groups] == [
        "Monthly records of loans with other lenders (bureau_balance)",
        "The loan requested",
    ]
    assert [one.name for one in groups[0].features] == [COVERAGE.name, LATE.name]


@pytest.mark.parametrize(
    ("moved", "english", "french"),
    [
        (
            COVERAGE,
            "missing for 10.0% of applications instead of 70.0%",
            "valeur absente pour 10,0 % des demandes au lieu de 70,0 %",
        ),
        (AMOUNT, "values higher than in the training", "valeurs plus élevées qu'à l'apprentissage"),
        (
            AMOUNT.model_copy(update={"shares_now": (0.9, 0.1, 0.0)}),
            "values lower than in the training",
            "valeurs plus basses qu'à l'apprentissage",
        ),
        (
            CONTRACT,
            "revolving loans: 0.0% of applications instead of 10.0%",
            "crédits renouvelables : 0,0 % des demandes au lieu de 10,0 %",
        ),
    ],
)
def test_what_changed_in_a_feature(moved: FeatureDrift, english: str, french: str) -> None:
    assert change_of(moved, ENGLISH) == english
    assert plain(change_of(moved, FRENCH)) == french


def test_bins_are_named_after_their_values() -> None:
    flag = feature("app_flag_document_3", (0.0, 0.7, 0.3, 0.0), (0.0, 0.7, 0.3, 0.0), (0.0, 1e-45))
    assert bin_names(flag, ENGLISH) == ["below 0", "0", "above 0", "missing"]
    assert bin_names(AMOUNT, ENGLISH) == ["below 100,000", "from 100,000", "missing"]
    assert [plain(name) for name in bin_names(AMOUNT, FRENCH)] == ["moins de 100 000", "dès 100 000", "absente"]
    assert bin_names(feature("app_amt_credit", (1.0,), (1.0,), ()), ENGLISH)[-1] == "missing"


def test_a_warning_says_what_moved_since_when_and_what_to_do() -> None:
    result = drift_result(Status.WARNING, [COVERAGE, LATE, AMOUNT, unmoved("bureau_count")], Finding.SCORE)
    moved, to_do = verdict_sentences(result, ENGLISH)
    assert moved == (
        "3 of 4 features drifted: “Monthly records of loans with other lenders (bureau_balance)” with 2 features "
        "(above all: missing for 10.0% of applications instead of 70.0%); “The loan requested”: “amount of the loan "
        "requested” (values higher than in the training) (not stable since 2026-07-01)."
    )
    assert to_do == (
        "Find out whether it is the data of “Monthly records of loans with other lenders (bureau_balance)” or the "
        "applicants that changed: correct the data if they are wrong, and plan a new training if they are right."
    )
    french = [plain(sentence) for sentence in verdict_sentences(result, FRENCH)]
    assert french == [
        "Une dérive touche 3 des 4 variables : « Relevés mensuels des crédits auprès d'autres prêteurs "
        "(bureau_balance) », avec 2 variables (surtout : valeur absente pour 10,0 % des demandes au lieu de 70,0 %) ; "
        "« Le prêt demandé » : « montant du prêt demandé » (valeurs plus élevées qu'à l'apprentissage) (situation "
        "instable depuis le 01/07/2026).",
        "Cherchez si ce sont les données de « Relevés mensuels des crédits auprès d'autres prêteurs (bureau_balance) » "
        "ou les demandeurs qui ont changé : corrigez les données si elles sont fausses, prévoyez un nouvel "
        "apprentissage si elles sont justes.",
    ]


def test_a_warning_that_may_become_an_alarm_says_so() -> None:
    result = drift_result(Status.WARNING, [AMOUNT], Finding.SCORE)
    result = result.model_copy(update={"verdict": result.verdict.model_copy(update={"is_alarming": True})})
    assert verdict_sentences(result, ENGLISH)[1].endswith(
        "; if the next window that shares no day with this one shows the same, an alarm is raised."
    )
    assert verdict_sentences(result, FRENCH)[1].endswith(
        "si la prochaine période, sans jour commun avec celle-ci, le confirme, l'alarme sera déclenchée."
    )


def test_an_alarm_of_the_default_rate_names_it_first_and_calls_for_reviews() -> None:
    result = drift_result(Status.ALARM, [unmoved()], Finding.DEFAULT_RATE)
    moved, to_do = verdict_sentences(result, ENGLISH)
    assert result.overall is not None and (rate := result.overall.default_rate_of_accepted) is not None
    assert moved == (
        f"{rate.value:.1%} of the accepted applications whose outcome became known defaulted, more than the expected "
        "6.0% to 10.0%, and none of the 1 features drifted (not stable since 2026-07-01)."
    )
    assert to_do.startswith("The model now underestimates risk: have credit officers review acceptances")
    french = [plain(sentence) for sentence in verdict_sentences(result, FRENCH)]
    assert " % des demandes acceptées dont l'issue a été connue ont fait défaut, plus que " in french[0]
    assert french[0].endswith(
        "l'intervalle attendu (de 6,0 % à 10,0 %), et aucune des 1 variables n'a dérivé (situation instable depuis le "
        "01/07/2026)."
    )
    assert french[1].startswith("Le modèle sous-estime désormais le risque : faites revoir")


def test_an_alarm_of_the_features_calls_for_a_check_of_the_data_today() -> None:
    result = drift_result(Status.ALARM, [AMOUNT], Finding.SCORE)
    assert verdict_sentences(result, ENGLISH)[1].startswith("Check the data of “The loan requested” today; if they")
    assert plain(verdict_sentences(result, FRENCH)[1]).startswith(
        "Contrôlez dès aujourd'hui les données de « Le prêt demandé » ; si elles sont justes"
    )


def test_stable_applications_need_no_action_and_what_moved_a_little_is_named() -> None:
    assert verdict_sentences(drift_result(Status.STABLE, [unmoved()] * 9), ENGLISH) == (
        "None of the 9 features drifted.",
        "No action is needed.",
    )
    moved, to_do = verdict_sentences(drift_result(Status.STABLE, [CONTRACT] + [unmoved()] * 9), ENGLISH)
    assert moved.startswith("1 of 10 features drifted, too little for a warning: “The loan requested” (revolving")
    assert "since" not in moved.lower()
    assert to_do.endswith("find out whether the change of “The loan requested” was intended.")


def test_applications_without_a_date_drifted_since_a_comparison() -> None:
    result = drift_result(Status.WARNING, [AMOUNT], Finding.SCORE, kind="version", since=None, until=None)
    assert verdict_sentences(result, ENGLISH)[0].endswith("(not stable since the comparison of 2026-07-01).")
    assert verdict_sentences(result, FRENCH)[0].endswith("instable depuis la comparaison du 01/07/2026).")


def test_the_features_of_further_groups_are_counted() -> None:
    names = ("bureau_count", "card_count", "pos_count", "previous_count", "installments_count")
    moved = [feature(name, (0.5, 0.5, 0.0), (0.0, 1.0, 0.0), (1.0,)) for name in names]
    result = drift_result(Status.WARNING, moved, Finding.SCORE)
    assert verdict_sentences(result, ENGLISH)[0].endswith("; other groups (features: 2) (not stable since 2026-07-01).")
    assert plain(verdict_sentences(result, FRENCH)[0]).endswith(
        " ; autres groupes (variables : 2) (situation instable depuis le 01/07/2026)."
    )


def test_a_feature_that_no_program_declares_any_more_has_a_group() -> None:
    result = drift_result(Status.WARNING, [feature("of_an_older_model", (0.5, 0.5, 0.0), (0.0, 1.0, 0.0), (1.0,))])
    assert "” (values higher than in the training)" in verdict_sentences(result, ENGLISH)[0]


@pytest.mark.parametrize("decisions", [0, 40])
def test_too_few_applications_have_no_verdict(decisions: int) -> None:
    result = drift_result(Status.TOO_FEW, [AMOUNT] if decisions else [], decisions=decisions)
    moved, to_do = verdict_sentences(result, ENGLISH)
    assert moved == (
        "Too few applications could be compared: 40, where a verdict needs 500."
        if decisions
        else "There is nothing to compare: no application was found that this model could have decided."
    )
    assert to_do == "Compare a longer window, or wait for more applications."
    french = plain(verdict_sentences(result, FRENCH)[0])
    assert french.startswith(
        "Trop peu de demandes ont pu être comparées : 40" if decisions else "Il n'y a rien à comparer : aucune demande"
    )


def test_since_is_the_begin_of_the_first_comparison_that_was_not_stable() -> None:
    earlier = [drift_result(Status.WARNING, [AMOUNT], Finding.SCORE).summary]
    found = verdict([AMOUNT], 2_000, None, None, DriftSettings(), SINCE.replace(month=9), earlier[-1])
    assert found.since == SINCE
    result = drift_result(Status.WARNING, [AMOUNT], verdict=found, since=SINCE.replace(month=9))
    assert verdict_sentences(result, ENGLISH)[0].endswith("(not stable since 2026-07-01).")
    after_stable = [*earlier, drift_result(Status.STABLE, [unmoved()]).summary]
    found = verdict([AMOUNT], 2_000, None, None, DriftSettings(), SINCE.replace(month=9), after_stable[-1])
    result = drift_result(Status.WARNING, [AMOUNT], verdict=Verdict.model_validate(found))
    assert verdict_sentences(result, ENGLISH)[0].endswith("(not stable since 2026-09-01).")


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)
def test_no_phrase_addresses_the_reader_as_the_client(language: Language) -> None:
    names = [language.feature_name(name) for name in language.features]
    assert not [name for name in names if {"you", "your", "yours", "votre", "vos", "vous"} & set(re.split(r"\W", name))]
    assert any(replaced in name.split() for name in names for replaced in language.third_person.values())
