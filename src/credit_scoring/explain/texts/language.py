"""What a language has to say, and how it writes numbers."""

from collections.abc import Mapping
from dataclasses import dataclass

from credit_scoring.explain.concepts import Concept
from credit_scoring.explain.counterfactuals import Counterfactual
from credit_scoring.explain.disclosure import DISCLOSED, shown
from credit_scoring.explain.reasons import Reason
from credit_scoring.feature_engineering.definition import DisplayUnit
from credit_scoring.scoring.scorer import Decision


@dataclass(frozen=True)
class Language:
    """One language.

    Attributes:
        code: of ISO 639-1.
        decimal_mark, group_mark, percent_sign: how numbers are written; the last with its space.
        days, years, times: templates of a number with its unit; for one, and for more.
        names: what a credit officer reads for each concept, withheld ones too; never given to a client.
        adverse, favourable: one sentence per concept that may be told, for refusals and for acceptances.
        features: what each spoken feature is called.
        compared: template that names a feature, the client's value and the usual one.
        no_reason: what is said where nothing that may be told stands out, by decision.
        changes: template of each change that a counterfactual may hold.
        offer: template of a counterfactual; `no_offer`: what is said where there is none.
        withheld_decides: what an officer is told if the decision turns without the withheld concepts.
        protected_words: regular expressions of words that no client may read in a reason.
    """

    code: str
    decimal_mark: str
    group_mark: str
    percent_sign: str
    days: tuple[str, str]
    years: tuple[str, str]
    times: str
    names: Mapping[Concept, str]
    adverse: Mapping[Concept, str]
    favourable: Mapping[Concept, str]
    features: Mapping[str, str]
    compared: str
    no_reason: Mapping[Decision, str]
    changes: Mapping[str, str]
    offer: str
    joined_by: str
    no_offer: str
    withheld_decides: str
    protected_words: tuple[str, ...]

    def reason(self, reason: Reason, decision: Decision) -> str:
        """A reason as a client may read it."""
        sentences = self.adverse if decision is Decision.REFUSED else self.favourable
        sentence = sentences[reason.concept]
        if reason.feature is None or reason.value is None or reason.typical is None:
            return sentence
        unit = DISCLOSED[reason.feature].shown_as
        comparison = self.compared.format(
            feature=self.features[reason.feature],
            value=self.number(unit, reason.value),
            typical=self.number(unit, reason.typical),
        )
        return f"{sentence} {comparison}"

    def counterfactual(self, found: Counterfactual) -> str:
        """A counterfactual as a client may read it."""
        changes = [
            self.changes[change.column].format(
                before=self._amount(change.before), after=self._amount(change.after)
            )
            for change in found.changes
        ]
        return self.offer.format(changes=self.joined_by.join(changes))

    def _amount(self, value: object) -> str:
        return self.number("amount", float(value)) if isinstance(value, int | float) else str(value)

    def number(self, unit: DisplayUnit, stored: float) -> str:
        """A stored number with its unit."""
        value = shown(unit, stored)
        if unit in ("share", "rate"):
            return self.decimal(value * 100, 0 if unit == "share" else 1) + self.percent_sign
        if unit in ("days", "years", "days_in_years"):
            single, several = self.days if unit == "days" else self.years
            text = self.decimal(value, 1 if unit == "days_in_years" else 0)
            return (single if abs(value) < 2 and value != 0 else several).format(text)
        if unit == "times":
            return self.times.format(self.decimal(value, 1))
        if unit == "score":
            return self.decimal(value, 2)
        return self.decimal(value, 0 if value == int(value) else 1)

    def decimal(self, value: float, decimals: int) -> str:
        """A number with its marks."""
        text = f"{value:z,.{decimals}f}"
        marks = {",": self.group_mark, ".": self.decimal_mark, "-": "\N{MINUS SIGN}"}
        return "".join(marks.get(character, character) for character in text)
