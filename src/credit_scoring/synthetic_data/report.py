"""The HTML page that compares synthetic tables with the published profile: a verdict, then each table."""

from itertools import groupby

import matplotlib
from markupsafe import Markup
from matplotlib.figure import Figure

from credit_scoring.core.html_page import picture, render, render_page, table
from credit_scoring.data_contracts import ALL_TABLES
from credit_scoring.synthetic_data.comparison import Comparison
from credit_scoring.synthetic_data.distributions import PROBABILITIES
from credit_scoring.synthetic_data.gaps import Gap
from credit_scoring.synthetic_data.profile import calibration

_BARS_PER_TABLE = 20
_CURVES_PER_TABLE = 6
_GOOD, _BAD, _INK = "#1b7f4b", "#b3261e", "#1f5fa8"

_VERDICT = """
<p><strong class="{{ 'good' if outside == 0 else 'bad' }}">{{ within }} of {{ total }} measures lie within their
tolerance.</strong> A model that knew the true probability of every client would have an AUC of {{ ceiling }}
on this folder: no model can be better than that.</p>
<p class="quiet">Tolerances: null and category shares 1 point; quartiles a tenth of the published standard deviation;
rows 2 %; AUC of single columns 0.03; clients without rows 2 points; rows per client 0.25 standard deviations or one
row. A gap is given as a multiple of its tolerance: above 1 it is too large.</p>"""
_TABLE_SECTION = """
<h2 id="{{ name }}">{{ name }}</h2>
<p class="quiet">{{ rows }} rows, {{ measures }} measures, worst gap {{ worst }} of its tolerance.</p>
{{ bars }}{{ curves }}
<details><summary>All columns, largest gap first</summary>{{ columns }}</details>"""


def report_page(comparison: Comparison, folder_name: str) -> str:
    """The whole page."""
    matplotlib.use("agg")
    sections = [_table_section(comparison, found.name) for found in ALL_TABLES]
    body = Markup("").join([_verdict(comparison), _signal(comparison), *sections])
    return render_page(
        title="Synthetic tables against the published profile",
        subtitle=f"Folder {folder_name}; column by column, largest gap first. "
        "Tolerances are meant for 20,000 clients or more: fewer stray farther by chance.",
        source="synthetic",
        body=body,
    )


def _verdict(comparison: Comparison) -> Markup:
    outside = [gap for gap in comparison.gaps if not gap.is_within]
    verdict = render(
        _VERDICT,
        outside=len(outside),
        within=len(comparison.gaps) - len(outside),
        total=len(comparison.gaps),
        ceiling=f"{comparison.ceiling_auc:.3f}",
    )
    shown = outside or comparison.gaps[:10]
    title = render(
        "<h2>{{ title }}</h2>", title="Gaps that are too large" if outside else "The ten largest gaps"
    )
    rows = ((gap.table, gap.column, *_figures(gap)) for gap in shown)
    return verdict + title + table(("table", "column", *_HEADER), rows)


_HEADER = ("measure", "published", "found", "gap / tolerance")


def _figures(gap: Gap) -> tuple[str, str, str, float]:
    return gap.measure, f"{gap.published:,.6g}", f"{gap.found:,.6g}", round(gap.relative, 2)


def _signal(comparison: Comparison) -> Markup:
    """Single-column AUCs beside the published ones."""
    signal = sorted((gap for gap in comparison.gaps if gap.measure == "AUC"), key=lambda gap: gap.published)
    figure = Figure(figsize=(7, 0.32 * len(signal) + 0.8))
    axes = figure.subplots()
    places = range(len(signal))
    axes.plot([gap.published for gap in signal], places, "o", color=_INK, label="published")
    axes.plot([gap.found for gap in signal], places, "x", color=_BAD, label="synthetic")
    axes.axvline(0.5, color="#d9dfe5")
    axes.set_yticks(list(places), [gap.column for gap in signal], fontsize=8)
    axes.set_xlabel("AUC against TARGET")
    axes.legend(fontsize=8)
    title = render("<h2>{{ title }}</h2>", title="Signal of single columns")
    return title + picture(
        figure, "The ten columns that say most about default, published and in the synthetic tables"
    )


def _table_section(comparison: Comparison, name: str) -> Markup:
    gaps = comparison.of_table(name)
    by_column = sorted(gaps, key=lambda gap: gap.column)
    worst = [
        max(group, key=lambda gap: gap.relative) for _, group in groupby(by_column, lambda gap: gap.column)
    ]
    worst.sort(key=lambda gap: -gap.relative)
    return render(
        _TABLE_SECTION,
        name=name,
        rows=f"{comparison.rows[name]:,}",
        measures=len(gaps),
        worst=f"{worst[0].relative:.2f}",
        bars=picture(
            _bars(worst[:_BARS_PER_TABLE]),
            f"{name}: worst gap of each column, as a multiple of its tolerance",
        ),
        curves=_curves(comparison, name, worst),
        columns=table(
            ("column", *_HEADER), ((gap.column or "(the whole table)", *_figures(gap)) for gap in worst)
        ),
    )


def _bars(worst: list[Gap]) -> Figure:
    figure = Figure(figsize=(7, 0.22 * len(worst) + 0.8))
    axes = figure.subplots()
    shown = worst[::-1]
    colors = [_GOOD if gap.is_within else _BAD for gap in shown]
    axes.barh(
        [f"{gap.column or 'rows'}: {gap.measure}"[:60] for gap in shown],
        [gap.relative for gap in shown],
        color=colors,
    )
    axes.axvline(1.0, color=_BAD, linewidth=1)
    axes.tick_params(axis="y", labelsize=7)
    axes.set_xlabel("gap / tolerance")
    return figure


def _curves(comparison: Comparison, name: str, worst: list[Gap]) -> Markup:
    """Published and found quantiles of the numeric columns with the largest gaps."""
    chosen = [gap.column for gap in worst if (name, gap.column) in comparison.quantiles][:_CURVES_PER_TABLE]
    if not chosen:
        return Markup("")
    figure = Figure(figsize=(9, 2.4 * -(-len(chosen) // 3)))
    for place, column in enumerate(chosen, start=1):
        axes = figure.add_subplot(-(-len(chosen) // 3), 3, place)
        published = calibration()["columns"][name]["columns"][column]["q"]
        # The two ends are single rows and would flatten everything between them.
        inner = slice(1, -1)
        axes.plot(PROBABILITIES[inner], published[inner], color=_INK, label="published")
        axes.plot(
            PROBABILITIES[inner],
            comparison.quantiles[name, column][inner],
            "--",
            color=_BAD,
            label="synthetic",
        )
        axes.set_title(column, fontsize=8)
        axes.tick_params(labelsize=7)
    figure.axes[0].legend(fontsize=7)
    figure.tight_layout()
    return picture(figure, f"{name}: quantiles from 1 % to 99 % of the numeric columns with the largest gaps")
