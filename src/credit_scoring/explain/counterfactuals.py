"""Counterfactuals: the smallest changes of a refused application that would be accepted.

Only what the client decides is changed: amount and down payment, purchase, loan term, documents. The history stays.
Pure: the caller computes features and scores.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from credit_scoring.data_contracts.application import APPLICATION_TEST
from credit_scoring.data_contracts.application_request import RawColumns
from credit_scoring.feature_engineering.application.loan_terms import LOAN_TERMS, plausible_rates

Value = float | int | str | None

CREDIT, PRICE, INSTALMENT = "AMT_CREDIT", "AMT_GOODS_PRICE", "AMT_ANNUITY"
DOCUMENTS = ("FLAG_DOCUMENT_3", "FLAG_DOCUMENT_8")
"""Documents that at least one published client in twenty provides, except the one that reveals a pension."""

CHANGED_COLUMNS = (CREDIT, PRICE, INSTALMENT, *DOCUMENTS)
"""The raw columns that a counterfactual can change."""

MAX_OFFERS = 3
_KEPT_SHARES = tuple(share / 100 for share in range(95, 25, -5))
"""Shares of an amount that are tried: a smaller cut hardly changes the loan, a larger one makes it another loan."""
_PURCHASE_WEIGHT = 0.9
"""Buying less takes less effort than paying more of the price oneself."""

MAX_BURDEN = 0.35
"""Largest share of the yearly income for a higher instalment.

Taken from decision D-HCSF-2021-7, which limits the total debt service of housing loans to this share.
"""

_ROUND_ABOVE, _COARSE, _FINE = 50_000.0, 1_000.0, 10.0


@dataclass(frozen=True)
class Change:
    """One raw column and its value before and after."""

    column: str
    before: Value
    after: Value


@dataclass(frozen=True)
class Counterfactual:
    """A changed application that is accepted.

    Attributes:
        effort: sum of the relative changes; a document counts 0.1.
        probability: calibrated probability of default with the changes.
    """

    kind: str
    changes: tuple[Change, ...]
    effort: float
    probability: float


ProbabilitiesOf = Callable[[Sequence[RawColumns]], np.ndarray]
"""Calibrated probabilities (n,) of changed applications with the client's history."""


def counterfactuals(
    application: RawColumns, probabilities_of: ProbabilitiesOf, threshold: float
) -> tuple[Counterfactual, ...]:
    """The smallest accepted change of each kind; at most three, the smallest first.

    Candidates are scored together, and each offer once more alone; it is accepted both times. Two kinds are combined
    only if none suffices alone.

    Args:
        application: raw columns of a refused application.
        threshold: applications with at least this probability are refused.
    """
    single = candidates(application)
    offers = _smallest_accepted(application, single, probabilities_of, threshold)
    if not offers:
        both = combined(single) + _smaller_and_other_length(application)
        offers = _smallest_accepted(application, both, probabilities_of, threshold)
    return tuple(offers[:MAX_OFFERS])


@dataclass(frozen=True)
class Candidate:
    """A changed application before it is scored."""

    kind: str
    changes: tuple[Change, ...]
    effort: float

    def applied_to(self, application: RawColumns) -> dict[str, Value]:
        """The changed application."""
        return dict(application) | {change.column: change.after for change in self.changes}


def candidates(application: RawColumns) -> list[Candidate]:
    """Plausible changes of one kind each."""
    credit, price, instalment = (_known(application.get(name)) for name in (CREDIT, PRICE, INSTALMENT))
    found: list[Candidate] = []
    if credit is not None:
        for share in _KEPT_SHARES:
            amounts = {CREDIT: credit * share}
            if instalment is not None:
                amounts[INSTALMENT] = instalment * share
            found.append(_candidate("larger_down_payment", application, amounts, 1 - share))
            if price is not None:
                cheaper = amounts | {PRICE: price * share}
                effort = _PURCHASE_WEIGHT * (1 - share)
                found.append(_candidate("smaller_purchase", application, cheaper, effort))
        if instalment is not None:
            for other, effort in _other_lengths(credit, instalment):
                found.append(_candidate("other_length", application, {INSTALMENT: other}, effort))
    for document in DOCUMENTS:
        if _known(application.get(document)) == 0.0:
            found.append(Candidate("papers", (Change(document, 0, 1),), 0.1))
    return [candidate for candidate in found if _is_plausible(application, candidate)]


def combined(single: Sequence[Candidate]) -> list[Candidate]:
    """All pairs of changes of different kinds that change different columns."""
    pairs = []
    for index, first in enumerate(single):
        for second in single[index + 1 :]:
            disjoint = {change.column for change in first.changes}.isdisjoint(c.column for c in second.changes)
            if first.kind != second.kind and disjoint:
                kind = f"{first.kind}_and_{second.kind}"
                pairs.append(Candidate(kind, first.changes + second.changes, first.effort + second.effort))
    return pairs


def _smaller_and_other_length(application: RawColumns) -> list[Candidate]:
    credit, price, instalment = (_known(application.get(name)) for name in (CREDIT, PRICE, INSTALMENT))
    if credit is None or price is None or instalment is None:
        return []
    found = []
    for share in _KEPT_SHARES:
        for other, effort in _other_lengths(credit * share, instalment * share):
            amounts = {CREDIT: credit * share, PRICE: price * share, INSTALMENT: other}
            kind = "smaller_purchase_and_other_length"
            found.append(_candidate(kind, application, amounts, _PURCHASE_WEIGHT * (1 - share) + effort))
    return [candidate for candidate in found if _is_plausible(application, candidate)]


def _other_lengths(credit: float, instalment: float) -> list[tuple[float, float]]:
    """Instalments of the other usual loan terms at the rate that the present instalment implies, with their effort."""
    rates = plausible_rates(np.array([instalment]), np.array([[credit]]))[:, 0]
    if np.isnan(rates).all():
        return []
    terms = np.array(LOAN_TERMS)
    present = int(np.flatnonzero(~np.isnan(rates))[0])
    # The rate's formula (see `plausible_rates`) solved for the instalment.
    instalments = credit / terms * (1 + rates[present] * (terms + 1) / 24)
    efforts = np.abs(terms - terms[present]) / terms[present]
    return [(float(instalments[index]), float(efforts[index])) for index in range(len(terms)) if index != present]


def _candidate(kind: str, application: RawColumns, amounts: Mapping[str, float], effort: float) -> Candidate:
    rounded = {column: _rounded(column, amount) for column, amount in amounts.items()}
    changes = (Change(column, application.get(column), after) for column, after in rounded.items())
    return Candidate(kind, tuple(change for change in changes if change.after != change.before), effort)


def _is_plausible(application: RawColumns, candidate: Candidate) -> bool:
    """Whether something changes, within the ranges of the contract, and the client could afford it."""
    for change in candidate.changes:
        column = APPLICATION_TEST.column(change.column)
        after = _known(change.after)
        assert after is not None and column.minimum is not None and column.maximum is not None
        if after <= 0 or not column.minimum <= after <= column.maximum:
            return False
    return bool(candidate.changes) and _is_affordable(application, candidate)


def _is_affordable(application: RawColumns, candidate: Candidate) -> bool:
    before, income = _known(application.get(INSTALMENT)), _known(application.get("AMT_INCOME_TOTAL"))
    after = _known(candidate.applied_to(application).get(INSTALMENT))
    if before is None or after is None or after <= before:
        return True
    return income is not None and 12 * after <= MAX_BURDEN * income


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
            offers[candidate.kind] = Counterfactual(candidate.kind, candidate.changes, candidate.effort, alone)
    return sorted(offers.values(), key=lambda offer: offer.effort)


def _rounded(column: str, amount: float) -> float:
    step = _COARSE if amount >= _ROUND_ABOVE and column != INSTALMENT else _FINE
    # Amounts are rounded down: a slightly smaller loan is accepted as well.
    return float(np.floor(amount / step) * step) if column != INSTALMENT else float(round(amount / step) * step)


def _known(value: Value) -> float | None:
    return float(value) if isinstance(value, int | float) else None
