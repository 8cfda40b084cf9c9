"""Files that members give to commands: from Discord's own servers only, up to a size, within a time."""

import asyncio
import contextlib
import gzip
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from discord.http import Route

from services.discord import (
    DIRECT_MESSAGE_LIMIT,
    DiscordGone,
    DiscordRefused,
    DiscordService,
    DiscordUnavailable,
    FileTooLarge,
)
from services.discord.files import OWN_API, checked_address
from tests.services.discord.world import ServiceWorld
from util.datatypes import MessagePayload, Upload

MOST = 100_000


async def fetch(service: DiscordService, url: str, *, most: int = MOST, seconds: float = 5.0) -> bytes:
    async with contextlib.aclosing(service.download(url, most=most, seconds=seconds)) as pieces:
        return b"".join([piece async for piece in pieces])


async def test_a_file_comes_as_it_was_given(world: ServiceWorld) -> None:
    data = bytes(range(256)) * 300
    file = world.guild.owner.upload("copy.greenlight", data)
    assert await fetch(world.service, file.url) == data
    with pytest.raises(FileTooLarge):
        await fetch(world.service, file.url, most=len(data) - 1)
    with pytest.raises(DiscordGone):
        await fetch(world.service, file.url + "x")


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/attachments/1/2/copy.greenlight",
        "https://cdn.discordapp.com.example.org/x",
        "http://cdn.discordapp.com/x",
        "https://cdn.discordapp.com:8443/x",
        "https://someone@cdn.discordapp.com/x",
        "https://discord.com/x",
        "//cdn.discordapp.com/x",
        "file:///etc/passwd",
        "ftp://cdn.discordapp.com/x",
        "copy.greenlight",
        "",
        "https://[",
    ],
)
def test_only_discords_own_addresses_are_taken(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setattr(Route, "BASE", OWN_API)
    with pytest.raises(DiscordRefused):
        checked_address(url)


@pytest.mark.parametrize("host", ["cdn.discordapp.com", "media.discordapp.net", "cdn.discordapp.com:443"])
def test_addresses_of_discords_files_are_taken(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    monkeypatch.setattr(Route, "BASE", OWN_API)
    assert checked_address(f"https://{host}/ephemeral-attachments/1/2/copy.greenlight?ex=1&hm=2").path.endswith("copy.greenlight")


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/x", "//x/y", "https://cdn.discordapp.com/x"])
def test_of_another_server_only_its_own_addresses_are_taken(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setattr(Route, "BASE", "http://127.0.0.1:2/api/v10")
    with pytest.raises(DiscordRefused):
        checked_address(url)
    assert checked_address("http://127.0.0.1:2/attachments/x")


@pytest.fixture
async def strange(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[str]:
    """Run a server that answers as no file server should, and take it for Discord; return its address."""
    bomb = gzip.compress(b"0" * 50_000_000)

    async def answer(request: web.Request) -> web.StreamResponse:
        match request.path:
            case "/bomb":
                return web.Response(body=bomb, headers={"Content-Encoding": "gzip"})
            case "/elsewhere":
                raise web.HTTPFound("/bomb")
            case "/broken":
                raise web.HTTPBadGateway
            case _:
                response = web.StreamResponse()
                await response.prepare(request)
                for _ in range(600):
                    await response.write(b"x")
                    await asyncio.sleep(0.05)
                return response

    app = web.Application()
    app.router.add_get("/{name}", answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    monkeypatch.setattr(Route, "BASE", f"{address}/api/v10")
    yield address
    await runner.cleanup()


async def test_what_claims_to_be_compressed_is_taken_as_it_comes(strange: str) -> None:
    assert len(await fetch(DiscordService(), f"{strange}/bomb")) < MOST


@pytest.mark.parametrize("path", ["elsewhere", "broken"])
async def test_redirections_are_not_followed_and_errors_are_told(strange: str, path: str) -> None:
    with pytest.raises(DiscordUnavailable):
        await fetch(DiscordService(), f"{strange}/{path}")


async def test_what_trickles_in_is_given_up_and_whoever_reads_it_lives_on(strange: str) -> None:
    service = DiscordService()
    with pytest.raises(DiscordUnavailable):
        await fetch(service, f"{strange}/slow", seconds=0.2)

    async def read_slowly() -> None:
        async with contextlib.aclosing(service.download(f"{strange}/slow", most=MOST, seconds=0.2)) as pieces:
            async for _ in pieces:
                await asyncio.sleep(0.1)

    with pytest.raises(DiscordUnavailable):
        await read_slowly()


async def test_the_limit_of_a_channel_is_that_of_its_guild(world: ServiceWorld) -> None:
    assert world.service.upload_limit(world.channel_id) == 10 * 1024 * 1024
    assert world.service.upload_limit(1) == DIRECT_MESSAGE_LIMIT


async def test_a_large_file_is_given_the_time_it_needs(world: ServiceWorld) -> None:
    world.service.call.time_limit = 0.0
    file = Upload("copy.greenlight", b"x" * 2_000_000)
    ref = await world.service.send(world.channel_id, MessagePayload("a file", uploads=(file,)), "nonce")
    [message] = world.messages()
    assert message.id == ref.message_id
    assert message.attachments[0].data == file.data
    with pytest.raises(DiscordUnavailable):
        await world.service.send(world.channel_id, MessagePayload("no file"), "another nonce")
