"""What the bot owes to Discord, read from its figures."""

from __future__ import annotations

import math
import re
from collections.abc import Awaitable, Callable
from typing import Final

import aiohttp

from sandbox.discord.errors import Json

BacklogSource = Callable[[], Awaitable[Json | None]]
_LINE: Final = re.compile(r"^(?P<name>greenlight_\w+)(?:\{(?P<labels>[^}]*)\})? (?P<value>\S+)", re.MULTILINE)
_PATIENCE: Final = aiohttp.ClientTimeout(total=3)
COUNT: Final = "greenlight_deliveries_pending"
OLDEST: Final = "greenlight_deliveries_oldest_due_seconds"
FAILED: Final = "greenlight_deliveries_total"


def read_backlog(text: str) -> Json | None:
    """Return the backlog that stands in the bot's figures, None when they do not know it."""
    count = oldest = math.nan
    failed = 0.0
    for found in _LINE.finditer(text):
        name, labels, value = found["name"], found["labels"] or "", _number(found["value"])
        if name == COUNT:
            count = value
        elif name == OLDEST:
            oldest = value
        elif name == FAILED and 'outcome="given_up"' in labels:
            failed += value
    if math.isnan(count):
        return None
    return {"count": int(count), "oldest_seconds": 0 if math.isnan(oldest) else round(oldest, 1), "failed": int(failed)}


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def metrics_of(address: Callable[[], str | None]) -> BacklogSource:
    """Return a function that asks the bot's `/metrics`; the address may change, and is None while there is none."""

    async def ask() -> Json | None:
        base = address()
        if base is None:
            return None
        try:
            async with aiohttp.ClientSession(timeout=_PATIENCE) as session, session.get(f"{base}/metrics") as response:
                return read_backlog(await response.text()) if response.status == 200 else None
        except (aiohttp.ClientError, TimeoutError, ValueError):
            return None

    return ask
