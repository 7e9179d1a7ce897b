"""The layout of all HTML reports: one self-contained page, readable on a phone, labelled if the data is synthetic."""

import base64
import io
from collections.abc import Iterable
from typing import TYPE_CHECKING

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from credit_scoring.core.manifest import SYNTHETIC_NOTICE, DataSource

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_PAGE = """<!doctype html>
<html lang="{{ language }}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ title }}</title>
<style>
:root { --ink: #1d2733; --quiet: #5b6875; --line: #d9dfe5; --paper: #fff; --soft: #f4f6f8; --accent: #1f5fa8;
  --good: #1b7f4b; --bad: #b3261e; --warn: #8a5a00; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 72rem; padding: 1.5rem 1rem 4rem; color: var(--ink); background: var(--paper);
  font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .25rem; } h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; }
.quiet { color: var(--quiet); } .good { color: var(--good); } .bad { color: var(--bad); } .warn { color: var(--warn); }
.banner { border: 1px solid #e0b040; background: #fff8e5; border-radius: .4rem; padding: .5rem .75rem; }
.scroll { overflow-x: auto; } .scroll + .scroll { margin-top: 1rem; }
table { border-collapse: collapse; font-size: .92rem; } caption { text-align: left; color: var(--quiet); }
th, td { padding: .3rem .7rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
th { background: var(--soft); vertical-align: bottom; }
td.number { text-align: right; font-variant-numeric: tabular-nums; }
figure { margin: 1rem 0; } img { max-width: 100%; height: auto; } figcaption { color: var(--quiet); }
@media (max-width: 40rem) { th { white-space: normal; } figure { overflow-x: auto; }
  figure img { max-width: none; width: 48rem; } figcaption { position: sticky; left: 0; } }
.grid { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(min(26rem, 100%), 1fr)); }
</style>
</head>
<body>
<h1>{{ title }}</h1>
<p class="quiet">{{ subtitle }}</p>
{% if source == "synthetic" %}<p class="banner"><strong>{{ notice[0] }}</strong> {{ notice[1] }}</p>{% endif %}
{{ body }}
</body>
</html>
"""
_TABLE = """<div class="scroll"><table>
<thead><tr>{% for name in header %}<th>{{ name }}</th>{% endfor %}</tr></thead>
<tbody>{% for row in rows %}<tr>{% for cell in row %}
<td{% if cell is number %} class="number"{% endif %}>{{ cell }}</td>{% endfor %}</tr>{% endfor %}</tbody>
</table></div>"""
_environment = Environment(autoescape=True, undefined=StrictUndefined)


def render_page(
    title: str,
    subtitle: str,
    source: DataSource,
    body: Markup,
    language: str = "en",
    notice: tuple[str, str] = SYNTHETIC_NOTICE,
) -> str:
    """A whole page around a body that is already safe HTML.

    Args:
        language: code of the language of the page.
        notice: what the page says about synthetic data, in short and in full.
    """
    return _environment.from_string(_PAGE).render(
        title=title, subtitle=subtitle, source=source, body=body, language=language, notice=notice
    )


def render(template: str, **values: object) -> Markup:
    """Render a part of a page; values are escaped, and a missing one is an error."""
    # The environment escapes every value; only our own templates are trusted.
    return Markup(_environment.from_string(template).render(values))  # nosec B704


def table(header: Iterable[str], rows: Iterable[Iterable[object]]) -> Markup:
    """A table that scrolls sideways on a narrow screen; numbers are right-aligned."""
    return render(_TABLE, header=list(header), rows=[list(row) for row in rows])


def breakable(name: str) -> Markup:
    """A long name that may break after each underscore."""
    return Markup("_<wbr>").join(name.split("_"))


def png(figure: "Figure") -> bytes:
    """A matplotlib figure as PNG bytes."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=110, bbox_inches="tight")
    return buffer.getvalue()


def png_address(content: bytes) -> str:
    """A PNG image as the address of an embedded picture."""
    return f"data:image/png;base64,{base64.b64encode(content).decode()}"


def picture(content: bytes, caption: str) -> Markup:
    """A PNG image, embedded in the page."""
    return render(
        '<figure><img alt="{{ caption }}" src="{{ address }}"><figcaption>{{ caption }}</figcaption></figure>',
        caption=caption,
        address=png_address(content),
    )
