"""The candidates of a training: every family as it is, and with treatments of class imbalance."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from credit_scoring.core.errors import TrainingError
from credit_scoring.core.settings import Settings
from credit_scoring.scoring.model_family import (
    MONOTONE,
    TRAINING_SEED,
    Budget,
    Model,
    ModelFamily,
    Parameters,
    TrainingRows,
    Trial,
)
from credit_scoring.scoring.models import OPTIONAL_FAMILIES, all_families
from credit_scoring.train.imbalance import Imbalance, rebalance, treatment_parameters

_QUICK_SMOTE = ("lightgbm", "logistic_regression")
"""Families that the quick budget compares with SMOTE too, beside their weights."""
MAXIMUM_REBALANCED_ROWS = 60_000
"""SMOTE compares every default with every other; all treatments are compared on the same share of the rows."""


@dataclass(frozen=True)
class Candidate:
    """A family with its parameters and a treatment of class imbalance.

    Attributes:
        maximum_rows: rows that a fit of one fold may use.
        ablated_features: features that its models do not get.
        lacks_constraints: whether constraints are required and its models could have them, but have none.
    """

    name: str
    family: ModelFamily
    parameters: Parameters
    imbalance: Imbalance
    maximum_rows: int
    ablated_features: tuple[str, ...] = ()
    lacks_constraints: bool = False

    def fit(self, rows: TrainingRows) -> Model:
        """A model of the features that it does not ignore, fitted on rows after their treatment."""
        further = treatment_parameters(rows, self.imbalance)
        chosen = rebalance(rows.without(self.ablated_features), self.imbalance)
        return self.family.fit(chosen, {**self.parameters, **further})

    @property
    def ineligible_because(self) -> str | None:
        """Why the candidate is only compared and cannot become champion; None if it can."""
        if not self.family.is_explainable:
            return "cannot explain a decision exactly"
        if not self.family.is_served:
            return "the service does not carry its library"
        if self.lacks_constraints:
            return "unconstrained where constraints are required"
        if self.imbalance is not Imbalance.NONE:
            return "classes reweighted or resampled"
        return None


def candidates_of(budget: Budget, families: Sequence[str], monotone: bool = False) -> list[Candidate]:
    """The candidates of these families, or of all families if none is named.

    Args:
        monotone: add constrained trees; free trees are then only compared with them.

    Raises:
        TrainingError: there is no family of that name.
    """
    chosen = [model_family(name) for name in sorted(set(families) or all_families())]
    plain = [_candidate(family, budget, Imbalance.NONE) for family in chosen]
    rebalanced = [
        _candidate(family, budget, imbalance) for family in chosen for imbalance in treatments_of(family, budget)
    ]
    if not monotone:
        return plain + rebalanced
    free = [replace(each, lacks_constraints=each.family.is_constrainable) for each in plain]
    return free + [_monotone(each) for each in plain if each.family.is_constrainable] + rebalanced


def treatments_of(family: ModelFamily, budget: Budget) -> list[Imbalance]:
    """The treatments of imbalance that a family is compared with: all it has, or one with the quick budget."""
    weights = {
        Imbalance.SCALE_POS_WEIGHT: family.has_scale_pos_weight,
        Imbalance.CLASS_WEIGHT: family.has_class_weight,
    }
    treatments = [*(imbalance for imbalance, is_known in weights.items() if is_known), Imbalance.SMOTE]
    if budget is Budget.FULL:
        return treatments
    return treatments[:1] + (treatments[-1:] if family.name in _QUICK_SMOTE else [])


def require_eligible(candidates: Iterable[Candidate]) -> None:
    """Check that one of the candidates can become champion.

    Raises:
        TrainingError: none can; contains the reason of each.
    """
    reasons = {each.name: each.ineligible_because for each in candidates}
    if None not in reasons.values():
        listed = "; ".join(f"{name}: {reason}" for name, reason in reasons.items())
        served = [name for name, family in all_families().items() if family.is_served and family.is_explainable]
        raise TrainingError(
            f"None of the chosen models can become champion ({listed}).",
            f"Add one of {', '.join(served)} to the families (--families, CREDIT_TRAINING_FAMILIES).",
        )


def model_family(name: str) -> ModelFamily:
    """The family of this name.

    Raises:
        TrainingError: there is no family of that name, or its library is an extra that is not installed.
    """
    known = all_families()
    if name in OPTIONAL_FAMILIES and name not in known:
        raise TrainingError(
            f"The library of the model family {name!r} is not installed.",
            f"Run `pip install 'credit-scoring[{name}]'`, or choose among {', '.join(known)}.",
        )
    if name not in known:
        raise TrainingError(f"There is no model family {name!r}.", f"Choose among {', '.join(known)}.")
    return known[name]


def constrained(family: ModelFamily) -> ModelFamily:
    """The family with a search space of constrained models only, if it can be constrained."""
    suggest = family.suggest
    if not family.is_constrainable or suggest is None:
        return family

    def suggest_constrained(trial: Trial) -> Parameters:
        return {**suggest(trial), MONOTONE: True}

    return replace(family, suggest=suggest_constrained)


def shared_parameters(settings: Settings) -> Parameters:
    """The settings that every model of a training shares."""
    return {
        "fold_count": settings.training.fold_count,
        "budget": settings.training.budget,
        "seed": TRAINING_SEED,
        "missed_default_cost": settings.cost.missed_default,
        "interest_margin": settings.cost.interest_margin,
        "loss_given_default": settings.cost.loss_given_default,
        "without_protected": settings.training.without_protected,
    }


def _monotone(free: Candidate) -> Candidate:
    return replace(
        free,
        name=f"{free.name}_{MONOTONE}",
        family=constrained(free.family),
        parameters={**free.parameters, MONOTONE: True},
    )


def _candidate(family: ModelFamily, budget: Budget, imbalance: Imbalance) -> Candidate:
    is_plain = imbalance is Imbalance.NONE
    maximum_rows = family.maximum_rows[budget]
    return Candidate(
        name=family.name if is_plain else f"{family.name}_{imbalance.value}",
        family=family,
        parameters=family.parameters[budget],
        imbalance=imbalance,
        maximum_rows=maximum_rows if is_plain else min(maximum_rows, MAXIMUM_REBALANCED_ROWS),
    )
