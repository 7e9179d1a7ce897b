"""Which events took effect follows from the log and the alias."""

from datetime import UTC, datetime
from typing import Literal

import pytest

from credit_scoring.core.errors import PromotionRefusedError
from credit_scoring.model_registry.promotion_log import LogSnapshot, PromotionEvent, previous_version

Kind = Literal["promotion", "rollback"]


def event(number: int, before: int | None, after: int, kind: Kind = "promotion") -> PromotionEvent:
    now = datetime(2026, 1, number, tzinfo=UTC)
    return PromotionEvent(
        number=number, kind=kind, from_version=before, to_version=after, at=now, by="clerk", why="better"
    )


FIRST, SECOND, THIRD = event(1, None, 3), event(2, 3, 5), event(3, 5, 6)


@pytest.mark.parametrize(
    ("events", "in_production", "completed"),
    [
        ([], None, []),
        ([FIRST], 3, [FIRST]),
        ([FIRST], None, []),
        ([FIRST, SECOND, THIRD], 6, [FIRST, SECOND, THIRD]),
        ([FIRST, SECOND, THIRD], 5, [FIRST, SECOND]),
        ([FIRST, SECOND, event(3, 3, 5)], 5, [FIRST, event(3, 3, 5)]),
        ([FIRST, SECOND, event(3, 3, 7)], 7, [FIRST, event(3, 3, 7)]),
    ],
    ids=["nothing", "first", "killed at first", "all", "last was killed", "tried again", "gave up, then another"],
)
def test_an_event_that_led_nowhere_did_not_take_effect(
    events: list[PromotionEvent], in_production: int | None, completed: list[PromotionEvent]
) -> None:
    by_tag = {str(each.number): each for each in events}
    assert LogSnapshot(in_production, by_tag).completed == completed


def test_each_rollback_goes_one_version_further_back() -> None:
    events = [FIRST, SECOND, THIRD]
    assert previous_version(events) == 5
    events.append(event(4, 6, 5, "rollback"))
    assert previous_version(events) == 3
    events.append(event(5, 5, 7))
    assert previous_version(events) == 5


def test_a_rollback_can_reach_a_version_from_before_the_log() -> None:
    assert previous_version([event(1, 2, 4)]) == 2


@pytest.mark.parametrize("events", [[], [FIRST], [FIRST, SECOND, event(3, 5, 3, "rollback")]])
def test_there_is_no_version_before_the_first(events: list[PromotionEvent]) -> None:
    with pytest.raises(PromotionRefusedError, match="no earlier version"):
        previous_version(events)


def test_events_of_earlier_releases_are_read_and_keep_their_format() -> None:
    stored = (
        '{"number":1,"kind":"promotion","from_version":null,"to_version":3,"at":"2026-01-01T00:00:00Z","by":"clerk",'
        '"why":"better","verdicts":[{"gate":"fairness","passed":false,"says":"below the limit","limit":0.8,'
        '"waiver":"board, 3 May"}]}'
    )
    event = PromotionEvent.model_validate_json(stored)
    assert event.gate_results[0].message == "below the limit"
    assert event.gate_results[0].allows_promotion
    assert event.model_dump_json() == stored
