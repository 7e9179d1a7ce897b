"""The HTML page that compares synthetic tables with the published profile: a verdict, then each table."""

from importlib.resources import files

from credit_scoring.core.html_page import render, render_page, table
from credit_scoring.data_contracts import ALL_TABLES
from credit_scoring.synthetic_data.comparison import Comparison, Gap

_HEADER = ("measure", "published", "found", "gap / tolerance")

_BODY = (files(__package__) / "synthetic_report.html.jinja").read_text(encoding="utf-8")


def report_page(comparison: Comparison, folder_name: str) -> str:
    """The whole page."""
    outside = [gap for gap in comparison.gaps if not gap.is_within]
    listed = ((gap.table, gap.column, *_figures(gap)) for gap in outside or comparison.gaps[:10])
    body = render(
        _BODY,
        outside=len(outside),
        total=len(comparison.gaps),
        ceiling=f"{comparison.ceiling_auc:.3f}",
        title="Gaps that are too large" if outside else "The ten largest gaps",
        listed=table(("table", "column", *_HEADER), listed),
        tables=[_table_section(comparison, found.name) for found in ALL_TABLES],
    )
    return render_page(
        title="Synthetic tables against the published profile",
        subtitle=f"Folder {folder_name}; column by column, largest gap first. "
        "Tolerances are meant for 20,000 clients or more: fewer deviate more by chance.",
        source="synthetic",
        body=body,
    )


def _figures(gap: Gap) -> tuple[str, str, str, float]:
    return gap.measure, f"{gap.published:,.6g}", f"{gap.found:,.6g}", round(gap.relative, 2)


def _table_section(comparison: Comparison, name: str) -> dict[str, object]:
    gaps = comparison.of_table(name)
    # The gaps are sorted: the first one of a column is its worst.
    worst = sorted({gap.column: gap for gap in reversed(gaps)}.values(), key=lambda gap: -gap.relative)
    rows = ((gap.column or "(the whole table)", *_figures(gap)) for gap in worst)
    return {
        "name": name,
        "rows": f"{comparison.rows[name]:,}",
        "measures": len(gaps),
        "worst": f"{worst[0].relative:.2f}",
        "columns": table(("column", *_HEADER), rows),
    }
