"""feature_catalogue.html: every feature of a version with its meaning, distribution and relation to default."""

from collections.abc import Sequence
from importlib.resources import files

from credit_scoring.core.html_page import render, render_page
from credit_scoring.core.manifest import DataSource
from credit_scoring.feature_engineering.catalogue import SECTIONS, section_of
from credit_scoring.feature_engineering.definition import Feature
from credit_scoring.feature_engineering.feature_distributions import FeatureDistribution

CATALOGUE_PAGE = "feature_catalogue.html"
TALLEST_BAR = 34
LEAST_RELATION = 0.005


def render_catalogue_page(
    features: Sequence[Feature],
    profiles: Sequence[FeatureDistribution],
    applications: int,
    source: DataSource,
    tables: str,
) -> str:
    """A self-contained, searchable page.

    Args:
        profiles: one per feature, in the same order.
        applications: number of applications that were profiled.
        tables: fingerprint of the ingested tables that the features were computed from.
    """
    template = (files(__package__) / "catalogue_page.html.jinja").read_text(encoding="utf-8")
    rows = [_row(feature, profile) for feature, profile in zip(features, profiles, strict=True)]
    return render_page(
        "Feature catalogue",
        f"{len(features)} features of the tables {tables}, measured on {applications:,} applications. AUC: how well a "
        "feature alone tells defaults from the rest, 0.5 not at all, 1 or 0 perfectly.",
        source,
        render(template, rows=rows, sections=SECTIONS),
    )


def _row(feature: Feature, profile: FeatureDistribution) -> dict[str, object]:
    highest = max(profile.histogram, default=0.0)
    return {
        "name": feature.name,
        "section": section_of(feature),
        "kind": feature.kind,
        "unit": feature.unit,
        "meaning": feature.meaning,
        "inputs": ", ".join(feature.inputs),
        "bars": [round(TALLEST_BAR * share / highest) for share in profile.histogram],
        "spread": [f"{profile.quantiles[position]:.4g}" for position in (1, 3, 5) if profile.quantiles],
        "null_share": profile.null_share,
        "missing": f"{100 * profile.null_share:.1f} %",
        "strength": 0.0 if profile.auc is None else abs(profile.auc - 0.5),
        "auc": "unknown" if profile.auc is None else f"{profile.auc:.3f}",
        "direction": _direction(profile.auc),
    }


def _direction(auc: float | None) -> str:
    """Which end of the feature defaults more often."""
    if auc is None:
        return ""
    if abs(auc - 0.5) < LEAST_RELATION:
        return "no relation"
    return "high is riskier" if auc > 0.5 else "high is safer"
