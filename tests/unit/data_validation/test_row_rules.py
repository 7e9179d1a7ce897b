"""Rules derived from the contract of one column, on a few values."""

import polars as pl

from credit_scoring.data_contracts import Column, Table
from credit_scoring.data_validation.row_rules import Fences, RowRule, row_rules


def rules_of(fences: Fences | None = None, **declared: object) -> dict[str, RowRule]:
    column = Column.model_validate({"name": "VALUE", "type": "Float64", "meaning": "Test."} | declared)
    table = Table(name="bureau", meaning="Test.", columns=(column,), sort_order=(), published_rows=1)
    rules = row_rules(table, {"VALUE": fences} if fences is not None else {})
    return {rule.check.name: rule for rule in rules}


def kept(rule: RowRule, values: list[object], dtype: type[pl.DataType] = pl.Float64) -> list[bool | None]:
    frame = pl.DataFrame({"VALUE": values}, schema={"VALUE": dtype})
    return frame.select(kept=rule.keeps)["kept"].to_list()


def test_bounds_are_possible_and_nulls_are_ignored() -> None:
    rule = rules_of(minimum=0, maximum=10)["impossible_value"]
    assert kept(rule, [-0.01, 0.0, 10.0, 10.01, None]) == [False, True, True, False, None]
    assert rule.check.rule == "is at least 0 and at most 10"


def test_numbers_that_are_not_finite_are_impossible_even_without_bounds() -> None:
    rule = rules_of()["impossible_value"]
    assert kept(rule, [float("inf"), float("-inf"), float("nan"), 1e300]) == [False, False, False, True]
    assert rule.check.rule == "is a finite number"


def test_not_a_number_does_not_pass_for_a_large_number() -> None:
    assert kept(rules_of(minimum=0)["impossible_value"], [float("nan")]) == [False]


def test_missing_codes_are_exempt_from_the_range() -> None:
    rule = rules_of(type="Int32", minimum=-10, maximum=0, missing_codes=(365_243,))["impossible_value"]
    assert kept(rule, [365_243, 365_242, -10, None], pl.Int32) == [True, False, True, None]
    assert rule.check.rule == "is at least -10 and at most 0 or 365243"


def test_only_values_after_the_application_are_in_the_future() -> None:
    rule = rules_of(type="Int16", minimum=-100, past_only=True)["future"]
    assert kept(rule, [-1, 0, 1, None], pl.Int16) == [True, True, False, None]
    assert rule.check.severity == "warning"


def test_missing_codes_are_known_and_the_empty_text_is_not() -> None:
    rule = rules_of(type="String", categories=("A", "B"), missing_codes=("XNA",))["unseen_category"]
    assert kept(rule, ["A", "XNA", "C", "", None], pl.String) == [True, True, False, False, None]


def test_nulls_break_a_rule_only_where_a_value_is_required() -> None:
    assert kept(rules_of(required=True)["null_in_required"], [1.0, None]) == [True, False]
    assert "null_in_required" not in rules_of()


def test_a_whole_number_without_bounds_has_no_rule() -> None:
    assert rules_of(type="Int8") == {}


def test_values_beyond_the_fences_are_outliers_and_missing_codes_are_not() -> None:
    rule = rules_of(Fences(-5, 50), type="Int32", missing_codes=(999,), tolerated_outlier_share=0.1)["outlier"]
    assert kept(rule, [-6, -5, 50, 51, 999, None], pl.Int32) == [False, True, True, False, True, None]
    assert rule.check.tolerated_share == 0.1


def test_the_usual_range_omits_the_impossible_side() -> None:
    fences = Fences(-1_234_567, 1_234_567)
    assert rules_of(fences)["outlier"].check.rule == "is between -1,230,000 and 1,230,000"
    assert rules_of(fences, minimum=0)["outlier"].check.rule == "is below 1,230,000"
    assert rules_of(fences, maximum=1)["outlier"].check.rule == "is above -1,230,000"


def test_fences_around_all_possible_values_make_no_rule() -> None:
    assert "outlier" not in rules_of(Fences(-5, 50), minimum=-5, maximum=50)
    assert "outlier" in rules_of(Fences(-5, 50), minimum=-5, maximum=51)
    assert "outlier" in rules_of(Fences(-5, 50), minimum=-5)
