"""A new feature is one declaration: its value, documentation and table row follow."""

import numpy as np
import polars as pl

from credit_scoring.data_contracts.contract import CLIENT
from credit_scoring.feature_engineering.application.evaluator import Evaluator
from credit_scoring.feature_engineering.application.feature_list import FeatureList, with_protected_concepts
from credit_scoring.feature_engineering.concepts import Concept
from credit_scoring.feature_engineering.definition import less_is_riskier, more_is_riskier
from credit_scoring.feature_engineering.history.aggregations import Measure
from credit_scoring.feature_engineering.history.bureau_rows import ACTIVE, bureau
from credit_scoring.feature_engineering.history.statistics import HIGHEST
from scripts.documentation.feature_table import render_feature_table
from scripts.documentation.features import render_feature_documentation


def test_an_application_feature_is_computed_documented_and_disclosed_from_one_declaration() -> None:
    declared = FeatureList(Concept.AFFORDABILITY)
    declared.add(
        "app_savings",
        np.subtract,
        ("AMT_INCOME_TOTAL", "AMT_ANNUITY"),
        unit="currency units",
        meaning="Income left after one instalment.",
        disclosure=less_is_riskier("amount"),
        monotone=-1,
    )
    (feature,) = with_protected_concepts(declared.features)
    evaluator = Evaluator([feature], ["AMT_INCOME_TOTAL", "AMT_ANNUITY"], ["unused"])
    computed = evaluator.compute(np.array([[1000.0], [300.0]]), np.zeros((1, 1), dtype=np.float32))
    assert computed.tolist() == [[700.0]]
    assert "| `app_savings` | Income left after one instalment. |" in render_feature_documentation([feature.definition])
    row = render_feature_table([feature.definition]).splitlines()[1]
    assert row == "app_savings,application,affordability,amount,no,-1"


def test_a_history_feature_takes_name_meaning_concept_and_inputs_from_its_parts() -> None:
    fee = Measure("fee", "fee", "currency units", pl.col("AMT_ANNUITY") * 0.1, monotone=1)
    (feature,) = bureau.cross_product((fee,), (ACTIVE,), (HIGHEST,), disclosure=more_is_riskier("amount"))
    rows = pl.DataFrame({CLIENT: [1, 1], "AMT_ANNUITY": [200.0, 900.0], "CREDIT_ACTIVE": ["Active", "Closed"]})
    computed = rows.group_by(CLIENT).agg(feature.expression)
    assert computed["bureau_fee_max_active"].to_list() == [20.0]
    assert feature.definition.meaning == "Highest fee, over running credits with other lenders."
    assert feature.definition.inputs == ("AMT_ANNUITY", "CREDIT_ACTIVE")
    row = render_feature_table([feature.definition]).splitlines()[1]
    assert row == "bureau_fee_max_active,bureau,debts_elsewhere,amount,yes,1"
