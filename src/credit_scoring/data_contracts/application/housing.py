"""The building the client lives in: fourteen quantities, each as average, mode and median, then five more.

The source rescales every number to reach from 0 to 1. The three statistics of one quantity are null together.
"""

from credit_scoring.data_contracts.column_types import category, share
from credit_scoring.data_contracts.contract import Column

UNIT = "rescaled from 0 to 1"

STATISTICS = {"AVG": "average", "MODE": "most frequent value", "MEDI": "median"}

# Name, meaning, and the null shares of application_train and application_test.
QUANTITIES = (
    ("APARTMENTS", "Size of the flats", 0.507497, 0.49005),
    ("BASEMENTAREA", "Area of the basement", 0.58516, 0.567065),
    ("YEARS_BEGINEXPLUATATION", "How long the building has been in use", 0.48781, 0.468899),
    ("YEARS_BUILD", "Year in which it was built", 0.664978, 0.652757),
    ("COMMONAREA", "Area that the tenants share", 0.698723, 0.687161),
    ("ELEVATORS", "Number of lifts", 0.53296, 0.516761),
    ("ENTRANCES", "Number of entrances", 0.503488, 0.483731),
    ("FLOORSMAX", "Floors of its highest part", 0.497608, 0.478438),
    ("FLOORSMIN", "Floors of its lowest part", 0.678486, 0.666051),
    ("LANDAREA", "Area of the plot", 0.593767, 0.579641),
    ("LIVINGAPARTMENTS", "Flats that are lived in", 0.68355, 0.672493),
    ("LIVINGAREA", "Area that is lived in", 0.501933, 0.483177),
    ("NONLIVINGAPARTMENTS", "Flats used for other ends", 0.69433, 0.684125),
    ("NONLIVINGAREA", "Area used for other ends", 0.551792, 0.535122),
)

QUANTITY_COLUMNS: tuple[Column, ...] = tuple(
    share(f"{quantity}_{suffix}", f"{meaning}: {statistic} in the client's building.", UNIT, null_share=null_share)
    for suffix, statistic in STATISTICS.items()
    for quantity, meaning, null_share, _ in QUANTITIES
)

HOUSING = (
    *QUANTITY_COLUMNS,
    category(
        "FONDKAPREMONT_MODE",
        "Who keeps the money set aside for major repairs of the building, and in which kind of account.",
        ("reg oper account", "reg oper spec account", "not specified", "org spec account"),
        null_share=0.683862,
    ),
    category(
        "HOUSETYPE_MODE",
        "Kind of building.",
        ("block of flats", "specific housing", "terraced house"),
        null_share=0.501761,
    ),
    share("TOTALAREA_MODE", "Area of the whole building.", UNIT, null_share=0.482685),
    category(
        "WALLSMATERIAL_MODE",
        "What the walls are made of.",
        ("Panel", "Stone, brick", "Block", "Wooden", "Mixed", "Monolithic", "Others"),
        null_share=0.508408,
    ),
    category("EMERGENCYSTATE_MODE", "Whether the building is declared unsafe.", ("No", "Yes"), null_share=0.473983),
)
