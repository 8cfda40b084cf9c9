"""A gate that keeps actions and deliveries out of guilds whose rows are just being replaced."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncGenerator

EVERYWHERE = None
"""Stands for all guilds where a gate is shut."""


class Gate:
    """Many may be inside for a guild at once; while it is shut for a guild, or everywhere, nobody is.

    Nobody who is inside may go in again: whoever shuts the gate waits for them, and they would wait for that one.
    """

    def __init__(self) -> None:
        self._inside: Counter[int] = Counter()
        self._shut: Counter[int | None] = Counter()
        self._moved = asyncio.Event()

    def is_shut(self, guild_id: int) -> bool:
        """Tell whether one would have to wait to go in."""
        return bool(self._shut[guild_id] or self._shut[EVERYWHERE])

    @contextlib.asynccontextmanager
    async def inside(self, guild_id: int) -> AsyncGenerator[None]:
        """Be inside for a guild, after waiting until the gate is open."""
        while self.is_shut(guild_id):
            await self._moved.wait()
        self._inside[guild_id] += 1
        try:
            yield
        finally:
            self._inside[guild_id] -= 1
            self._tell()

    @contextlib.asynccontextmanager
    async def shut(self, guild_id: int | None, patience: float) -> AsyncGenerator[None]:
        """Let nobody in and wait until all who are inside have left. Raises TimeoutError when that takes too many seconds."""
        self._shut[guild_id] += 1
        try:
            async with asyncio.timeout(patience):
                while self._is_anybody_inside(guild_id):
                    await self._moved.wait()
            yield
        finally:
            self._shut[guild_id] -= 1
            self._tell()

    def _is_anybody_inside(self, guild_id: int | None) -> bool:
        return any(self._inside.values()) if guild_id is None else self._inside[guild_id] > 0

    def _tell(self) -> None:
        """Wake everyone who waits for the gate, each time with an event of its own: nobody has to clear it in time."""
        self._moved.set()
        self._moved = asyncio.Event()
