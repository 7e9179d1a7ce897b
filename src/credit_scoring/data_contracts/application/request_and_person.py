"""The requested credit, the documents submitted with it, and the applicant."""

from credit_scoring.data_contracts.categories import COMPANIONS, NO_YES
from credit_scoring.data_contracts.column_types import amount, category, category_or_unknown, flag, identifier, whole

KEY = identifier("SK_ID_CURR", "The application, and with it the client: every other table leads back to it.")

TARGET = flag(
    "TARGET",
    "1 if the client defaulted, that is fell clearly behind on one of the early instalments of this loan. "
    "Known for training applications only.",
    required=True,
)

REQUEST_AND_PERSON = (
    category(
        "NAME_CONTRACT_TYPE",
        "Requested product: money in hand, or a revolving line such as a card.",
        ("Cash loans", "Revolving loans"),
        required=True,
    ),
    category_or_unknown("CODE_GENDER", "Gender: female or male.", ("F", "M")),
    category("FLAG_OWN_CAR", "Whether the client owns a car.", NO_YES),
    category("FLAG_OWN_REALTY", "Whether the client owns real estate.", NO_YES),
    whole("CNT_CHILDREN", "Children of the client.", "people", 0, 30),
    amount(
        "AMT_INCOME_TOTAL", "Income that the client declares; the source does not say for which period.", required=True
    ),
    amount("AMT_CREDIT", "Amount of the loan; in two of three cases above the price of the goods.", required=True),
    amount("AMT_ANNUITY", "Instalment of the requested loan.", null_share=3.9e-05),
    amount("AMT_GOODS_PRICE", "Price of the goods that the loan is to pay for.", null_share=0.000904),
    category("NAME_TYPE_SUITE", "Who came along when the client applied.", COMPANIONS, null_share=0.004201),
    category(
        "NAME_INCOME_TYPE",
        "What the client lives on: a wage, a business, a pension, the state.",
        (
            *("Working", "Commercial associate", "Pensioner", "State servant", "Unemployed", "Student", "Businessman"),
            "Maternity leave",
        ),
    ),
    category(
        "NAME_EDUCATION_TYPE",
        "Highest degree reached, from lower school to a doctorate.",
        (
            *("Lower secondary", "Secondary / secondary special", "Incomplete higher", "Higher education"),
            "Academic degree",
        ),
    ),
    category(
        "NAME_FAMILY_STATUS",
        "Whether the client lives alone or in a couple. Civil marriage: together without a wedding.",
        ("Married", "Single / not married", "Civil marriage", "Separated", "Widow"),
        missing_codes=("Unknown",),
    ),
    category(
        "NAME_HOUSING_TYPE",
        "How the client lives: own home, rented, with parents, provided by town or employer.",
        (
            *("House / apartment", "With parents", "Municipal apartment", "Rented apartment", "Office apartment"),
            "Co-op apartment",
        ),
    ),
)

# The source numbers the documents without naming them.
DOCUMENTS = tuple(
    flag(f"FLAG_DOCUMENT_{number}", f"1 if paper number {number} of the lender's list was handed in.")
    for number in range(2, 22)
)
