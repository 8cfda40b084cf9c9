"""How often a server is told of what could not be delivered: once an hour for the same kind of thing and the same channel."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from util.identifiers import DeliveryKind

QUIET_FOR = timedelta(hours=1)
Place = tuple[int, DeliveryKind, int | None]
"""Guild, kind and channel; None: the kind has no one channel."""


@dataclass
class _Notice:
    at: datetime
    unsaid: int = 0


class FailureNotices:
    """Remembers what this process told, the only one that serves the guild. The failures themselves stay in their table."""

    def __init__(self) -> None:
        self._told: dict[Place, _Notice] = {}

    def count(self, place: Place, now: datetime) -> int | None:
        """Note a failure; return how many were passed over since the last notice, None when this one is passed over too."""
        known = self._told.get(place)
        if known is not None and now - known.at < QUIET_FOR:
            known.unsaid += 1
            return None
        self._forget_old(now)
        self._told[place] = _Notice(now)
        return known.unsaid if known is not None else 0

    def _forget_old(self, now: datetime) -> None:
        """Keep no more than is of use: what is old and has nothing left to tell is as good as never told."""
        for place, notice in list(self._told.items()):
            if not notice.unsaid and now - notice.at >= QUIET_FOR:
                del self._told[place]
