"""The quality report as one self-contained page."""

from importlib.resources import files

from credit_scoring.core.html_page import render, render_page
from credit_scoring.data_validation.report import QualityReport

TEMPLATE = "data_quality_report.html.jinja"


def as_page(report: QualityReport) -> str:
    """The HTML of a report; needs no network to be read."""
    template = (files("credit_scoring.data_validation") / TEMPLATE).read_text(encoding="utf-8")
    subtitle = (
        f"Data version {report.data_version}, ingested {report.ingested_at:%Y-%m-%d %H:%M} UTC, "
        f"checked {report.checked_at:%Y-%m-%d %H:%M} UTC."
    )
    return render_page("Data quality", subtitle, report.source, render(template, report=report))
