"""All waiting items come as one batch, up to a maximum size."""

from credit_scoring.core.batch_queue import BatchQueue


def queue_of(*items: str, maximum: int = 3) -> BatchQueue[str]:
    queue = BatchQueue[str](maximum, len)
    for item in items:
        queue.put(item)
    return queue


def test_a_batch_ends_with_the_item_that_reaches_the_maximum() -> None:
    queue = queue_of("a", "bb", "c", "dddd", "e")
    queue.close()
    assert list(queue) == [["a", "bb"], ["c", "dddd"], ["e"]]


def test_a_batch_takes_what_waits_and_does_not_wait_for_more() -> None:
    queue = queue_of("a")
    batches = iter(queue)
    assert next(batches) == ["a"]
    queue.put("b")
    assert next(batches) == ["b"]


def test_items_added_after_the_end_are_not_returned_and_an_empty_queue_has_no_batch() -> None:
    queue = queue_of("a")
    queue.close()
    queue.put("b")
    assert list(queue) == [["a"]]
    assert list(queue) == []


def test_an_iteration_that_was_abandoned_is_continued_by_the_next_one() -> None:
    queue = queue_of("aaa", "bbb")
    assert next(iter(queue)) == ["aaa"]
    queue.close()
    assert list(queue) == [["bbb"]]
