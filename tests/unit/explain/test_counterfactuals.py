"""Counterfactuals are plausible, smallest first, never worse than another one, and always accepted."""

from collections.abc import Sequence

import numpy as np
import pytest

from credit_scoring.data_contracts.application_request import RawColumns
from credit_scoring.explain.counterfactuals import (
    MAX_BURDEN,
    MAX_OWN_MONEY,
    Candidate,
    Terms,
    candidates,
    counterfactuals,
    requested_terms,
)
from credit_scoring.explain.texts import LANGUAGES

APPLICATION: dict[str, float | int | str | None] = {
    "NAME_CONTRACT_TYPE": "Cash loans",
    "AMT_INCOME_TOTAL": 135_000.0,
    "AMT_CREDIT": 500_000.0,
    "AMT_GOODS_PRICE": 500_000.0,
    "AMT_ANNUITY": 25_000.0,
    "FLAG_DOCUMENT_3": 0,
    "FLAG_DOCUMENT_8": 1,
}
# Usual terms fit the amount and the instalment, and the income is high enough to pay the difference.
RICH = APPLICATION | {"AMT_INCOME_TOTAL": 800_000.0}


def number(application: RawColumns, column: str) -> float:
    value = application[column]
    assert isinstance(value, int | float)
    return float(value)


def by_credit(applications: Sequence[RawColumns]) -> np.ndarray:
    """Risk is the amount in millions."""
    return np.array([number(one, "AMT_CREDIT") / 1e6 for one in applications])


def test_the_smallest_cut_that_is_accepted_is_offered_for_each_kind() -> None:
    offers = counterfactuals(RICH, by_credit, threshold=0.41)
    assert [offer.candidate.kind for offer in offers] == ["smaller_purchase", "larger_down_payment"]
    for offer in offers:
        terms = offer.candidate.terms
        assert terms is not None and (terms.credit, terms.instalment, terms.months) == (400_000, 20_000, 24)
        assert offer.probability == pytest.approx(0.4)
    assert [offer.candidate.terms and offer.candidate.terms.down_payment for offer in offers] == [0, 100_000]


def test_a_down_payment_that_the_income_cannot_cover_is_not_offered() -> None:
    offers = counterfactuals(APPLICATION, by_credit, threshold=0.41)
    assert [offer.candidate.kind for offer in offers] == ["smaller_purchase"]


def test_an_offer_that_another_one_dominates_is_left_out() -> None:
    # The loan exceeds the price: a smaller loan needs no down payment, so giving up part of the purchase gains nothing.
    cheap = RICH | {"AMT_GOODS_PRICE": 380_000.0}
    offers = counterfactuals(cheap, by_credit, threshold=0.41)
    assert [offer.candidate.kind for offer in offers] == ["larger_down_payment"]


def test_a_document_is_offered_if_it_suffices() -> None:
    def by_document(applications: Sequence[RawColumns]) -> np.ndarray:
        return np.array([0.1 if one["FLAG_DOCUMENT_3"] else 0.9 for one in applications])

    offers = counterfactuals(APPLICATION, by_document, threshold=0.5)
    assert [offer.candidate.changes for offer in offers] == [{"FLAG_DOCUMENT_3": 1}]


def test_a_document_is_combined_with_other_terms_only_if_nothing_suffices_alone() -> None:
    def by_both(applications: Sequence[RawColumns]) -> np.ndarray:
        small = by_credit(applications) < 0.41
        paper = np.array([bool(one["FLAG_DOCUMENT_3"]) for one in applications])
        return np.where(small & paper, 0.1, 0.9)

    offers = counterfactuals(APPLICATION, by_both, threshold=0.5)
    assert offers and all(offer.candidate.kind.endswith("_and_papers") for offer in offers)
    assert all(offer.candidate.documents == ("FLAG_DOCUMENT_3",) for offer in offers)


def test_a_smaller_purchase_over_another_term_is_tried_too() -> None:
    def by_instalment(applications: Sequence[RawColumns]) -> np.ndarray:
        too_much = [0.5 if number(one, "AMT_CREDIT") > 450_000 else 0 for one in applications]
        return np.array([number(one, "AMT_ANNUITY") / 1e5 for one in applications]) + too_much

    offers = counterfactuals(APPLICATION, by_instalment, threshold=0.02)
    assert "smaller_purchase_and_other_length" in {offer.candidate.kind for offer in offers} or offers


def test_amounts_are_tried_down_to_a_twentieth_of_the_request() -> None:
    tried = [one.terms.credit for one in candidates(RICH | {"AMT_INCOME_TOTAL": 4e6}) if one.terms]
    assert min(tried) == 25_000
    offers = counterfactuals(APPLICATION, by_credit, threshold=0.06)
    assert offers and offers[0].probability < 0.06


def test_nothing_is_offered_if_nothing_is_accepted() -> None:
    assert counterfactuals(APPLICATION, lambda many: np.ones(len(many)), threshold=0.5) == ()
    assert counterfactuals({}, by_credit, threshold=0.5) == ()


def test_an_offer_that_is_refused_when_it_is_scored_alone_is_dropped() -> None:
    def unsteady(applications: Sequence[RawColumns]) -> np.ndarray:
        return np.full(len(applications), 0.9 if len(applications) == 1 else 0.1)

    assert counterfactuals(APPLICATION, unsteady, threshold=0.5) == ()


@pytest.mark.parametrize("application", [APPLICATION, RICH])
def test_candidates_are_plausible(application: RawColumns) -> None:
    requested = requested_terms(application)
    income = number(application, "AMT_INCOME_TOTAL")
    assert requested is not None
    for candidate in candidates(application):
        terms = candidate.terms
        if terms is None:
            assert candidate.documents
            continue
        assert 0 < terms.credit <= requested.credit
        assert terms.price is not None and requested.price is not None and 0 < terms.price <= requested.price
        assert terms.instalment <= max(requested.instalment, MAX_BURDEN * income)
        assert terms.down_payment - requested.down_payment <= MAX_OWN_MONEY * income
        assert terms.amount_payable > terms.credit
        assert candidate.effort > 0
        changed = candidate.applied_to(application)
        history = {name: value for name, value in changed.items() if not name.startswith(("AMT", "FLAG"))}
        assert history == {"NAME_CONTRACT_TYPE": "Cash loans"}


def test_terms_that_fit_no_usual_term_are_not_changed() -> None:
    odd = APPLICATION | {"AMT_ANNUITY": 400_000.0}
    assert {candidate.kind for candidate in candidates(odd)} == {"papers"}


def test_an_offer_states_everything_it_costs_in_each_language() -> None:
    terms = Terms(credit=400_000.0, price=450_000.0, instalment=20_000.0, months=24)
    offer = Candidate("larger_down_payment_and_papers", terms, ("FLAG_DOCUMENT_3",), 0.3)
    assert LANGUAGES["en"].counterfactual(offer) == (
        "With the rest of your file unchanged, we could accept a loan of 400,000 repaid in 24 monthly instalments of "
        "20,000 (total amount payable: 480,000; total cost of the credit: 80,000) for a purchase of 450,000, "
        "with a down payment of 50,000, provided that you submit document 3 on our list."
    )
    french = LANGUAGES["fr"].counterfactual(offer)
    assert "un prêt de 400\u202f000 remboursé en 24 mensualités de 20\u202f000" in french
    assert "coût total du crédit\N{NO-BREAK SPACE}: 80\u202f000" in french and "un apport de 50\u202f000" in french
    only_papers = Candidate("papers", None, ("FLAG_DOCUMENT_8",), 0.1)
    assert LANGUAGES["en"].counterfactual(only_papers) == (
        "With the rest of your file unchanged, we could accept the loan that you requested, "
        "provided that you submit document 8 on our list."
    )
