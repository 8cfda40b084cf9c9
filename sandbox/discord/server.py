"""A Discord of our own on loopback: start it, create guilds and bots in it, make it fail."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from aiohttp import web

from .dispatch import PRIVILEGED
from .faults import Faults
from .gateway import Gateway
from .guilds import SandboxGuild
from .interactions import Interaction
from .models import Application, Message, User
from .rest import Hook, Recorded, Rest, Watcher
from .world import Timing, World

T = TypeVar("T")


class SandboxDiscord:
    """Discord's gateway and REST API for bots, with the state behind them.

    Point a bot's library at `api_url` and `gateway_url`. Several servers can live in one process.
    """

    def __init__(self) -> None:
        self.world = World()
        self.faults = Faults(self.world)
        self._gateway = Gateway(self.world, self.faults)
        self._rest = Rest(self.world, self.faults)
        self._runner: web.ServerRunner | None = None
        self.guilds: list[SandboxGuild] = []

    async def start(self, port: int = 0, host: str = "127.0.0.1") -> None:
        """Listen on a port; 0 takes a free one."""
        server = web.Server(self._handle, access_log=None)
        self._runner = web.ServerRunner(server, handle_signals=False, shutdown_timeout=0.2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        await site.start()
        taken = self._runner.addresses[0][1]
        self.world.base_url = f"http://{host}:{taken}"
        self.world.gateway_url = f"ws://{host}:{taken}/gateway"

    async def stop(self) -> None:
        """Cut every connection and stop listening."""
        await self._gateway.close()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.path.startswith("/gateway") and "Upgrade" in request.headers:
            return await self._gateway.handle(request)
        return await self._rest.handle(request)

    @property
    def base_url(self) -> str:
        """The address without a path."""
        return self.world.base_url

    @property
    def api_url(self) -> str:
        """The address of the REST API, for `discord.http.Route.BASE`."""
        return f"{self.world.base_url}/api/v10"

    @property
    def gateway_url(self) -> str:
        """The address of the gateway, for `discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY`."""
        return self.world.gateway_url

    @property
    def timing(self) -> Timing:
        """Periods that Discord fixes and a test may shorten."""
        return self.world.timing

    @property
    def requests(self) -> list[Recorded]:
        """Every REST request so far, in order; only the last ones after `keep_requests`."""
        return self._rest.requests

    def keep_requests(self, most: int) -> None:
        """Remember about so many requests from now on, so that long runs stay small."""
        self._rest.kept = most

    @property
    def interactions(self) -> list[Interaction]:
        """Every interaction still remembered, in order."""
        return list(self.world.interactions.values())

    def on_request(self, hook: Hook) -> None:
        """Call and await a function around the effect of each request.

        It gets the request's index, "before" or "after", method, path and body.
        """
        self._rest.hooks.append(hook)

    def on_answer(self, watcher: Watcher) -> None:
        """Call a function after each request that was answered or cut off, with its record and the seconds it took."""
        self._rest.watchers.append(watcher)

    def on_frame(self, watcher: Callable[[str, str | bytes], None]) -> None:
        """Call a function with each gateway message, "in" being from a bot and "out" to one; it must be quick."""
        self.world.frame_watchers.append(watcher)

    def on_change(self, listener: Callable[[], None]) -> None:
        """Call a function after every change of the state; it must be quick and must not change anything."""
        self.world.listeners.append(listener)

    def create_application(
        self,
        name: str = "Bot",
        token: str | None = None,
        *,
        owner: User | None = None,
        privileged: int = PRIVILEGED,
        shards: int = 1,
        max_concurrency: int = 1,
    ) -> Application:
        """Register a bot; `privileged` are the privileged intents switched on for it.

        `shards` and `max_concurrency`: what `/gateway/bot` says of them.
        """
        owner = owner or self.world.add_user(f"{name} Owner")
        application = self.world.add_application(name, token, owner, privileged)
        application.shards, application.max_concurrency = shards, max_concurrency
        return application

    def create_guild(self, name: str = "Guild", *, owner: str | User = "Owner", locale: str = "en-US") -> SandboxGuild:
        """Create a guild with an owner, given by name or account, and a text channel `general`."""
        guild = SandboxGuild(self.world, name, owner, locale)
        self.guilds.append(guild)
        return guild

    def messages(self) -> list[Message]:
        """Return every message that was not deleted, oldest first."""
        found = [message for channel in self.world.channels.values() for message in channel.messages.values()]
        return sorted(found, key=lambda message: message.id)

    def connected(self, application: Application) -> bool:
        """Tell whether a bot listens on every shard it opened."""
        return bool(application.sessions) and all(session.alive for session in application.sessions)

    async def wait_until(self, predicate: Callable[[], T | bool | None], timeout: float = 5.0) -> T:
        """Wait until a predicate gives something true and return it; it is asked after every change.

        Raises `TimeoutError` after `timeout` seconds.
        """
        return await self.world.wait_until(predicate, timeout)

    def advance(self, seconds: float) -> None:
        """Let time pass for deadlines, tokens, nonces and rate limits without waiting."""
        self.world.advance(seconds)
