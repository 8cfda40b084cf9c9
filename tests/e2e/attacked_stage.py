"""Two guilds for tests in which people try what they may not, and what such people send.

A module that wants them says `pytestmark = ONE_LOOP` and `stage = attacked_stage()`; nothing that its tests do may change them.
"""

import contextlib
import sqlite3
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any

import pytest_asyncio

from sandbox.discord.actors import SandboxUser
from sandbox.discord.answers import Answer
from sandbox.discord.models import Channel, ChannelType, Message
from sandbox.discord.options import find_command
from sandbox.geometry_dash import catalogue
from tests.e2e.entry_points import FORM, Entry
from tests.e2e.steps import REVIEW, ask, fill, opine, request_id
from tests.e2e.world import Guild, World
from util.identifiers import Flag, Route

UNCHANGING = {"job", "alembic_version", "sqlite_sequence"}
"""Tables that change by themselves."""


@dataclass
class Stage:
    """Two guilds that have everything an id can name; the first is attacked, the second's ids are used."""

    world: World
    guild: Guild
    other: Guild
    ids: dict[str, str]
    other_ids: dict[str, str]
    page: Message
    """The `/setup` message that components are forged onto."""

    def dump(self) -> dict[str, list[Any]]:
        """Return every row of the database."""
        connection = sqlite3.connect(self.world.folder / "bot.db")
        try:
            names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            kept = [name for name in names if name not in UNCHANGING]
            return {name: connection.execute(f'SELECT * FROM "{name}" ORDER BY 1, 2').fetchall() for name in kept}
        finally:
            connection.close()

    def posted(self) -> list[tuple[int, str, str]]:
        """Return every message that everybody sees in both guilds."""
        found = [message for guild in (self.guild, self.other) for route in Route for message in guild.messages(route)]
        return [(message.id, message.content, str(message.embeds)) for message in found]


async def furnish(world: World, name: str) -> tuple[Guild, dict[str, str]]:
    """Make a guild with a pending request that has an opinion and a trainee's review."""
    guild = await world.add_guild(name)
    mira, toni, rhea = guild.join("Mira"), guild.join("Toni", Flag.TRAINEE), guild.join("Rhea", Flag.REVIEWER)
    guild.join("Gone").leave()
    await fill(mira, await ask(guild, mira, catalogue.UNRATED_EASY), comment=f"Secret of {name}")
    await world.settled()
    [card] = guild.messages(Route.PENDING_REQUEST)
    await opine(toni, card, review=f"{REVIEW} Secret of {name}")
    await opine(rhea, card)
    await world.settled()
    [practice] = guild.messages(Route.TRAINEE_REVIEW_TEXT)
    review = practice.components[0]["components"][0]["custom_id"].split(":")[1]
    ids = {
        "request": str(request_id(card)),
        "review": review,
        "channel": str(guild.home.id),
        "role": str(guild.roles[Flag.LOG_VIEWER].id),
        "level": "2005",
        "trainee": str(toni.id),
    }
    return guild, ids


def attacked_stage() -> Any:
    """Make the fixture that gives the stage."""

    @pytest_asyncio.fixture(scope="module", loop_scope="module", name="stage")
    async def fixture(shared_world: World) -> AsyncGenerator[Stage]:
        guild, ids = await furnish(shared_world, "First")
        other, other_ids = await furnish(shared_world, "Second")
        ada = guild.join("Ada", Flag.ADMIN)
        opened = await (await ada.slash(guild.home, "setup")).final()
        assert opened.message is not None
        yield Stage(shared_world, guild, other, ids, other_ids, opened.message)

    return fixture


@contextlib.asynccontextmanager
async def nothing_happens(stage: Stage) -> AsyncGenerator[None]:
    """Hold that the block changes nothing in the database and posts nothing."""
    before, seen = stage.dump(), stage.posted()
    yield
    await stage.world.settled()
    assert stage.dump() == before
    assert stage.posted() == seen


async def told(answer: Answer) -> str:
    """Return what somebody is told, which must be for their eyes only."""
    answer = await answer.final()
    if answer.kind == "acknowledged":
        assert answer.followups, "the click was acknowledged and nothing said"
        assert answer.followups[-1].ephemeral
        return answer.followups[-1].content
    assert answer.kind == "message" or (answer.kind == "deferred"), answer.kind
    assert answer.ephemeral
    return answer.content


async def act(stage: Stage, who: SandboxUser, entry: Entry, ids: dict[str, str]) -> Answer:
    """Send what a client would, or a forged one."""
    custom_id = entry.custom_id.format(**ids)
    if entry.kind == FORM:
        return await who.forge_modal(stage.guild.home, custom_id, dict(entry.typed))
    values = [value.format(**ids) for value in entry.values]
    if custom_id.startswith("page:"):
        # Under a message that nobody asked for: whose list it is has a check of its own.
        [card] = stage.guild.messages(Route.PENDING_REQUEST)
        return await who.forge_component(card, custom_id)
    return await who.forge_component(stage.page, custom_id, kind=entry.kind, values=values)


def outsiders(guild: Guild, flags: tuple[Flag, ...]) -> list[SandboxUser]:
    """Return who lacks flags: a plain member, and somebody who has every other flag that does not imply them."""
    implying = {*flags, Flag.ADMIN}
    rest = [flag for flag in Flag if flag not in implying and flag is not Flag.TRAINEE]
    key = "+".join(flags)
    return [
        guild.people.get(f"Nobody {key}") or guild.join(f"Nobody {key}"),
        guild.people.get(f"All but {key}") or guild.join(f"All but {key}", *rest),
    ]


def refusal(flags: tuple[Flag, ...]) -> str:
    """Return how a refusal names the flags."""
    return ", ".join(flag.value for flag in flags)


KNOWN = {"event_type": "request_created", "parameter": "queue.block_at", "template_name": "request.created", "duration": "1d"}
"""Values of options that are suggested while typing, or have a form of their own."""


def option_values(stage: Stage, command: str) -> dict[str, Any]:
    """Return a plausible value for each option of a command."""
    found = find_command([stage.world.application], stage.guild.sandbox.guild, command)
    samples = {3: "something", 4: 2_003, 5: True, 6: stage.guild.people["Mira"], 7: stage.guild.home, 10: 1.5}
    samples[8] = stage.guild.roles[Flag.LOG_VIEWER]
    samples[11] = stage.guild.people["Mira"].upload("data.db", b"x")
    values: dict[str, Any] = {}
    for option in found.options:
        choices = option.get("choices")
        values[option["name"]] = choices[0]["value"] if choices else KNOWN.get(option["name"], samples[option["type"]])
    return values


def invalid_values(stage: Stage, command: str) -> dict[str, Any]:
    """Return for each option of a command what nothing is called, what is of no use there, or what is out of every range."""
    found = find_command([stage.world.application], stage.guild.sandbox.guild, command)
    samples = {3: "no such thing", 4: -1, 5: "perhaps", 6: stage.guild.people["Gone"], 7: _category(stage.guild), 10: -1.5}
    samples[8] = stage.guild.sandbox.everyone
    samples[11] = stage.guild.people["Mira"].upload("picture.png", b"")
    return {option["name"]: samples[option["type"]] for option in found.options}


def _category(guild: Guild) -> Channel:
    known = (channel for channel in guild.sandbox.guild.channels.values() if channel.type == ChannelType.CATEGORY)
    return next(known, None) or guild.sandbox.add_channel("No place to write", kind=ChannelType.CATEGORY)
