"""Limits by the minute: on wrong tokens from one address, and on what is done with a right one."""

import math
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Address, IPv6Network, ip_address

MOST_WRONG = 10
"""Wrong tokens from one address."""
MOST_CALLS = 300
"""Calls with one server's token. A streamer makes one every few seconds, a program that is out of hand hundreds."""
MOST_MESSAGES = 10
"""Messages that may ping, with one server's token."""
SPAN = 60.0
"""Seconds from the first time on in which so many are let through."""
MOST_ADDRESSES = 10_000


@dataclass
class _Tries:
    began: float
    count: int = 0


class Attempts:
    """Counts by address (or whatever else tells callers apart), for a bounded number of them.

    `most`: how many are let through. `monotonic` tells the time in seconds.
    """

    def __init__(self, monotonic: Callable[[], float], *, most: int = MOST_WRONG, most_addresses: int = MOST_ADDRESSES) -> None:
        self.most = most
        self._monotonic = monotonic
        self._most_addresses = most_addresses
        self._tries: OrderedDict[str, _Tries] = OrderedDict()

    def seconds_to_wait(self, address: str) -> int:
        """Return for how long an address may not try again, 0 when it may."""
        tries = self._current(_counted_as(address))
        if tries is None or tries.count < self.most:
            return 0
        return max(1, math.ceil(tries.began + SPAN - self._monotonic()))

    def note(self, address: str) -> None:
        """Count one more."""
        key = _counted_as(address)
        tries = self._current(key)
        if tries is None:
            tries = self._tries[key] = _Tries(self._monotonic())
        tries.count += 1
        while len(self._tries) > self._most_addresses:
            self._tries.popitem(last=False)

    def _current(self, key: str) -> _Tries | None:
        tries = self._tries.get(key)
        if tries is not None and self._monotonic() - tries.began >= SPAN:
            del self._tries[key]
            return None
        return tries

    def forget(self) -> None:
        """Let everybody try again."""
        self._tries.clear()

    def __len__(self) -> int:
        return len(self._tries)


def _counted_as(address: str) -> str:
    """Return an IPv6 address's network: one customer has 2^64 addresses to try from."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(IPv6Network((int(parsed) >> 64 << 64, 64)))
    return address
