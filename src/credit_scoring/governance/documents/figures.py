"""What the documents say, gathered from one run and put into one language."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import polars as pl

from credit_scoring.core.settings import Settings
from credit_scoring.evaluation.fairness import FairnessAudit, LeftOut
from credit_scoring.explain.concept_importance import concept_contributions
from credit_scoring.explain.concepts import WITHHELD, Concept, concept_of
from credit_scoring.explain.example_cases import stories
from credit_scoring.explain.portfolio import Portfolio
from credit_scoring.explain.texts.language import Language
from credit_scoring.explain.texts.legal_basis import WITHHELD_IN_FRENCH
from credit_scoring.governance.fairness_gate import fairness_verdict
from credit_scoring.model_registry.model_card import INTENDED_USE
from credit_scoring.model_registry.registry import RegisteredScorer
from credit_scoring.scoring.scorer import Decision

_STRONGEST = 10
_TOLD_CONCEPTS = 3
_WORDS: dict[str, dict[str, Any]] = {
    "en": {
        "date": "%Y-%m-%d",
        "families": {
            "lightgbm": "gradient-boosted trees (LightGBM)",
            "logistic_regression": "logistic regression",
            "scorecard": "scorecard",
        },
        "which": "applications of the training, each explained by a model that never saw it",
        "refused_default": "Refused, and the client did default",
        "accepted_good": "Accepted, and the client paid",
        "refused": "refused",
        "accepted": "accepted",
        "intended_use": INTENDED_USE,
        "story": "The model expects a default with a probability of {probability}; the threshold is {threshold}: "
        "{decision}. Most against the application: {against}. Most in its favour: {favour}. "
        "The figures are changes of the log-odds.",
    },
    "fr": {
        "date": "%d/%m/%Y",
        "families": {
            "lightgbm": "arbres de décision boostés (LightGBM)",
            "logistic_regression": "régression logistique",
            "scorecard": "grille de score",
        },
        "which": "demandes de l'apprentissage, chacune expliquée par un modèle qui ne l'a jamais vue",
        "refused_default": "Refusée, et le client a fait défaut",
        "accepted_good": "Acceptée, et le client a payé",
        "refused": "refusée",
        "accepted": "acceptée",
        "intended_use": "Décider des demandes de crédit à la consommation de personnes semblables à celles des données "
        "d'apprentissage ; chaque décision est enregistrée, et une personne peut la réexaminer. Ni pour d'autres "
        "produits, ni pour d'autres pays, ni pour d'autres fins.",
        "story": "Le modèle attend un défaut avec une probabilité de {probability} ; le seuil est de {threshold} : "
        "{decision}. Le plus contre la demande : {against}. Le plus en sa faveur : {favour}. "
        "Les chiffres sont des variations des log-odds.",
    },
}


def figures_of(
    settings: Settings,
    registered: RegisteredScorer,
    portfolio: Portfolio,
    concepts: pl.DataFrame,
    importance: pl.DataFrame,
    audit: FairnessAudit,
    compared: pl.DataFrame,
    language: Language,
) -> dict[str, object]:
    """Everything the documents name, in one language; outcomes of the portfolio are known.

    Args:
        compared: models_comparison.csv of the training.
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
            "family_name": words["families"].get(description.family, description.family),
            "features": len(description.feature_names),
            "trained_at": description.trained_at.strftime(words["date"]),
            "feature_version": description.feature_version,
            "feature_fingerprint": description.feature_fingerprint,
            "code_version": description.code_version,
            "model_hash": description.model_hash,
            "threshold": description.threshold,
            "missed_default_cost": settings.cost.missed_default,
        },
        "metrics": description.metrics,
        "intended_use": words["intended_use"],
        "compared": compared.select("model", "auc", "cost_per_client").to_dicts(),
        "gate": fairness_verdict(audit, settings.promotion.min_acceptance_ratio).model_dump(),
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
            {"feature": feature, "meaning": meaning, "told": _told(feature, language), "shap": shap}
            for feature, meaning, shap in strongest.iter_rows()
        ],
        "stories": _stories(registered, portfolio, language, words),
        "withheld": [
            {"title": language.names[concept], "law": law}
            for concept, law in (WITHHELD_IN_FRENCH if language.code == "fr" else WITHHELD).items()
        ],
        "withheld_share": float(concepts.filter(pl.col("withheld"))["share"].sum()),
        "price": _price(audit.without_gender_and_age),
        "fairness": {
            "rows": audit.rows,
            "limit": settings.promotion.min_acceptance_ratio,
            "worst": (
                None
                if worst is None
                else {"attribute": worst[0], **worst[1].model_dump(include={"group", "acceptance_ratio"})}
            ),
        },
    }


def _price(price: LeftOut | None) -> dict[str, Any] | None:
    if price is None:
        return None
    return price.model_dump() | {"cost_added_per_thousand": asdict(price.cost_added.times(1000))}


def _told(feature: str, language: Language) -> str:
    """What a feature is called; its concept where it has no name of its own."""
    return language.features.get(feature, language.names[concept_of(feature)].lower())


def _stories(
    registered: RegisteredScorer, portfolio: Portfolio, language: Language, words: Mapping[str, Any]
) -> list[dict[str, str]]:
    scorer = registered.scorer
    told = []
    for story in stories(portfolio):
        own = concept_contributions(
            scorer.description.feature_names, portfolio.rows.contributions[story.place]
        )
        ranked = sorted(own.items(), key=lambda item: item[1])
        probability = float(portfolio.probability[story.place])
        refused = scorer.decision_for(probability) is Decision.REFUSED
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
