"""Products and sales channels of the client's earlier applications with us, mostly of the latest one."""

import polars as pl

from credit_scoring.data_contracts.previous_application import PREVIOUS_APPLICATION
from credit_scoring.feature_engineering.concepts import Concept
from credit_scoring.feature_engineering.definition import CATEGORY_INDEX
from credit_scoring.feature_engineering.history.aggregations import Measure
from credit_scoring.feature_engineering.history.previous_application import rows
from credit_scoring.feature_engineering.history.previous_application.rows import previous
from credit_scoring.feature_engineering.history.statistics import HIGHEST, LATEST, MEAN


def _category(name: str, column: str, meaning: str, concept: Concept | None = None) -> Measure:
    last = len(PREVIOUS_APPLICATION.column(column).categories) - 1
    return Measure(name, meaning, CATEGORY_INDEX, pl.col(name), maximum=last, concept=concept)


STATUS = _category("status", "NAME_CONTRACT_STATUS", "outcome", Concept.LOANS_WITH_US)
CONTRACT = _category("contract_type", "NAME_CONTRACT_TYPE", "kind of loan")
PRODUCT = _category("product", "PRODUCT_COMBINATION", "product in detail")
GOODS = _category("goods", "NAME_GOODS_CATEGORY", "kind of goods bought")
CHANNEL = _category("channel", "CHANNEL_TYPE", "sales channel")
REJECT_REASON = _category("reject_reason", "CODE_REJECT_REASON", "internal reason for refusal")
CLIENT_TYPE = _category("client_type", "NAME_CLIENT_TYPE", "standing of the client with us at that time")
PURPOSE = _category("purpose", "NAME_CASH_LOAN_PURPOSE", "purpose of a cash loan")
INDUSTRY = _category("industry", "NAME_SELLER_INDUSTRY", "trade of the shop")
YIELD_GROUP = Measure("yield_group", "interest group (0 promotional to 3 high)", "group from 0 to 3", maximum=3)
SHOP_AREA = Measure("shop_area", "size of the shop", "area units", "SELLERPLACE_AREA")
HOUR = Measure("hour", "hour of the day of the application", "hour of the day", "HOUR_APPR_PROCESS_START", maximum=23)

PRODUCTS = (
    *previous.cross_product(
        (STATUS, CONTRACT, PRODUCT, GOODS, CHANNEL, CLIENT_TYPE, PURPOSE, INDUSTRY), (rows.ALL,), (LATEST,)
    ),
    *previous.cross_product((PRODUCT, CHANNEL), (rows.APPROVED,), (LATEST,)),
    *previous.cross_product((REJECT_REASON,), (rows.REFUSED,), (LATEST,)),
    *previous.cross_product((YIELD_GROUP,), (rows.APPROVED,), (MEAN, HIGHEST, LATEST)),
    *previous.cross_product((SHOP_AREA,), (rows.ALL,), (MEAN,)),
    *previous.cross_product((HOUR,), (rows.ALL,), (LATEST,)),
)
