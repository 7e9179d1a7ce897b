"""English: what clients read."""

from credit_scoring.scoring.scorer import Decision

FEATURES = {
    "bureau_worst_arrears_max": "highest amount ever overdue with another lender",
    "bureau_arrears_sum": "amount currently overdue with other lenders",
    "bureau_debt_sum_active": "outstanding debt with other lenders",
    "card_balance_latest": "latest balance owed on your credit card with us",
    "previous_left_to_pay_sum_running": (
        "amount still to be repaid on your current loans with us, according to their original schedules"
    ),
    "previous_annuity_sum_running": "total instalments on your current loans with us",
    "app_amt_credit": "amount of the loan requested",
    "app_amt_annuity": "instalment of the loan requested",
    "installments_shortfall_sum": "total shortfall on instalments due to us",
    "cross_debt": "total debt on record",
    "installments_share_late": "share of instalments paid late",
    "installments_share_late_last_365_days": "share of instalments paid late in the last 12 months",
    "installments_share_late_last_730_days": "share of instalments paid late in the last 24 months",
    "installments_share_underpaid": "share of instalments not paid in full",
    "pos_share_late": "share of months in arrears on loans with us",
    "pos_share_late_last_24_months": "share of months in arrears on loans with us in the last 24 months",
    "card_share_below_minimum": "share of months in which less than the minimum was paid on your credit card",
    "cross_left_to_pay_to_income": (
        "amount still to be repaid on your current loans with us, as a share of your declared income"
    ),
    "bureau_share_ever_in_arrears": (
        "share of your loans with other lenders with known arrears history that have ever been in arrears"
    ),
    "bureau_balance_share_late": "share of months in arrears with other lenders",
    "bureau_debt_to_credit": "share still owed of all amounts borrowed from other lenders",
    "bureau_debt_to_credit_active": "share still owed of your current loans with other lenders",
    "bureau_card_limit_used": "share of your credit limits with other lenders that is in use",
    "bureau_debt_share_mean_active": "average share still owed of a current loan with another lender",
    "bureau_share_active": "share of your loans with other lenders that are still open",
    "card_utilisation_latest": "latest use of your credit card limit",
    "card_utilisation_mean": "average use of your credit card limit",
    "card_utilisation_max": "highest use of your credit card limit",
    "card_utilisation_mean_last_6_months": "average use of your credit card limit in the last 6 months",
    "card_utilisation_mean_last_12_months": "average use of your credit card limit in the last 12 months",
    "card_share_with_cash": "share of months with cash withdrawals on your credit card",
    "card_cash_share_of_drawn": "share of cash withdrawals in everything drawn on your credit card",
    "previous_share_refused": "share of your earlier applications with us that were refused",
    "app_annuity_to_income": "instalment of the loan requested, as a share of your declared income",
    "cross_all_annuities_to_income": "all instalments with us including this loan, as a share of your declared income",
    "app_credit_to_goods_price": "loan requested, as a share of the purchase price",
    "cross_bureau_debt_to_income": "outstanding debt with other lenders, as a multiple of your declared income",
    "app_credit_to_income": "loan requested, as a multiple of your declared income",
    "cross_debt_to_income": "total debt on record, as a multiple of your declared income",
    "cross_debt_with_loan_to_income": "total debt on record including this loan, as a multiple of your declared income",
    "app_goods_price_to_income": "purchase price, as a multiple of your declared income",
    "cross_credit_to_previous_mean": (
        "loan requested, as a multiple of the average amount of your earlier loans with us"
    ),
    "cross_annuity_to_previous_mean": (
        "instalment of the loan requested, as a multiple of the average instalment of your earlier loans with us"
    ),
    "installments_days_late_max": "longest delay in paying an instalment",
    "installments_days_late_mean": "average delay in paying instalments",
    "installments_days_late_max_last_365_days": "longest delay in paying an instalment in the last 12 months",
    "pos_delay_max": "longest arrears on a loan with us",
    "card_delay_max": "longest arrears on your credit card with us",
    "bureau_days_late_max": "longest current arrears with another lender",
    "pos_instalments_left_latest": "instalments left on your latest loan with us",
    "pos_loan_instalments_left_sum_loans_current": "instalments left on your current loans with us",
    "bureau_count_ever_in_arrears": "number of loans with other lenders that have ever been in arrears",
    "bureau_balance_count_late": "number of months in arrears with other lenders",
    "bureau_balance_count_late_last_12_months": "number of months in arrears with other lenders in the last 12 months",
    "bureau_count_sold_or_bad": "number of loans that other lenders wrote off or sold",
    "bureau_prolonged_sum": "number of times a loan with another lender was extended",
    "bureau_count_active": "number of current loans with other lenders",
    "bureau_count_last_365_days": "number of loans taken out with other lenders in the last 12 months",
    "bureau_count_microloan": "number of microloans",
    "card_cash_drawings_mean": "average number of cash withdrawals per month on your credit card",
    "previous_count_refused": "number of your earlier applications with us that were refused",
    "previous_count_refused_last_365_days": "number of your applications with us refused in the last 12 months",
    "previous_count_last_365_days": "number of your applications with us in the last 12 months",
    "app_credit_to_annuity": "loan requested, as a number of instalments",
    "app_enquiry_count": "number of credit enquiries about you in the last 12 months",
    "app_enquiry_count_last_3_months": "number of credit enquiries about you in the last 3 months",
    "app_amt_req_credit_bureau_year": "number of credit enquiries about you between 3 and 12 months ago",
    "app_amt_req_credit_bureau_qrt": "number of credit enquiries about you between 1 and 3 months ago",
    "app_implied_rate_min": "lowest annual rate consistent with the loan requested",
    "previous_interest_rate_mean_approved": "average annual rate of your earlier loans with us",
    "app_own_car_age": "number of years since your car was built",
    "app_days_employed": "time in your current job",
    "app_amt_income_total": "declared income",
    "app_amt_goods_price": "purchase price",
    "app_goods_price_minus_credit": "purchase price less the loan requested",
    "app_income_minus_annuity": "declared income less one instalment",
    "installments_share_loans_never_late": "share of your loans with us that were never paid late",
    "pos_share_loans_completed": "share of your loans with us that have been repaid",
    "previous_share_approved": "share of your earlier applications with us that were approved",
    "previous_down_payment_share_mean_approved": (
        "average down payment on your earlier loans with us, as a share of the loan"
    ),
    "installments_days_early_mean": "average number of days by which instalments were paid early",
    "installments_loan_early_days_mean_latest": (
        "average number of days by which instalments of your latest loan were paid early"
    ),
    "installments_count": "number of instalments due to us so far",
    "installments_count_loans": "number of your loans with us on which instalments fell due",
    "pos_count_loans_completed": "number of your loans with us that have been repaid",
    "bureau_count_closed": "number of loans with other lenders that have been closed",
    "bureau_days_since_start_max": "time since your first loan with another lender",
    "bureau_days_since_start_mean": "average time since your loans with other lenders began",
    "bureau_days_since_start_min": "time since your most recent loan with another lender",
    "previous_days_since_decision_max": "time since your first application with us",
    "previous_days_since_decision_min_refused": "time since your last refused application with us",
    "app_ext_source_1": "first external credit score, from 0 to 1",
    "app_ext_source_2": "second external credit score, from 0 to 1",
    "app_ext_source_3": "third external credit score, from 0 to 1",
    "app_ext_source_mean": "average of your available external credit scores, from 0 to 1",
    "app_ext_source_min": "lowest of your available external credit scores, from 0 to 1",
}
ABOVE = "{feature}: {value}, above the usual value among accepted clients ({typical})."
BELOW = "{feature}: {value}, below the usual value among accepted clients ({typical})."
UNKNOWN = {
    "bureau": "The credit bureau has no record of a loan taken out by you with another lender.",
    "bureau_balance": "The credit bureau has no month-by-month record of your repayments to other lenders.",
    "previous_application": "We have no record of an earlier application from you.",
    "installments_payments": "We have no record of instalments paid on an earlier loan with us.",
    "POS_CASH_balance": "We have no monthly record of an earlier cash or point-of-sale loan with us.",
    "credit_card_balance": "We have no record of a credit card account with us in your name.",
    "external_scores": "At least one external credit score is not available for you.",
    "enquiries": "The credit bureau did not fully report how many credit enquiries were made about you.",
}
NO_REASON = {
    Decision.REFUSED: "No characteristic of your file can be given on its own as the reason for this decision; "
    "a credit officer will review it with you.",
    Decision.ACCEPTED: "Taken as a whole, your file meets our criteria for acceptance.",
}
OFFER = "With the rest of your file unchanged, we could accept {terms}."
LOAN = (
    "a loan of {credit} repaid in {months} monthly instalments of {instalment} "
    "(total amount payable: {payable}; total cost of the credit: {cost})"
)
PURCHASE = " for a purchase of {}"
DOWN_PAYMENT = ", with a down payment of {}"
AS_REQUESTED = "the loan that you requested"
PAPERS = {
    "FLAG_DOCUMENT_3": ", provided that you submit document 3 on our list",
    "FLAG_DOCUMENT_8": ", provided that you submit document 8 on our list",
}
NO_OFFER = "We have not found another amount, term or purchase that we could offer you today."
