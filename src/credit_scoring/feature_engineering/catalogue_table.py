"""feature_catalogue.csv: what the catalogue page shows, one line per feature."""

import csv
import io
from collections.abc import Sequence

from credit_scoring.core.manifest import DataSource
from credit_scoring.feature_engineering.catalogue import range_of
from credit_scoring.feature_engineering.definition import STORED_TYPE, Feature
from credit_scoring.feature_engineering.feature_distributions import FeatureDistribution

_QUANTILES = ("lowest", "percentile_5", "percentile_25", "median", "percentile_75", "percentile_95", "highest")


def render_catalogue_table(
    features: Sequence[Feature], distributions: Sequence[FeatureDistribution], applications: int, source: DataSource
) -> str:
    """The table as CSV.

    Args:
        distributions: one per feature, in the same order.
        applications: number of applications that they describe.
    """
    rows = [
        _row(feature, distribution) | {"applications": applications, "data": source}
        for feature, distribution in zip(features, distributions, strict=True)
    ]
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _row(feature: Feature, distribution: FeatureDistribution) -> dict[str, object]:
    quantiles = distribution.quantiles or ("",) * len(_QUANTILES)
    low, high = distribution.histogram_range or ("", "")
    return {
        "name": feature.name,
        "description": feature.meaning,
        "type": feature.type,
        "stored_type": STORED_TYPE.__name__,
        "unit": feature.unit,
        "range": range_of(feature),
        "never_missing": "no" if feature.nullable else "yes",
        "missing_share": distribution.null_share,
        **dict(zip(_QUANTILES, quantiles, strict=True)),
        "histogram_from": low,
        "histogram_to": high,
        "histogram_shares": " ".join(f"{share:.4g}" for share in distribution.histogram),
        "auc": "" if distribution.auc is None else distribution.auc,
        "disclosed": "yes" if feature.disclosure else "no",
        "disclosed_as": feature.disclosure.shown_as if feature.disclosure else "",
        "concept": feature.concept.value,
        "source": feature.source,
        "inputs": " ".join(feature.inputs),
    }
