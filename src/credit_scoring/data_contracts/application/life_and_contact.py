"""Dates in the client's life, contact details, addresses and work."""

from functools import partial

from credit_scoring.data_contracts.categories import WEEKDAYS
from credit_scoring.data_contracts.column_types import (
    LIFETIME_DAYS,
    NO_DATE,
    category,
    category_or_unknown,
    days,
    flag,
    share,
    whole,
)

LEGAL_AGE_DAYS = 6_574  # 18 years

grade = partial(whole, unit="grade", minimum=1, maximum=3)

LIFE_AND_CONTACT = (
    share("REGION_POPULATION_RELATIVE", "How many people live in the client's region, rescaled by the source."),
    days("DAYS_BIRTH", "Birth of the client.", -LIFETIME_DAYS, -LEGAL_AGE_DAYS, required=True),
    days(
        "DAYS_EMPLOYED",
        "Start of the present job; 365243 for pensioners and others without one.",
        -25_000,
        0,
        missing_codes=(NO_DATE,),
    ),
    days("DAYS_REGISTRATION", "Last change of the client's registered address.", -LIFETIME_DAYS, 0),
    days("DAYS_ID_PUBLISH", "Last renewal of the identity paper shown.", -LIFETIME_DAYS, 0),
    whole(
        "OWN_CAR_AGE",
        "Age of the client's car; empty without a car. 64 and 65 are far too frequent to be all true.",
        "years",
        0,
        120,
        null_share=0.659908,
    ),
    flag("FLAG_MOBIL", "1 if the client left a mobile number; nearly everybody did."),
    flag("FLAG_EMP_PHONE", "1 if the employer's number is known; 0 for practically all without a job."),
    flag("FLAG_WORK_PHONE", "1 if a further number is known; the source calls it both work and home phone."),
    flag("FLAG_CONT_MOBILE", "1 if the mobile number answered."),
    flag("FLAG_PHONE", "1 if a home phone is known."),
    flag("FLAG_EMAIL", "1 if an e-mail address is known."),
    category(
        "OCCUPATION_TYPE",
        "Trade of the client; empty for pensioners and for one employee in six.",
        (
            *("Laborers", "Sales staff", "Core staff", "Managers", "Drivers", "High skill tech staff", "Accountants"),
            *("Medicine staff", "Security staff", "Cooking staff", "Cleaning staff", "Private service staff"),
            *("Low-skill Laborers", "Waiters/barmen staff", "Secretaries", "Realty agents", "HR staff", "IT staff"),
        ),
        null_share=0.313455,
    ),
    whole("CNT_FAM_MEMBERS", "People in the household, the client included.", "people", 1, 40, null_share=7e-06),
    grade("REGION_RATING_CLIENT", "The lender's grade of the region: 1 has the fewest defaults, 3 the most."),
    grade(
        "REGION_RATING_CLIENT_W_CITY",
        "The lender's grade of the region from 1 to 3, the city taken into account.",
        missing_codes=(-1,),
    ),
    category("WEEKDAY_APPR_PROCESS_START", "Weekday on which the client applied.", WEEKDAYS),
    whole("HOUR_APPR_PROCESS_START", "Hour at which the client applied.", "hour of the day", 0, 23),
    flag("REG_REGION_NOT_LIVE_REGION", "1 if the client lives in another region than the registered one."),
    flag("REG_REGION_NOT_WORK_REGION", "1 if the client works in another region than the registered one."),
    flag("LIVE_REGION_NOT_WORK_REGION", "1 if the client works in another region than where home is."),
    flag("REG_CITY_NOT_LIVE_CITY", "1 if the client lives in another town than the registered one."),
    flag("REG_CITY_NOT_WORK_CITY", "1 if the client works in another town than the registered one."),
    flag("LIVE_CITY_NOT_WORK_CITY", "1 if the client works in another town than where home is."),
    category_or_unknown(
        "ORGANIZATION_TYPE",
        "Branch of the employer; XNA for pensioners and others without a job.",
        (
            *("Business Entity Type 3", "Self-employed", "Other", "Medicine", "Business Entity Type 2", "Government"),
            *("School", "Trade: type 7", "Kindergarten", "Construction", "Business Entity Type 1"),
            *("Transport: type 4", "Trade: type 3", "Industry: type 9", "Industry: type 3", "Security", "Housing"),
            *("Industry: type 11", "Military", "Bank", "Agriculture", "Police", "Transport: type 2", "Postal"),
            *("Security Ministries", "Trade: type 2", "Restaurant", "Services", "University", "Industry: type 7"),
            *("Transport: type 3", "Industry: type 1", "Hotel", "Electricity", "Industry: type 4", "Trade: type 6"),
            *("Industry: type 5", "Insurance", "Telecom", "Emergency", "Industry: type 2", "Advertising", "Realtor"),
            *("Culture", "Industry: type 12", "Trade: type 1", "Mobile", "Legal Services", "Cleaning"),
            *("Transport: type 1", "Industry: type 6", "Industry: type 10", "Religion", "Industry: type 13"),
            *("Trade: type 4", "Trade: type 5", "Industry: type 8"),
        ),
    ),
)
