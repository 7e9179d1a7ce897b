"""The application compared with what the client did before."""

from credit_scoring.feature_engineering.application.arithmetic import ratio
from credit_scoring.feature_engineering.application.definition import FeatureGroup, Values

against_history = FeatureGroup("application and history")


@against_history.feature(
    unit="ratio", meaning="Debt still owed to other lenders relative to the declared yearly income."
)
def cross_bureau_debt_to_income(bureau_debt_sum_active: Values, AMT_INCOME_TOTAL: Values) -> Values:
    return ratio(bureau_debt_sum_active, AMT_INCOME_TOTAL)


@against_history.feature(
    unit="ratio",
    meaning="Instalment asked for now, relative to the average instalment of earlier loans with us.",
    minimum=0,
)
def cross_annuity_to_previous_mean(AMT_ANNUITY: Values, previous_annuity_mean_approved: Values) -> Values:
    return ratio(AMT_ANNUITY, previous_annuity_mean_approved)


@against_history.feature(
    unit="ratio",
    meaning="Loan asked for now, relative to the largest one we granted before.",
    minimum=0,
)
def cross_credit_to_previous_max(AMT_CREDIT: Values, previous_credit_max_approved: Values) -> Values:
    return ratio(AMT_CREDIT, previous_credit_max_approved)
