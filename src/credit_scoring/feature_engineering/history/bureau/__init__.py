"""Credits with other lenders as reported by the credit bureau."""

from credit_scoring.feature_engineering.history.bureau.amounts import AMOUNTS
from credit_scoring.feature_engineering.history.bureau.arrears import ARREARS_AND_PAST
from credit_scoring.feature_engineering.history.bureau.rows import prepare
from credit_scoring.feature_engineering.history.bureau.timing import TIMING
from credit_scoring.feature_engineering.history.feature_builder import FeatureGroup

__all__ = ["GROUPS", "prepare"]

GROUPS = (FeatureGroup((*TIMING, *AMOUNTS, *ARREARS_AND_PAST)),)
