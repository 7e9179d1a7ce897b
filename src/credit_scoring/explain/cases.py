"""Example cases: what each concept adds for one client, beside accepted clients, and how that is put in a language."""

from collections.abc import Sequence

from credit_scoring.explain.displayed_values import DISCLOSED
from credit_scoring.explain.portfolio_explanation import ConceptEffect, ExplainedCase
from credit_scoring.explain.texts.language import Language

NAMED_CONCEPTS = 3


def case_title(case: ExplainedCase, threshold: float, language: Language) -> str:
    """Client, outcome, decision and probability in one line."""
    return language.case_title.format(
        client=case.client_id,
        outcome=language.outcomes[case.defaulted],
        decision=language.decisions[case.decision],
        probability=language.percent(case.probability),
        threshold=language.percent(threshold),
    )


def case_text(case: ExplainedCase, threshold: float, language: Language) -> str:
    """The decision and the concepts that count most on either side."""
    ranked = sorted(case.concepts, key=lambda effect: effect.contribution)

    def listed(chosen: Sequence[ConceptEffect]) -> str:
        return ", ".join(
            f"{language.names[effect.concept].lower()} ({language.signed(effect.contribution)})" for effect in chosen
        )

    return language.case_text.format(
        probability=language.percent(case.probability),
        threshold=language.percent(threshold),
        decision=language.decisions[case.decision],
        against=listed(ranked[::-1][:NAMED_CONCEPTS]),
        favour=listed(ranked[:NAMED_CONCEPTS]),
    )


def effect_rows(case: ExplainedCase, language: Language) -> list[tuple[str, ...]]:
    """One row for each concept, the largest effect first; the columns are `Language.effect_columns`."""
    return [
        (
            language.names[effect.concept],
            *_figure(effect, language),
            language.signed(effect.contribution),
            "" if effect.excess is None else language.signed(effect.excess),
        )
        for effect in sorted(case.concepts, key=lambda effect: -abs(effect.contribution))
    ]


def _figure(effect: ConceptEffect, language: Language) -> tuple[str, str, str]:
    """The figure behind an effect, the client's value and the usual one."""
    if effect.feature is None:
        return language.protected_figure if effect.concept.is_protected else language.no_figure, "", ""
    unit = DISCLOSED[effect.feature].shown_as
    missing = language.no_value if effect.is_on_record else language.no_record
    own = missing if effect.value is None else language.number(unit, effect.value)
    usual = language.no_value if effect.typical is None else language.number(unit, effect.typical)
    return language.features[effect.feature], own, usual
