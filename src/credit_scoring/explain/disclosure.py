"""Features whose value a client may be told, the unit it is told in, and the side on which risk lies."""

from dataclasses import dataclass
from typing import Literal

DAYS_IN_A_YEAR = 365.25
Unit = Literal["amount", "share", "times", "years", "days_in_years", "days", "count", "score", "rate"]
"""How a number is written: `share` and `rate` as percentages, `days_in_years` as years, whatever its sign."""
_DECIMALS: dict[Unit, int] = {
    "amount": 0,
    "share": 2,
    "times": 1,
    "years": 0,
    "days_in_years": 1,
    "days": 0,
    "count": 1,
    "score": 2,
    "rate": 3,
}


@dataclass(frozen=True)
class Spoken:
    """How to speak of a feature.

    Attributes:
        risk_rises: whether more of the stored number usually means more risk; a value on the other side of what is
            usual is never named, even if the model takes it otherwise beside all else it knows.
    """

    unit: Unit
    risk_rises: bool


_HIGH: dict[Unit, str] = {
    "amount": "bureau_worst_arrears_max bureau_arrears_sum bureau_debt_sum_active card_balance_latest "
    "previous_left_to_pay_sum_running previous_annuity_sum_running app_amt_credit app_amt_annuity "
    "installments_shortfall_sum cross_debt",
    "share": "installments_share_late installments_share_late_last_365_days installments_share_late_last_730_days "
    "installments_share_underpaid pos_share_late pos_share_late_last_24_months card_share_below_minimum "
    "cross_left_to_pay_to_income bureau_share_ever_in_arrears bureau_balance_share_late bureau_debt_to_credit "
    "bureau_debt_to_credit_active bureau_card_limit_used bureau_debt_share_mean_active bureau_share_active "
    "card_utilisation_latest card_utilisation_mean card_utilisation_max card_utilisation_mean_last_6_months "
    "card_utilisation_mean_last_12_months card_share_with_cash card_cash_share_of_drawn previous_share_refused "
    "app_annuity_to_income cross_all_annuities_to_income app_credit_to_goods_price",
    "times": "cross_bureau_debt_to_income app_credit_to_income cross_debt_to_income cross_debt_with_loan_to_income "
    "app_goods_price_to_income cross_credit_to_previous_mean cross_annuity_to_previous_mean",
    "days": "installments_days_late_max installments_days_late_mean installments_days_late_max_last_365_days "
    "pos_delay_max card_delay_max bureau_days_late_max",
    "count": "pos_instalments_left_latest pos_loan_instalments_left_sum_loans_current bureau_count_ever_in_arrears "
    "bureau_balance_count_late bureau_balance_count_late_last_12_months bureau_count_sold_or_bad bureau_prolonged_sum "
    "bureau_count_active bureau_count_last_365_days bureau_count_microloan card_cash_drawings_mean "
    "previous_count_refused previous_count_refused_last_365_days previous_count_last_365_days app_credit_to_annuity "
    "app_enquiry_count app_enquiry_count_last_3_months app_amt_req_credit_bureau_year app_amt_req_credit_bureau_qrt",
    "rate": "app_implied_rate_min previous_interest_rate_mean_approved",
    "years": "app_own_car_age",
    # Stored as days before the application, below zero: closer to zero is shorter.
    "days_in_years": "app_days_employed app_days_last_phone_change app_days_id_publish",
}
_LOW: dict[Unit, str] = {
    "amount": "app_amt_income_total app_amt_goods_price app_goods_price_minus_credit app_income_minus_annuity",
    "share": "installments_share_loans_never_late pos_share_loans_completed previous_share_approved "
    "previous_down_payment_share_mean_approved",
    "days": "installments_days_early_mean installments_loan_early_days_mean_latest",
    "count": "installments_count installments_count_loans pos_count_loans_completed bureau_count_closed "
    "app_document_count",
    "days_in_years": "bureau_days_since_start_max bureau_days_since_start_mean bureau_days_since_start_min "
    "previous_days_since_decision_max previous_days_since_decision_min_refused",
    "score": "app_ext_source_1 app_ext_source_2 app_ext_source_3 app_ext_source_mean app_ext_source_min",
}

SPOKEN: dict[str, Spoken] = {
    name: Spoken(unit, risk_rises)
    for group, risk_rises in ((_HIGH, True), (_LOW, False))
    for unit, names in group.items()
    for name in names.split()
}
"""The features with a phrase in every language."""


def shown(unit: Unit, value: float) -> float:
    """A stored number as it is shown: converted and rounded; numbers that look the same are the same."""
    converted = abs(value) / DAYS_IN_A_YEAR if unit == "days_in_years" else value
    return round(converted, _DECIMALS[unit]) + 0.0
