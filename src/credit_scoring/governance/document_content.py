"""The content of the documents: one run's results in one language."""

from dataclasses import asdict

import polars as pl

from credit_scoring.core.settings import Settings
from credit_scoring.evaluation.fairness import FairnessAudit
from credit_scoring.explain.portfolio_explanation import ExplainedCase, PortfolioExplanation
from credit_scoring.explain.report import NAMED_CONCEPTS
from credit_scoring.explain.texts.language import Language
from credit_scoring.feature_engineering.concepts import Concept
from credit_scoring.governance.fairness_gate import fairness_result
from credit_scoring.model_registry.registry import RegisteredScorer


def content_of(
    settings: Settings,
    registered: RegisteredScorer,
    explanation: PortfolioExplanation,
    audit: FairnessAudit,
    compared: pl.DataFrame,
    language: Language,
) -> dict[str, object]:
    """Everything the templates name, in one language; outcomes of the explained portfolio are known.

    Args:
        compared: models_comparison.csv of the training.
    """
    description = registered.scorer.description
    worst, price = audit.worst(), audit.without_gender_and_age
    return {
        "model": dict(description)
        | {
            "name": registered.name,
            "version": registered.version,
            "family_name": language.families.get(description.family, description.family),
            "features": len(description.feature_names),
            "trained_at": description.trained_at.strftime(language.date_format),
            "missed_default_cost": settings.cost.missed_default,
        },
        "metrics": description.metrics,
        "intended_use": language.intended_use,
        "compared": compared.select("model", "auc", "cost_per_client").to_dicts(),
        "gate": fairness_result(audit, settings.promotion.min_acceptance_ratio).model_dump(),
        "rows": {"explained": language.decimal(explanation.rows, 0), "which": language.held_out_rows},
        "concepts": [
            dict(each) | {"title": language.names[each.concept], "protected": each.concept.is_protected}
            for each in explanation.concepts
        ],
        "strongest": [dict(each) | {"name": language.feature_name(each.feature)} for each in explanation.strongest],
        "cases": [_case(case, description.threshold, language) for case in explanation.cases],
        "protected": [{"title": language.names[concept], "law": law} for concept, law in language.legal_basis.items()],
        "protected_share": sum(each.share for each in explanation.concepts if each.concept.is_protected),
        "price": (
            None
            if price is None
            else price.model_dump() | {"cost_added_per_thousand": asdict(price.cost_added.times(1000))}
        ),
        "fairness": {
            "rows": audit.rows,
            "limit": settings.promotion.min_acceptance_ratio,
            "worst": None if worst is None else worst.model_dump(),
        },
    }


def _case(case: ExplainedCase, threshold: float, language: Language) -> dict[str, str]:
    ranked = sorted(case.contributions.items(), key=lambda item: item[1])
    return {
        "title": language.case_titles[case.decision],
        "text": language.case_text.format(
            probability=language.percent(case.probability),
            threshold=language.percent(threshold),
            decision=language.decisions[case.decision],
            against=_listed(ranked[::-1][:NAMED_CONCEPTS], language),
            favour=_listed(ranked[:NAMED_CONCEPTS], language),
        ),
    }


def _listed(chosen: list[tuple[Concept, float]], language: Language) -> str:
    return ", ".join(
        f"{language.names[concept].lower()} ({'+' if amount > 0 else ''}{language.decimal(amount, 2)})"
        for concept, amount in chosen
    )
