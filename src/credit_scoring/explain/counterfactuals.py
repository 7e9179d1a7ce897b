"""Counterfactuals: the smallest changes of a refused application that would be accepted.

Only what the client decides is changed: amount and down payment, purchase, loan term, documents. The history stays.
Pure: the caller computes features and scores.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from credit_scoring.data_contracts.application import APPLICATION_TEST
from credit_scoring.data_contracts.application_request import RawColumns
from credit_scoring.feature_engineering.application.loan_terms import LOAN_TERMS, plausible_rates

Value = float | int | str | None

CREDIT, PRICE, INSTALMENT, INCOME = "AMT_CREDIT", "AMT_GOODS_PRICE", "AMT_ANNUITY", "AMT_INCOME_TOTAL"
DOCUMENTS = ("FLAG_DOCUMENT_3", "FLAG_DOCUMENT_8")
"""Documents that at least one published client in twenty provides, except the one that reveals a pension."""

MAX_OFFERS = 3
KEPT_SHARES = tuple(share / 100 for share in range(95, 0, -5))
"""Shares of an amount that are tried, as far as the contract allows; a smaller cut hardly changes the loan."""
_PURCHASE_WEIGHT = 0.9
"""Buying less takes less effort than paying more of the price oneself."""
_DOCUMENT_EFFORT = 0.1

MAX_BURDEN = 0.35
"""Largest ratio of a higher instalment to the declared income.

Taken from decision D-HCSF-2021-7, which limits the total debt service of housing loans to this share. The published
ratios (median 0.16) are plausible if both amounts cover the same period.
"""
MAX_OWN_MONEY = 0.25
"""Largest additional down payment relative to the declared income: the file shows no savings."""

_ROUND_ABOVE, _COARSE, _FINE = 50_000.0, 1_000.0, 10.0


@dataclass(frozen=True)
class Terms:
    """The terms of a loan.

    Attributes:
        price: of the purchase that the loan pays for; None if it pays for none.
        months: number of monthly instalments.
    """

    credit: float
    price: float | None
    instalment: float
    months: int

    @property
    def down_payment(self) -> float:
        """The part of the price that the loan does not pay."""
        return max(0.0, (self.price or 0.0) - self.credit)

    @property
    def amount_payable(self) -> float:
        """The sum of the instalments."""
        return self.months * self.instalment


@dataclass(frozen=True)
class Candidate:
    """A changed application before it is scored.

    Attributes:
        terms: of the changed loan; None if they stay as requested.
        documents: that are provided in addition.
        effort: sum of the relative changes; a document counts 0.1.
    """

    kind: str
    terms: Terms | None
    documents: tuple[str, ...]
    effort: float

    @property
    def changes(self) -> dict[str, float]:
        """The values of the raw columns that may change."""
        changes = {document: 1.0 for document in self.documents}
        if self.terms is not None:
            changes |= {CREDIT: self.terms.credit, INSTALMENT: self.terms.instalment}
            changes |= {} if self.terms.price is None else {PRICE: self.terms.price}
        return changes

    def applied_to(self, application: RawColumns) -> dict[str, Value]:
        """The changed application; a document flag stays a whole number."""
        return dict(application) | {
            column: int(after) if column in DOCUMENTS else after for column, after in self.changes.items()
        }


@dataclass(frozen=True)
class Counterfactual:
    """A changed application that is accepted, with its calibrated probability of default."""

    candidate: Candidate
    probability: float


ProbabilitiesOf = Callable[[Sequence[RawColumns]], np.ndarray]
"""Calibrated probabilities (n,) of changed applications with the client's history; 1 for what must not be offered."""


def counterfactuals(
    application: RawColumns, probabilities_of: ProbabilitiesOf, threshold: float
) -> tuple[Counterfactual, ...]:
    """The smallest accepted change of each kind; at most three, the smallest first, none dominated by another.

    Candidates are scored together, and each offer once more alone; it is accepted both times. A document is combined
    with other terms only if nothing suffices alone.

    Args:
        application: raw columns of a refused application.
        threshold: applications with at least this probability are refused.
    """
    single = candidates(application)
    offers = _smallest_accepted(application, single, probabilities_of, threshold)
    if not offers:
        combined = with_documents(single) + _smaller_purchases_over_another_term(application)
        offers = _smallest_accepted(application, combined, probabilities_of, threshold)
    return tuple(offers[:MAX_OFFERS])


def requested_terms(application: RawColumns) -> Terms | None:
    """The terms requested; None if no usual loan term fits the amount and the instalment."""
    credit, price, instalment = (_known(application.get(name)) for name in (CREDIT, PRICE, INSTALMENT))
    if credit is None or instalment is None:
        return None
    rates = _rates(credit, instalment)
    if np.isnan(rates).all():
        return None
    return Terms(credit, price, instalment, LOAN_TERMS[int(np.flatnonzero(~np.isnan(rates))[0])])


def candidates(application: RawColumns) -> list[Candidate]:
    """Plausible changes of one kind each."""
    requested = requested_terms(application)
    found = [
        Candidate("papers", None, (document,), _DOCUMENT_EFFORT)
        for document in DOCUMENTS
        if _known(application.get(document)) == 0.0
    ]
    if requested is None:
        return found
    changed = [Candidate("other_length", terms, (), effort) for terms, effort in _other_terms(requested)]
    for share in KEPT_SHARES:
        smaller = _scaled(requested, share)
        changed.append(Candidate("larger_down_payment", smaller, (), 1 - share))
        if requested.price is not None:
            cheaper = _scaled(requested, share, price_share=share)
            changed.append(Candidate("smaller_purchase", cheaper, (), _PURCHASE_WEIGHT * (1 - share)))
    return found + [one for one in changed if _is_plausible(application, requested, one)]


def with_documents(single: Sequence[Candidate]) -> list[Candidate]:
    """Each change of terms together with each document, and the documents together."""
    documents = [one for one in single if one.documents]
    pairs = [(terms, document) for terms in single if terms.terms for document in documents]
    pairs += list(zip(documents, documents[1:], strict=False))
    return [
        Candidate(f"{one.kind}_and_papers", one.terms, one.documents + two.documents, one.effort + two.effort)
        for one, two in pairs
    ]


def _smaller_purchases_over_another_term(application: RawColumns) -> list[Candidate]:
    requested = requested_terms(application)
    if requested is None or requested.price is None:
        return []
    found = [
        Candidate("smaller_purchase_and_other_length", terms, (), _PURCHASE_WEIGHT * (1 - share) + effort)
        for share in KEPT_SHARES
        for terms, effort in _other_terms(_scaled(requested, share, price_share=share))
    ]
    return [one for one in found if _is_plausible(application, requested, one)]


def _scaled(terms: Terms, share: float, price_share: float = 1.0) -> Terms:
    price = terms.price if terms.price is None or price_share == 1.0 else _rounded_down(terms.price * price_share)
    return Terms(_rounded_down(terms.credit * share), price, _rounded(terms.instalment * share), terms.months)


def _other_terms(terms: Terms) -> list[tuple[Terms, float]]:
    """The loan over the other usual terms, at the rate that the present instalment implies, with the effort."""
    rate = _rates(terms.credit, terms.instalment)[LOAN_TERMS.index(terms.months)]
    # The rate's formula (see `plausible_rates`) solved for the instalment.
    changed = [
        Terms(terms.credit, terms.price, _rounded(terms.credit / months * (1 + rate * (months + 1) / 24)), months)
        for months in LOAN_TERMS
        if months != terms.months and not np.isnan(rate)
    ]
    return [(other, abs(other.months - terms.months) / terms.months) for other in changed]


def _rates(credit: float, instalment: float) -> np.ndarray:
    return plausible_rates(np.array([instalment]), np.array([[credit]]))[:, 0]


def _is_plausible(application: RawColumns, requested: Terms, candidate: Candidate) -> bool:
    """Whether the terms change, lie within the contract's ranges, and cost no more than the file shows."""
    terms = candidate.terms
    assert terms is not None
    if terms == requested:
        return False
    for name, after in candidate.changes.items():
        column = APPLICATION_TEST.column(name)
        assert column.minimum is not None and column.maximum is not None
        if after <= 0 or not column.minimum <= after <= column.maximum:
            return False
    income = _known(application.get(INCOME)) or 0.0
    is_affordable = terms.instalment <= max(requested.instalment, MAX_BURDEN * income)
    own_money = terms.down_payment - requested.down_payment
    return is_affordable and own_money <= MAX_OWN_MONEY * income


def _smallest_accepted(
    application: RawColumns, tried: Sequence[Candidate], probabilities_of: ProbabilitiesOf, threshold: float
) -> list[Counterfactual]:
    if not tried:
        return []
    probabilities = probabilities_of([candidate.applied_to(application) for candidate in tried])
    offers: dict[str, Counterfactual] = {}
    for index in sorted(range(len(tried)), key=lambda index: tried[index].effort):
        candidate = tried[index]
        if probabilities[index] >= threshold or candidate.kind in offers:
            continue
        alone = float(probabilities_of([candidate.applied_to(application)])[0])
        if alone < threshold:
            offers[candidate.kind] = Counterfactual(candidate, alone)
    requested = requested_terms(application)
    burdens = {kind: _burdens(requested, offer.candidate) for kind, offer in offers.items()}
    return [
        offer
        for kind, offer in offers.items()
        # A dominated offer takes at least as much of everything as another one, and more of something.
        if not any((other <= burdens[kind]).all() and (other < burdens[kind]).any() for other in burdens.values())
    ]


def _burdens(requested: Terms | None, candidate: Candidate) -> np.ndarray:
    """What an offer takes from the client; smaller is better in every entry."""
    documents = [float(document in candidate.documents) for document in DOCUMENTS]
    terms = candidate.terms
    if requested is None or terms is None:
        return np.array([0.0] * 5 + documents)
    lost = [requested.credit - terms.credit, (requested.price or 0.0) - (terms.price or 0.0)]
    added = [terms.instalment - requested.instalment, terms.months - requested.months]
    added.append(terms.down_payment - requested.down_payment)
    return np.array([*lost, *np.maximum(added, 0.0), *documents])


def _rounded_down(amount: float) -> float:
    step = _COARSE if amount >= _ROUND_ABOVE else _FINE
    # A slightly smaller loan is accepted as well.
    return float(np.floor(amount / step) * step)


def _rounded(instalment: float) -> float:
    return float(round(instalment / _FINE) * _FINE)


def _known(value: Value) -> float | None:
    return float(value) if isinstance(value, int | float) else None
