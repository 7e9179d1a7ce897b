"""A document as PDF: A4, with the fonts that matplotlib carries, so that no font of the system is needed."""

import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import matplotlib
from fpdf import FPDF
from fpdf.fonts import FontFace, TextStyle

_FONT, _MONOSPACED = "DejaVu", "DejaVuMono"
_FILES = {
    (_FONT, ""): "DejaVuSans.ttf",
    (_FONT, "B"): "DejaVuSans-Bold.ttf",
    (_MONOSPACED, ""): "DejaVuSansMono.ttf",
}
_TEXT_POINTS, _PICTURE_POINTS = 9, 538
_LINE_HEIGHT = 1.3
_INK, _LINK = "#1d2733", "#1f5fa8"
_HEADING_POINTS = {"h1": 18, "h2": 13, "h3": 10.5}
_LINE_CHARACTERS, _LONGEST_LINE, _PADDING = 96, 60, 3
"""What a line of a table holds, the length from which a cell is wrapped anyhow, and what separates two columns."""


def write_pdf(html: str, title: str, language: str, created_at: datetime, folder: Path, file: Path) -> None:
    """Write a document.

    Args:
        html: body of the document, as `documents.html_of` renders it.
        language: code of the language.
        created_at: date that the file states; equal content then gives equal bytes.
        folder: what the addresses of pictures are relative to.
    """
    pdf = FPDF()
    fonts = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    for (family, style), name in _FILES.items():
        pdf.add_font(family, style, fonts / name)
    pdf.set_title(title)
    pdf.set_lang(language)
    pdf.set_creation_date(created_at)
    pdf.set_font(_FONT, size=_TEXT_POINTS)
    pdf.add_page()
    # Only upright fonts are embedded.
    text = re.sub(r"</?em>", "", html).replace("<img ", f'<img width="{_PICTURE_POINTS}" ')
    text = re.sub(r"<(p|ul|ol)>", rf'<\1 line-height="{_LINE_HEIGHT}">', text)
    pdf.write_html(
        re.sub(r"<table>.*?</table>", _with_plain_cells, text, flags=re.DOTALL),
        image_map=lambda address: str(folder / address),
        table_line_separators=True,
        li_prefix_color=_INK,
        tag_styles={
            "code": FontFace(family=_MONOSPACED),
            "a": FontFace(color=_LINK, emphasis="UNDERLINE"),
            **dict.fromkeys(("p", "ul", "ol"), TextStyle(t_margin=1, b_margin=2)),
            **{
                tag: TextStyle(font_style="B", font_size_pt=points, color=_INK, t_margin=points / 3, b_margin=1)
                for tag, points in _HEADING_POINTS.items()
            },
        },
    )
    pdf.output(str(file))


def _with_plain_cells(table: re.Match[str]) -> str:
    """A table with widths for its columns and without tags in its cells, which the library does not lay out."""
    rows = [re.findall(r"<t[hd]>(.*?)</t[hd]>", row, re.DOTALL) for row in table[0].split("</tr>")]
    plain = [[re.sub(r"<[^>]+>", "", cell) for cell in row] for row in rows if row]
    header = "".join(
        f'<th align="left" width="{width:.1f}%">{cell}</th>'
        for cell, width in zip(plain[0], _widths(plain), strict=True)
    )
    body = "".join("<tr>" + "".join(f'<td align="left">{cell}</td>' for cell in row) + "</tr>" for row in plain[1:])
    return f"<table><thead><tr>{header}</tr></thead><tbody>{body}</tbody></table>"


def _widths(rows: Sequence[Sequence[str]]) -> list[float]:
    """Percentages of the line for the columns: each holds its longest word, and longer texts share what is left."""
    columns = list(zip(*rows, strict=True))
    unbroken = [_PADDING + max(len(word) for cell in column for word in cell.split(" ")) for column in columns]
    lines = [_PADDING + min(max(map(len, column)), _LONGEST_LINE) for column in columns]
    wishes = [max(line - word, 0) for line, word in zip(lines, unbroken, strict=True)]
    spare = max(_LINE_CHARACTERS - sum(unbroken), 0) / max(sum(wishes), 1)
    widths = [word + wish * spare for word, wish in zip(unbroken, wishes, strict=True)]
    return [100 * width / sum(widths) for width in widths]
