"""`/panel token`, and when the API begins to listen."""

import asyncio
import hashlib
import socket
import sqlite3

import pytest

from db.models import PanelToken
from facades.panel import listening
from sandbox.discord.actors import SandboxUser
from services.listening import CannotListen
from tests.api.client import panel_of, token_of
from tests.e2e.steps import assert_told, log_entries, new_level, request, request_id, says
from tests.e2e.world import Guild, World
from util.identifiers import EventType, Flag, Parameter
from util.phrases import Raw
from util.texts import Text


@pytest.fixture(autouse=True)
def free_port(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the default port be any that is free."""
    monkeypatch.setattr(listening, "DEFAULT_PORT", 0)


async def issue(guild: Guild, admin: SandboxUser) -> str:
    """Use the command and return the token that it shows."""
    answer = await (await admin.slash(guild.home, "panel token", action="issue")).final()
    assert_told(answer, Text.PANEL_TOKEN_ISSUED, "en", replaced="")
    return answer.content.split("```")[1].strip()


def decided_by(world: World) -> int:
    """Return who gave the newest opinion."""
    with sqlite3.connect(world.folder / "bot.db") as connection:
        return connection.execute("SELECT author_id FROM opinion ORDER BY id DESC LIMIT 1").fetchone()[0]


async def test_the_first_token_makes_the_api_listen_and_only_its_hash_is_kept(world: World) -> None:
    guild, ada = world.guild, world.guild.join("Ada", Flag.ADMIN)
    assert world.bot is not None
    assert world.bot.api.address is None
    token = await issue(guild, ada)
    assert len(token) > 40
    async with panel_of(world, token) as panel:
        assert await panel.get("/request/oldest") is None
    with sqlite3.connect(world.folder / "bot.db") as connection:
        everything = "\n".join(connection.iterdump())
    assert token not in everything
    assert hashlib.sha256(token.encode()).hexdigest() in everything
    await world.settled()
    [entry] = log_entries(guild, EventType.PANEL_TOKEN_ISSUED)
    assert token not in str(entry)


async def test_replacing_a_token_is_asked_for_first(world: World) -> None:
    guild, ada, eve = world.guild, world.guild.join("Ada", Flag.ADMIN), world.guild.join("Eve", Flag.ADMIN)
    old = await issue(guild, ada)
    asked = await (await eve.slash(guild.home, "panel token", action="issue")).final()
    assert_told(asked, Text.PANEL_TOKEN_EXISTS, "en", who=Raw(ada.mention))
    async with panel_of(world, old) as panel:
        assert await panel.get("/request/oldest") is None
        [replace, keep] = asked.message.components[0]["components"]
        kept = await eve.press(asked.message, keep["custom_id"])
        assert says(kept.content, Text.PANEL_TOKEN_KEPT)
        assert await panel.get("/request/oldest") is None
        asked = await (await eve.slash(guild.home, "panel token", action="issue")).final()
        done = await eve.press(asked.message, replace["custom_id"])
        assert says(done.content, Text.PANEL_TOKEN_REPLACED)
        assert (await panel.call("GET", "/request/oldest")).status == 401
        new = done.content.split("```")[1].strip()
        assert await panel.with_token(new).get("/request/oldest") is None
        again = await eve.forge_component(asked.message, replace["custom_id"])
        assert_told(again, Text.PANEL_TOKEN_REFUSED_CHANGED)
        assert await panel.with_token(new).get("/request/oldest") is None


async def test_a_revoked_token_is_worthless_at_once(world: World) -> None:
    guild, ada = world.guild, world.guild.join("Ada", Flag.ADMIN, locale="ru")
    answer = await ada.slash(guild.home, "panel token", action="revoke")
    assert_told(answer, Text.PANEL_TOKEN_REFUSED_NONE, "ru")
    # While another server has a token, the bot goes on listening.
    other = await world.add_guild("Another")
    await issue(other, other.join("Ada", Flag.ADMIN))
    async with panel_of(world, await _issued(world)) as panel:
        assert await panel.get("/request/oldest") is None
        assert_told(await ada.slash(guild.home, "panel token", action="revoke"), Text.PANEL_TOKEN_REVOKED, "ru")
        assert (await panel.call("GET", "/request/oldest")).status == 401
    await world.settled()
    assert len(log_entries(guild, EventType.PANEL_TOKEN_REVOKED)) == 1


async def _issued(world: World) -> str:
    token = await token_of(world, world.guild)
    assert world.bot is not None
    assert world.bot.api.address is not None
    return token


async def test_with_the_last_token_revoked_nothing_listens_until_there_is_a_new_one(world: World) -> None:
    other = await world.add_guild("Another")
    people = [guild.join("Ada", Flag.ADMIN) for guild in (world.guild, other)]
    assert world.bot is not None
    api = world.bot.api
    for guild, ada in zip((world.guild, other), people, strict=True):
        await issue(guild, ada)
    assert_told(await people[0].slash(world.guild.home, "panel token", action="revoke"), Text.PANEL_TOKEN_REVOKED)
    assert api.address is not None
    address = api.address
    assert_told(await people[1].slash(other.home, "panel token", action="revoke"), Text.PANEL_TOKEN_REVOKED)
    host, port = address.removeprefix("http://").split(":")
    async with asyncio.timeout(20):
        while api.address is not None or not _is_free(host, int(port)):
            await asyncio.sleep(0.01)
    async with panel_of(world, await issue(other, people[1])) as panel:
        assert await panel.get("/request/oldest") is None


def _is_free(host: str, port: int) -> bool:
    with socket.socket() as attempt:
        return attempt.connect_ex((host, port)) != 0


async def test_with_a_port_that_was_named_the_last_revoked_token_changes_nothing(empty_world: World) -> None:
    empty_world.environment = {"api_port": 0}
    guild = await empty_world.add_guild()
    await empty_world.start()
    assert empty_world.bot is not None
    address = empty_world.bot.api.address
    ada = guild.join("Ada", Flag.ADMIN)
    await issue(guild, ada)
    assert_told(await ada.slash(guild.home, "panel token", action="revoke"), Text.PANEL_TOKEN_REVOKED)
    async with panel_of(empty_world, None) as panel:
        assert (await panel.call("GET", "/request/oldest")).status == 401
    assert empty_world.bot.api.address == address is not None


async def test_two_admins_at_once_get_one_working_token(world: World) -> None:
    people = [world.guild.join(f"Admin {number}", Flag.ADMIN) for number in range(4)]
    answers = await asyncio.gather(*(who.slash(world.guild.home, "panel token", action="issue") for who in people))
    answers = [await answer.final() for answer in answers]
    assert sum(says(answer.content, Text.PANEL_TOKEN_ISSUED) for answer in answers) == 1


async def test_who_issued_the_token_acts_until_a_streamer_account_is_set(world: World) -> None:
    guild, ada, streamer = world.guild, world.guild.join("Ada", Flag.ADMIN), world.guild.join("Streamer")
    token = await issue(guild, ada)
    async with panel_of(world, token) as panel:
        for actor in (ada, streamer):
            card = await request(world, guild, guild.join(f"Fan of {actor.name}"), new_level(world))
            assert await panel.post("/request/resolve", {"request_id": request_id(card), "sent_for": "s"}) is True
            await world.settled()
            assert decided_by(world) == actor.id
            await world.set_parameter(Parameter.STREAM_ACCOUNT, str(streamer.id))


async def test_a_streamer_account_must_be_a_member(world: World) -> None:
    guild, ada = world.guild, world.guild.join("Ada", Flag.ADMIN)
    gone = guild.join("Gone")
    gone.leave()
    name = Parameter.STREAM_ACCOUNT.value
    refused = await (await ada.slash(guild.home, "parameter set", parameter=name, new_value=str(gone.id))).final()
    assert_told(refused, Text.ERROR_VALUE_MEMBER)
    taken = await (await ada.slash(guild.home, "parameter set", parameter=name, new_value=ada.mention)).final()
    assert_told(taken, Text.PARAMETER_SET)
    cleared = await (await ada.slash(guild.home, "parameter set", parameter=name, new_value="none")).final()
    assert_told(cleared, Text.PARAMETER_SET)


async def test_a_guilds_token_still_works_after_a_restart(world: World) -> None:
    token = await _issued(world)
    await world.stop()
    await world.start()
    async with panel_of(world, token) as panel:
        assert await panel.get("/request/oldest") is None


async def test_a_taken_port_is_said_and_stops_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    guild, ada = world.guild, world.guild.join("Ada", Flag.ADMIN)
    with socket.create_server(("127.0.0.1", 0)) as other:
        monkeypatch.setattr(listening, "DEFAULT_PORT", other.getsockname()[1])
        answer = await (await ada.slash(guild.home, "panel token", action="issue")).final()
        assert says(answer.content, Text.PANEL_TOKEN_UNREACHABLE)
        assert_told(await ada.slash(guild.home, "queue info"), Text.QUEUE_INFO)
        await world.stop()
        with pytest.raises(CannotListen, match="another program listens on 127"):
            await world.start()
        with pytest.raises(CannotListen):
            await world.stop()
        world.bot = None


# The token of the environment


SECRET = "a-token-of-the-environment-1234567890"


async def test_the_environments_token_speaks_for_the_only_guild(empty_world: World) -> None:
    world = empty_world
    world.environment = {"api_token": SECRET, "api_port": 0}
    guild = await world.add_guild()
    await world.start()
    card = await request(world, guild, guild.join("Mira"), new_level(world))
    async with panel_of(world, SECRET) as panel:
        assert (await panel.get("/request/oldest"))["id"] == request_id(card)
        assert await panel.post("/request/resolve", {"request_id": request_id(card), "sent_for": None}) is True
        await world.settled()
        # Nobody issued it, so the guild's owner acts.
        assert decided_by(world) == guild.sandbox.owner.id
        await world.add_guild("Another")
        reply = await panel.call("GET", "/request/oldest")
        assert (reply.status, reply.body["error"]) == (403, Text.PANEL_REFUSED_NO_GUILD.value)


async def test_without_token_and_port_nothing_listens(world: World) -> None:
    assert world.bot is not None
    assert world.bot.api.address is None
    assert await world.app.listen() is not None


async def test_a_port_that_is_named_is_listened_on(empty_world: World) -> None:
    empty_world.environment = {"api_port": 0}
    await empty_world.add_guild()
    await empty_world.start()
    async with panel_of(empty_world, None) as panel:
        assert (await panel.call("GET", "/request/oldest")).status == 401


def test_the_hash_is_all_that_a_row_has_of_a_token() -> None:
    assert set(PanelToken.model_fields) == {"guild_id", "token_hash", "issued_by", "issued_at"}
