"""A second opinion on how Discord behaves: one small bot does the same on the sandbox and on simcord, and sees the same.

Both were written from Discord's documentation by different people, so where they agree a misreading is less likely.
Where they differ, `DIFFERENCES` says who is right and by which source.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any

import discord
import pytest
import simcord
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route, handle_message_parameters

from sandbox.discord import Permission, SandboxDiscord

Flow = Callable[["Probe", discord.Interaction[Any]], Awaitable[None]]
FLOWS: dict[str, Flow] = {}


def flow(run: Flow) -> Flow:
    """Let the probe do this when it is asked to by name."""
    FLOWS[run.__name__] = run
    return run


class Probe(discord.Client):
    """The bot: one command that tries something, and notes what Discord made of it."""

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents.default(), max_ratelimit_timeout=None)
        self._connection.guild_ready_timeout = 0.02
        self.tree = app_commands.CommandTree(self)
        self.seen: list[str] = []
        self.locked_channel = 0
        self.ready = asyncio.Event()
        self.idle = asyncio.Event()

    @contextmanager
    def working(self) -> Iterator[None]:
        """Let the test wait until a handler is through."""
        self.idle.clear()
        try:
            yield
        finally:
            self.idle.set()

    async def setup_hook(self) -> None:
        """Offer the command."""

        @self.tree.command(name="probe", description="Try something")
        async def probe(interaction: discord.Interaction[Any], what: str) -> None:
            with self.working():
                await FLOWS[what](self, interaction)

        @probe.autocomplete("what")
        async def suggest(interaction: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
            return [app_commands.Choice(name=name.upper(), value=name) for name in sorted(FLOWS) if typed in name][:25]

        await self.tree.sync()

    async def on_ready(self) -> None:
        """Let the test go on."""
        self.ready.set()

    async def attempt(self, doing: Awaitable[Any]) -> Any:
        """Await something, and note Discord's status and error code when it refuses."""
        try:
            done = await doing
        except discord.HTTPException as error:
            self.seen.append(f"{error.status} {error.code}")
            return None
        self.seen.append("ok")
        return done


@flow
async def replies_publicly_and_whispers_after(probe: Probe, interaction: discord.Interaction[Any]) -> None:
    await probe.attempt(interaction.response.send_message("For all"))
    await probe.attempt(interaction.followup.send("For you", ephemeral=True))


@flow
async def whispers(probe: Probe, interaction: discord.Interaction[Any]) -> None:
    await probe.attempt(interaction.response.send_message("For you", ephemeral=True))
    await probe.attempt(interaction.edit_original_response(content="Still for you"))


@flow
async def responds_twice(probe: Probe, interaction: discord.Interaction[Any]) -> None:
    await probe.attempt(interaction.response.send_message("First", ephemeral=True))
    interaction.response._response_type = None
    await probe.attempt(interaction.response.send_message("Second", ephemeral=True))


@flow
async def defers_and_edits(probe: Probe, interaction: discord.Interaction[Any]) -> None:
    await probe.attempt(interaction.response.defer(ephemeral=True, thinking=True))
    await probe.attempt(interaction.edit_original_response(content="Thought about it"))
    await probe.attempt(interaction.followup.send("One more", ephemeral=True))


@flow
async def edits_before_responding(probe: Probe, interaction: discord.Interaction[Any]) -> None:
    await probe.attempt(interaction.edit_original_response(content="Too early"))
    await probe.attempt(interaction.response.send_message("Now", ephemeral=True))


@flow
async def deletes_its_answer(probe: Probe, interaction: discord.Interaction[Any]) -> None:
    await probe.attempt(interaction.response.send_message("Gone soon", ephemeral=True))
    await probe.attempt(interaction.delete_original_response())
    await probe.attempt(interaction.edit_original_response(content="Back?"))


@flow
async def says_too_much(probe: Probe, interaction: discord.Interaction[Any]) -> None:
    await probe.attempt(interaction.response.send_message("x" * 2001, ephemeral=True))
    await probe.attempt(interaction.response.send_message(embed=discord.Embed(title="x" * 257), ephemeral=True))
    await probe.attempt(interaction.response.send_message(embed=discord.Embed(description="x" * 4097), ephemeral=True))
    full = discord.Embed(description="x" * 4000)
    await probe.attempt(interaction.response.send_message(embeds=[full, full], ephemeral=True))
    crowded = discord.Embed()
    for number in range(26):
        crowded.add_field(name=str(number), value="x")
    await probe.attempt(interaction.response.send_message(embed=crowded, ephemeral=True))
    await probe.attempt(interaction.response.send_message("Enough", ephemeral=True))


@flow
async def says_nothing(probe: Probe, interaction: discord.Interaction[Any]) -> None:
    await probe.attempt(interaction.response.send_message("Here it comes", ephemeral=True))
    assert interaction.channel is not None
    with handle_message_parameters(content="") as parameters:
        await probe.attempt(probe.http.send_message(interaction.channel.id, params=parameters))


@flow
async def writes_where_it_may_not(probe: Probe, interaction: discord.Interaction[Any]) -> None:
    await probe.attempt(interaction.response.send_message("Trying", ephemeral=True))
    await probe.attempt(probe.get_partial_messageable(probe.locked_channel).send("Let me in"))


@flow
async def touches_what_is_gone(probe: Probe, interaction: discord.Interaction[Any]) -> None:
    await probe.attempt(interaction.response.send_message("Looking", ephemeral=True))
    assert interaction.channel is not None
    nowhere = probe.get_partial_messageable(interaction.channel.id).get_partial_message(1234567890123456789)
    await probe.attempt(nowhere.fetch())
    await probe.attempt(nowhere.edit(content="Hello?"))
    await probe.attempt(nowhere.delete())
    await probe.attempt(probe.get_partial_messageable(1234567890123456789).send("Hello?"))


@flow
async def repeats_a_nonce(probe: Probe, interaction: discord.Interaction[Any]) -> None:
    await probe.attempt(interaction.response.send_message("Sending", ephemeral=True))
    assert interaction.channel is not None
    channel = probe.get_partial_messageable(interaction.channel.id)
    first = await probe.attempt(channel.send("Once", nonce="the-same"))
    second = await probe.attempt(channel.send("Once", nonce="the-same"))
    probe.seen.append("the same message" if first.id == second.id else "two messages")


@flow
async def repeats_a_custom_id(probe: Probe, interaction: discord.Interaction[Any]) -> None:
    view = discord.ui.View()
    view.add_item(discord.ui.Button(label="One", custom_id="same"))
    view.add_item(discord.ui.Button(label="Two", custom_id="same"))
    await probe.attempt(interaction.response.send_message("Twins", view=view, ephemeral=True))
    if not interaction.response.is_done():
        await probe.attempt(interaction.response.send_message("No twins", ephemeral=True))


@flow
async def mentions_everybody_without_pinging(probe: Probe, interaction: discord.Interaction[Any]) -> None:
    await probe.attempt(
        interaction.response.send_message(
            f"@everyone {interaction.user.mention}", allowed_mentions=discord.AllowedMentions.none()
        )
    )
    message = await interaction.original_response()
    probe.seen.append(f"everyone {message.mention_everyone}, {len(message.mentions)} mentioned")


@flow
async def opens_a_form(probe: Probe, interaction: discord.Interaction[Any]) -> None:
    class Form(discord.ui.Modal, title="A form"):
        """One field."""

        name = discord.ui.Label(text="Name", component=discord.ui.TextInput(custom_id="name", max_length=20))

        async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
            """Note what came."""
            assert isinstance(self.name.component, discord.ui.TextInput)
            with probe.working():
                probe.seen.append(f"typed {self.name.component.value!r}")
                await probe.attempt(interaction.response.send_message("Thanks", ephemeral=True))

    await probe.attempt(interaction.response.send_modal(Form()))


@flow
async def shows_a_button(probe: Probe, interaction: discord.Interaction[Any]) -> None:
    class Buttons(discord.ui.View):
        """One button that edits its message and whispers."""

        @discord.ui.button(label="Press", custom_id="press")
        async def press(self, interaction: discord.Interaction[Any], button: discord.ui.Button[Any]) -> None:
            """Answer the click."""
            with probe.working():
                await probe.attempt(interaction.response.defer())
                await probe.attempt(interaction.edit_original_response(content="Pressed"))
                interaction.response._response_type = None
                await probe.attempt(interaction.response.send_message("Twice"))
                await probe.attempt(interaction.followup.send("Psst", ephemeral=True))

    await probe.attempt(interaction.response.send_message("Press it", view=Buttons()))


@dataclass
class Seen:
    """What came of a flow: what the bot noted, and the messages a member sees as (text, ephemeral)."""

    noted: list[str]
    shown: list[tuple[str, bool]] = field(default_factory=list[tuple[str, bool]])


def _bare(content: str) -> str:
    """Return a text without the ids in it, which differ."""
    return re.sub(r"[0-9]{17,20}", "…", content)


@dataclass(frozen=True)
class Side:
    """One of the two: do a flow, or type into the command's option."""

    run: Callable[[str], Awaitable[Seen]]
    autocomplete: Callable[[str], Awaitable[list[tuple[str, str]]]]


@asynccontextmanager
async def sandbox_side() -> AsyncGenerator[Side]:
    """Run the probe on the sandbox."""
    server = SandboxDiscord()
    await server.start()
    before = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = server.api_url, yarl.URL(server.gateway_url)
    application = server.create_application("Probe", "token")
    guild = server.create_guild("Guild")
    mira = guild.add_member("Mira")
    probe = Probe()
    allowed = Permission.VIEW_CHANNEL | Permission.READ_MESSAGE_HISTORY | Permission.SEND_MESSAGES | Permission.EMBED_LINKS
    guild.add_bot(application, permissions=allowed)
    locked = guild.add_channel("locked")
    guild.set_overwrite(locked, guild.everyone, deny=Permission.SEND_MESSAGES)
    probe.locked_channel = locked.id
    running = asyncio.create_task(probe.start("token"))
    await asyncio.wait_for(probe.ready.wait(), 10)

    async def run(name: str) -> Seen:
        probe.seen = []
        answer = await mira.slash(guild.general, "probe", what=name)
        await asyncio.wait_for(probe.idle.wait(), 5)
        followups = answer.followups
        if answer.kind == "modal":
            answer = await mira.submit(answer.modal, {"Name": "Mira"})
        elif name == "shows_a_button":
            assert answer.message is not None
            followups = (await mira.press(answer.message, "Press")).followups
        await asyncio.wait_for(probe.idle.wait(), 5)
        messages = [answer.message, *followups]
        return Seen(
            probe.seen, [(_bare(item.content), item.ephemeral) for item in messages if item is not None and not item.deleted]
        )

    async def autocomplete(typed: str) -> list[tuple[str, str]]:
        choices = await mira.autocomplete(guild.general, "probe", focused="what", what=typed)
        return [(choice["name"], choice["value"]) for choice in choices]

    try:
        yield Side(run, autocomplete)
    finally:
        await probe.close()
        await asyncio.gather(running, return_exceptions=True)
        await server.stop()
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = before


@asynccontextmanager
async def simcord_side() -> AsyncGenerator[Side]:
    """Run the probe on simcord."""
    probe = Probe()
    async with simcord.run(probe) as env:
        guild = env.create_guild("Guild")
        channel = guild.create_text_channel("general")
        denied = discord.PermissionOverwrite(send_messages=False)
        locked = guild.create_text_channel("locked", overwrites={guild.default_role: denied})
        probe.locked_channel = locked.id
        mira = guild.add_member(env.create_user("Mira"))

        async def run(name: str) -> Seen:
            probe.seen = []
            result = await mira.slash(channel, "probe", what=name)
            followups = result.followups
            if result.modal is not None:
                result = await mira.submit_modal(result, {"name": "Mira"})
            elif name == "shows_a_button":
                assert result.response is not None
                followups = (await mira.click(result.response.message, label="Press")).followups
            messages = [result.response, *followups]
            return Seen(probe.seen, [(_bare(item.content), item.ephemeral) for item in messages if item is not None])

        async def autocomplete(typed: str) -> list[tuple[str, str]]:
            choices = await mira.autocomplete(channel, "probe", "what", typed)
            return [(choice["name"], choice["value"]) for choice in choices]

        yield Side(run, autocomplete)


@dataclass(frozen=True)
class Difference:
    """What simcord makes of a flow where the sandbox follows another source. `noted`: by place, ours and theirs."""

    noted: dict[int, tuple[str, str]]
    reason: str


DIFFERENCES = {
    "edits_before_responding": Difference(
        {0: ("404 10015", "404 10008")},
        "Before an interaction has a response, what bots get is Unknown Webhook (Rapptz/discord.py#7660,"
        " Pycord-Development/pycord#918).",
    ),
    "says_nothing": Difference(
        {1: ("400 50006", "400 50035")},
        "Discord's list of JSON error codes has 50006, Cannot send an empty message, and that is what bots report for it"
        " (discord.js#6115, museofficial/muse#1051).",
    ),
    "repeats_a_nonce": Difference(
        {3: ("the same message", "two messages")},
        "Reference of Create Message, enforce_nonce: if another message was created by the same author with the same nonce, that"
        " message is returned and no new one created. simcord ignores the field.",
    ),
    "mentions_everybody_without_pinging": Difference(
        {1: ("everyone False, 0 mentioned", "everyone False, 1 mentioned")},
        "Mentions suppressed with allowed_mentions are not in the message's array of mentions (discord/discord-api-docs#2126).",
    ),
}
"""Where the sandbox is right and simcord is not. Elsewhere both agree."""


@pytest.mark.parametrize("name", FLOWS)
async def test_the_probe_sees_the_same_on_the_sandbox_and_on_simcord(name: str) -> None:
    async with sandbox_side() as sandbox:
        ours = await sandbox.run(name)
    async with simcord_side() as other:
        theirs = await other.run(name)
    difference = DIFFERENCES.get(name, Difference({}, ""))
    assert {place: (ours.noted[place], theirs.noted[place]) for place in difference.noted} == difference.noted
    for place, (our_note, _) in difference.noted.items():
        theirs.noted[place] = our_note
    assert ours == theirs


async def test_both_complete_an_option_alike() -> None:
    async with sandbox_side() as sandbox:
        ours = await sandbox.autocomplete("nonce")
    async with simcord_side() as other:
        theirs = await other.autocomplete("nonce")
    assert ours == theirs == [("REPEATS_A_NONCE", "repeats_a_nonce")]
