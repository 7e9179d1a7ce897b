"""Who competes: every family as it is, and two of them with each treatment of the rarity of defaults."""

from collections.abc import Sequence
from dataclasses import dataclass

from credit_scoring.core.errors import TrainingError
from credit_scoring.scoring.models.model import Model
from credit_scoring.train.candidates import candidates
from credit_scoring.train.candidates.candidate import Budget, Candidate, Parameters, TrainingRows
from credit_scoring.train.imbalance import Imbalance, rebalance

SERVED_FAMILIES = ("lightgbm", "logistic_regression", "scorecard")
"""Families that the service can load: its requirements stay small, so the other libraries are not among them."""

_TREATED_FAMILIES = ("lightgbm", "logistic_regression")
_MOST_TREATED_ROWS = 60_000
"""SMOTE compares every default with every other; the treatments are compared on the same share of the rows."""


@dataclass(frozen=True)
class Entrant:
    """A family with its parameters and a treatment of imbalance.

    Attributes:
        name: as the comparison calls it.
        most_rows: rows it may be fitted on in a fold.
    """

    name: str
    candidate: Candidate
    parameters: Parameters
    imbalance: Imbalance
    most_rows: int

    def fit(self, rows: TrainingRows) -> Model:
        """A model fitted on rows after their treatment."""
        return self.candidate.fit(rebalance(rows, self.imbalance), self.parameters)

    @property
    def may_become_champion(self) -> bool:
        """Only a model that explains each decision, keeps the natural weights and needs no library more may."""
        return (
            self.candidate.is_explainable
            and self.imbalance is Imbalance.NONE
            and self.candidate.family in SERVED_FAMILIES
        )


def entrants(budget: Budget, families: Sequence[str]) -> list[Entrant]:
    """The competitors of these families, or of all if none is named.

    Raises:
        TrainingError: there is no family of that name.
    """
    known = candidates()
    for family in families:
        if family not in known:
            raise TrainingError(f"There is no model family {family!r}.", f"Choose among {', '.join(known)}.")
    chosen = [candidate for family, candidate in known.items() if not families or family in families]
    plain = [_entrant(candidate, budget, Imbalance.NONE) for candidate in chosen]
    treated = [
        _entrant(candidate, budget, imbalance)
        for candidate in chosen
        if candidate.family in _TREATED_FAMILIES
        for imbalance in (Imbalance.CLASS_WEIGHT, Imbalance.SMOTE)
    ]
    return plain + treated


def tuned(candidate: Candidate, parameters: Parameters, most_rows: int) -> Entrant:
    """A family with the parameters that a study found."""
    return Entrant(f"{candidate.family}_tuned", candidate, parameters, Imbalance.NONE, most_rows)


def _entrant(candidate: Candidate, budget: Budget, imbalance: Imbalance) -> Entrant:
    is_plain = imbalance is Imbalance.NONE
    most_rows = candidate.most_rows[budget]
    return Entrant(
        name=candidate.family if is_plain else f"{candidate.family}_{imbalance.value}",
        candidate=candidate,
        parameters=candidate.parameters[budget],
        imbalance=imbalance,
        most_rows=most_rows if is_plain else min(most_rows, _MOST_TREATED_ROWS),
    )
