"""feature_catalogue.html: every feature of a version, its declaration, distribution and relation to default."""

from collections.abc import Sequence
from importlib.resources import files

from credit_scoring.core.html_page import render, render_page
from credit_scoring.core.manifest import DataSource
from credit_scoring.feature_engineering.catalogue import SECTIONS, range_of, section_of
from credit_scoring.feature_engineering.definition import STORED_TYPE, TYPE_MEANINGS, Feature
from credit_scoring.feature_engineering.feature_distributions import FeatureDistribution

MAX_BAR_HEIGHT = 34
MIN_AUC_DISTANCE = 0.005
"""A feature whose AUC is closer to 0.5 is shown as unrelated to default."""


def render_catalogue_page(
    features: Sequence[Feature],
    distributions: Sequence[FeatureDistribution],
    applications: int,
    source: DataSource,
    tables: str,
) -> str:
    """A self-contained, searchable page.

    Args:
        distributions: one per feature, in the same order.
        applications: number of applications that they describe.
        tables: fingerprint of the ingested tables that the features were computed from.
    """
    template = (files(__package__) / "catalogue_page.html.jinja").read_text(encoding="utf-8")
    rows = [_row(feature, distribution) for feature, distribution in zip(features, distributions, strict=True)]
    return render_page(
        "Feature catalogue",
        f"{len(features)} features of the tables {tables}, measured on {applications:,} applications. AUC: how well a "
        "feature alone separates defaults from the rest, 0.5 not at all, 1 or 0 perfectly.",
        source,
        render(template, rows=rows, sections=SECTIONS, types=TYPE_MEANINGS),
    )


def _row(feature: Feature, distribution: FeatureDistribution) -> dict[str, object]:
    highest = max(distribution.histogram, default=0.0)
    return {
        "name": feature.name,
        "section": section_of(feature),
        "kind": feature.kind,
        "type": feature.type,
        "stored_type": STORED_TYPE.__name__,
        "range": range_of(feature) + ("" if feature.nullable else ", never missing"),
        "disclosed": f"as {feature.disclosure.shown_as}" if feature.disclosure else "no",
        "unit": feature.unit,
        "meaning": feature.meaning,
        "inputs": ", ".join(feature.inputs),
        "bars": [round(MAX_BAR_HEIGHT * share / highest) for share in distribution.histogram],
        "spread": [f"{distribution.quantiles[position]:.4g}" for position in (1, 3, 5) if distribution.quantiles],
        "null_share": distribution.null_share,
        "missing": f"{100 * distribution.null_share:.1f} %",
        "strength": 0.0 if distribution.auc is None else abs(distribution.auc - 0.5),
        "auc": "unknown" if distribution.auc is None else f"{distribution.auc:.3f}",
        "direction": _direction(distribution.auc),
    }


def _direction(auc: float | None) -> str:
    """Whether high or low values of the feature default more often."""
    if auc is None:
        return ""
    if abs(auc - 0.5) < MIN_AUC_DISTANCE:
        return "no relation"
    return "high is riskier" if auc > 0.5 else "high is safer"
