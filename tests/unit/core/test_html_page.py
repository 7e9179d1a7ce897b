"""Reports escape what they show and say when their figures are synthetic."""

import base64
import re

import pytest
from jinja2 import UndefinedError
from markupsafe import Markup
from matplotlib.figure import Figure

from credit_scoring.core.html_page import picture, png, render, render_page, table

SCRIPT = "<script>alert(1)</script>"


def test_a_page_escapes_its_words_and_keeps_its_body() -> None:
    page = render_page(SCRIPT, SCRIPT, "real", Markup("<p>body</p>"), language="fr")
    assert SCRIPT not in page
    assert page.count("&lt;script&gt;") == 3
    assert "<p>body</p>" in page
    assert '<html lang="fr">' in page


def test_only_a_page_of_synthetic_data_says_so() -> None:
    assert "Synthetic data." in render_page("Report", "", "synthetic", Markup(""))
    assert "ynthetic" not in render_page("Report", "", "real", Markup(""))


def test_a_page_in_another_language_prints_its_own_notice() -> None:
    notice = ("Données synthétiques.", "Aucun client réel.")
    page = render_page("Rapport", "", "synthetic", Markup(""), "fr", notice)
    assert all(part in page for part in notice)
    assert "Synthetic" not in page


def test_a_part_escapes_its_values() -> None:
    assert render("<b>{{ name }}</b>", name=SCRIPT) == "<b>&lt;script&gt;alert(1)&lt;/script&gt;</b>"
    assert render("<b>{{ part }}</b>", part=Markup("<i>x</i>")) == "<b><i>x</i></b>"


def test_a_value_that_is_not_given_is_an_error() -> None:
    with pytest.raises(UndefinedError, match="name"):
        render("<b>{{ name }}</b>")


def test_a_table_escapes_its_cells_and_sets_numbers_to_the_right() -> None:
    html = table(("feature", SCRIPT), [("a<b", 3), (SCRIPT, 0.5)])
    assert SCRIPT not in html
    assert re.findall(r'<td class="number">(.*?)</td>', html) == ["3", "0.5"]
    assert re.findall(r"<td>(.*?)</td>", html) == ["a&lt;b", "&lt;script&gt;alert(1)&lt;/script&gt;"]
    assert re.findall(r"<th>(.*?)</th>", html) == ["feature", "&lt;script&gt;alert(1)&lt;/script&gt;"]


def test_a_picture_lies_inside_the_page() -> None:
    figure = Figure(figsize=(1, 1))
    figure.subplots().plot([0, 1], [1, 0])
    html = picture(png(figure), 'Cost "per" client')
    encoded = re.search(r'src="data:image/png;base64,([^"]+)"', html)
    assert encoded is not None
    assert base64.b64decode(encoded[1]).startswith(b"\x89PNG")
    assert 'alt="Cost &#34;per&#34; client"' in html
