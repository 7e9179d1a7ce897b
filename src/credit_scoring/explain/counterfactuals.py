"""What a client could change so that the answer would be yes: changed applications, each scored, the smallest offered.

Only what a client decides is changed: the amount with the down payment, the purchase, the length, the papers. The
history stays. Pure: the caller computes features and scores.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from credit_scoring.data_contracts.application import APPLICATION_TEST
from credit_scoring.data_contracts.application_request import RawColumns
from credit_scoring.feature_engineering.application.loan_terms import LOAN_TERMS, plausible_rates

Value = float | int | str | None

CREDIT, PRICE, INSTALMENT = "AMT_CREDIT", "AMT_GOODS_PRICE", "AMT_ANNUITY"
PAPERS = ("FLAG_DOCUMENT_3", "FLAG_DOCUMENT_8")
"""Papers that one published client in twenty or more hands in, except the one that betrays a pension."""

MOST_OFFERS = 3
_KEPT_SHARES = tuple(share / 100 for share in range(95, 25, -5))
"""How much of an amount is kept: smaller cuts are no change, larger ones no offer of the same loan."""
_PURCHASE_WEIGHT = 0.9
"""It is easier to give up part of a purchase than to bring the money for it."""

HIGHEST_BURDEN = 0.35
"""Share of the yearly income that a higher instalment may take: the rule of the French council on such matters."""

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
        effort: how much changes, as a sum of relative changes; a paper counts as a tenth.
        probability: calibrated probability of default with the changes.
    """

    kind: str
    changes: tuple[Change, ...]
    effort: float
    probability: float


Accepts = Callable[[Sequence[RawColumns]], np.ndarray]
"""Calibrated probabilities (n,) of applications with the client's own history."""


def counterfactuals(
    application: RawColumns, probabilities_of: Accepts, threshold: float
) -> tuple[Counterfactual, ...]:
    """The smallest change of each kind that is accepted; at most three, the smallest first.

    Each is scored among the others first and alone once more: what is offered is accepted in both. Two kinds are joined
    only where none suffices alone.

    Args:
        application: raw columns of a refused application.
        threshold: probability at or above which an application is refused.
    """
    single = candidates(application)
    offers = _smallest_accepted(application, single, probabilities_of, threshold)
    if not offers:
        both = joined(single) + _smaller_and_other_length(application)
        offers = _smallest_accepted(application, both, probabilities_of, threshold)
    return tuple(offers[:MOST_OFFERS])


@dataclass(frozen=True)
class Candidate:
    """A changed application that is still to be scored."""

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
    for paper in PAPERS:
        if _known(application.get(paper)) == 0.0:
            found.append(Candidate("papers", (Change(paper, 0, 1),), 0.1))
    return [candidate for candidate in found if _is_plausible(application, candidate)]


def joined(single: Sequence[Candidate]) -> list[Candidate]:
    """Two changes of different kinds together, where they touch different columns."""
    pairs = []
    for place, first in enumerate(single):
        for second in single[place + 1 :]:
            apart = {change.column for change in first.changes}.isdisjoint(c.column for c in second.changes)
            if first.kind != second.kind and apart:
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
    """Instalments, and their effort, of the other usual lengths at the rate that the present instalment implies."""
    rates = plausible_rates(np.array([instalment]), np.array([[credit]]))[:, 0]
    if np.isnan(rates).all():
        return []
    terms = np.array(LOAN_TERMS)
    present = int(np.flatnonzero(~np.isnan(rates))[0])
    # The rate's formula (see `plausible_rates`) solved for the instalment.
    instalments = credit / terms * (1 + rates[present] * (terms + 1) / 24)
    efforts = np.abs(terms - terms[present]) / terms[present]
    return [
        (float(instalments[place]), float(efforts[place])) for place in range(len(terms)) if place != present
    ]


def _candidate(kind: str, application: RawColumns, amounts: Mapping[str, float], effort: float) -> Candidate:
    rounded = {column: _rounded(column, amount) for column, amount in amounts.items()}
    changes = (Change(column, application.get(column), after) for column, after in rounded.items())
    return Candidate(kind, tuple(change for change in changes if change.after != change.before), effort)


def _is_plausible(application: RawColumns, candidate: Candidate) -> bool:
    """Whether something changes, within the contract's ranges, and the client could pay it."""
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
    return income is not None and 12 * after <= HIGHEST_BURDEN * income


def _smallest_accepted(
    application: RawColumns,
    tried: Sequence[Candidate],
    probabilities_of: Accepts,
    threshold: float,
) -> list[Counterfactual]:
    if not tried:
        return []
    probabilities = probabilities_of([candidate.applied_to(application) for candidate in tried])
    offers: dict[str, Counterfactual] = {}
    for place in sorted(range(len(tried)), key=lambda place: tried[place].effort):
        candidate = tried[place]
        if probabilities[place] >= threshold or candidate.kind in offers:
            continue
        alone = float(probabilities_of([candidate.applied_to(application)])[0])
        if alone < threshold:
            offers[candidate.kind] = Counterfactual(
                candidate.kind, candidate.changes, candidate.effort, alone
            )
    return sorted(offers.values(), key=lambda offer: offer.effort)


def _rounded(column: str, amount: float) -> float:
    step = _COARSE if amount >= _ROUND_ABOVE and column != INSTALMENT else _FINE
    # A client who borrows a little less than offered stays on the safe side, so amounts are rounded down.
    return (
        float(np.floor(amount / step) * step) if column != INSTALMENT else float(round(amount / step) * step)
    )


def _known(value: Value) -> float | None:
    return float(value) if isinstance(value, int | float) else None
