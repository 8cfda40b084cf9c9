"""Messages, direct messages, threads, roles and channels through discord.py's HTTP client."""

from __future__ import annotations

import io

import discord
import pytest

from sandbox.discord import Permission

from .conftest import Bot, Setup


async def text_channel(setup: Setup, permissions: int = Permission.ADMINISTRATOR) -> discord.TextChannel:
    """Run a bot and return its view of the general channel."""
    setup.join(permissions)
    bot = await setup.run(Bot(), sync=False)
    found = bot.get_channel(setup.channel.id)
    assert isinstance(found, discord.TextChannel)
    return found


async def test_history_pages_in_discords_order(setup: Setup) -> None:
    channel = await text_channel(setup)
    sent = [setup.mira.send(setup.channel, str(number)) for number in range(120)]
    assert [item.content async for item in channel.history(limit=None)] == [str(number) for number in reversed(range(120))]
    middle = discord.Object(sent[60].id)
    assert [item.content async for item in channel.history(limit=3, after=middle)] == ["61", "62", "63"]
    assert [item.content async for item in channel.history(limit=3, before=middle)] == ["59", "58", "57"]
    assert [item.content async for item in channel.history(limit=5, around=middle)] == ["62", "61", "60", "59", "58"]
    assert [item.content async for item in channel.history(limit=2, oldest_first=True)] == ["0", "1"]


async def test_files_come_back_as_they_were_sent(setup: Setup) -> None:
    channel = await text_channel(setup)
    embed = discord.Embed(title="Chart").set_image(url="attachment://chart.png")
    message = await channel.send(file=discord.File(io.BytesIO(b"\x89PNG data"), "chart.png", description="a chart"), embed=embed)
    assert message.attachments[0].content_type == "image/png"
    assert await message.attachments[0].read() == b"\x89PNG data"
    assert message.embeds[0].image.url == message.attachments[0].url
    edited = await message.edit(attachments=[discord.File(io.BytesIO(b"other"), "b.txt")])
    assert [item.filename for item in edited.attachments] == ["b.txt"]


async def test_an_enforced_nonce_gives_back_the_first_message(setup: Setup) -> None:
    channel = await text_channel(setup)
    first = await channel.send("one", nonce="key-1")
    params = {"content": "two", "nonce": "key-1", "enforce_nonce": True}
    route = discord.http.Route("POST", "/channels/{channel_id}/messages", channel_id=channel.id)
    http = channel._state.http
    again = await http.request(route, json=params)
    assert int(again["id"]) == first.id
    assert again["content"] == "one"
    history = await http.request(discord.http.Route("GET", "/channels/{channel_id}/messages", channel_id=channel.id))
    assert "nonce" not in history[0]
    await first.delete()
    with pytest.raises(discord.NotFound):
        await http.request(route, json=params)
    setup.server.advance(301)
    assert (await http.request(route, json=params))["content"] == "two"
    with pytest.raises(discord.HTTPException) as refused:
        await http.request(route, json=params | {"nonce": "x" * 26})
    assert refused.value.code == 50035


async def test_a_user_who_refuses_direct_messages_gets_none(setup: Setup) -> None:
    channel = await text_channel(setup)
    member = channel.guild.get_member(setup.mira.id)
    assert member is not None
    await member.send("hello")
    assert [item.content for item in setup.mira.dms()] == ["hello"]
    assert [item.content for item in setup.mira.pings] == ["hello"]
    setup.mira.user.accepts_dms = False
    with pytest.raises(discord.Forbidden) as refused:
        await member.send("again")
    assert refused.value.code == 50007


async def test_missing_permissions_are_told_with_discords_codes(setup: Setup) -> None:
    channel = await text_channel(setup, int(Permission.VIEW_CHANNEL))
    setup.guild.edit_role(setup.guild.everyone, permissions=int(Permission.VIEW_CHANNEL))
    theirs = setup.guild.owner.send(setup.channel, "mine")
    found = channel.get_partial_message(theirs.id)
    mira = channel.guild.get_member(setup.mira.id)
    assert mira is not None
    for attempt in (
        lambda: channel.send("x"),
        lambda: found.delete(),
        lambda: found.add_reaction("👍"),
        lambda: channel.edit(name="y"),
        lambda: channel.delete(),
        lambda: channel.guild.create_role(name="x"),
        lambda: channel.guild.create_text_channel("x"),
        lambda: channel.create_thread(name="x", type=discord.ChannelType.public_thread),
        lambda: mira.kick(),
    ):
        with pytest.raises(discord.Forbidden) as refused:
            await attempt()
        assert refused.value.code == 50013
    setup.guild.set_overwrite(setup.channel, setup.guild.everyone, deny=Permission.VIEW_CHANNEL)
    with pytest.raises(discord.Forbidden) as refused:
        await channel.send("x")
    assert refused.value.code == 50001


async def test_without_embed_links_the_embed_is_left_out(setup: Setup) -> None:
    channel = await text_channel(setup, 0)
    bits = int(Permission.VIEW_CHANNEL | Permission.SEND_MESSAGES)
    setup.guild.edit_role(setup.guild.everyone, permissions=bits)
    message = await channel.send("text", embed=discord.Embed(title="gone"))
    assert message.embeds == []


async def test_roles_are_managed_only_below_the_bots_own(setup: Setup) -> None:
    low = setup.guild.add_role("Low")
    channel = await text_channel(setup, int(Permission.MANAGE_ROLES | Permission.VIEW_CHANNEL))
    high = setup.guild.add_role("High", position=50)
    mira = channel.guild.get_member(setup.mira.id)
    assert mira is not None
    await mira.add_roles(discord.Object(low.id))
    assert setup.mira.roles == [low]
    await mira.remove_roles(discord.Object(low.id))
    with pytest.raises(discord.Forbidden) as refused:
        await mira.add_roles(discord.Object(high.id))
    assert refused.value.code == 50013
    with pytest.raises(discord.NotFound) as missing:
        await mira.add_roles(discord.Object(1234))
    assert missing.value.code == 10011


async def test_a_role_and_a_channel_can_be_made_changed_and_deleted(setup: Setup) -> None:
    channel = await text_channel(setup)
    guild = channel.guild
    role = await guild.create_role(name="Reviewer", mentionable=True)
    await role.edit(name="Judge")
    overwrites = {
        guild.default_role: discord.PermissionOverwrite(view_channel=False),
        role: discord.PermissionOverwrite(view_channel=True),
    }
    made = await guild.create_text_channel("Judge Room", overwrites=overwrites)
    assert made.name == "judge-room"
    assert setup.guild.channel("judge-room") not in setup.mira.channels()
    setup.guild.give_role(setup.mira, setup.guild.role("Judge"))
    assert setup.guild.channel("judge-room") in setup.mira.channels()
    await made.set_permissions(role, overwrite=None)
    assert setup.guild.channel("judge-room") not in setup.mira.channels()
    await made.delete()
    await role.delete()
    assert [item.name for item in await guild.fetch_channels()] == ["general"]
    with pytest.raises(discord.NotFound) as gone:
        await made.send("x")
    assert gone.value.code == 10003


async def test_threads_start_from_messages_and_alone(setup: Setup) -> None:
    channel = await text_channel(setup)
    message = await channel.send("Level 128")
    thread = await message.create_thread(name="Talk")
    assert thread.id == message.id
    await thread.send("first")
    alone = await channel.create_thread(name="Private", type=discord.ChannelType.private_thread)
    private = setup.guild.channel("Private")
    assert private not in setup.mira.channels()
    await alone.add_user(discord.Object(setup.mira.id))
    assert private in setup.mira.channels()
    setup.mira.send(private, "thanks")
    await alone.edit(archived=True, locked=True)
    with pytest.raises(discord.HTTPException) as again:
        await message.create_thread(name="Again")
    assert again.value.code == 160004


async def test_only_allowed_mentions_ping(setup: Setup) -> None:
    role = setup.guild.add_role("Judges")
    setup.guild.give_role(setup.noor, role)
    channel = await text_channel(setup, int(Permission.VIEW_CHANNEL | Permission.SEND_MESSAGES))
    text = f"{setup.mira.mention} <@&{role.id}> @everyone"
    await channel.send(text)
    assert len(setup.mira.pings) == 1
    assert setup.noor.pings == []
    setup.guild.edit_role(role, mentionable=True)
    await channel.send(text, allowed_mentions=discord.AllowedMentions(everyone=False, users=False, roles=True))
    assert len(setup.mira.pings) == 1
    assert len(setup.noor.pings) == 1
    await channel.send(text, allowed_mentions=discord.AllowedMentions.none())
    assert len(setup.noor.pings) == 1
    route = discord.http.Route("POST", "/channels/{channel_id}/messages", channel_id=channel.id)
    body = {"content": "x", "allowed_mentions": {"parse": ["users"], "users": [str(setup.mira.id)]}}
    with pytest.raises(discord.HTTPException) as refused:
        await channel._state.http.request(route, json=body)
    assert refused.value.code == 50035


async def test_anothers_message_cannot_be_edited_and_unknown_things_are_unknown(setup: Setup) -> None:
    channel = await text_channel(setup)
    theirs = setup.mira.send(setup.channel, "mine")
    with pytest.raises(discord.Forbidden) as refused:
        await channel.get_partial_message(theirs.id).edit(content="yours")
    assert refused.value.code == 50005
    with pytest.raises(discord.NotFound) as missing:
        await channel.fetch_message(4242)
    assert missing.value.code == 10008
    with pytest.raises(discord.NotFound) as nobody:
        await channel.guild.fetch_member(4242)
    assert nobody.value.code == 10013
    with pytest.raises(discord.NotFound) as elsewhere:
        await channel._state.http.get_guild(4242)
    assert elsewhere.value.code == 10004


async def test_bulk_deletion_and_replies_work(setup: Setup) -> None:
    channel = await text_channel(setup)
    theirs = setup.mira.send(setup.channel, "question")
    reply = await channel.get_partial_message(theirs.id).reply("answer")
    assert reply.reference is not None
    assert len(setup.mira.pings) == 1
    await channel.delete_messages([discord.Object(theirs.id), discord.Object(reply.id)])
    assert setup.mira.visible(setup.channel) == []
