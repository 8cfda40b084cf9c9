"""End what runs in a loop within a time: whatever hangs, whoever waits goes on."""

import asyncio
from collections.abc import Coroutine, Iterable
from typing import Any

import structlog

log = structlog.get_logger()


async def wait_for_all(tasks: Iterable[asyncio.Task[Any]], seconds: float, hurry: asyncio.Event) -> set[asyncio.Task[Any]]:
    """Wait until tasks have ended, so many seconds have passed or somebody is in a hurry; return those that still run."""
    left = {task for task in tasks if not task.done()}
    if not left:
        return left
    hurried = asyncio.create_task(hurry.wait())
    ended = asyncio.create_task(asyncio.wait(left))
    await asyncio.wait({hurried, ended}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    for task in (hurried, ended):
        task.cancel()
    return {task for task in left if not task.done()}


async def in_time(part: str, ending: Coroutine[Any, Any, Any], seconds: float) -> None:
    """Let a part end, at most for so many seconds; what goes wrong is a line in the log. Never raises."""
    task = asyncio.create_task(ending, name=f"end {part}")
    await asyncio.wait({task}, timeout=seconds)
    if not task.done():
        task.cancel()
        # Nobody waits for what comes of it now.
        task.add_done_callback(lambda late: late.cancelled() or late.exception())
        log.warning("ending_cut_short", part=part, after_seconds=seconds)
    elif not task.cancelled() and (error := task.exception()) is not None:
        log.error("ending_failed", part=part, exc_info=error)
