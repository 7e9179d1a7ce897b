"""What the interpretability report says, gathered from one run and put into one language."""

from collections.abc import Mapping

import polars as pl

from credit_scoring.core.settings import Settings
from credit_scoring.explain.concept_importance import concept_contributions
from credit_scoring.explain.concepts import WITHHELD, Concept
from credit_scoring.explain.fairness import FOUR_FIFTHS, FairnessAudit
from credit_scoring.explain.portfolio import Portfolio
from credit_scoring.explain.stories import stories
from credit_scoring.explain.texts.language import Language
from credit_scoring.model_registry.registry import RegisteredScorer
from credit_scoring.scoring.scorer import Decision

_STRONGEST = 10
_TOLD_CONCEPTS = 3
_WORDS: dict[str, dict[str, str]] = {
    "en": {
        "which": "applications of the training, each explained by a model that never saw it",
        "refused_default": "Refused, and the client did default",
        "accepted_good": "Accepted, and the client paid",
        "refused": "refused",
        "accepted": "accepted",
        "story": "The model expects a default with a probability of {probability}; the threshold is {threshold}: "
        "{decision}. Most against the application: {against}. Most in its favour: {favour}. "
        "The figures are changes of the log-odds.",
        "none": "no group is large enough",
    },
    "fr": {
        "which": "demandes de l'apprentissage, chacune expliquée par un modèle qui ne l'a jamais vue",
        "refused_default": "Refusée, et le client a fait défaut",
        "accepted_good": "Acceptée, et le client a payé",
        "refused": "refusée",
        "accepted": "acceptée",
        "story": "Le modèle attend un défaut avec une probabilité de {probability} ; le seuil est de {threshold} : "
        "{decision}. Le plus contre la demande : {against}. Le plus en sa faveur : {favour}. "
        "Les chiffres sont des variations des log-odds.",
        "none": "aucun groupe n'est assez grand",
    },
}


def figures_of(
    settings: Settings,
    registered: RegisteredScorer,
    portfolio: Portfolio,
    concepts: pl.DataFrame,
    importance: pl.DataFrame,
    audit: FairnessAudit,
    language: Language,
) -> dict[str, object]:
    """Everything the report names, in one language; outcomes of the portfolio are known.

    Args:
        concepts, importance: what `concept_importance` and `feature_importance` give.
    """
    description = registered.scorer.description
    words = _WORDS[language.code]
    worst = audit.worst()
    strongest = importance.head(_STRONGEST).select("feature", "meaning", "mean_absolute_shap")
    return {
        "model": {
            "name": registered.name,
            "version": registered.version,
            "family": description.family,
            "features": len(description.feature_names),
            "trained_at": f"{description.trained_at:%Y-%m-%d}",
            "feature_version": description.feature_version,
            "code_version": description.code_version,
            "threshold": description.threshold,
            "missed_default_cost": settings.missed_default_cost,
        },
        "metrics": description.metrics,
        "rows": {"explained": language.decimal(len(portfolio.accepted), 0), "which": words["which"]},
        "concepts": [
            {
                "title": language.names[Concept(row["concept"])],
                "withheld": row["withheld"],
                "share": row["share"],
                "auc_lost": row["auc_loss_when_permuted"],
            }
            for row in concepts.iter_rows(named=True)
        ],
        "strongest": [
            {"feature": feature, "meaning": meaning, "shap": shap}
            for feature, meaning, shap in strongest.iter_rows()
        ],
        "stories": _stories(registered, portfolio, language, words),
        "withheld": [
            {"title": language.names[concept], "law": law.replace("|", "/")}
            for concept, law in WITHHELD.items()
        ],
        "withheld_share": float(concepts.filter(pl.col("withheld"))["share"].sum()),
        "fairness": {
            "rows": audit.rows,
            "limit": FOUR_FIFTHS,
            "attribute": words["none"] if worst is None else worst[0],
            "group": "-" if worst is None else worst[1].group,
            "ratio": 1.0 if worst is None else worst[1].acceptance_ratio.value,
        },
    }


def _stories(
    registered: RegisteredScorer, portfolio: Portfolio, language: Language, words: Mapping[str, str]
) -> list[dict[str, str]]:
    scorer = registered.scorer
    told = []
    for story in stories(portfolio):
        own = concept_contributions(
            scorer.description.feature_names, portfolio.rows.contributions[story.place]
        )
        ranked = sorted(own.items(), key=lambda item: item[1])
        probability = float(portfolio.probability[story.place])
        refused = scorer.decide(probability) is Decision.REFUSED
        told.append(
            {
                "title": words["refused_default" if refused else "accepted_good"],
                "text": words["story"].format(
                    probability=language.decimal(probability * 100, 1) + language.percent_sign,
                    threshold=language.decimal(scorer.description.threshold * 100, 1) + language.percent_sign,
                    decision=words["refused" if refused else "accepted"],
                    against=_listed(ranked[::-1][:_TOLD_CONCEPTS], language),
                    favour=_listed(ranked[:_TOLD_CONCEPTS], language),
                ),
            }
        )
    return told


def _listed(chosen: list[tuple[Concept, float]], language: Language) -> str:
    return ", ".join(
        f"{language.names[concept].lower()} ({'+' if amount > 0 else ''}{language.decimal(amount, 2)})"
        for concept, amount in chosen
    )
