"""What the explain step hands to the documents of `governance`, as one JSON file."""

import numpy as np
import polars as pl
from pydantic import BaseModel, ConfigDict

from credit_scoring.core.atomic_files import clear_read_errors
from credit_scoring.core.errors import MissingArtefactError
from credit_scoring.core.storage import RUN_AGAIN, Storage
from credit_scoring.explain.displayed_values import concepts_of
from credit_scoring.explain.portfolio import Portfolio, example_cases
from credit_scoring.feature_engineering.concepts import Concept
from credit_scoring.model_registry.registry import RegisteredScorer
from credit_scoring.scoring.scorer import Decision

EXPLAIN_STEP = "explain"
EXPLANATION_FILE = "portfolio_explanation.json"
_STRONGEST_FEATURES = 10


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ConceptInfluence(_Part):
    """One row of `concept_importance`.

    Attributes:
        share: of the mean absolute SHAP values of all concepts.
        auc_loss: AUC lost when the concept is permuted; None where outcomes are unknown.
    """

    concept: Concept
    share: float
    auc_loss: float | None


class FeatureInfluence(_Part):
    """One of the strongest features and its mean absolute SHAP value in log-odds."""

    feature: str
    meaning: str
    mean_absolute_shap: float


class ExplainedCase(_Part):
    """An example case and what each concept adds to its log-odds."""

    title: str
    probability: float
    decision: Decision
    contributions: dict[Concept, float]


class PortfolioExplanation(_Part):
    """What drives a model on a portfolio.

    Attributes:
        model_version: of the registry.
        feature_version: number of the published version that was explained.
        rows: applications explained.
        held_out: whether each was explained by a model that was not fitted on it.
        outcome_known: whether all outcomes are known.
        concepts, strongest: the most influential first.
    """

    model_version: int
    feature_version: int
    rows: int
    held_out: bool
    outcome_known: bool
    concepts: tuple[ConceptInfluence, ...]
    strongest: tuple[FeatureInfluence, ...]
    cases: tuple[ExplainedCase, ...]


def portfolio_explanation(
    registered: RegisteredScorer,
    feature_version: int,
    portfolio: Portfolio,
    concepts: pl.DataFrame,
    importance: pl.DataFrame,
) -> PortfolioExplanation:
    """Gather the results of the explain step.

    Args:
        concepts: result of `concept_importance`.
        importance: result of `feature_importance`.
    """
    scorer = registered.scorer
    return PortfolioExplanation(
        model_version=registered.version,
        feature_version=feature_version,
        rows=len(portfolio.accepted),
        held_out=portfolio.held_out,
        outcome_known=portfolio.outcome_known,
        concepts=tuple(
            ConceptInfluence(concept=row["concept"], share=row["share"], auc_loss=row["auc_loss_when_permuted"])
            for row in concepts.iter_rows(named=True)
        ),
        strongest=tuple(
            FeatureInfluence.model_validate(row)
            for row in importance.head(_STRONGEST_FEATURES)
            .select("feature", "meaning", "mean_absolute_shap")
            .iter_rows(named=True)
        ),
        cases=tuple(
            ExplainedCase(
                title=title,
                probability=probability,
                decision=scorer.decision_for(probability),
                contributions=_by_concept(scorer.description.feature_names, portfolio.rows.contributions[row]),
            )
            for title, row in example_cases(portfolio)
            for probability in [float(portfolio.probability[row])]
        ),
    )


def _by_concept(names: tuple[str, ...], contributions: np.ndarray) -> dict[Concept, float]:
    concepts = concepts_of(names)
    sums = dict.fromkeys(concepts, 0.0)
    for concept, amount in zip(concepts, contributions.tolist(), strict=True):
        sums[concept] += amount
    return sums


def read_explanation(storage: Storage, model_version: int, feature_version: int) -> PortfolioExplanation:
    """The current explanation of a model version on a feature version.

    Raises:
        MissingArtefactError: the explain step has not run for these versions.
    """
    file = storage.current(EXPLAIN_STEP) / EXPLANATION_FILE
    if file.is_file():  # results of earlier releases lack it
        with clear_read_errors(file, RUN_AGAIN):
            found = PortfolioExplanation.model_validate_json(file.read_bytes())
        if (found.model_version, found.feature_version) == (model_version, feature_version):
            return found
    raise MissingArtefactError(
        f"Model version {model_version} is not explained on feature version {feature_version}.",
        "Run `credit-scoring explain`.",
    )
