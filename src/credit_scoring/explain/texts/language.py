"""The texts of one language, and how it writes numbers."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from credit_scoring.explain.audited_groups import ATTRIBUTES, GROUP_SEPARATOR, GROUPS
from credit_scoring.explain.counterfactuals import DOCUMENTS as PAPERS
from credit_scoring.explain.counterfactuals import Candidate, Terms
from credit_scoring.explain.displayed_values import DISCLOSED, concepts_of, shown
from credit_scoring.explain.feature_findings import Finding, LeftOutBecause
from credit_scoring.explain.reasons import ROW_COUNTS, UNKNOWN, Reason
from credit_scoring.explain.texts import drift_texts
from credit_scoring.feature_engineering.concepts import Concept
from credit_scoring.feature_engineering.definition import DisplayUnit
from credit_scoring.scoring.scorer import Decision

if TYPE_CHECKING:  # it loads SciPy, which would slow the start of the service
    from credit_scoring.evaluation.confidence_intervals import Interval

DOCUMENTS = ("interpretability_report", "model_card")
"""Documents about a model; each language has a template ``<document>.md.jinja``."""
DRIFT_PAGE = "drift_report.html.jinja"

PICTURES = (
    "concepts",
    "importance",
    "native_importance",
    "summary",
    "dependence",
    "waterfall_of_concepts",
    "waterfall",
)
"""Pictures about a model; the last two are drawn for each example case, whose number follows the name."""

_MEASURES = ("mean_absolute_shap", "native_share", "auc_loss_when_permuted")
_NEARLY_ZERO = "\N{ALMOST EQUAL TO} 0"
_PROTECTED_CONCEPTS = frozenset(concept for concept in Concept if concept.is_protected)


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
        percent_sign: with its space.
        interval: template of an estimate and its confidence interval.
        is_singular: whether a number takes the singular.
        days, years, times: templates of a number with its unit; for one, and for more.
        features: phrase of each disclosed feature, as a client reads it.
        third_person: for officers, what replaces words that address the client.
        above, below: templates that compare a feature of the client with its usual value.
        unknown: one sentence for each of `UNKNOWN`.
        no_reason: for decisions without a reason that may be disclosed.
        offer, no_offer: template of a counterfactual, and the sentence if there is none.
        loan, purchase, down_payment, as_requested: parts of an offer that state its terms.
        papers: part of an offer that names a document, by raw column.
        names, tables: what credit officers read for each concept and history table; never given to a client.
        legal_basis: why each protected concept is protected.
        attributes, groups: names of audited attributes and of their groups.
        group: template of a group with its attribute; `no_group`: if none is large enough to be judged.
        protected_decides: for the officer, if the decision changes without the protected concepts.
        templates, document_titles: folder of the templates of `DOCUMENTS`, and the title of each.
        synthetic_notice: what a page about synthetic data says, in short and in full.
        families: names of model families; any other family goes by its identifier.
        decisions: by decision; `held_out_rows`: what the explained applications are.
        case_title, outcomes, case_text: templates of an example case, and what became of the client.
        effect_columns: header of the table of a case, as `cases.effect_rows` fills it; no_figure, protected_figure,
            no_value and no_record (the client has no rows): cells where there is none.
        measures, concept_measures, log_odds, low, high, feature_value, coloured_by, waterfall_axis: on axes;
            waterfall_unit: below the title of a waterfall; not_measured: where a measure is missing.
        further_features, other_features: bars that stand for several features.
        captions: of each picture.
        findings, left_out_reasons: on the selection of features.
        drift: texts of the drift report.
        typeset: applies the typographical rules of the language to Markdown or HTML.
    """

    code: str
    decimal_mark: str
    group_mark: str
    percent_sign: str
    interval: str
    is_singular: Callable[[float], bool]
    days: tuple[str, str]
    years: tuple[str, str]
    times: str
    features: Mapping[str, str]
    third_person: Mapping[str, str]
    above: str
    below: str
    unknown: Mapping[str, str]
    no_reason: Mapping[Decision, str]
    offer: str
    loan: str
    purchase: str
    down_payment: str
    as_requested: str
    papers: Mapping[str, str]
    no_offer: str
    names: Mapping[Concept, str]
    tables: Mapping[str, str]
    legal_basis: Mapping[Concept, str]
    attributes: Mapping[str, str]
    groups: Mapping[str, str]
    group: str
    no_group: str
    protected_decides: str
    templates: Path
    document_titles: Mapping[str, str]
    synthetic_notice: tuple[str, str]
    date_format: str
    families: Mapping[str, str]
    held_out_rows: str
    decisions: Mapping[Decision, str]
    case_title: str
    outcomes: Mapping[bool | None, str]
    case_text: str
    effect_columns: tuple[str, ...]
    no_figure: str
    protected_figure: str
    no_value: str
    no_record: str
    measures: Mapping[str, str]
    concept_measures: Mapping[str, str]
    log_odds: str
    low: str
    high: str
    feature_value: str
    coloured_by: str
    not_measured: str
    waterfall_unit: str
    waterfall_axis: str
    further_features: str
    other_features: str
    captions: Mapping[str, str]
    findings: Mapping[Finding, str]
    left_out_reasons: Mapping[LeftOutBecause, str]
    intended_use: str
    drift: drift_texts.DriftTexts
    typeset: Callable[[str], str] = str

    def __post_init__(self) -> None:
        tables: dict[str, tuple[Mapping[Any, str], Iterable[object]]] = {
            "features": (self.features, DISCLOSED),
            "unknown": (self.unknown, UNKNOWN),
            "no_reason": (self.no_reason, Decision),
            "papers": (self.papers, PAPERS),
            "names": (self.names, Concept),
            "tables": (self.tables, ROW_COUNTS),
            "legal_basis": (self.legal_basis, _PROTECTED_CONCEPTS),
            "attributes": (self.attributes, ATTRIBUTES),
            "groups": (self.groups, GROUPS),
            "document_titles": (self.document_titles, DOCUMENTS),
            "outcomes": (self.outcomes, (True, False, None)),
            "measures": (self.measures, _MEASURES),
            "concept_measures": (self.concept_measures, set(_MEASURES) - {"native_share"}),
            "captions": (self.captions, PICTURES),
            "findings": (self.findings, Finding),
            "left_out_reasons": (self.left_out_reasons, LeftOutBecause),
            "decisions": (self.decisions, Decision),
            "statuses": (self.drift.statuses, drift_texts.STATUSES),
            "left_out": (self.drift.left_out, drift_texts.LEFT_OUT),
            "no_evidently_page": (self.drift.no_evidently_page, drift_texts.NO_EVIDENTLY_PAGE),
            "attributes of the drift report": (self.drift.attributes, drift_texts.SEGMENTS),
            "groups of the drift report": (self.drift.groups, drift_texts.SEGMENT_GROUPS),
        }
        for table, (texts, names) in tables.items():
            if wrong := set(texts) ^ set(names):
                raise ValueError(f"Language '{self.code}', {table}: missing or unknown {sorted(map(str, wrong))}")
        for file in (*(f"{name}.md.jinja" for name in DOCUMENTS), DRIFT_PAGE):
            if not (self.templates / file).is_file():
                raise ValueError(f"Language '{self.code}' lacks {file}")

    def feature_name(self, feature: str) -> str:
        """The phrase of a feature for credit officers; the name of its concept where it has none."""
        phrase = self.features.get(feature, self.names[concepts_of([feature])[0]].lower())
        return " ".join(self.third_person.get(word, word) for word in phrase.split(" "))

    def group_name(self, group: str) -> str:
        """A group in this language; one of several attributes is named after a group of each."""
        return ", ".join(self.groups[part] for part in group.split(GROUP_SEPARATOR))

    def group_of(self, attribute: str, group: str) -> str:
        """A group with its attribute."""
        return self.group.format(attribute=self.attributes[attribute], group=self.group_name(group))

    def reason(self, reason: Reason) -> str:
        """A reason as a client may read it."""
        if reason.unknown is not None:
            return self.unknown[reason.unknown]
        assert reason.feature is not None and reason.value is not None and reason.typical is not None
        unit, phrase = DISCLOSED[reason.feature].shown_as, self.features[reason.feature]
        template = self.above if shown(unit, reason.value) > shown(unit, reason.typical) else self.below
        return template.format(
            feature=phrase[0].upper() + phrase[1:],
            value=self.number(unit, reason.value),
            typical=self.number(unit, reason.typical),
        )

    def counterfactual(self, candidate: Candidate) -> str:
        """An offer as a client may read it, with everything that it costs."""
        papers = "".join(self.papers[document] for document in candidate.documents)
        terms = self.as_requested if candidate.terms is None else self._terms(candidate.terms)
        return self.offer.format(terms=terms + papers)

    def _terms(self, terms: Terms) -> str:
        loan = self.loan.format(
            credit=self._amount(terms.credit),
            months=terms.months,
            instalment=self._amount(terms.instalment),
            payable=self._amount(terms.amount_payable),
            cost=self._amount(terms.amount_payable - terms.credit),
        )
        purchase = self.purchase.format(self._amount(terms.price)) if terms.price else ""
        return loan + purchase + self.down_payment.format(self._amount(terms.down_payment))

    def _amount(self, value: float) -> str:
        return self.number("amount", value)

    def number(self, unit: DisplayUnit, stored: float) -> str:
        """A stored number with its unit."""
        value = shown(unit, stored)
        if unit in ("share", "rate"):
            return self.decimal(value * 100, 0 if unit == "share" else 1) + self.percent_sign
        if unit in ("days", "years", "days_in_years"):
            single, several = self.days if unit == "days" else self.years
            text = self.decimal(value, 1 if unit == "days_in_years" else 0)
            return (single if self.is_singular(value) else several).format(text)
        if unit == "times":
            return self.times.format(self.decimal(value, 1))
        if unit == "score":
            return self.decimal(value, 2)
        return self.decimal(value, 0 if value == int(value) else 1)

    def percent(self, share: float, decimals: int = 1) -> str:
        """A share as a percentage."""
        return self.decimal(share * 100, decimals) + self.percent_sign

    def estimate(self, interval: "Interval", number: Callable[[float], str]) -> str:
        """An estimate and its confidence interval, whose numbers are written by a function."""
        return self.interval.format(value=number(interval.value), low=number(interval.low), high=number(interval.high))

    def signed(self, value: float) -> str:
        """A number with its sign and two decimals, or more if it is so small that it would look like zero."""
        decimals = next((decimals for decimals in (2, 3, 4) if round(value, decimals)), None)
        if decimals is None:
            return _NEARLY_ZERO
        return ("+" if value > 0 else "") + self.decimal(value, decimals)

    def plain_number(self, value: float) -> str:
        """A number with four digits or all of its integer ones, for a feature without a unit for readers."""
        digits = f"{value:.4g}" if abs(value) < 1_000 else f"{value:.0f}"
        return _NEARLY_ZERO if "e" in digits else self.decimal(float(digits), len(digits.partition(".")[2]))

    def decimal(self, value: float, decimals: int) -> str:
        """A number with its marks."""
        text = f"{value:z,.{decimals}f}"
        marks = {",": self.group_mark, ".": self.decimal_mark, "-": "\N{MINUS SIGN}"}
        return "".join(marks.get(character, character) for character in text)
