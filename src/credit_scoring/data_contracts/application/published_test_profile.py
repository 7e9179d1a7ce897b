"""Null shares of the published application_test where they differ from application_train."""

from credit_scoring.data_contracts.application.housing import STATISTICS

_QUANTITIES = {
    "APARTMENTS": 0.49005,
    "BASEMENTAREA": 0.567065,
    "YEARS_BEGINEXPLUATATION": 0.468899,
    "YEARS_BUILD": 0.652757,
    "COMMONAREA": 0.687161,
    "ELEVATORS": 0.516761,
    "ENTRANCES": 0.483731,
    "FLOORSMAX": 0.478438,
    "FLOORSMIN": 0.666051,
    "LANDAREA": 0.579641,
    "LIVINGAPARTMENTS": 0.672493,
    "LIVINGAREA": 0.483177,
    "NONLIVINGAPARTMENTS": 0.684125,
    "NONLIVINGAREA": 0.535122,
}

NULL_SHARES_OF_TEST = {
    "AMT_ANNUITY": 0.000492,
    "AMT_GOODS_PRICE": 0.0,
    "NAME_TYPE_SUITE": 0.018689,
    "OWN_CAR_AGE": 0.662892,
    "OCCUPATION_TYPE": 0.320142,
    "CNT_FAM_MEMBERS": 0.0,
    "EXT_SOURCE_1": 0.421221,
    "EXT_SOURCE_2": 0.000164,
    "EXT_SOURCE_3": 0.177827,
    **{f"{name}_{suffix}": null_share for suffix in STATISTICS for name, null_share in _QUANTITIES.items()},
    "FONDKAPREMONT_MODE": 0.672842,
    "HOUSETYPE_MODE": 0.484552,
    "TOTALAREA_MODE": 0.464139,
    "WALLSMATERIAL_MODE": 0.490173,
    "EMERGENCYSTATE_MODE": 0.455625,
    **{f"{watched}_CNT_SOCIAL_CIRCLE": 0.000595 for watched in ("OBS_30", "DEF_30", "OBS_60", "DEF_60")},
    "DAYS_LAST_PHONE_CHANGE": 0.0,
    **{f"AMT_REQ_CREDIT_BUREAU_{window}": 0.124097 for window in ("HOUR", "DAY", "WEEK", "MON", "QRT", "YEAR")},
}
