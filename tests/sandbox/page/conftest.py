"""The page's server over a sandbox with a small bot, and pages that talk to it."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
import pytest_asyncio

from sandbox.discord import SandboxUser
from sandbox.page import PageServer
from tests.sandbox.discord.conftest import Setup, fast_backoff, server, setup
from tests.sandbox.discord.sample_bot import build

__all__ = ["fast_backoff", "server", "setup"]

Json = dict[str, Any]


class Page:
    """What the page's JavaScript does: asks, and keeps what it is told."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.events: list[Json] = []
        self._numbers = itertools.count(1)
        self._answers: dict[Any, asyncio.Future[Json]] = {}
        self._came = asyncio.Condition()
        self._reader = asyncio.create_task(self._read())

    async def _read(self) -> None:
        async for message in self.socket:
            data = json.loads(message.data)
            async with self._came:
                if "ev" in data:
                    self.events.append(data)
                else:
                    self._answers.setdefault(data["re"], asyncio.get_running_loop().create_future()).set_result(data)
                self._came.notify_all()

    async def answer_to(self, number: Any) -> Json:
        """Return the answer to a request of that number."""
        return await asyncio.wait_for(self._answers.setdefault(number, asyncio.get_running_loop().create_future()), 8)

    async def ask(self, op: str, **fields: Any) -> Json:
        """Send a request and return its answer."""
        number = next(self._numbers)
        await self.socket.send_json({"id": number, "op": op, **fields})
        return await self.answer_to(number)

    async def do(self, op: str, **fields: Any) -> Json:
        """Send a request that must be done."""
        answer = await self.ask(op, **fields)
        assert answer["ok"], answer
        return answer

    async def be(self, person: SandboxUser) -> Json:
        """Become somebody and return the state."""
        return (await self.do("be", user_id=str(person.id)))["state"]

    async def hear(self, name: str, fits: Callable[[Json], object] = lambda _: True) -> Json:
        """Wait for an event and return the last one that fits."""

        def found() -> Json | None:
            return next((event for event in reversed(self.events) if event["ev"] == name and fits(event)), None)

        async with self._came:
            await asyncio.wait_for(self._came.wait_for(lambda: found() is not None), 8)
        event = found()
        assert event is not None
        return event

    async def message(self, fits: Callable[[Json], object]) -> Json:
        """Wait for a message's event and return the message."""
        return (await self.hear("message", lambda event: fits(event["message"])))["message"]

    async def settle(self) -> None:
        """Wait until everything that happened so far was told."""
        await self.do("controls")
        marker = len(self.events)
        await self.do("locale", value="fr")
        await self.hear("state", lambda event: event in self.events[marker:])

    async def close(self) -> None:
        """Go away."""
        await self.socket.close()
        self._reader.cancel()
        await asyncio.gather(self._reader, return_exceptions=True)


def came_last(page: Page, event: Json) -> bool:
    """Tell whether no other event of this name came after one."""
    return event is [item for item in page.events if item["ev"] == event["ev"]][-1]


class House:
    """A running page's server with a bot that is up."""

    def __init__(self, setup: Setup, server: PageServer, http: aiohttp.ClientSession) -> None:
        self.setup = setup
        self.server = server
        self.http = http
        self._pages: list[Page] = []

    @property
    def channel_id(self) -> str:
        """The channel's id."""
        return str(self.setup.channel.id)

    async def page(self, person: SandboxUser | None = None) -> Page:
        """Open the page, as somebody when one is named, with the channel on the screen."""
        socket = await self.http.ws_connect(f"{self.server.address}/ws", headers={"Origin": self.server.address})
        page = Page(socket)
        self._pages.append(page)
        if person is not None:
            await page.be(person)
            await page.do("open", channel_id=self.channel_id)
        return page

    async def close(self) -> None:
        """Close every page."""
        for page in self._pages:
            await page.close()


@contextlib.asynccontextmanager
async def open_house(setup: Setup, **options: Any) -> AsyncIterator[House]:
    """Serve the page of a set-up."""
    server = PageServer(setup.server, setup.guild, **options)
    await server.start(0)
    async with aiohttp.ClientSession() as http:
        house = House(setup, server, http)
        yield house
        await house.close()
    await server.stop()


@pytest_asyncio.fixture
async def house(setup: Setup) -> AsyncIterator[House]:
    """Give the page's server with the sample bot connected."""
    setup.join()
    await setup.run(build())
    async with open_house(setup, cast={setup.mira.id: "a member"}) as made:
        yield made
