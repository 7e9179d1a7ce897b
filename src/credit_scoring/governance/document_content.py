"""The content of the documents: one run's results in one language."""

from dataclasses import asdict

import polars as pl

from credit_scoring.core.settings import Settings
from credit_scoring.evaluation.fairness import FairnessAudit
from credit_scoring.explain.cases import case_text, case_title, effect_rows
from credit_scoring.explain.feature_findings import LEFT_OUT, REDUNDANT_CORRELATION, LeftOutBecause
from credit_scoring.explain.portfolio_explanation import PortfolioExplanation
from credit_scoring.explain.texts.language import Language
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
        "cases": [
            {
                "title": case_title(case, description.threshold, language),
                "text": case_text(case, description.threshold, language),
                "reasons": case.reasons[language.code],
                "effects": effect_rows(case, language),
                "pictures": [f"waterfall_of_concepts_{number}", f"waterfall_{number}"],
            }
            for number, case in enumerate(explanation.cases, start=1)
        ],
        "effect_columns": language.effect_columns,
        "selection": [
            dict(group) | {"title": language.findings[group.finding]} for group in explanation.selection.groups
        ],
        "pairs": [dict(pair) for pair in explanation.selection.pairs],
        "redundant_from": REDUNDANT_CORRELATION,
        "left_out": {
            language.left_out_reasons[reason]: [column for column, own in LEFT_OUT.items() if own is reason]
            for reason in LeftOutBecause
        },
        "protected_auc_loss": explanation.protected_auc_loss,
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
