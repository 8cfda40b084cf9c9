"""A guild that is kept from one run of the sandbox to the next."""

from __future__ import annotations

import json
from pathlib import Path

import discord
import pytest
from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL

from sandbox.discord import Permission, SandboxDiscord, Upload
from sandbox.discord.keeping import CannotLoad, Keeper

from .conftest import Setup
from .sample_bot import Panel, build


async def kept(server: SandboxDiscord, path: Path) -> SandboxDiscord:
    """Save a server's state and return another that loaded it."""
    keeper = Keeper(server, path)
    keeper.begin()
    await keeper.close()
    other = SandboxDiscord()
    await other.start()
    Keeper(other, path).load()
    return other


async def test_a_button_on_an_old_message_works_in_the_next_run(setup: Setup, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    setup.join()
    bot = await setup.run(build())
    panel = (await setup.mira.slash(setup.channel, "panel")).message
    assert panel is not None
    await setup.close()
    other = await kept(setup.server, tmp_path / "state.json")
    monkeypatch.setattr(Route, "BASE", other.api_url)
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", URL(other.gateway_url))
    monkeypatch.setattr(discord.Asset, "BASE", other.base_url)
    again = Setup.__new__(Setup)
    again.__dict__ |= {"server": other, "guild": other.guilds[0], "_tasks": []}
    again.application = next(iter(other.world.applications.values()))
    bot = build()
    bot.add_view(Panel())
    await again.run(bot, sync=False)
    mira = other.guilds[0].member(setup.mira.id)
    message = other.guilds[0].general.messages[panel.id]
    assert [command.name for command in mira.commands(other.guilds[0].general)] != []
    answer = await mira.press(message, "count")
    assert (answer.kind, message.content) == ("update", "1")
    await again.close()
    await other.stop()


async def test_everything_that_lasts_comes_back(setup: Setup, tmp_path: Path):
    setup.join()
    guild, channel, mira, noor = setup.guild, setup.channel, setup.mira, setup.noor
    role = guild.add_role("Reviewers", permissions=Permission.MANAGE_MESSAGES)
    guild.give_role(mira, role)
    mira.set_locale("ru")
    staff = guild.add_channel("staff")
    guild.set_overwrite(staff, guild.everyone, deny=Permission.VIEW_CHANNEL)
    guild.set_overwrite(staff, mira, allow=Permission.VIEW_CHANNEL)
    first = mira.send(channel, f"Hello {noor.mention}", files=[Upload("0", "a.png", b"picture", "image/png")])
    reply = noor.send(channel, "Hi", reply_to=first)
    noor.react(first, "👍")
    mira.edit(first, f"Hello, {noor.mention}")
    gone = noor.send(channel, "gone")
    last = mira.send(channel, "about that", reply_to=gone)
    noor.delete_message(gone)
    direct = mira.dm("Hello, bot")
    path = tmp_path / "state.json"
    other = await kept(setup.server, path)
    found = other.guilds[0]
    assert (found.name, found.owner.id, found.general.id) == (guild.name, guild.owner.id, channel.id)
    again = found.member(mira.id)
    assert (again.user.locale, [item.name for item in again.roles]) == ("ru", ["Reviewers"])
    assert [item.name for item in again.channels()] == ["general", "staff"]
    assert [item.name for item in found.member(noor.id).channels()] == ["general"]
    messages = again.visible(found.general)
    assert [(item.id, item.content) for item in messages] == [
        (first.id, first.content),
        (reply.id, "Hi"),
        (last.id, "about that"),
    ]
    assert messages[1].reference is messages[0]
    assert (messages[2].reference, messages[2].reference_ids) == (None, last.reference_ids)
    assert messages[0].reactions == {"👍": [noor.id]}
    assert messages[0].edited_timestamp is not None
    assert found.member(noor.id).pings == [messages[0], messages[2]] or noor.id in messages[0].pinged
    assert messages[0].attachments[0].data == b"picture"
    assert messages[0].attachments[0].url.startswith(other.base_url)
    assert [item.content for item in again.dms()] == [direct.content]
    assert again.send(found.general, "new").id > last.id
    application = next(iter(other.world.applications.values()))
    assert (application.token, found.guild.applications) == (setup.application.token, {application.id: application})
    assert path.stat().st_mode & 0o077 == 0
    await other.stop()


async def test_what_one_person_saw_and_what_was_never_answered_does_not_come_back(setup: Setup, tmp_path: Path):
    setup.join()
    await setup.run(build())
    await setup.mira.slash(setup.channel, "panel", secret=True)
    await (await setup.mira.slash(setup.channel, "slow")).final()
    other = await kept(setup.server, tmp_path / "state.json")
    assert list(other.guilds[0].general.messages) == []
    await other.stop()


async def test_changes_are_saved_and_files_nobody_needs_are_removed(setup: Setup, tmp_path: Path):
    setup.join()
    path = tmp_path / "state.json"
    message = setup.mira.send(setup.channel, "x", files=[Upload("0", "a.png", b"picture", "image/png")])
    keeper = Keeper(setup.server, path)
    keeper.begin()
    await keeper.close()
    assert [item.name for item in (tmp_path / "state.files").iterdir()] == [str(message.attachments[0].id)]
    setup.mira.delete_message(message)
    other = await kept(setup.server, path)
    assert list((tmp_path / "state.files").iterdir()) == []
    assert sorted(item.name for item in tmp_path.iterdir()) == ["state.files", "state.json"]
    await other.stop()


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"version": 99}', '{"version": 1}', '{"version": 1, "base_url": "x", "last_id": "y"}']
)
async def test_a_broken_file_is_refused_in_words(tmp_path: Path, text: str):
    path = tmp_path / "state.json"
    path.write_text(text)
    server = SandboxDiscord()
    with pytest.raises(CannotLoad, match="remove it to begin anew"):
        Keeper(server, path).load()


async def test_two_saves_of_the_same_state_are_the_same(setup: Setup, tmp_path: Path):
    setup.join()
    setup.mira.send(setup.channel, "x")
    other = await kept(setup.server, tmp_path / "one.json")
    keeper = Keeper(other, tmp_path / "two.json")
    keeper.begin()
    await keeper.close()
    one, two = (json.loads((tmp_path / name).read_text()) for name in ("one.json", "two.json"))
    assert one | {"base_url": ""} == two | {"base_url": ""}
    await other.stop()
