"""The HTML page that compares synthetic tables with the published profile: a verdict, then each table."""

from importlib.resources import files

import matplotlib
from markupsafe import Markup
from matplotlib.figure import Figure

from credit_scoring.core.html_page import picture, png, render, render_page, table
from credit_scoring.data_contracts import ALL_TABLES
from credit_scoring.synthetic_data.comparison import Comparison, Gap
from credit_scoring.synthetic_data.profile import PROBABILITIES, calibration

_BARS_PER_TABLE, _CURVES_PER_TABLE, _CURVES_PER_LINE = 20, 6, 3
_GOOD, _BAD, _INK = "#1b7f4b", "#b3261e", "#1f5fa8"
_HEADER = ("measure", "published", "found", "gap / tolerance")

_BODY = (files(__package__) / "synthetic_report.html.jinja").read_text(encoding="utf-8")


def report_page(comparison: Comparison, folder_name: str) -> str:
    """The whole page."""
    matplotlib.use("agg")
    outside = [gap for gap in comparison.gaps if not gap.is_within]
    listed = ((gap.table, gap.column, *_figures(gap)) for gap in outside or comparison.gaps[:10])
    body = render(
        _BODY,
        outside=len(outside),
        total=len(comparison.gaps),
        ceiling=f"{comparison.ceiling_auc:.3f}",
        title="Gaps that are too large" if outside else "The ten largest gaps",
        listed=table(("table", "column", *_HEADER), listed),
        signal=_signal(comparison),
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


def _signal(comparison: Comparison) -> Markup:
    """Single-column AUCs beside the published ones."""
    signal = sorted((gap for gap in comparison.gaps if gap.measure == "AUC"), key=lambda gap: gap.published)
    figure = Figure(figsize=(7, 0.32 * len(signal) + 0.8))
    axes = figure.subplots()
    axes.plot([gap.published for gap in signal], range(len(signal)), "o", color=_INK, label="published")
    axes.plot([gap.found for gap in signal], range(len(signal)), "x", color=_BAD, label="synthetic")
    axes.axvline(0.5, color="#d9dfe5")
    axes.set_yticks(range(len(signal)), [gap.column for gap in signal], fontsize=8)
    axes.set_xlabel("AUC against TARGET")
    axes.legend(fontsize=8)
    return picture(png(figure), "The ten columns with the strongest signal, published and synthetic")


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
        "bars": _bars(name, worst[:_BARS_PER_TABLE]),
        "curves": _curves(comparison, name, worst),
        "columns": table(("column", *_HEADER), rows),
    }


def _bars(name: str, worst: list[Gap]) -> Markup:
    figure = Figure(figsize=(7, 0.22 * len(worst) + 0.8))
    axes = figure.subplots()
    axes.barh(
        [f"{gap.column or 'rows'}: {gap.measure}"[:60] for gap in worst[::-1]],
        [gap.relative for gap in worst[::-1]],
        color=[_GOOD if gap.is_within else _BAD for gap in worst[::-1]],
    )
    axes.axvline(1.0, color=_BAD, linewidth=1)
    axes.tick_params(axis="y", labelsize=7)
    axes.set_xlabel("gap / tolerance")
    return picture(png(figure), f"{name}: worst gap of each column, as a multiple of its tolerance")


def _curves(comparison: Comparison, name: str, worst: list[Gap]) -> Markup:
    """Published and found quantiles of the numeric columns with the largest gaps."""
    chosen = [gap.column for gap in worst if (name, gap.column) in comparison.quantiles][:_CURVES_PER_TABLE]
    if not chosen:
        return Markup("")
    lines = -(-len(chosen) // _CURVES_PER_LINE)
    figure = Figure(figsize=(9, 2.4 * lines))
    # The two ends are single rows and would flatten everything between them.
    inner = slice(1, -1)
    for number, column in enumerate(chosen, start=1):
        axes = figure.add_subplot(lines, _CURVES_PER_LINE, number)
        published = calibration()["columns"][name]["columns"][column]["q"]
        found = comparison.quantiles[name, column]
        axes.plot(PROBABILITIES[inner], published[inner], color=_INK, label="published")
        axes.plot(PROBABILITIES[inner], found[inner], "--", color=_BAD, label="synthetic")
        axes.set_title(column, fontsize=8)
        axes.tick_params(labelsize=7)
    figure.axes[0].legend(fontsize=7)
    figure.tight_layout()
    return picture(png(figure), f"{name}: quantiles from 1 % to 99 % of the numeric columns with the largest gaps")
