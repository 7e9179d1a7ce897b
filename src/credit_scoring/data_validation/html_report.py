"""The data quality report as one self-contained HTML page."""

from importlib.resources import files

from credit_scoring.core.html_page import render, render_page
from credit_scoring.data_contracts import table_named
from credit_scoring.data_validation import svg_histogram
from credit_scoring.data_validation.checks import KINDS
from credit_scoring.data_validation.report import ColumnReport, QualityReport, TableReport
from credit_scoring.data_validation.table_checks import MIN_ROWS

TEMPLATE = "data_quality_report.html.jinja"
SHOWN_MOVES = 12
NOTABLE_MOVE = 0.02


def render_html_report(report: QualityReport) -> str:
    """The HTML of a report; the page loads nothing from the network."""
    template = (files("credit_scoring.data_validation") / TEMPLATE).read_text(encoding="utf-8")
    subtitle = (
        f"Data version {report.data_version}, ingested {report.ingested_at:%Y-%m-%d %H:%M} UTC, "
        f"checked {report.checked_at:%Y-%m-%d %H:%M} UTC"
    )
    body = render(
        template,
        report=report,
        errors=report.failed("error"),
        warnings=report.failed("warning"),
        checks=sum(len(table.done()) for table in report.tables),
        not_checked=sum(len(table.not_checked("too few rows")) for table in report.tables),
        min_rows=MIN_ROWS,
        kinds=KINDS,
        contract=table_named,
        svg=svg_histogram,
        moves=moves(report),
        notable_move=NOTABLE_MOVE,
    )
    return render_page("Data quality", subtitle, report.source, body)


def moves(report: QualityReport) -> list[tuple[TableReport, ColumnReport]]:
    """Columns whose values or nulls moved most since the previous version, the largest move first."""
    pairs = [(table, column) for table in report.tables for column in table.columns]
    notable = [pair for pair in pairs if _move(pair[1]) >= NOTABLE_MOVE]
    return sorted(notable, key=lambda pair: -_move(pair[1]))[:SHOWN_MOVES]


def _move(column: ColumnReport) -> float:
    if column.previous_null_share is None:
        return 0.0
    return max(column.moved_share, abs(column.null_share - column.previous_null_share))
