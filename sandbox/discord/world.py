"""The state of the sandbox's Discord and its clock, with waiting for a condition instead of polling."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from .errors import unknown
from .models import LARGEST_FILE, Application, Attachment, Channel, ChannelType, Guild, Message, User
from .snowflakes import SnowflakeFactory

if TYPE_CHECKING:
    from .interactions import Interaction

T = TypeVar("T")


@dataclass
class Timing:
    """Periods in seconds that Discord fixes and a test may shorten.

    `nonce_window` is Discord's "past few minutes"; the rate limit is requests in a window per route and major id. `identify`:
    how long after a shard identified another one of its bucket may not (Discord's 5); 0, because tests start bots often.
    """

    acknowledge: float = 3.0
    token: float = 900.0
    nonce_window: float = 300.0
    heartbeat: float = 41.25
    identify: float = 0.0
    rate_limit: int = 1000
    rate_window: float = 1.0


@dataclass
class _Waiter:
    predicate: Callable[[], object]
    future: asyncio.Future[object]


class World:
    """Everything the sandbox knows, found by id."""

    def __init__(self) -> None:
        self.ids = SnowflakeFactory()
        self.timing = Timing()
        self.upload_limit = LARGEST_FILE
        self.base_url = ""
        self.gateway_url = ""
        self.users: dict[int, User] = {}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.applications: dict[int, Application] = {}
        self.tokens: dict[str, Application] = {}
        self.dms: dict[tuple[int, int], Channel] = {}
        self.attachments: dict[int, Attachment] = {}
        self.interactions: dict[int, Interaction] = {}
        self.interaction_tokens: dict[str, Interaction] = {}
        self.listeners: list[Callable[[], None]] = []
        self.frame_watchers: list[Callable[[str, str | bytes], None]] = []
        self._waiters: list[_Waiter] = []
        self._skew = 0.0

    def clock(self) -> float:
        """Return seconds that only grow and that `advance` can push forward."""
        return time.monotonic() + self._skew

    def advance(self, seconds: float) -> None:
        """Let time pass for deadlines, nonces, rate limits and the ids of what is made from now on, without waiting."""
        self._skew += seconds
        self.ids.ahead += seconds
        self.notify()

    def notify(self) -> None:
        """Wake whoever waits for something that has become true, and tell the listeners that something changed."""
        for listener in self.listeners:
            listener()
        if not self._waiters:
            return
        for waiter in list(self._waiters):
            if waiter.future.done():
                continue
            try:
                found = waiter.predicate()
            except Exception as error:  # noqa: BLE001 - it belongs to whoever waits
                waiter.future.set_exception(error)
            else:
                if found:
                    waiter.future.set_result(found)

    async def wait_until(self, predicate: Callable[[], T | bool | None], timeout: float = 5.0) -> T:
        """Wait until a predicate gives something true and return it.

        Raises `TimeoutError` after `timeout` seconds.
        """
        found = predicate()
        if found:
            return found  # pyright: ignore[reportReturnType]
        waiter = _Waiter(predicate, asyncio.get_running_loop().create_future())
        self._waiters.append(waiter)
        try:
            return await asyncio.wait_for(waiter.future, timeout)  # pyright: ignore[reportReturnType]
        finally:
            self._waiters.remove(waiter)

    def guild(self, guild_id: int) -> Guild:
        """Return a guild by id. Raises 10004."""
        found = self.guilds.get(guild_id)
        if found is None:
            raise unknown(10004)
        return found

    def channel(self, channel_id: int) -> Channel:
        """Return a channel by id. Raises 10003."""
        found = self.channels.get(channel_id)
        if found is None:
            raise unknown(10003)
        return found

    def guild_of(self, channel: Channel) -> Guild | None:
        """Return the guild a channel is in, or None for a direct message."""
        return None if channel.guild_id is None else self.guilds.get(channel.guild_id)

    def message(self, channel: Channel, message_id: int) -> Message:
        """Return a message everyone can see by id. Raises 10008."""
        found = channel.messages.get(message_id)
        if found is None or found.ephemeral:
            raise unknown(10008)
        return found

    def application_of(self, user: User) -> Application | None:
        """Return the application whose bot a user is."""
        return self.applications.get(user.id)

    def add_user(self, name: str, *, locale: str = "en-US", bot: bool = False, user_id: int | None = None) -> User:
        """Create an account; the username is the name in lower case without blanks."""
        username = "".join(name.lower().split()) or "user"
        user = User(user_id or self.ids.make(), name if bot else username, None if bot else name, bot, locale)
        self.users[user.id] = user
        return user

    def add_application(self, name: str, token: str | None, owner: User, privileged: int) -> Application:
        """Create an application with its bot user, which has the same id."""
        application_id = self.ids.make()
        user = self.add_user(name, bot=True, user_id=application_id)
        application = Application(application_id, name, token or secrets.token_urlsafe(32), user, owner, privileged)
        self.applications[application_id] = application
        self.tokens[application.token] = application
        return application

    def dm_channel(self, one: User, other: User) -> Channel:
        """Return the direct message channel of two users, made when there was none."""
        key = (min(one.id, other.id), max(one.id, other.id))
        found = self.dms.get(key)
        if found is None:
            found = Channel(self.ids.make(), ChannelType.DM, None, recipients=(one, other))
            self.dms[key] = found
            self.channels[found.id] = found
        return found
