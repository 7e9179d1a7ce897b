"""Counterfactuals are plausible, smallest first, and always accepted."""

from collections.abc import Sequence

import numpy as np
import pytest

from credit_scoring.data_contracts.application_request import RawColumns
from credit_scoring.explain.counterfactuals import MAX_BURDEN, Change, Counterfactual, candidates, counterfactuals
from credit_scoring.explain.texts import LANGUAGES

APPLICATION: dict[str, float | int | str | None] = {
    "NAME_CONTRACT_TYPE": "Cash loans",
    "AMT_INCOME_TOTAL": 135_000.0,
    "AMT_CREDIT": 500_000.0,
    "AMT_GOODS_PRICE": 450_000.0,
    "AMT_ANNUITY": 25_000.0,
    "FLAG_DOCUMENT_3": 0,
    "FLAG_DOCUMENT_8": 1,
}


def number(application: RawColumns, column: str) -> float:
    value = application[column]
    assert isinstance(value, int | float)
    return float(value)


def by_credit(applications: Sequence[RawColumns]) -> np.ndarray:
    """Risk is the amount in millions."""
    return np.array([number(one, "AMT_CREDIT") / 1e6 for one in applications])


def test_the_smallest_cut_that_is_accepted_is_offered_for_each_kind() -> None:
    offers = counterfactuals(APPLICATION, by_credit, threshold=0.41)
    assert [offer.kind for offer in offers] == ["smaller_purchase", "larger_down_payment"]
    for offer in offers:
        changed = {change.column: change.after for change in offer.changes}
        assert changed["AMT_CREDIT"] == 400_000
        assert changed["AMT_ANNUITY"] == 20_000
        assert offer.probability == pytest.approx(0.4)
    assert "AMT_GOODS_PRICE" not in {change.column for change in offers[1].changes}


def test_a_document_is_offered_if_it_suffices() -> None:
    def by_document(applications: Sequence[RawColumns]) -> np.ndarray:
        return np.array([0.1 if one["FLAG_DOCUMENT_3"] else 0.9 for one in applications])

    offers = counterfactuals(APPLICATION, by_document, threshold=0.5)
    assert [offer.changes for offer in offers] == [(Change("FLAG_DOCUMENT_3", 0, 1),)]


def test_two_changes_are_combined_only_if_none_suffices_alone() -> None:
    def by_both(applications: Sequence[RawColumns]) -> np.ndarray:
        small = by_credit(applications) < 0.41
        paper = np.array([bool(one["FLAG_DOCUMENT_3"]) for one in applications])
        return np.where(small & paper, 0.1, 0.9)

    offers = counterfactuals(APPLICATION, by_both, threshold=0.5)
    assert offers and all(" " not in offer.kind and "_and_papers" in offer.kind for offer in offers)
    assert all(Change("FLAG_DOCUMENT_3", 0, 1) in offer.changes for offer in offers)


def test_a_smaller_purchase_over_another_length_is_tried_too() -> None:
    def by_instalment(applications: Sequence[RawColumns]) -> np.ndarray:
        return np.array(
            [
                number(one, "AMT_ANNUITY") / 1e5 + (0.5 if number(one, "AMT_CREDIT") > 450_000 else 0)
                for one in applications
            ]
        )

    offers = counterfactuals(APPLICATION, by_instalment, threshold=0.07)
    assert [offer.kind for offer in offers] == ["smaller_purchase_and_other_length"]


def test_nothing_is_offered_if_nothing_is_accepted() -> None:
    assert counterfactuals(APPLICATION, lambda many: np.ones(len(many)), threshold=0.5) == ()
    assert counterfactuals({}, by_credit, threshold=0.5) == ()


def test_an_offer_that_is_refused_when_it_is_scored_alone_is_dropped() -> None:
    def unsteady(applications: Sequence[RawColumns]) -> np.ndarray:
        return np.full(len(applications), 0.9 if len(applications) == 1 else 0.1)

    assert counterfactuals(APPLICATION, unsteady, threshold=0.5) == ()


def test_candidates_are_plausible() -> None:
    for candidate in candidates(APPLICATION):
        changed = candidate.applied_to(APPLICATION)
        credit, price, instalment = (number(changed, name) for name in ("AMT_CREDIT", "AMT_GOODS_PRICE", "AMT_ANNUITY"))
        assert 0 < credit <= 500_000 and 0 < price <= 450_000
        # The loan never exceeds the price by more than before, and repayments exceed the loan.
        assert credit / price <= 500 / 450 + 0.01
        assert instalment * 60 > credit
        assert instalment <= max(25_000, MAX_BURDEN * 135_000 / 12)
        assert candidate.effort > 0
        history = {name: value for name, value in changed.items() if not name.startswith(("AMT", "FLAG"))}
        assert history == {"NAME_CONTRACT_TYPE": "Cash loans"}


def test_an_instalment_that_fits_no_usual_term_is_not_changed() -> None:
    odd = APPLICATION | {"AMT_ANNUITY": 400_000.0}
    assert "other_length" not in {candidate.kind for candidate in candidates(odd)}


def test_an_offer_is_written_in_each_language() -> None:
    changes = (Change("AMT_CREDIT", 500_000.0, 400_000.0), Change("FLAG_DOCUMENT_3", 0, 1))
    offer = Counterfactual("larger_down_payment_and_papers", changes, 0.3, 0.05)
    assert LANGUAGES["en"].counterfactual(offer) == (
        "As your file stands today, the answer would be yes if you borrow 400,000 instead of 500,000 "
        "and hand in paper number 3 of the list."
    )
    assert "400\u202f000 au lieu de 500\u202f000 et fournissiez" in LANGUAGES["fr"].counterfactual(offer)
