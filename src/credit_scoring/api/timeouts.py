"""Work that may wait for a disk or a database is done in threads, and not waited for longer than a caller would."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from typing import TypeVar

from credit_scoring.api.schemas.problems import UNAVAILABLE, ProblemError

Result = TypeVar("Result")


async def in_thread(threads: Executor, work: Callable[[], Result], seconds: float) -> Result:
    """The result of some work; raises ProblemError where it takes too long.

    Work that has begun comes to its end even so, but is not answered.
    """
    return await within(asyncio.get_running_loop().run_in_executor(threads, work), seconds)


async def within(awaited: Awaitable[Result], seconds: float) -> Result:
    """What is awaited; raises ProblemError where it takes too long."""
    try:
        async with asyncio.timeout(seconds):
            return await awaited
    except TimeoutError:
        raise ProblemError(UNAVAILABLE, f"There was no answer within {seconds:g} s. Ask again.") from None
