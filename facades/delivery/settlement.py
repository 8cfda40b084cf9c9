"""What comes of trying to deliver: what to write down with it, and what could not be done."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from facades.transaction import Transaction
from services.discord import DiscordError


@dataclass(frozen=True)
class Settlement:
    """The items were dealt with and leave the table. `record` runs in the transaction that removes them.

    `failures`: parts of the work that Discord refused for good.
    """

    record: Callable[[Transaction], Awaitable[None]] | None = None
    failures: tuple[DiscordError, ...] = ()


DONE = Settlement()
