"""Who competes: every family as it is, and two of them with each treatment of the rarity of defaults."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import optuna

from credit_scoring.core.errors import TrainingError
from credit_scoring.scoring.models.model import Model
from credit_scoring.train.families import candidates
from credit_scoring.train.families.family import MONOTONE, Budget, Candidate, Parameters, TrainingRows
from credit_scoring.train.imbalance import Imbalance, rebalance

SERVED_FAMILIES = ("lightgbm", "logistic_regression", "scorecard")
"""Families that the service can load: its requirements stay small, so the other libraries are not among them."""

CONSTRAINED_FAMILIES = ("lightgbm", "xgboost", "catboost")
"""Families that `CREDIT_TRAINING_MONOTONE_CONSTRAINTS` concerns; linear models have weights that anybody can read."""

_TREATED_FAMILIES = ("lightgbm", "logistic_regression")
_MOST_TREATED_ROWS = 60_000
"""SMOTE compares every default with every other; the treatments are compared on the same share of the rows."""


@dataclass(frozen=True)
class Entrant:
    """A family with its parameters and a treatment of imbalance.

    Attributes:
        name: as the comparison calls it.
        most_rows: rows it may be fitted on in a fold.
        leaves_out: features that its candidate does not look at.
        lacks_constraints: whether it is only compared, because constraints are asked for and it has none.
    """

    name: str
    candidate: Candidate
    parameters: Parameters
    imbalance: Imbalance
    most_rows: int
    leaves_out: tuple[str, ...] = ()
    lacks_constraints: bool = False

    def fit(self, rows: TrainingRows) -> Model:
        """A model fitted on rows after their treatment."""
        return self.candidate.fit(rebalance(rows, self.imbalance), self.parameters)

    @property
    def may_become_champion(self) -> bool:
        """Only a model that explains each decision, keeps the natural weights and needs no library more may."""
        return (
            self.candidate.is_explainable
            and self.imbalance is Imbalance.NONE
            and not self.lacks_constraints
            and self.candidate.family in SERVED_FAMILIES
        )


def entrants(budget: Budget, families: Sequence[str], monotone: bool = False) -> list[Entrant]:
    """The competitors of these families, or of all if none is named.

    Args:
        monotone: constrained trees compete too, and free ones are only compared with them.

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
    if not monotone:
        return plain + treated
    free = [replace(each, lacks_constraints=is_constrainable(each.candidate)) for each in plain]
    return free + [_monotone(each) for each in plain if is_constrainable(each.candidate)] + treated


def is_constrainable(candidate: Candidate) -> bool:
    """Whether models of the family can be kept from moving the wrong way."""
    return candidate.family in CONSTRAINED_FAMILIES


def constrained(candidate: Candidate) -> Candidate:
    """The candidate with a search space whose every model is constrained, if its family can be."""
    suggest = candidate.suggest
    if not is_constrainable(candidate) or suggest is None:
        return candidate

    def suggest_constrained(trial: optuna.Trial) -> Parameters:
        return {**suggest(trial), MONOTONE: True}

    return replace(candidate, suggest=suggest_constrained)


def tuned(candidate: Candidate, parameters: Parameters, most_rows: int) -> Entrant:
    """A family with the parameters that a study found."""
    return Entrant(f"{candidate.family}_tuned", candidate, parameters, Imbalance.NONE, most_rows)


def _monotone(free: Entrant) -> Entrant:
    return replace(
        free,
        name=f"{free.name}_{MONOTONE}",
        candidate=constrained(free.candidate),
        parameters={**free.parameters, MONOTONE: True},
    )


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
