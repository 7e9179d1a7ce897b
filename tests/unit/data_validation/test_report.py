"""The verdict of a report and the error it raises."""

from pathlib import Path

import pytest

from credit_scoring.data_validation.report import stopping_error
from tests.unit.data_validation.reports import BEFORE, column, outcome, report

PAGE = Path("data/validate/failed/data_quality_report.html")


def test_warnings_do_not_stop_the_flow() -> None:
    assert stopping_error(report(outcome("warning"), outcome("error", failed=False)), PAGE) is None


def test_the_error_names_table_column_count_example_the_others_and_the_report() -> None:
    error = stopping_error(report(outcome("warning"), outcome("error"), outcome("error")), PAGE)
    assert error is not None
    assert error.message == (
        "bureau, AMT_CREDIT_SUM: 1 of 10 rows have an impossible value, "
        "for example AMT_CREDIT_SUM=-5.0, SK_ID_CURR=100001. 1 more check failed."
    )
    assert str(PAGE) in error.next_step


def test_the_verdict_is_that_of_the_gravest_finding() -> None:
    assert report(outcome("error", failed=False)).verdict == "passed"
    assert report(outcome("warning")).verdict == "passed with warnings"
    assert report(outcome("warning"), outcome("error")).verdict == "failed"


@pytest.mark.parametrize(
    ("now", "before", "moved"),
    [
        ((0.5, 0.5), (0.5, 0.5), 0.0),
        ((0.75, 0.25), (0.5, 0.5), 0.25),
        ((1.0, 0.0), (0.0, 1.0), 1.0),
        ((0.5, 0.25, 0.25), (0.5, 0.5), 0.25),
        ((), (0.5, 0.5), 0.0),
        ((0.5, 0.5), None, 0.0),
    ],
)
def test_moved_is_the_share_of_values_in_another_bin(
    now: tuple[float, ...], before: tuple[float, ...] | None, moved: float
) -> None:
    assert column(now, before).moved_share == moved


def test_a_report_survives_the_way_through_json() -> None:
    written = report(outcome("error"), columns=(column(before=(0.25, 0.75)),), previous=BEFORE)
    assert type(written).model_validate_json(written.model_dump_json()) == written
