"""The interpretability report, in Markdown and HTML, in each language; a figure that is missing stops it."""

import math
from collections.abc import Mapping
from importlib.resources import files

from jinja2 import Environment, StrictUndefined, UndefinedError
from markdown_it import MarkdownIt
from markupsafe import Markup

from credit_scoring.core.errors import MissingArtefactError
from credit_scoring.core.html_page import render_page
from credit_scoring.core.manifest import DataSource
from credit_scoring.explain.texts.language import Language

TITLES = {"en": "Interpretability report", "fr": "Rapport d'interprétabilité"}
_SYNTHETIC = {
    "en": "**Synthetic data: every figure on this page comes from generated clients, not from people.**",
    "fr": "**Données synthétiques : chaque chiffre de cette page vient de clients générés, non de personnes.**",
}


def interpretability_report(language: Language, figures: Mapping[str, object], source: DataSource) -> str:
    """The report as Markdown.

    Args:
        figures: what `figures_of` gives; nothing may be missing.

    Raises:
        MissingArtefactError: a figure is missing, or is no number.
    """

    def number(value: object, decimals: int) -> str:
        return language.decimal(_known(value), decimals)

    def percent(value: object) -> str:
        return language.decimal(_known(value) * 100, 1) + language.percent_sign

    environment = Environment(undefined=StrictUndefined, autoescape=False, finalize=_present)  # nosec B701
    template = (files(__package__) / f"interpretability_report.{language.code}.md.jinja").read_text("utf-8")
    synthetic = _SYNTHETIC[language.code] if source == "synthetic" else ""
    try:
        return environment.from_string(template).render(
            figures, synthetic=synthetic, number=number, percent=percent
        )
    except (UndefinedError, _MissingFigureError) as error:
        raise MissingArtefactError(
            f"The interpretability report lacks a figure ({error}).",
            "Run `credit-scoring train --force` and `credit-scoring explain --force`.",
        ) from error


def as_page(markdown: str, language: Language, source: DataSource) -> str:
    """The report as a self-contained HTML page; HTML in its texts is shown, not obeyed."""
    _, _, body = markdown.partition("\n")
    html = MarkdownIt("commonmark", {"html": False}).enable("table").render(body)
    # The renderer escapes what the report quotes; tables scroll sideways on a narrow screen.
    scrolling = html.replace("<table>", '<div class="scroll"><table>').replace("</table>", "</table></div>")
    return render_page(TITLES[language.code], "", source, Markup(scrolling), language.code)  # nosec B704


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
