"""Blocking work runs in threads and is awaited with a timeout."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from typing import TypeVar

from credit_scoring.api.schemas.problems import UNAVAILABLE, ProblemError

Result = TypeVar("Result")


async def in_thread(threads: Executor, work: Callable[[], Result], seconds: float) -> Result:
    """Result of blocking work; raises ProblemError (503) after the timeout, while the work runs to its end."""
    return await within(asyncio.get_running_loop().run_in_executor(threads, work), seconds)


async def within(awaited: Awaitable[Result], seconds: float) -> Result:
    """Result of an awaitable; raises ProblemError (503) after the timeout."""
    try:
        async with asyncio.timeout(seconds):
            return await awaited
    except TimeoutError:
        raise ProblemError(UNAVAILABLE, f"There was no answer within {seconds:g} s. Retry later.") from None
