"""Connecting, losing the connection, intents and shards with a real discord.py client."""

from __future__ import annotations

import asyncio

import aiohttp
import discord
import pytest

from sandbox.discord import Permission

from .conftest import Bot, Setup


async def test_a_dropped_connection_is_resumed_without_losing_events(setup: Setup, fast_backoff: None) -> None:
    setup.join()
    bot = await setup.run(Bot())
    session = setup.application.sessions[0]
    setup.server.faults.drop_gateway()
    await setup.server.wait_until(lambda: not session.alive)
    setup.mira.send(setup.channel, "while away")
    await setup.server.wait_until(lambda: session.alive)
    setup.mira.send(setup.channel, "again there")
    await _heard(bot, "again there")
    texts = [args[0].content for name, args in bot.heard if name == "message"]
    assert texts == ["while away", "again there"]
    assert bot.count("resumed") == 1
    assert bot.count("ready") == 1


async def _heard(bot: Bot, content: str) -> discord.Message:
    found = [args[0] for name, args in bot.heard if name == "message" and args[0].content == content]
    if found:
        return found[0]
    return await bot.wait_for("message", check=lambda message: message.content == content, timeout=5)


async def test_a_lost_session_is_identified_anew(setup: Setup, fast_backoff: None, monkeypatch: pytest.MonkeyPatch) -> None:
    real = asyncio.sleep
    setup.join()
    bot = await setup.run(Bot())
    first = setup.application.sessions[0].id
    monkeypatch.setattr("discord.client.asyncio.sleep", lambda seconds: real(0))
    setup.server.faults.drop_gateway(resumable=False)
    await setup.server.wait_until(lambda: [item for item in setup.application.sessions if item.alive and item.id != first])
    setup.mira.send(setup.channel, "hello")
    await _heard(bot, "hello")
    assert bot.count("resumed") == 0


async def test_discord_asking_to_reconnect_is_followed_by_a_resumption(setup: Setup, fast_backoff: None) -> None:
    setup.join()
    bot = await setup.run(Bot())
    setup.server.faults.ask_reconnect()
    await bot.wait_for("resumed", timeout=5)


async def test_a_connection_that_plays_dead_is_noticed_and_resumed(setup: Setup, fast_backoff: None) -> None:
    setup.join()
    setup.server.timing.heartbeat = 0.05
    bot = await setup.run(Bot(heartbeat_timeout=0.2))
    setup.server.faults.zombie()
    setup.mira.send(setup.channel, "unheard at first")
    await _heard(bot, "unheard at first")
    assert bot.count("resumed") == 1


async def test_a_bot_without_the_content_intent_sees_no_content_of_others(setup: Setup) -> None:
    setup.join()
    intents = discord.Intents.default()
    bot = await setup.run(Bot(intents=intents))
    setup.mira.send(setup.channel, "secret")
    setup.mira.send(setup.channel, f"<@{setup.application.id}> hello")
    await _heard(bot, f"<@{setup.application.id}> hello")
    texts = [args[0].content for name, args in bot.heard if name == "message"]
    assert texts == ["", f"<@{setup.application.id}> hello"]
    assert bot.count("member_join") == 0
    assert bot.guilds[0].member_count == 4
    assert [member.id for member in bot.guilds[0].members] == [setup.application.id]


async def test_member_role_and_channel_events_arrive(setup: Setup) -> None:
    setup.join()
    bot = await setup.run(Bot())
    guild = setup.guild
    assert len(bot.guilds[0].members) == 4
    role = guild.add_role("Helper")
    guild.give_role(setup.mira, role)
    guild.edit_role(role, name="Judge")
    other = guild.add_channel("reviews")
    guild.set_overwrite(other, role, allow=Permission.VIEW_CHANNEL)
    guild.delete_channel(other)
    guild.delete_role(role)
    guild.kick(setup.noor)
    newcomer = guild.add_member("Kit")
    message = newcomer.send(setup.channel, "hi")
    newcomer.react(message, "👍")
    newcomer.edit(message, "hey")
    newcomer.delete_message(message)
    if not bot.count("message_delete"):
        await bot.wait_for("message_delete", timeout=5)
    for event in (
        "guild_role_create", "member_update", "guild_role_update", "guild_channel_create", "guild_channel_update",
        "guild_channel_delete", "guild_role_delete", "member_remove", "member_join", "message", "reaction_add", "message_edit",
    ):  # fmt: skip
        assert bot.count(event), event


async def test_joining_and_leaving_a_guild_while_connected_is_told(setup: Setup) -> None:
    setup.join()
    bot = await setup.run(Bot())
    second = setup.server.create_guild("Second")
    second.add_bot(setup.application)
    if not bot.count("guild_join"):
        await bot.wait_for("guild_join", timeout=5)
    second.kick(setup.application.user)
    await bot.wait_for("guild_remove", timeout=5)


async def test_each_shard_hears_only_its_guilds(setup: Setup) -> None:
    setup.join()
    second = setup.server.create_guild("Second")
    second.add_bot(setup.application)
    guilds = {setup.guild.id, second.id}
    seen: set[int] = set()
    for shard in (0, 1):
        bot = await setup.run(Bot(shard_id=shard, shard_count=2), sync=False)
        seen |= {guild.id for guild in bot.guilds}
        assert all(guild.id >> 22 & 1 == shard for guild in bot.guilds)
    assert seen == guilds


async def test_a_bot_in_one_process_opens_as_many_shards_as_recommended(setup: Setup) -> None:
    setup.application.shards = setup.application.max_concurrency = 3
    guilds = [setup.guild, *(setup.server.create_guild(f"Guild {number}") for number in range(5))]
    for guild in guilds:
        guild.add_bot(setup.application)
    bot = Sharded(intents=discord.Intents.all(), guild_ready_timeout=0.02)
    await bot.login(setup.application.token)
    running = asyncio.create_task(bot.connect())
    await asyncio.wait_for(bot.wait_until_ready(), 5)
    assert sorted(bot.shards) == [0, 1, 2]
    assert {guild.id: guild.shard_id for guild in bot.guilds} == {guild.id: (guild.id >> 22) % 3 for guild in guilds}
    for guild in guilds:
        guild.rename("New")
    async with asyncio.timeout(5):
        while not all(guild.name == "New" for guild in bot.guilds):
            await asyncio.sleep(0.01)
    await bot.close()
    await running


class Sharded(discord.AutoShardedClient):
    """A bot that does not wait between its shards."""

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Go on at once."""


async def answer_to_identify(setup: Setup, session: aiohttp.ClientSession, shard: list[object]) -> tuple[int, int | None]:
    """Identify as a shard; return the opcode of the answer and the code of the close, if it was one."""
    async with session.ws_connect(setup.server.gateway_url) as socket:
        await socket.receive()
        await socket.send_json({"op": 2, "d": {"token": setup.application.token, "intents": 0, "properties": {}, "shard": shard}})
        message = await socket.receive()
        if message.type is not aiohttp.WSMsgType.TEXT:
            return -1, socket.close_code
        answered = message.json()
        if answered["op"] == 0:
            assert (answered["t"], answered["d"]["shard"]) == ("READY", shard)
        return answered["op"], None


async def test_a_shard_that_cannot_be_is_refused(setup: Setup) -> None:
    async with aiohttp.ClientSession() as session:
        for shard in ([2, 2], [-1, 2], [0], [0, 0], ["0", "1"], [False, True]):
            assert await answer_to_identify(setup, session, shard) == (-1, 4010), shard


async def test_shards_of_one_bucket_have_to_wait_for_each_other(setup: Setup) -> None:
    setup.application.max_concurrency = 2
    setup.server.timing.identify = 5.0
    async with aiohttp.ClientSession() as session:
        assert [await answer_to_identify(setup, session, [shard, 4]) for shard in (0, 1, 2)] == [(0, None), (0, None), (9, None)]
        setup.server.advance(5.0)
        assert await answer_to_identify(setup, session, [2, 4]) == (0, None)


async def test_a_wrong_token_is_refused(setup: Setup) -> None:
    with pytest.raises(discord.LoginFailure):
        await Bot().login("nonsense")


async def test_a_privileged_intent_that_is_switched_off_closes_the_connection(setup: Setup) -> None:
    setup.application.allowed_privileged = 0
    setup.join()
    bot = Bot()
    await bot.login(setup.application.token)
    with pytest.raises(discord.PrivilegedIntentsRequired):
        await bot.connect(reconnect=True)
    await bot.close()


async def test_breaking_the_protocol_closes_with_the_documented_codes(setup: Setup) -> None:
    cases = [("nonsense", 4002), ('{"op":99}', 4001), ('{"op":8,"d":{}}', 4003), ('{"op":2,"d":{"token":"no"}}', 4004)]
    async with aiohttp.ClientSession() as session:
        for text, code in cases:
            async with session.ws_connect(setup.server.gateway_url) as socket:
                assert (await socket.receive_json())["op"] == 10
                await socket.send_str(text)
                await socket.receive()
                assert socket.close_code == code


async def test_a_bot_hears_nothing_from_channels_it_cannot_see(setup: Setup) -> None:
    setup.join(int(Permission.VIEW_CHANNEL | Permission.SEND_MESSAGES))
    hidden = setup.guild.add_channel("hidden")
    setup.guild.set_overwrite(hidden, setup.guild.everyone, deny=Permission.VIEW_CHANNEL)
    setup.guild.set_overwrite(hidden, setup.mira, allow=Permission.VIEW_CHANNEL)
    bot = await setup.run(Bot())
    setup.mira.send(hidden, "psst")
    setup.mira.send(setup.channel, "hello")
    await _heard(bot, "hello")
    assert [args[0].content for name, args in bot.heard if name == "message"] == ["hello"]
