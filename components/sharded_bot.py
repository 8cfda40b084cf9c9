"""The part of the bot that opens shards: all of them, or those that this process holds."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from discord.ext import commands
from discord.gateway import DiscordWebSocket

from facades.operations.hold_shards import HeldShards


class ShardedBot(commands.AutoShardedBot):
    """A bot that opens the shards of its process, and further ones beside them as they come.

    Shards are never closed one by one: a process that loses any starts over from nothing.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._held: HeldShards | None = None
        self._opening: list[asyncio.Task[None]] = []
        self._identify_at_once = 1

    async def hold(self, shards: HeldShards, is_stopping: Callable[[], bool]) -> None:
        """Open shards of these, and only these, from now on; called before connecting."""
        self._held = shards
        shards.recommended, _, limit = await self.http.get_bot_gateway()
        self._identify_at_once = limit["max_concurrency"]
        # The library opens further shards once the first ones are there.
        shards.may_take = lambda: not is_stopping() and (not shards.state().fences or self.is_ready())
        shards.taken = lambda taken: self._open(self._open_more(taken))
        shards.start()

    def _open(self, opening: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(opening, name="open shards")
        self._opening.append(task)
        return task

    def open_no_more(self) -> None:
        """Open no further shards: the bot is ending."""
        for opening in self._opening:
            opening.cancel()

    async def launch_shards(self) -> None:
        """Connect the shards of this process, after waiting for some where others hold them all."""
        # The library would go on trying after the end.
        task = self._open(self._open_first())
        try:
            await asyncio.wait({task})
        finally:
            task.cancel()
        if not task.cancelled():
            task.result()

    async def _open_first(self) -> None:
        if self._held is not None:
            self.shard_ids, self.shard_count = await self._held.first()
        await super().launch_shards()

    async def _open_more(self, shard_ids: Sequence[int]) -> None:
        assert self.shard_ids is not None
        for shard_id in shard_ids:
            # The library holds the same list, and looks there for how many shards there are to wait for.
            self.shard_ids.append(shard_id)
            await self.launch_shard(DiscordWebSocket.DEFAULT_GATEWAY, shard_id)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Wait as Discord wants it between two shards: among all processes, where there are several."""
        if shard_id is None or self._held is None:
            await super().before_identify_hook(shard_id, initial=initial)
        else:
            await self._held.turn_to_identify(shard_id % self._identify_at_once)
