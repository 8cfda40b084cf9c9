"""The Control Panel as a program of its own: a real HTTP client on a real socket."""

import contextlib
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any

import aiohttp

from bot import Greenlight
from facades.panel.issue_token import IssuedToken, issue_token
from tests.e2e.world import Guild, World
from util.actor import Actor
from util.identifiers import Flag


@dataclass(frozen=True)
class Reply:
    """An answer: `body` is what its JSON says."""

    status: int
    body: Any
    headers: dict[str, str]


@dataclass
class Panel:
    """Calls the API with a token, as the client of streamers does: whatever comes is read as JSON."""

    bot: Greenlight
    session: aiohttp.ClientSession
    address: str
    token: str | None

    async def call(
        self, method: str, path: str, body: Any = None, *, headers: dict[str, str] | None = None, **more: Any
    ) -> Reply:
        """Make a call; a body given as bytes is sent as it is."""
        sent = ({} if self.token is None else {"x-key": self.token}) | (headers or {})
        content = {"data": body} if isinstance(body, bytes) else {} if body is None else {"json": body}
        async with self.session.request(method, self.address + path, headers=sent, **content, **more) as answer:
            assert answer.headers["content-type"] == "application/json", await answer.text()
            return Reply(answer.status, await answer.json(), {name.lower(): value for name, value in answer.headers.items()})

    async def get(self, path: str) -> Any:
        """Return what a path answers, which must be a success."""
        reply = await self.call("GET", path)
        assert reply.status == 200, reply
        return reply.body

    async def post(self, path: str, body: Any) -> Any:
        """Return what a path answers to a body, which must be a success."""
        reply = await self.call("POST", path, body)
        assert reply.status == 200, reply
        return reply.body

    def forget_attempts(self) -> None:
        """Let the address of the tests try wrong tokens again."""
        assert self.bot.api.application is not None
        self.bot.api.application.state.api.attempts.forget()

    def with_token(self, token: str | None) -> "Panel":
        """Return the same panel with another token."""
        return Panel(self.bot, self.session, self.address, token)


async def token_of(world: World, guild: Guild, issuer_id: int = 4711) -> str:
    """Issue a token as an admin of a guild does, whatever there was before."""
    admin = Actor(guild_id=guild.id, user_id=issuer_id, flags=frozenset({Flag.ADMIN}))
    done = await issue_token(world.app, actor=admin)
    if not isinstance(done, IssuedToken):
        done = await issue_token(world.app, actor=admin, replacing=done.version)
    assert isinstance(done, IssuedToken)
    return done.token


@contextlib.asynccontextmanager
async def panel_of(world: World, token: str | None) -> AsyncGenerator[Panel]:
    """Open a client of the running bot's API."""
    assert world.bot is not None
    address = world.bot.api.address
    assert address is not None
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(30)) as session:
        yield Panel(world.bot, session, address, token)
