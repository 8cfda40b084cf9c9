"""Ids made from time, as Discord makes them."""

from __future__ import annotations

import time
from datetime import UTC, datetime

EPOCH_MS = 1_420_070_400_000


class SnowflakeFactory:
    """Makes strictly increasing snowflakes whose upper bits are milliseconds since Discord's epoch, `ahead` seconds from now.

    `last` is the newest id.
    """

    def __init__(self) -> None:
        self.ahead = 0.0
        self.last = 0

    def make(self) -> int:
        """Return a new id greater than every id returned before."""
        now = (int((time.time() + self.ahead) * 1000) - EPOCH_MS) << 22
        self.last = max(now, self.last + 1)
        return self.last


def snowflake_time(snowflake: int) -> datetime:
    """Return the moment at which an id was made, in UTC."""
    return datetime.fromtimestamp(((snowflake >> 22) + EPOCH_MS) / 1000, UTC)


def parse_snowflake(text: object) -> int | None:
    """Return the id in a JSON value, or None when it is none."""
    if isinstance(text, bool):
        return None
    if isinstance(text, int):
        return text if 0 < text < 1 << 63 else None
    if isinstance(text, str) and text.isascii() and text.isdigit() and len(text) <= 19:
        return int(text) or None
    return None
