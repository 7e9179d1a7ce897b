"""Ratios and differences between the application and the client's history."""

from credit_scoring.feature_engineering.application.arithmetic import known_sum, ratio
from credit_scoring.feature_engineering.application.feature_list import FeatureList, Pair
from credit_scoring.feature_engineering.concepts import Concept
from credit_scoring.feature_engineering.definition import MONEY, more_is_riskier

ratios_to_bureau = FeatureList(Concept.DEBTS_ELSEWHERE, "application and bureau")
ratios_to_earlier_loans = FeatureList(Concept.LOAN_REQUESTED, "application and earlier loans with us")
ratios_to_all_history = FeatureList(Concept.AFFORDABILITY, "application and all history tables")

RATIO = "ratio"

ratios_to_bureau.ratios(
    RATIO,
    Pair("cross_bureau_debt_to_income", "bureau_debt_sum_active", "AMT_INCOME_TOTAL").means(
        "Debt still owed to other lenders relative to the declared income.", more_is_riskier("times"), minimum=None
    ),
    Pair("cross_bureau_debt_to_credit", "bureau_debt_sum_active", "AMT_CREDIT").means(
        "Debt still owed to other lenders relative to the loan requested.", minimum=None
    ),
    Pair("cross_bureau_credit_to_income", "bureau_credit_sum_active", "AMT_INCOME_TOTAL").means(
        "Amount lent by other lenders on running credits relative to the declared income."
    ),
    Pair("cross_bureau_mean_credit_to_income", "bureau_credit_mean", "AMT_INCOME_TOTAL").means(
        "Average amount lent by other lenders relative to the declared income."
    ),
    Pair("cross_credit_to_bureau_mean", "AMT_CREDIT", "bureau_credit_mean").means(
        "Loan requested relative to the average amount lent by other lenders.", concept=Concept.LOAN_REQUESTED
    ),
    Pair("cross_credit_to_bureau_max", "AMT_CREDIT", "bureau_credit_max").means(
        "Loan requested relative to the largest amount lent by another lender.", concept=Concept.LOAN_REQUESTED
    ),
    Pair("cross_bureau_worst_arrears_to_income", "bureau_worst_arrears_max", "AMT_INCOME_TOTAL").means(
        "Worst arrears with other lenders relative to the declared income.", concept=Concept.PAYMENTS_ELSEWHERE
    ),
    Pair("cross_bureau_annuity_to_annuity", "bureau_annuity_sum_active", "AMT_ANNUITY").means(
        "Monthly instalments to other lenders relative to the instalment requested."
    ),
)
ratios_to_bureau.add(
    "cross_enquiries_per_new_credit",
    lambda enquiries, new_credits: enquiries / (new_credits + 1.0),
    ("app_enquiry_count", "bureau_count_last_365_days"),
    unit="enquiries per credit",
    meaning="Enquiries of the last year at the credit bureau per credit started in that year, counted from one.",
    minimum=0,
    concept=Concept.ENQUIRIES,
)
ratios_to_earlier_loans.ratios(
    RATIO,
    Pair("cross_annuity_to_previous_mean", "AMT_ANNUITY", "previous_annuity_mean_approved").means(
        "Instalment requested relative to the average instalment of earlier loans with us.", more_is_riskier("times")
    ),
    Pair("cross_annuity_to_previous_max", "AMT_ANNUITY", "previous_annuity_max_approved").means(
        "Instalment requested relative to the highest instalment of earlier loans with us."
    ),
    Pair("cross_annuity_to_previous_latest", "AMT_ANNUITY", "previous_annuity_latest_approved").means(
        "Instalment requested relative to the one of the latest loan with us."
    ),
    Pair("cross_credit_to_previous_mean", "AMT_CREDIT", "previous_credit_mean_approved").means(
        "Loan requested relative to the average earlier loan with us.", more_is_riskier("times")
    ),
    Pair("cross_credit_to_previous_max", "AMT_CREDIT", "previous_credit_max_approved").means(
        "Loan requested relative to the largest earlier loan with us."
    ),
    Pair("cross_credit_to_previous_latest", "AMT_CREDIT", "previous_credit_latest_approved").means(
        "Loan requested relative to the latest earlier loan with us."
    ),
    Pair("cross_credit_to_previous_refused_max", "AMT_CREDIT", "previous_credit_max_refused").means(
        "Loan requested relative to the largest one that we refused before."
    ),
    Pair("cross_goods_price_to_previous_sum", "AMT_GOODS_PRICE", "previous_credit_sum_approved").means(
        "Price of what the loan pays for relative to everything we lent the client before."
    ),
    Pair("cross_term_to_previous_mean", "app_credit_to_annuity", "previous_credit_to_annuity_mean_approved").means(
        "Loan in instalments relative to the average of earlier loans with us."
    ),
    Pair("cross_term_to_previous_latest", "app_credit_to_annuity", "previous_credit_to_annuity_latest_approved").means(
        "Loan in instalments relative to the latest earlier loan with us."
    ),
    Pair("cross_annuity_to_instalment_max", "AMT_ANNUITY", "installments_due_max").means(
        "Instalment requested relative to the highest instalment the client ever had with us."
    ),
    Pair("cross_annuity_to_instalment_mean_last_365_days", "AMT_ANNUITY", "installments_due_mean_last_365_days").means(
        "Instalment requested relative to the average instalment of the last 365 days."
    ),
    Pair("cross_paid_last_year_to_income", "installments_paid_sum_last_365_days", "AMT_INCOME_TOTAL").means(
        "What the client paid us in the last 365 days relative to the declared income.", concept=Concept.LOANS_WITH_US
    ),
    Pair("cross_left_to_pay_to_income", "previous_left_to_pay_sum_running", "AMT_INCOME_TOTAL").means(
        "What is still to be paid on running loans with us relative to the declared income.",
        more_is_riskier("share"),
        concept=Concept.LOANS_WITH_US,
    ),
    Pair("cross_left_to_pay_to_credit", "previous_left_to_pay_sum_running", "AMT_CREDIT").means(
        "What is still to be paid on running loans with us relative to the loan requested.",
        concept=Concept.LOANS_WITH_US,
    ),
    Pair("cross_card_limit_to_income", "card_limit_latest", "AMT_INCOME_TOTAL").means(
        "Latest limit of a credit card with us relative to the declared income.", concept=Concept.CARDS_WITH_US
    ),
    Pair("cross_card_balance_to_income", "card_balance_latest", "AMT_INCOME_TOTAL").means(
        "Latest debt on a credit card with us relative to the declared income.",
        minimum=None,
        concept=Concept.CARDS_WITH_US,
    ),
)
ratios_to_earlier_loans.differences(
    "rate per year",
    Pair("cross_rate_minus_previous_mean", "app_implied_rate_min", "previous_interest_rate_mean_approved").means(
        "Lowest plausible interest rate now, minus the average rate of earlier loans with us."
    ),
    Pair("cross_rate_minus_previous_latest", "app_implied_rate_min", "previous_interest_rate_latest_approved").means(
        "Lowest plausible interest rate now, minus the rate of the latest earlier loan with us."
    ),
)
ratios_to_earlier_loans.differences(
    MONEY,
    Pair("cross_annuity_minus_previous_mean", "AMT_ANNUITY", "previous_annuity_mean_approved").means(
        "Instalment requested less the average instalment of earlier loans with us."
    ),
    Pair("cross_annuity_minus_refused_mean", "AMT_ANNUITY", "previous_annuity_mean_refused").means(
        "Instalment requested less the average instalment of loans that we refused."
    ),
)
ratios_to_all_history.add(
    "cross_all_annuities_to_income",
    lambda annuity, running, income: ratio(annuity + running, income),
    ("AMT_ANNUITY", "previous_annuity_sum_running", "AMT_INCOME_TOTAL"),
    unit=RATIO,
    meaning="Instalment requested together with those of running loans with us, relative to the declared income.",
    minimum=0,
    disclosure=more_is_riskier("share"),
)
ratios_to_all_history.add(
    "cross_debt",
    known_sum,
    ("bureau_debt_sum_active", "previous_left_to_pay_sum_running", "card_balance_latest"),
    unit=MONEY,
    meaning="Everything the client still owes: other lenders, running loans with us and cards with us.",
    disclosure=more_is_riskier("amount"),
)
ratios_to_all_history.ratios(
    RATIO,
    Pair("cross_debt_to_income", "cross_debt", "AMT_INCOME_TOTAL").means(
        "Everything the client still owes relative to the declared income.", more_is_riskier("times"), minimum=None
    ),
    Pair("cross_debt_to_credit", "cross_debt", "AMT_CREDIT").means(
        "Everything the client still owes relative to the loan requested.", minimum=None
    ),
)
ratios_to_all_history.add(
    "cross_debt_with_loan_to_income",
    lambda debt, credit, income: ratio(debt + credit, income),
    ("cross_debt", "AMT_CREDIT", "AMT_INCOME_TOTAL"),
    unit=RATIO,
    meaning="Everything the client would owe with this loan, relative to the declared income.",
    disclosure=more_is_riskier("times"),
)
ratios_to_all_history.add(
    "cross_debt_with_loan_to_income_per_ext_source",
    ratio,
    ("cross_debt_with_loan_to_income", "app_ext_source_mean"),
    unit="ratio per unit of score",
    meaning="Everything the client would owe with this loan, relative to income and average external score.",
    concept=Concept.EXTERNAL_SCORES,
)
