"""Interpretability report and model card, in Markdown and HTML, in each language; a missing figure stops them."""

import math
import re
from collections.abc import Mapping
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, UndefinedError
from markdown_it import MarkdownIt
from markupsafe import Markup

from credit_scoring.core.errors import MissingArtefactError
from credit_scoring.core.html_page import SYNTHETIC_NOTICES, render_page
from credit_scoring.core.manifest import DataSource
from credit_scoring.explain.texts.groups import NO_GROUP, worst_of
from credit_scoring.explain.texts.language import Language

DOCUMENTS: dict[str, dict[str, str]] = {
    "interpretability_report": {"en": "Interpretability report", "fr": "Rapport d'interprétabilité"},
    "model_card": {"en": "Model card", "fr": "Fiche du modèle"},
}
"""Title of each document by language; its template is called after it."""


def document(name: str, language: Language, content: Mapping[str, object], source: DataSource) -> str:
    """A document as Markdown.

    Args:
        name: one of `DOCUMENTS`.
        content: result of `content_of`; nothing may be missing.

    Raises:
        MissingArtefactError: a figure is missing, or is no number.
    """

    def number(value: object, decimals: int) -> str:
        return language.decimal(_known(value), decimals)

    def exact(value: object, decimals: int) -> str:
        """A limit as it was set, with at least so many decimals."""
        digits = len(f"{_known(value):g}".partition(".")[2])
        return number(value, max(decimals, digits))

    def percent(value: object) -> str:
        return language.decimal(_known(value) * 100, 1) + language.percent_sign

    def interval(estimate: Mapping[str, Any], decimals: int) -> str:
        value, low, high = (number(estimate[part], decimals) for part in ("value", "low", "high"))
        gap = "\N{NO-BREAK SPACE}"
        return f"{value}{gap}[{low}{gap if language.code == 'fr' else ''};{gap}{high}]"

    def worst_ratio(group: Mapping[str, Any] | None) -> str:
        if group is None:
            return NO_GROUP[language.code]
        ratio = number(group["acceptance_ratio"]["value"], 3)
        return f"{ratio} ({worst_of(language.code, group['attribute'], group['group'])})"

    # Markdown, not HTML: `as_page` escapes what stands in it.
    environment = Environment(  # nosec B701
        loader=PackageLoader(__package__, ""),
        undefined=StrictUndefined,
        autoescape=False,
        finalize=_present,
        keep_trailing_newline=True,
    )
    synthetic = _notice(language) if source == "synthetic" else ""
    try:
        text = environment.get_template(f"{name}.{language.code}.md.jinja").render(
            content,
            synthetic=synthetic,
            number=number,
            exact=exact,
            percent=percent,
            interval=interval,
            worst_ratio=worst_ratio,
        )
    except (UndefinedError, _MissingFigureError) as error:
        raise MissingArtefactError(
            f"The document {name} lacks a figure ({error}).",
            "Run `credit-scoring train --force`, `credit-scoring explain` and `credit-scoring audit`.",
        ) from error
    return _typeset(text, language)


def as_page(name: str, markdown: str, language: Language, source: DataSource) -> str:
    """A document as a self-contained HTML page; HTML in its texts is shown, not obeyed."""
    _, _, body = markdown.replace(_notice(language), "", 1).partition("\n")  # the page says both itself
    html = MarkdownIt("commonmark", {"html": False}).enable("table").render(body)
    # The renderer escapes what the report quotes; tables scroll sideways on a narrow screen.
    scrolling = html.replace("<table>", '<div class="scroll"><table>').replace("</table>", "</table></div>")
    # Long names of features go on in the next line, after one of their words.
    broken = re.sub(
        r"<code>\w+</code>", lambda found: found[0].replace("_", "_<wbr>"), scrolling, flags=re.ASCII
    )
    # The renderer has escaped everything else: HTML in the text is switched off above.
    content = Markup(broken)  # nosec B704
    return render_page(DOCUMENTS[name][language.code], "", source, content, language.code)


def _notice(language: Language) -> str:
    return f"**{' '.join(SYNTHETIC_NOTICES[language.code])}**"


def _typeset(markdown: str, language: Language) -> str:
    """French puts spaces before marks and within numbers, at which no line may break."""
    if language.code != "fr":
        return markdown
    within = re.sub(r"(?<=\d) (?=\d{3}\b)", language.group_mark, markdown)
    return re.sub(r"(?<=\S) (?=[;:%»?!])|(?<=«) ", "\N{NO-BREAK SPACE}", within)


class _MissingFigureError(Exception):
    """A figure is there in name only."""


def _known(value: object) -> float:
    if not isinstance(value, int | float) or not math.isfinite(value):
        raise _MissingFigureError(f"{value!r} is no number")
    return float(value)


def _present(value: object) -> object:
    if value is None:
        raise _MissingFigureError("None stands where a figure belongs")
    return value
