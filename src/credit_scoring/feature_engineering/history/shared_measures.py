"""Measures that several tables share."""

from functools import partial

import polars as pl

from credit_scoring.feature_engineering.concepts import Concept
from credit_scoring.feature_engineering.history.aggregations import Measure

ENDED = Measure("days_since_end", "number of days since the end", "days")

MONTHS_AGO_COLUMN = {"months_ago": -pl.col("MONTHS_BALANCE").cast(pl.Int16)}
MONTHS_AGO = Measure("months_ago", "number of months before the application", "months", maximum=120)

_late = partial(Measure, concept=Concept.PAYMENTS_WITH_US, monotone=1)
DELAY = _late("delay", "number of days past due, whatever the amount", "days", "SK_DPD")
REAL_DELAY = _late("real_delay", "number of days past due, small amounts aside", "days", "SK_DPD_DEF")
