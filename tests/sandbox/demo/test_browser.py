"""The demo in a browser: one address, the bot behind it, and a guild that is kept."""

from __future__ import annotations

import asyncio
import json
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from sandbox.demo.process import ROOT

Json = dict[str, Any]


@asynccontextmanager
async def demo(*options: str) -> AsyncIterator[tuple[str, str]]:
    """Run the demo and give the page's address and what was printed until then; end it as Ctrl-C does."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(ROOT / "main.py"),
        "demo",
        *options,
        env={"PYTHONUTF8": "1"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        assert process.stdout is not None
        shown = ""
        while "Ctrl-C" not in shown:
            line = await process.stdout.readline()
            assert line, shown
            shown += line.decode()
        found = re.search(r"Open (http://127\.0\.0\.1:\d+) ", shown)
        assert found is not None, shown
        yield found[1], shown
        process.send_signal(signal.SIGINT)
        assert await process.wait() == 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


class Page:
    """A page that asks one thing after another."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._number = 0
        self._events: list[Json] = []

    async def _receive(self) -> Json:
        data: Json = json.loads((await self._socket.receive(60)).data)
        if "ev" in data:
            self._events.append(data)
        return data

    async def do(self, op: str, **fields: Any) -> Json:
        """Send a request that must be done and return the answer."""
        self._number += 1
        await self._socket.send_json({"id": self._number, "op": op, **fields})
        while True:
            data = await self._receive()
            if data.get("re") == self._number:
                assert data["ok"], data
                return data

    async def message(self, channel_id: str, text: str) -> Json:
        """Wait until a message with a text is told in a channel that is looked at, and return it."""
        while True:
            for event in self._events:
                message = event.get("message", {})
                if message.get("channel_id") == channel_id and text in json.dumps(message, ensure_ascii=False):
                    return message
            async with asyncio.timeout(20):
                await self._receive()

    async def be(self, name: str) -> Json:
        """Become somebody by name and return the state."""
        people = (await self.do("hello"))["people"]
        return (await self.do("be", user_id=next(item["id"] for item in people if item["name"] == name)))["state"]

    async def open(self, state: Json, channel: str) -> tuple[str, list[Json]]:
        """Open a channel by name and return its id and messages."""
        channel_id = next(item["id"] for item in state["channels"] if item["name"] == channel)
        return channel_id, (await self.do("open", channel_id=channel_id))["messages"]


@asynccontextmanager
async def opened(address: str) -> AsyncIterator[Page]:
    """Open the page."""
    async with aiohttp.ClientSession() as http, http.ws_connect(f"{address}/ws", headers={"Origin": address}) as socket:
        yield Page(socket)


def button(message: Json, label: str) -> str:
    """Return the custom id of a message's button."""
    buttons = [item for row in message["components"] for item in row.get("components", [])]
    found = [item for item in buttons if label in f"{item.get('emoji', {}).get('name', '')} {item.get('label', '')}"]
    assert found, message
    return str(found[0]["custom_id"])


@pytest.mark.e2e
async def test_a_kept_guild_goes_on_where_it_was(tmp_path: Path):
    folder = tmp_path / "kept"
    async with demo("--data", str(folder)) as (address, shown), opened(address) as page:
        assert "as it was left" not in shown
        state = await page.be("Ada")
        resolutions, _ = await page.open(state, "resolutions")
        pending, cards = await page.open(state, "pending-requests")
        place = {"channel_id": pending, "message_id": cards[-1]["id"]}
        await page.do("press", **place, custom_id=button(cards[-1], "✅ Approve"))
        decided = await page.message(resolutions, "✅ 1")
    async with demo("--data", str(folder)) as (address, shown), opened(address) as page:
        assert "as it was left" in shown
        state = await page.be("Mo")
        _, again = await page.open(state, "resolutions")
        assert again[-1]["id"] == decided["id"]
        _, found = await page.open(state, "pending-requests")
        assert [message["id"] for message in found] == [message["id"] for message in cards]
        await page.do("press", **place, custom_id=button(cards[-1], "✅ Approve"))
        assert (await page.message(resolutions, "✅ 2"))["id"] == decided["id"]
        taken = address.rsplit(":", 1)[1]
        process = await asyncio.create_subprocess_exec(
            sys.executable, str(ROOT / "main.py"), "demo", "--data", str(folder), "--port", taken, stdout=asyncio.subprocess.PIPE
        )
        assert b"is used by another demo" in (await process.communicate())[0]
        assert process.returncode == 1


@pytest.mark.e2e
async def test_the_bot_is_killed_and_started_on_the_page(tmp_path: Path):
    async with demo("--empty") as (address, _), opened(address) as page:
        state = await page.be("Ada")
        channel_id, _ = await page.open(state, "general")
        slash = {"channel_id": channel_id, "command": "language", "options": {"language": "ru"}}
        assert (await page.do("slash", **slash))["kind"] == "message"
        assert (await page.do("bot", do="kill"))["controls"]["bot"]["running"] is False
        assert (await page.do("slash", **slash))["kind"] == "failed"
        assert (await page.do("bot", do="start"))["controls"]["bot"] | {"restarts": 0} == {
            "running": True,
            "ready": True,
            "restarts": 0,
            "can_control": True,
        }
        assert (await page.do("slash", **slash))["kind"] in ("message", "deferred")
