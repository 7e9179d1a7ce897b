"""The audit of decisions by group, on portfolios small enough to count by hand."""

import numpy as np
import polars as pl
import pytest

from credit_scoring.data_contracts.application import APPLICATION_TEST
from credit_scoring.evaluation.fairness import SMALLEST_GROUP, FairnessAudit, WorstGroup, audit
from credit_scoring.explain.audited_groups import AUDITED_FEATURES, NOT_KNOWN, audited_groups
from credit_scoring.governance.fairness_gate import fairness_result
from credit_scoring.governance.version_audit import price_of_leaving_out


def portfolio() -> FairnessAudit:
    """200 women, of whom 180 are accepted, and 200 men, of whom 120 are; every tenth of each defaults, all refused."""
    group = np.repeat(["F", "M"], 200)
    number = np.tile(np.arange(200), 2)
    default = (number < 20).astype(float)
    accepted = np.where(group == "F", number >= 20, number >= 80)
    return audit(accepted, np.full(400, 0.1), default, {"gender": group})


def test_acceptance_is_compared_with_the_group_of_the_highest_rate() -> None:
    women, men = portfolio().attributes["gender"]
    assert (men.group, women.group) == ("M", "F")
    assert (women.acceptance_rate, men.acceptance_rate) == (0.9, 0.6)
    assert women.acceptance_ratio.value == 1.0
    assert men.acceptance_ratio.value == pytest.approx(2 / 3)
    assert men.acceptance_ratio.low < 2 / 3 < men.acceptance_ratio.high < 0.8
    assert portfolio().worst() == WorstGroup(attribute="gender", group="M", acceptance_ratio=men.acceptance_ratio)


def test_good_clients_are_compared_separately() -> None:
    women, men = portfolio().attributes["gender"]
    # All 180 good women are accepted, and 120 of 180 good men.
    assert women.opportunity == 1.0
    assert men.opportunity == pytest.approx(2 / 3)
    assert women.opportunity_gap is not None
    assert men.opportunity_gap is not None
    assert women.opportunity_gap.value == 0.0
    assert men.opportunity_gap.value == pytest.approx(-1 / 3)
    assert men.opportunity_gap.high < 0


def test_what_was_expected_stands_beside_what_happened() -> None:
    for group in portfolio().attributes["gender"]:
        assert group.default_rate == pytest.approx(0.1)
        assert group.mean_probability == pytest.approx(0.1)


def test_a_group_too_small_to_be_judged_is_no_reference() -> None:
    group = np.array(["many"] * SMALLEST_GROUP + ["few"] * (SMALLEST_GROUP - 1))
    accepted = np.array([True, False] * (SMALLEST_GROUP // 2) + [True] * (SMALLEST_GROUP - 1))
    few, many = audit(accepted, accepted * 0.1, np.zeros(len(group)), {"x": group}).attributes["x"]
    assert not few.is_judged
    assert many.acceptance_ratio.value == 1.0
    assert few.acceptance_ratio.value == 2.0


def test_a_group_without_a_good_client_has_no_opportunity() -> None:
    default = np.array([1.0, 1.0, 0.0])
    bad, good = audit(
        np.array([False, False, True]), default, default, {"x": np.array(["bad", "bad", "good"])}
    ).attributes["x"]
    assert bad.opportunity is None
    assert bad.opportunity_gap is None
    assert good.opportunity == 1.0
    assert good.opportunity_gap is not None


def test_without_good_clients_nothing_is_compared() -> None:
    (only,) = audit(np.array([True]), np.array([0.5]), np.array([1.0]), {"x": np.array(["x"])}).attributes["x"]
    assert only.opportunity is None
    assert only.acceptance_ratio.value == 1.0


def test_the_same_portfolio_gets_the_same_intervals() -> None:
    assert portfolio() == portfolio()


def test_groups_are_read_from_features() -> None:
    genders = APPLICATION_TEST.column("CODE_GENDER").categories
    values = {name: np.zeros(6) for name in AUDITED_FEATURES}
    values["app_code_gender"] = np.array([0, 1, 0, 1, np.nan, 0])
    values["app_days_birth"] = -365.25 * np.array([29.9, 30.1, 45, 59.9, 60.1, np.nan])
    groups = audited_groups(values)
    assert groups["gender"].tolist() == [*genders[:2], *genders[:2], NOT_KNOWN, genders[0]]
    assert groups["age"].tolist() == ["under 30", "30 to 39", "40 to 49", "50 to 59", "60 and over", NOT_KNOWN]
    assert groups["gender x age"][4] == f"{NOT_KNOWN}, 60 and over"
    assert set(groups) == {"gender", "family status", "income type", "age", "gender x age"}


def test_the_gate_names_the_group_that_is_treated_worst() -> None:
    refused = fairness_result(portfolio(), min_acceptance_ratio=0.8)
    assert not refused.passed
    assert "gender: men, accepted 0.667 times" in refused.message
    assert fairness_result(portfolio(), min_acceptance_ratio=0.6).passed


def test_the_gate_lets_nothing_through_that_cannot_be_judged() -> None:
    few = audit(np.array([True]), np.array([0.5]), np.array([0.0]), {"x": np.array(["x"])})
    assert few.worst() is None
    assert not fairness_result(few, min_acceptance_ratio=0.1).passed


def test_the_price_of_leaving_inputs_out_is_paired_and_positive_where_something_is_lost() -> None:
    random = np.random.default_rng(0)
    risk = random.normal(size=4_000)
    default = (risk + random.normal(size=4_000) > 1.8).astype(int)
    blurred = risk + random.normal(size=4_000)
    pair = pl.DataFrame(
        {
            "TARGET": default,
            "probability_with": risk,
            "refused_with": risk > 1,
            "probability_without": blurred,
            "refused_without": blurred > 1,
        }
    )
    facts = {"columns": ("CODE_GENDER",), "features": 3, "fitted_rows": 100}
    groups = {"half": np.repeat(["one", "other"], 2_000)}
    price = price_of_leaving_out(pair, facts, groups, missed_default_cost=10.0)
    assert price.auc_lost.low > 0
    assert price.auc_lost.value == pytest.approx(price.auc_with - price.auc_without)
    assert price.cost_added.low > 0
    assert price.cost_added.value == pytest.approx(price.cost_without - price.cost_with)
    assert price.worst_with is not None
    assert price.worst_with.attribute == "half"
    same = pair.with_columns(probability_without="probability_with", refused_without="refused_with")
    nothing = price_of_leaving_out(same, facts, groups, missed_default_cost=10.0)
    assert (nothing.auc_lost.value, nothing.cost_added.value) == (0.0, 0.0)
