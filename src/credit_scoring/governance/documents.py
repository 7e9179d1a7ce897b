"""Interpretability report and model card, in Markdown and HTML; a missing figure is an error."""

import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, UndefinedError
from markdown_it import MarkdownIt
from markupsafe import Markup

from credit_scoring.core.errors import MissingArtefactError
from credit_scoring.core.html_page import png_address, render_page
from credit_scoring.core.manifest import DataSource
from credit_scoring.explain.report import caption_of
from credit_scoring.explain.texts.language import Language

PICTURES_FOLDER = "pictures"
"""Folder of the pictures beside the documents, with a subfolder for each language."""


def document(name: str, language: Language, content: Mapping[str, object], source: DataSource) -> str:
    """A document as Markdown.

    Args:
        name: one of `DOCUMENTS`.
        content: result of `content_of`; nothing may be missing.

    Raises:
        MissingArtefactError: a figure is missing or is not a number.
    """

    def number(value: object, decimals: int) -> str:
        return language.decimal(_known(value), decimals)

    def exact(value: object, decimals: int) -> str:
        """A limit as it was set, with at least so many decimals."""
        digits = len(f"{_known(value):g}".partition(".")[2])
        return number(value, max(decimals, digits))

    def percent(value: object) -> str:
        return language.percent(_known(value))

    def interval(estimate: Mapping[str, Any], decimals: int) -> str:
        return language.interval.format(**{part: number(estimate[part], decimals) for part in ("value", "low", "high")})

    def worst_ratio(group: Mapping[str, Any] | None) -> str:
        if group is None:
            return language.no_group
        ratio = number(group["acceptance_ratio"]["value"], 3)
        return f"{ratio} ({language.group_of(group['attribute'], group['group'])})"

    def figure(plot: str) -> str:
        """A picture with its caption, in the folder that `step` copies pictures to."""
        caption = caption_of(plot, language)
        return f"![{caption}]({PICTURES_FOLDER}/{language.code}/{plot}.png)\n\n*{caption}*"

    # Markdown, not HTML: `as_page` escapes its text.
    environment = Environment(  # nosec B701
        loader=FileSystemLoader(language.templates),
        undefined=StrictUndefined,
        autoescape=False,
        finalize=_present,
        keep_trailing_newline=True,
    )
    synthetic = _notice(language) if source == "synthetic" else ""
    try:
        text = environment.get_template(f"{name}.md.jinja").render(
            content,
            synthetic=synthetic,
            number=number,
            exact=exact,
            percent=percent,
            interval=interval,
            worst_ratio=worst_ratio,
            figure=figure,
        )
    except (UndefinedError, _MissingFigureError) as error:
        raise MissingArtefactError(
            f"The document {name} lacks a figure ({error}).",
            "Run `credit-scoring train --force`, `credit-scoring explain` and `credit-scoring audit`.",
        ) from error
    return language.typeset(text)


def as_page(name: str, markdown: str, language: Language, source: DataSource, folder: Path) -> str:
    """A document as a self-contained HTML page; HTML in its text is escaped.

    Args:
        folder: where the document and its pictures lie.
    """
    _, _, body = markdown.replace(_notice(language), "", 1).partition("\n")  # the page prints title and notice itself
    html = html_of(body)
    # Tables scroll sideways on a narrow screen.
    scrolling = html.replace("<table>", '<div class="scroll"><table>').replace("</table>", "</table></div>")
    # Long feature names may break after an underscore.
    broken = re.sub(r"<code>\w+</code>", lambda found: found[0].replace("_", "_<wbr>"), scrolling, flags=re.ASCII)
    embedded = re.sub(r'(?<=<img src=")[^"]+\.png', lambda found: png_address((folder / found[0]).read_bytes()), broken)
    # The renderer has escaped everything else.
    content = Markup(embedded)  # nosec B704
    return render_page(language.document_titles[name], "", source, content, language.code, language.synthetic_notice)


def html_of(markdown: str) -> str:
    """Markdown as HTML; HTML in its text is escaped."""
    html: str = MarkdownIt("commonmark", {"html": False}).enable("table").render(markdown)
    return html


def _notice(language: Language) -> str:
    return f"**{' '.join(language.synthetic_notice)}**"


class _MissingFigureError(Exception):
    """A figure is None or no finite number."""


def _known(value: object) -> float:
    if not isinstance(value, int | float) or not math.isfinite(value):
        raise _MissingFigureError(f"{value!r} is not a number")
    return float(value)


def _present(value: object) -> object:
    if value is None:
        raise _MissingFigureError("a figure is None")
    return value
