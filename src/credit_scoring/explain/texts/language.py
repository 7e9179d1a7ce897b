"""The texts of one language, and how it writes numbers."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from credit_scoring.explain.counterfactuals import CHANGED_COLUMNS, Counterfactual
from credit_scoring.explain.disclosure import DISCLOSED, shown
from credit_scoring.explain.group_names import ATTRIBUTES, GROUPS
from credit_scoring.explain.reasons import Reason
from credit_scoring.feature_engineering.concepts import Concept
from credit_scoring.feature_engineering.definition import DisplayUnit
from credit_scoring.scoring.scorer import Decision

DOCUMENTS = ("interpretability_report", "model_card")
"""Documents about a model; each language has a template ``<document>.md.jinja``."""

_DISCLOSED_CONCEPTS = frozenset(concept for concept in Concept if not concept.is_protected)
_PROTECTED_CONCEPTS = frozenset(Concept) - _DISCLOSED_CONCEPTS


@dataclass(frozen=True)
class DocumentTexts:
    """What the documents about a model say besides their templates.

    Attributes:
        titles: of each of `DOCUMENTS`.
        synthetic_notice: what a page about synthetic data says, in short and in full.
        date_format: as of `strftime`.
        families: names of model families; any other family goes by its identifier.
        held_out_rows: what the explained applications are.
        case_titles, decisions: of an example case, by decision.
        case_text: template of an example case.
        typeset: applies the typographical rules of the language to Markdown.
    """

    titles: Mapping[str, str]
    synthetic_notice: tuple[str, str]
    date_format: str
    families: Mapping[str, str]
    held_out_rows: str
    case_titles: Mapping[Decision, str]
    decisions: Mapping[Decision, str]
    case_text: str
    intended_use: str
    typeset: Callable[[str], str] = str


def texts_of(*modules: ModuleType) -> dict[str, Any]:
    """The constants of some modules as fields of a `Language`: ``NO_OFFER`` is ``no_offer``."""
    return {
        name.lower(): text
        for module in modules
        for name, text in vars(module).items()
        if name.isupper() and not name.startswith("_")
    }


@dataclass(frozen=True)
class Language:
    """One language; a missing or unknown name in one of its tables is a ValueError.

    Attributes:
        code: of ISO 639-1.
        decimal_mark, group_mark, percent_sign: of numbers; the last with its space.
        interval: template of an estimate and its confidence interval.
        days, years, times: templates of a number with its unit; for one, and for more.
        adverse, favourable: one sentence per disclosed concept, for refusals and for acceptances.
        features: phrase of each disclosed feature.
        compared: template that names a feature, the client's value and the usual one.
        no_reason: for decisions without a reason that may be disclosed.
        changes: template of each change of a counterfactual, by raw column.
        offer, no_offer: template of a counterfactual, and the sentence if there is none.
        protected_terms: regular expressions of words that no text for clients contains.
        names: what credit officers read for each concept; never given to a client.
        legal_basis: why each protected concept is protected.
        attributes, groups: names of audited attributes and of their groups.
        group: template of a group with its attribute; `no_group`: if none is large enough to be judged.
        protected_decides: for the officer, if the decision changes without the protected concepts.
        templates: folder of the document templates.
    """

    code: str
    decimal_mark: str
    group_mark: str
    percent_sign: str
    interval: str
    days: tuple[str, str]
    years: tuple[str, str]
    times: str
    adverse: Mapping[Concept, str]
    favourable: Mapping[Concept, str]
    features: Mapping[str, str]
    compared: str
    no_reason: Mapping[Decision, str]
    changes: Mapping[str, str]
    offer: str
    joined_by: str
    no_offer: str
    protected_terms: tuple[str, ...]
    names: Mapping[Concept, str]
    legal_basis: Mapping[Concept, str]
    attributes: Mapping[str, str]
    groups: Mapping[str, str]
    group: str
    no_group: str
    protected_decides: str
    documents: DocumentTexts
    templates: Path

    def __post_init__(self) -> None:
        tables: dict[str, tuple[Mapping[Any, str], Iterable[object]]] = {
            "adverse": (self.adverse, _DISCLOSED_CONCEPTS),
            "favourable": (self.favourable, _DISCLOSED_CONCEPTS),
            "features": (self.features, DISCLOSED),
            "no_reason": (self.no_reason, Decision),
            "changes": (self.changes, CHANGED_COLUMNS),
            "names": (self.names, Concept),
            "legal_basis": (self.legal_basis, _PROTECTED_CONCEPTS),
            "attributes": (self.attributes, ATTRIBUTES),
            "groups": (self.groups, GROUPS),
            "titles": (self.documents.titles, DOCUMENTS),
            "case_titles": (self.documents.case_titles, Decision),
            "decisions": (self.documents.decisions, Decision),
        }
        for table, (texts, names) in tables.items():
            if wrong := set(texts) ^ set(names):
                raise ValueError(f"Language '{self.code}', {table}: missing or unknown {sorted(map(str, wrong))}")
        for name in DOCUMENTS:
            if not (self.templates / f"{name}.md.jinja").is_file():
                raise ValueError(f"Language '{self.code}' lacks {name}.md.jinja")

    def group_name(self, group: str) -> str:
        """A group in this language; one of several attributes is named after a group of each."""
        return ", ".join(self.groups[part] for part in group.split(", "))

    def group_of(self, attribute: str, group: str) -> str:
        """A group with its attribute."""
        return self.group.format(attribute=self.attributes[attribute], group=self.group_name(group))

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
            self.changes[change.column].format(before=self._amount(change.before), after=self._amount(change.after))
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
