"""What every declaration promises about the values: the range, no missing value where it says so, finite numbers."""

from collections.abc import Iterator, Sequence

import polars as pl

from credit_scoring.core.errors import ValidationFailedError
from credit_scoring.data_contracts.contract import CLIENT
from credit_scoring.feature_engineering.catalogue import FEATURES, range_of
from credit_scoring.feature_engineering.definition import Feature


def check_promises(features: pl.DataFrame, declared: Sequence[Feature] = FEATURES) -> None:
    """Compare values with their declarations; declared features that the frame lacks are not checked.

    Args:
        features: SK_ID_CURR and features, as they are stored.

    Raises:
        ValidationFailedError: names the first feature that breaks its declaration, with a client and the value.
    """
    rules = [
        (feature, promise, broken)
        for feature in declared
        if feature.name in features.columns
        for promise, broken in _broken(feature)
    ]
    counts = features.select(broken.sum().alias(str(index)) for index, (_, _, broken) in enumerate(rules)).row(0)
    for (feature, promise, broken), count in zip(rules, counts, strict=True):
        if count:
            client, value = features.filter(broken).select(CLIENT, feature.name).row(0)
            shown = "missing" if value is None else f"{value:.9g}"
            raise ValidationFailedError(
                f"The feature {feature.name} is {shown} for client {client}, but {promise}; "
                f"{count:,} of {features.height:,} checked applications break this promise.",
                f"`credit-scoring features where {feature.name}` shows its declaration: correct the formula, "
                "or the declaration if the value is right.",
            )


def _broken(feature: Feature) -> Iterator[tuple[str, pl.Expr]]:
    """Each promise as text, and an expression that is true where a value breaks it."""
    value = pl.col(feature.name)
    if not feature.nullable:
        yield "it is never missing", value.is_null()
    yield "every value is a finite number", value.is_finite().not_()
    # Compared in the stored type, which rounds a bound as it rounds the values.
    if feature.minimum is not None:
        yield f"its range is {range_of(feature)}", value < pl.lit(feature.minimum, pl.Float32)
    if feature.maximum is not None:
        yield f"its range is {range_of(feature)}", value > pl.lit(feature.maximum, pl.Float32)
