"""What the explain step hands to the documents of `governance`, as one JSON file."""

import numpy as np
import polars as pl
from pydantic import BaseModel, ConfigDict

from credit_scoring.core.atomic_files import clear_read_errors
from credit_scoring.core.errors import MissingArtefactError
from credit_scoring.core.storage import RUN_AGAIN, Storage
from credit_scoring.explain.displayed_values import DISCLOSED, concepts_of
from credit_scoring.explain.feature_findings import Finding
from credit_scoring.explain.importance import auc_losses
from credit_scoring.explain.portfolio import HeldOutRows, Portfolio, example_cases
from credit_scoring.explain.reasons import UNKNOWN_OF_APPLICATION, Grouping, Reason, reasons_for
from credit_scoring.explain.texts import LANGUAGES
from credit_scoring.feature_engineering.concepts import Concept
from credit_scoring.model_registry.registry import RegisteredScorer
from credit_scoring.scoring.scorer import Decision, Scorer

EXPLAIN_STEP = "explain"
EXPLANATION_FILE = "portfolio_explanation.json"
_STRONGEST_FEATURES = 10
_CLOSEST_PAIRS = 10


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


class ConceptEffect(_Part):
    """What one concept adds to a client's log-odds.

    Attributes:
        excess: contribution minus the average of accepted clients; None for a Scorer without these averages.
        feature: the one that the reason of this concept cites, otherwise the disclosed one that moves the score most to
            the side of the effect; None if the concept has no disclosed feature.
        value, typical: of that feature, for the client and the median accepted client; None where missing.
        is_on_record: False if the client has no rows in the history tables that the feature summarises.
    """

    concept: Concept
    contribution: float
    excess: float | None
    feature: str | None = None
    value: float | None = None
    typical: float | None = None
    is_on_record: bool = True


class ExplainedCase(_Part):
    """An example case.

    Attributes:
        client_id: SK_ID_CURR.
        defaulted: None where the outcome is unknown.
        base: average output of the model in log-odds; with all contributions it sums to the margin.
        reasons: what the client would read, by language code.
    """

    client_id: int
    defaulted: bool | None
    probability: float
    decision: Decision
    base: float
    concepts: tuple[ConceptEffect, ...]
    reasons: dict[str, tuple[str, ...]]

    @property
    def contributions(self) -> dict[Concept, float]:
        """Log-odds by concept."""
        return {effect.concept: effect.contribution for effect in self.concepts}


class SelectionGroup(_Part):
    """The features of one `Finding`.

    Attributes:
        disclosed: how many of them a client may read.
        share: of the mean absolute SHAP values of all features.
        auc_loss: AUC lost when all of them are permuted together; None where outcomes are unknown.
    """

    finding: Finding
    features: int
    disclosed: int
    share: float
    auc_loss: float | None


class RedundantPair(_Part):
    """A redundant feature, and the stronger one that says nearly the same."""

    feature: str
    stronger: str
    correlation: float


class Selection(_Part):
    """The model's inputs by finding, and the closest pairs of features."""

    groups: tuple[SelectionGroup, ...]
    pairs: tuple[RedundantPair, ...]


class PortfolioExplanation(_Part):
    """What drives a model on a portfolio.

    Attributes:
        model_version: of the registry.
        feature_version: number of the published version that was explained.
        rows: applications explained.
        held_out: whether each was explained by a model that was not fitted on it.
        outcome_known: whether all outcomes are known.
        concepts, strongest: the most influential first.
        protected_auc_loss: AUC lost when all protected concepts are permuted together; None where outcomes are unknown.
    """

    model_version: int
    feature_version: int
    rows: int
    held_out: bool
    outcome_known: bool
    concepts: tuple[ConceptInfluence, ...]
    strongest: tuple[FeatureInfluence, ...]
    cases: tuple[ExplainedCase, ...]
    selection: Selection
    protected_auc_loss: float | None


def portfolio_explanation(
    registered: RegisteredScorer,
    feature_version: int,
    portfolio: Portfolio,
    concepts: pl.DataFrame,
    importance: pl.DataFrame,
    selection: pl.DataFrame,
) -> PortfolioExplanation:
    """Gather the results of the explain step.

    Args:
        concepts: result of `concept_importance`.
        importance: result of `feature_importance`.
        selection: result of `feature_selection`.
    """
    names, rows = registered.scorer.description.feature_names, portfolio.rows
    protected = [index for index, concept in enumerate(concepts_of(names)) if concept.is_protected]
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
        cases=tuple(_case(registered.scorer, portfolio, row) for row in example_cases(portfolio)),
        selection=_selection(selection.filter(pl.col("decision") == "kept"), names, rows),
        protected_auc_loss=auc_losses(rows, [protected])[0],
    )


def _case(scorer: Scorer, portfolio: Portfolio, row: int) -> ExplainedCase:
    """One application, explained by its own model and compared with the accepted clients of the Scorer."""
    rows, baseline = portfolio.rows, scorer.accepted
    contributions, features = rows.contributions[row], rows.features[row]
    default, probability = float(rows.default[row]), float(portfolio.probability[row])
    decision = scorer.decision_for(probability)
    grouping = Grouping.from_names(scorer.description.feature_names)
    by_concept, compared = grouping.sums(contributions), contributions
    reasons: tuple[Reason, ...] = ()
    if baseline is not None:
        compared = contributions - np.array(baseline.contributions)
        reasons = reasons_for(decision is Decision.REFUSED, grouping, contributions, features, baseline)
    excess = grouping.sums(compared)
    cited = {reason.concept: reason.feature for reason in reasons}
    effects = []
    for position, concept in enumerate(Concept):
        if concept is Concept.MIXED and not by_concept[position]:
            continue
        index = None if (name := cited.get(concept)) is None else grouping.names.index(name)
        disclosed = grouping.disclosed.get(concept, ())
        if index is None and len(disclosed):
            index = int(disclosed[np.argmax(compared[disclosed] * np.sign(excess[position]))])
        unknown = None if index is None else grouping.unknown_behind(index, features)
        effects.append(
            ConceptEffect(
                concept=concept,
                contribution=by_concept[position],
                excess=None if baseline is None else excess[position],
                feature=None if index is None else grouping.names[index],
                value=None if index is None or unknown or np.isnan(features[index]) else float(features[index]),
                typical=None if baseline is None or index is None else baseline.typical[index],
                is_on_record=unknown is None or unknown in UNKNOWN_OF_APPLICATION,
            )
        )
    return ExplainedCase(
        client_id=int(rows.client_ids[row]),
        defaulted=None if np.isnan(default) else bool(default),
        probability=probability,
        decision=decision,
        base=float(rows.base[row]),
        concepts=tuple(effects),
        reasons={code: tuple(map(language.reason, reasons)) for code, language in LANGUAGES.items()},
    )


def _selection(kept: pl.DataFrame, names: tuple[str, ...], rows: HeldOutRows) -> Selection:
    found = {finding: kept.filter(pl.col("finding") == finding.value) for finding in Finding}
    losses = auc_losses(rows, [[names.index(name) for name in group["input"]] for group in found.values()])
    total = max(float(kept["mean_absolute_shap"].sum()), 1e-300)
    redundant = found[Finding.REDUNDANT].sort(pl.col("correlation").abs(), "input", descending=[True, False])
    return Selection(
        groups=tuple(
            SelectionGroup(
                finding=finding,
                features=group.height,
                disclosed=sum(name in DISCLOSED for name in group["input"]),
                share=float(group["mean_absolute_shap"].sum()) / total,
                auc_loss=loss,
            )
            for (finding, group), loss in zip(found.items(), losses, strict=True)
        ),
        pairs=tuple(
            RedundantPair(feature=row["input"], stronger=row["correlated_with"], correlation=row["correlation"])
            for row in redundant.head(_CLOSEST_PAIRS).iter_rows(named=True)
        ),
    )


def read_explanation(storage: Storage, model_version: int, feature_version: int) -> PortfolioExplanation:
    """The current explanation of a model version on a feature version.

    Raises:
        MissingArtefactError: the explain step has not run for these versions.
        StorageError: its file cannot be read, for instance because an earlier release wrote it.
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
