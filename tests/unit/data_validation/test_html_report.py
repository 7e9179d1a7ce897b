"""The HTML page of the quality report."""

import re
from html.parser import HTMLParser

import pytest

from credit_scoring.data_validation import svg_histogram
from credit_scoring.data_validation.checks import KINDS, CheckName, Outcome
from credit_scoring.data_validation.html_report import render_html_report
from tests.unit.data_validation.reports import BEFORE, column, outcome, report


class Page(HTMLParser):
    """Texts, links and anchors of a page; fails on a tag that is closed out of order."""

    VOID = {"meta", "br", "hr", "img", "link"}

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors: set[str] = set()
        self.loaded: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.links += [given["href"] or ""] if "href" in given else []
        self.loaded += [given["src"] or ""] if "src" in given else []
        self.anchors |= {given["id"] or ""} if "id" in given else set()
        if tag not in self.VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Drawings close their own tags."""

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<style>.*?</style>|<[^>]+>", " ", html, flags=re.DOTALL).split())


def test_the_verdict_comes_first() -> None:
    text = text_of(render_html_report(report(outcome("error"), outcome("warning", name="future"))))
    assert "Failed 1 error, 1 warning: 2 checks on 1 table with 10 rows." in text
    assert text.index("Failed") < text.index("Impossible value")


def test_every_finding_is_listed_and_shown_with_its_examples_and_failing_rows() -> None:
    html = render_html_report(report(outcome("error"), outcome("warning", name="future")))
    page = Page(html)
    inside = [link.removeprefix("#") for link in page.links if link.startswith("#")]
    assert set(inside) <= page.anchors
    assert "bureau-AMT_CREDIT_SUM__impossible_value" in inside
    assert "failing_rows/bureau__AMT_CREDIT_SUM__impossible_value.parquet" in page.links
    assert "-5.0 100001" in text_of(html)


def test_errors_come_before_warnings() -> None:
    text = text_of(render_html_report(report(outcome("warning", name="future"), outcome("error"))))
    assert text.index("Error: impossible value") < text.index("Warning: row from the future")


def test_the_page_needs_no_network() -> None:
    html = render_html_report(report(outcome("error"), columns=(column(),)))
    page = Page(html)
    assert page.loaded == []
    assert not re.search(r"https?://|@import|url\(", html)


def test_texts_from_the_data_are_not_taken_for_html() -> None:
    hostile = outcome("error").model_copy(update={"examples": ({"CODE": "<script>alert(1)</script>"},)})
    html = render_html_report(report(hostile))
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


@pytest.mark.parametrize(("source", "marked"), [("synthetic", True), ("real", False)])
def test_synthetic_data_is_called_synthetic(source: str, marked: bool) -> None:
    html = render_html_report(report(source="synthetic" if source == "synthetic" else "real"))
    assert ("Synthetic data" in html) == marked


def test_the_first_version_has_no_comparison() -> None:
    assert "There is no previous version" in render_html_report(report())


def test_columns_that_moved_are_shown_against_the_previous_version() -> None:
    text = text_of(render_html_report(report(columns=(column((0.75, 0.25), (0.5, 0.5)),), previous=BEFORE)))
    assert f"Compared with data version {BEFORE}" in text
    assert "25.0% 50.0% → 25.0%" in text
    assert "10 20 -50.0%" in text


def test_a_column_that_lost_values_is_shown_even_if_those_left_are_spread_as_before() -> None:
    text = text_of(render_html_report(report(columns=(column((0.5, 0.5), (0.5, 0.5)),), previous=BEFORE)))
    assert "bureau AMT_CREDIT_SUM 0.0% 50.0% → 25.0%" in text


def test_columns_that_stood_still_are_not_shown_as_moved() -> None:
    still = column((0.5, 0.5), (0.5, 0.5)).model_copy(update={"previous_null_share": 0.25})
    assert "No column moved: everywhere less than 2%" in render_html_report(report(columns=(still,), previous=BEFORE))


def test_wrong_columns_say_why_no_row_was_checked() -> None:
    broken = report(outcome("error", name="wrong_type"))
    empty = broken.tables[0].model_copy(update={"rows": 0})
    assert "Rows were not checked" in render_html_report(broken.model_copy(update={"tables": (empty,)}))


def test_checks_that_need_more_rows_are_listed_as_not_checked() -> None:
    check = outcome("warning", name="null_share").check
    skipped = Outcome.without_check(check, "too few rows", "10 rows, 1,000 are needed")
    html = render_html_report(report(outcome("error", failed=False), skipped))
    Page(html)
    text = text_of(html)
    assert "Passed 0 errors, 0 warnings: 1 check on 1 table with 10 rows. 1 more check not done, too few rows." in text
    assert "Unusual share of nulls: not checked, too few rows (of 1,000 needed): AMT_CREDIT_SUM" in text
    assert 'title="10 rows, 1,000 are needed"' in html


@pytest.mark.parametrize("name", KINDS)
def test_every_check_has_a_title_of_its_own(name: CheckName) -> None:
    assert [kind.title for kind in KINDS.values()].count(KINDS[name].title) == 1


def test_bars_are_as_high_as_the_shares() -> None:
    drawn = svg_histogram.histogram(column((0.25, 0.5)))
    assert re.findall(r"v(-?[\d.]+)h", drawn) == ["-16.0", "-32.0"]
    assert 'class="previous"' not in drawn


def test_the_previous_version_is_drawn_as_an_outline() -> None:
    assert 'class="previous" d="M0 32V0.0h72.0V32.0h72.0V32"' in svg_histogram.histogram(column((0.5, 0.5), (1.0, 0.0)))


def test_a_column_without_values_has_no_histogram() -> None:
    assert svg_histogram.histogram(column(())) == ""


def test_rows_with_the_most_nulls_are_on_top_of_the_null_map() -> None:
    first = column().model_copy(update={"name": "A", "null_map": "0011"})
    second = column().model_copy(update={"name": "B", "null_map": "0001"})
    assert re.findall(r'd="([^"]*)"', svg_histogram.null_map([first, second])) == ["M0 0h1v2h-1z", "M1 0h1v1h-1z"]
