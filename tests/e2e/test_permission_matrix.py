"""Every entry point refuses whoever lacks its flag, whatever their client sends, and nothing changes by it.

Commands come from the cogs themselves, their flags from `util.command_flags`; buttons, selects and forms from the
dispatcher's own register, their flags from the table below, which must name every one of them.
"""

import importlib
import inspect
import sqlite3
from collections.abc import AsyncGenerator, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio
from discord import app_commands
from discord.ext import commands
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cogs import EXTENSIONS
from components import actions
from components.pages import turning
from components.pages.turning import PagedList
from db.models import GuildModule
from db.upsert import upsert
from sandbox.discord.actors import SandboxUser
from sandbox.discord.answers import Answer
from sandbox.discord.models import Message
from sandbox.discord.options import find_command
from sandbox.geometry_dash import catalogue
from tests.e2e.shared import ONE_LOOP
from tests.e2e.steps import REVIEW, ask, fill, opine, request_id, says
from tests.e2e.world import Guild, World
from util.command_flags import COMMAND_FLAGS
from util.identifiers import Flag, Module, Route
from util.paging import Where
from util.texts import Text

pytestmark = ONE_LOOP
BUTTON, STRING_SELECT, ROLE_SELECT, CHANNEL_SELECT = 2, 3, 6, 8
FORM = 0
EVERYBODY: tuple[Flag, ...] = ()
REVIEWERS, MODERATORS, CURATORS, ADMINS = (Flag.REVIEWER,), (Flag.GD_MOD,), (Flag.TRAINEE_SUPERVISOR,), (Flag.ADMIN,)
LOGS = (Flag.LOG_VIEWER,)
LIST_FLAGS = {
    PagedList.EVENTS: LOGS,
    PagedList.FILTERS: LOGS,
    PagedList.QUEUE_HISTORY: LOGS,
    PagedList.TEXTS: ADMINS,
    PagedList.PARAMETERS: ADMINS,
    PagedList.ROUTES: ADMINS,
    PagedList.USER_COOLDOWNS: COMMAND_FLAGS["usercd list"],
    PagedList.USER_COOLDOWN_HISTORY: COMMAND_FLAGS["usercd history"],
    PagedList.LEVEL_COOLDOWNS: COMMAND_FLAGS["levelcd list"],
    PagedList.LEVEL_COOLDOWN_HISTORY: COMMAND_FLAGS["levelcd history"],
    PagedList.REVIEWS_OF_LEVEL: COMMAND_FLAGS["reviews level"],
    PagedList.REVIEWS_OF_USER: COMMAND_FLAGS["reviews user"],
}
"""Who may turn the pages of a list."""
UNCHANGING = {"job", "alembic_version", "sqlite_sequence"}
"""Tables that change by themselves."""


@dataclass(frozen=True)
class Entry:
    """Something that can be done with a component or form: its `custom_id` (with places to fill in), kind and input."""

    custom_id: str
    flags: tuple[Flag, ...]
    kind: int = BUTTON
    values: tuple[str, ...] = ()
    typed: tuple[tuple[str, str], ...] = ()


ENTRIES = (
    Entry("opinion:{request}:approve:0", REVIEWERS),
    Entry("opinion:{request}:reject:0", REVIEWERS),
    Entry("opinion:{request}:approve:1", REVIEWERS),
    Entry("opinion:{request}:reject:1", REVIEWERS),
    Entry("opinion_form:{request}:approve", REVIEWERS, FORM, typed=(("review", REVIEW),)),
    Entry("opinion_form:{request}:reject", REVIEWERS, FORM, typed=(("reason", "Too short"),)),
    Entry("resolve:{request}:legendary", MODERATORS),
    Entry("resolve:{request}:reject", MODERATORS),
    Entry("resolve_form:{request}:legendary", MODERATORS, FORM, typed=(("review", REVIEW), ("reason", "Great"))),
    Entry("resolve_form:{request}:reject", MODERATORS, FORM),
    Entry("assess:{review}:1", CURATORS),
    Entry("assess:{review}:0", CURATORS),
    Entry("assess_form:{review}:1", CURATORS, FORM, typed=(("feedback", "Well done"),)),
    Entry("assess_form:{review}:0", CURATORS, FORM),
    Entry("setup_go", ADMINS, STRING_SELECT, ("channels",)),
    Entry("setup_item:channels", ADMINS, STRING_SELECT, ("log",)),
    Entry("setup_channel:log", ADMINS, CHANNEL_SELECT, ("{channel}",)),
    Entry("setup_roles:admin", ADMINS, ROLE_SELECT, ("{role}",)),
    Entry("setup_ping", ADMINS, ROLE_SELECT, ("{role}",)),
    Entry("setup_language", ADMINS, STRING_SELECT, ("ru",)),
    Entry("setup_speakers:ru", ADMINS, ROLE_SELECT, ("{role}",)),
    Entry("setup_module:requests:0", ADMINS),
    Entry("setup_create", ADMINS),
    Entry("delete_request:{request}", ADMINS),
    Entry("log_replace:a:b:c", LOGS),
    Entry("log_delete:a:b", LOGS),
    Entry("text_again:request.created:en", ADMINS),
    Entry("text_form:request.created:en:state", ADMINS, FORM, typed=(("text", "Thanks"),)),
    *(Entry(f"page:{kind.value}:2003:{Where.FIRST.value}::1", flags) for kind, flags in LIST_FLAGS.items()),
    Entry("decide:{trainee}:{review}:1", CURATORS),
    Entry("decide:{trainee}:{review}:0", CURATORS),
    Entry("decide_later:1", EVERYBODY),
    # Whose question it was is the only one who can answer it.
    Entry("cooldown:1:1", EVERYBODY),
    Entry("cooldown:1:0", EVERYBODY),
    Entry("log_keep", EVERYBODY),
    Entry("dismiss", EVERYBODY),
    Entry("continue:{level}", EVERYBODY),
    Entry("request:{level}", EVERYBODY, FORM),
)
GUARDED = [entry for entry in ENTRIES if entry.flags]


def _walk(command: Any) -> Iterator[Any]:
    if isinstance(command, app_commands.Group):
        for inner in command.commands:
            yield from _walk(inner)
    else:
        yield command


def every_command() -> list[str]:
    """Return the full name of every slash command that a cog of the bot has."""
    found: set[str] = set()
    for extension in EXTENSIONS:
        for _, cog in inspect.getmembers(importlib.import_module(extension), inspect.isclass):
            if issubclass(cog, commands.Cog):
                for top in getattr(cog, "__cog_app_commands__", ()):
                    found |= {command.qualified_name for command in _walk(top)}
    return sorted(found)


COMMANDS = every_command()


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


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(shared_world: World) -> AsyncGenerator[Stage]:
    """Give the stage; nothing that the tests do may change it."""
    guild, ids = await furnish(shared_world, "First")
    other, other_ids = await furnish(shared_world, "Second")
    ada = guild.join("Ada", Flag.ADMIN)
    opened = await (await ada.slash(guild.home, "setup")).final()
    assert opened.message is not None
    yield Stage(shared_world, guild, other, ids, other_ids, opened.message)


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


async def test_the_table_names_every_button_select_and_form() -> None:
    assert {entry.custom_id.split(":")[0] for entry in ENTRIES} == set(actions._BY_PREFIX)


async def test_the_table_names_every_list_with_pages() -> None:
    assert set(LIST_FLAGS) == set(turning._LISTS)


async def test_the_flags_of_every_command_are_known() -> None:
    assert set(COMMANDS) <= set(COMMAND_FLAGS)


async def test_the_commands_under_test_are_those_that_discord_offers(stage: Stage) -> None:
    assert [found.name for found in stage.guild.sandbox.owner.commands(stage.guild.home)] == COMMANDS


@pytest.mark.parametrize("command", [name for name in COMMANDS if COMMAND_FLAGS[name]])
async def test_a_command_refuses_whoever_lacks_its_flag(stage: Stage, command: str) -> None:
    flags = COMMAND_FLAGS[command]
    values = option_values(stage, command)
    people = outsiders(stage.guild, flags)
    before, seen = stage.dump(), stage.posted()
    for who in people:
        said = await told(await who.forge_slash(stage.guild.home, command, **values))
        assert says(said, Text.ERROR_FORBIDDEN, flags=refusal(flags)), said
    await stage.world.settled()
    assert stage.dump() == before
    assert stage.posted() == seen


@pytest.mark.parametrize("entry", GUARDED, ids=lambda entry: entry.custom_id)
async def test_a_component_or_form_refuses_whoever_lacks_its_flag(stage: Stage, entry: Entry) -> None:
    people = outsiders(stage.guild, entry.flags)
    before, seen = stage.dump(), stage.posted()
    for who in people:
        said = await told(await act(stage, who, entry, stage.ids))
        assert says(said, Text.ERROR_FORBIDDEN, flags=refusal(entry.flags)), said
        assert "Secret" not in said
    await stage.world.settled()
    assert stage.dump() == before
    assert stage.posted() == seen


async def test_flags_of_another_guild_open_nothing_here(stage: Stage) -> None:
    """Somebody who runs the second guild is nobody in the first, even with all their roles' ids."""
    boss = stage.other.join("Boss", *Flag)
    visitor = stage.guild.sandbox.add_member(boss)
    before, seen = stage.dump(), stage.posted()
    for entry in GUARDED:
        said = await told(await act(stage, visitor, entry, stage.ids))
        assert says(said, Text.ERROR_FORBIDDEN, flags=refusal(entry.flags)), entry.custom_id
    await stage.world.settled()
    assert stage.dump() == before
    assert stage.posted() == seen


async def test_a_flag_that_was_taken_away_closes_what_was_open(stage: Stage) -> None:
    guild = stage.guild
    mo = guild.join("Former", Flag.GD_MOD)
    [card] = guild.messages(Route.RESOLUTION)
    opened = await mo.press(card, f"resolve:{stage.ids['request']}:epic")
    guild.sandbox.take_role(mo, guild.roles[Flag.GD_MOD])
    before = stage.dump()
    said = await told(await mo.submit(opened.modal, {}))
    assert says(said, Text.ERROR_FORBIDDEN, flags=Flag.GD_MOD.value)
    assert stage.dump() == before


NOT_FOUND = {
    "opinion": Text.REQUEST_NOT_FOUND,
    "opinion_form": Text.REQUEST_NOT_FOUND,
    "resolve": Text.REQUEST_NOT_FOUND,
    "resolve_form": Text.REQUEST_NOT_FOUND,
    "assess": Text.ASSESSMENT_REFUSED_UNKNOWN,
    "assess_form": Text.ASSESSMENT_REFUSED_UNKNOWN,
    "delete_request": Text.REQUEST_NOT_FOUND,
    "setup_channel": Text.ROUTE_CHANNEL_UNKNOWN,
    "setup_roles": Text.ERROR_NOT_FOUND,
    "setup_ping": Text.ERROR_VALUE_ROLE,
    "setup_speakers": Text.ERROR_NOT_FOUND,
}
"""How each entry point that takes an id says that there is nothing of that id here."""
WITH_IDS = [
    entry
    for entry in ENTRIES
    if "{" in entry.custom_id + "".join(entry.values)
    and "{level}" not in entry.custom_id
    and not entry.custom_id.startswith("decide")
]


@pytest.mark.parametrize("entry", WITH_IDS, ids=lambda entry: entry.custom_id)
@pytest.mark.parametrize("whose", ["another guild's", "unknown"])
async def test_ids_of_another_guild_are_not_found_even_by_an_admin(stage: Stage, entry: Entry, whose: str) -> None:
    ids = stage.other_ids if whose == "another guild's" else dict.fromkeys(stage.other_ids, "999999999999999999")
    before, seen = stage.dump(), stage.posted()
    said = await told(await act(stage, stage.guild.people["Ada"], entry, ids))
    assert says(said, NOT_FOUND[entry.custom_id.split(":")[0]]), said
    assert "Second" not in said
    await stage.world.settled()
    assert stage.dump() == before
    assert stage.posted() == seen


@pytest.mark.parametrize(
    "number", ["9999999999999999999", "9223372036854775808", "9223372036854775807", "0", "-1", "1e3", "٣", "1 "]
)
@pytest.mark.parametrize("entry", WITH_IDS, ids=lambda entry: entry.custom_id)
async def test_numbers_out_of_range_are_refused_and_not_an_error_of_the_bot(stage: Stage, entry: Entry, number: str) -> None:
    before = stage.dump()
    said = await told(await act(stage, stage.guild.people["Ada"], entry, dict.fromkeys(stage.ids, number)))
    key = NOT_FOUND[entry.custom_id.split(":")[0]]
    assert says(said, key) or says(said, Text.ERROR_UNKNOWN_ACTION), said
    assert stage.dump() == before


@pytest.mark.parametrize("level_id", ["0", "199", "1000000001", "9223372036854775807", "9999999999999999999", "-5"])
@pytest.mark.parametrize("entry", [entry for entry in ENTRIES if "{level}" in entry.custom_id], ids=lambda entry: entry.custom_id)
async def test_level_ids_out_of_range_are_refused(stage: Stage, entry: Entry, level_id: str) -> None:
    calls, before = len(stage.world.game.calls), stage.dump()
    said = await told(await act(stage, stage.guild.people["Ada"], entry, {"level": level_id}))
    assert says(said, Text.REQUEST_REFUSED_LEVEL_ID) or says(said, Text.ERROR_UNKNOWN_ACTION), said
    assert len(stage.world.game.calls) == calls
    assert stage.dump() == before


@pytest.mark.parametrize("kind", LIST_FLAGS, ids=str)
@pytest.mark.parametrize("argument", ["", "x", "9" * 19, "-1", "٣"])
async def test_pages_of_forged_lists_are_answered_and_change_nothing(stage: Stage, kind: PagedList, argument: str) -> None:
    before = stage.dump()
    who = stage.guild.people["Ada"]
    for place in ("first::1", "after:x:2", "at:99999999999999999999:0"):
        answer = await (await who.forge_component(stage.page, f"page:{kind.value}:{argument}:{place}")).final()
        assert answer.kind in ("message", "update")
        assert not says(answer.content, Text.ERROR_INTERNAL), place
    await stage.world.settled()
    assert stage.dump() == before


@pytest.mark.parametrize("verdict", ["star_rate", "feature", "epic", "mythic", "legendary"])
async def test_a_reviewer_cannot_forge_a_grade_as_an_opinion(stage: Stage, verdict: str) -> None:
    before = stage.dump()
    who = stage.guild.people.get("Robin") or stage.guild.join("Robin", Flag.REVIEWER)
    for custom_id in (f"opinion:{stage.ids['request']}:{verdict}:0", f"opinion_form:{stage.ids['request']}:{verdict}"):
        typed = () if custom_id.startswith("opinion:") else (("review", REVIEW),)
        entry = Entry(custom_id, REVIEWERS, BUTTON if not typed else FORM, typed=typed)
        assert says(await told(await act(stage, who, entry, {})), Text.ERROR_UNKNOWN_ACTION)
    assert stage.dump() == before


async def test_a_moderator_cannot_forge_a_plain_approval_as_a_decision(stage: Stage) -> None:
    before = stage.dump()
    entry = Entry("resolve_form:{request}:approve", MODERATORS, FORM)
    said = await told(await act(stage, stage.guild.join("Max", Flag.GD_MOD), entry, stage.ids))
    assert says(said, Text.ERROR_UNKNOWN_ACTION)
    assert stage.dump() == before


def _is_of_the_module(entry: Entry) -> bool:
    return actions._BY_PREFIX[entry.custom_id.split(":")[0]].module is Module.REQUESTS


async def test_with_the_module_off_its_buttons_and_forms_are_refused_to_admins_too(stage: Stage) -> None:
    async def switch(enabled: bool) -> None:
        async with stage.world.app.transaction(stage.guild.id) as tx:
            key = {"guild_id": stage.guild.id, "module": Module.REQUESTS}
            await upsert(tx.session, GuildModule, key, {"enabled": enabled})
            tx.settings_changed = True

    await switch(False)
    try:
        before = stage.dump()
        for entry in ENTRIES:
            if _is_of_the_module(entry):
                said = await told(await act(stage, stage.guild.people["Ada"], entry, stage.ids))
                assert says(said, Text.ERROR_MODULE_OFF), entry.custom_id
        assert stage.dump() == before
    finally:
        await switch(True)


# Garbage

_WORDS = st.sampled_from(
    [*actions._BY_PREFIX, *"012", *("approve", "reject", "channels", "log", "admin", "ru", "-1", "", "é", "\x00", "9" * 30)]
)
_GARBAGE = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=100),
    st.lists(_WORDS, min_size=1, max_size=5).map(":".join).map(lambda made: made[:100] or ":"),
)


@given(custom_id=_GARBAGE, values=st.lists(_GARBAGE, max_size=3), is_form=st.booleans())
@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(custom_id="setup_ping", values=["9" * 19], is_form=False)
@example(custom_id="setup_channel:log", values=["9" * 19], is_form=False)
@example(custom_id="setup_go", values=[], is_form=False)
@example(custom_id="setup_item:languages", values=["xx"], is_form=False)
async def test_garbage_is_always_answered_and_never_an_error_of_the_bot(
    stage: Stage, custom_id: str, values: list[str], is_form: bool
) -> None:
    ada = stage.guild.people["Ada"]
    if is_form:
        answer = await ada.forge_modal(stage.guild.home, custom_id, {"review": "x", "anything": "y"})
    else:
        answer = await ada.forge_component(stage.page, custom_id, kind=STRING_SELECT, values=values)
    answer = await answer.final()
    assert answer.kind != "failed"
    for message in [*answer.followups, *([answer.message] if answer.message else [])]:
        assert not says(message.content, Text.ERROR_INTERNAL), message.content
