"""What was carried out follows from the entries and from where the alias points."""

from datetime import UTC, datetime
from typing import Literal

import pytest

from credit_scoring.core.errors import PromotionRefusedError
from credit_scoring.model_registry.promotion_log import Move, carried_out, version_before

Kind = Literal["promotion", "rollback"]


def move(number: int, before: int | None, after: int, kind: Kind = "promotion") -> Move:
    now = datetime(2026, 1, number, tzinfo=UTC)
    return Move(
        number=number, kind=kind, from_version=before, to_version=after, at=now, by="clerk", why="better"
    )


FIRST, SECOND, THIRD = move(1, None, 3), move(2, 3, 5), move(3, 5, 6)


@pytest.mark.parametrize(
    ("entries", "in_production", "done"),
    [
        ([], None, []),
        ([FIRST], 3, [FIRST]),
        ([FIRST], None, []),
        ([FIRST, SECOND, THIRD], 6, [FIRST, SECOND, THIRD]),
        ([FIRST, SECOND, THIRD], 5, [FIRST, SECOND]),
        ([FIRST, SECOND, move(3, 3, 5)], 5, [FIRST, move(3, 3, 5)]),
        ([FIRST, SECOND, move(3, 3, 7)], 7, [FIRST, move(3, 3, 7)]),
    ],
    ids=[
        "nothing",
        "first",
        "killed at first",
        "all",
        "last was killed",
        "tried again",
        "gave up, then another",
    ],
)
def test_an_entry_that_led_nowhere_was_not_carried_out(
    entries: list[Move], in_production: int | None, done: list[Move]
) -> None:
    assert carried_out(entries, in_production) == done


def test_each_rollback_goes_one_version_further_back() -> None:
    moves = [FIRST, SECOND, THIRD]
    assert version_before(moves) == 5
    moves.append(move(4, 6, 5, "rollback"))
    assert version_before(moves) == 3
    moves.append(move(5, 5, 7))
    assert version_before(moves) == 5


def test_a_version_that_was_there_before_the_journal_can_be_gone_back_to() -> None:
    assert version_before([move(1, 2, 4)]) == 2


@pytest.mark.parametrize("moves", [[], [FIRST], [FIRST, SECOND, move(3, 5, 3, "rollback")]])
def test_before_the_first_version_there_is_none(moves: list[Move]) -> None:
    with pytest.raises(PromotionRefusedError, match="no earlier version"):
        version_before(moves)
