"""Suggestions show nothing to whoever may not use the command, and nothing of another guild to anybody."""

import itertools
import json
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio

from sandbox.discord.actors import SandboxUser
from sandbox.discord.permissions import Permission
from tests.e2e.attacked_stage import furnish
from tests.e2e.entry_points import EVERYBODY, SUGGESTIONS, every_suggestion
from tests.e2e.shared import ONE_LOOP
from tests.e2e.steps import hold_back, new_level, request, set_module
from tests.e2e.world import Guild, World
from tests.thoroughness import some
from util.actor import ADMIN_GRANTS
from util.command_flags import COMMAND_FLAGS
from util.identifiers import CooldownKind, Flag, Module, Route

pytestmark = ONE_LOOP
FIRST, SECOND = "Quagga", "Quokka"
"""Stand in everything that people of one guild named; no text of the bot has them."""
REQUIRED: dict[tuple[str, str], dict[str, str]] = {
    ("log restrict_custom_field", "value"): {"key": "request_id"},
    ("parameter set", "new_value"): {"parameter": "queue.block_at"},
}
"""Options that have to be filled in before anything can be suggested for another."""
TELLING: tuple[tuple[str, str, dict[str, str]], ...] = (
    *((command, option, REQUIRED.get((command, option), {})) for command, option in SUGGESTIONS),
    *(
        ("log restrict_custom_field", "value", {"key": key})
        for key in ("level_id", "user_id", "creator_name", "reason", "parameter")
    ),
    *(("parameter set", "new_value", {"parameter": key}) for key in ("queue.ping_role", "stream.account", "guild.language")),
)
"""Suggestions whose values depend on what stands in another option, with those that could name people and roles."""


@dataclass
class Person:
    """Somebody with what they may do. `flags`: those that count, with what `admin` stands for."""

    user: SandboxUser
    flags: frozenset[Flag]


@dataclass
class Typing:
    """Two guilds, and a person of each sort in the first."""

    world: World
    guild: Guild
    people: dict[str, Person]
    others_ids: list[str]

    async def shown(self, user: SandboxUser, command: str, option: str, typed: str = "", **filled: str) -> list[Any]:
        """Return what somebody is suggested."""
        return await user.autocomplete(self.guild.home, command, focused=option, **{option: typed}, **filled)


async def _furnished(world: World, name: str) -> tuple[Guild, dict[str, str]]:
    """Make a guild with something of its own for everything that is suggested."""
    guild, ids = await furnish(world, name)
    level, held = new_level(world, name=f"{name} level"), new_level(world, name=f"{name} held")
    await request(world, guild, guild.join("Nils"), level, comment=f"{name} comment")
    await hold_back(world, guild, CooldownKind.LEVEL, held.id, for_=None, reason=f"{name} reason")
    guild.sandbox.add_role(f"{name} role")
    lena = guild.join("Lena", Flag.LOG_VIEWER)
    await lena.slash(guild.home, "log restrict_user", user=guild.people["Mira"])
    await lena.slash(guild.home, "log save_filter", name=f"{name} filter")
    await world.settled()
    card = guild.messages(Route.PENDING_REQUEST)[-1]
    return guild, ids | {"level": str(level.id), "held": str(held.id), "member": str(lena.id), "card": str(card.id)}


def _people(guild: Guild, other: Guild) -> dict[str, Person]:
    every = frozenset(Flag)
    found = {flag.value: Person(guild.join(f"Only {flag.value}", flag), frozenset({flag})) for flag in Flag}
    found["admin"].flags |= ADMIN_GRANTS
    found["nobody"] = Person(guild.join("Nobody"), frozenset())
    found["owner"] = Person(guild.sandbox.owner, every)
    found["administrator"] = Person(guild.join("Administrator"), every)
    guild.sandbox.give_role(
        found["administrator"].user, guild.sandbox.add_role("Administrators", permissions=Permission.ADMINISTRATOR)
    )
    # Who runs another guild is nobody here.
    found["stranger"] = Person(guild.sandbox.add_member(other.join("Boss", *Flag)), frozenset())
    former = guild.join("Former", *Flag)
    for role in list(former.roles):
        guild.sandbox.take_role(former, role)
    found["former"] = Person(former, frozenset())
    return found


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def typing(shared_world: World) -> AsyncGenerator[Typing]:
    guild, _ = await _furnished(shared_world, FIRST)
    other, other_ids = await _furnished(shared_world, SECOND)
    people = _people(guild, other)
    for person in people.values():
        if Flag.LOG_VIEWER in person.flags:
            # Only what is restricted is suggested to be no longer so.
            await person.user.slash(guild.home, "log restrict_custom_field", key="level_id", value="2003")
    yield Typing(shared_world, guild, people, list(other_ids.values()))


async def test_the_table_names_every_option_with_suggestions() -> None:
    assert set(SUGGESTIONS) == every_suggestion()


async def test_what_is_suggested_is_for_those_who_may_use_the_command() -> None:
    assert {(command, option): COMMAND_FLAGS[command] for command, option in SUGGESTIONS} == SUGGESTIONS


@pytest.mark.parametrize(("command", "option"), SUGGESTIONS)
async def test_whoever_has_a_flag_of_the_command_is_shown_something_and_nobody_else_is(
    typing: Typing, command: str, option: str
) -> None:
    flags, filled = SUGGESTIONS[command, option], REQUIRED.get((command, option), {})
    for name, person in typing.people.items():
        found = await typing.shown(person.user, command, option, **filled)
        assert bool(found) == (not flags or not person.flags.isdisjoint(flags)), name


@pytest.mark.parametrize(("command", "option"), [key for key, flags in SUGGESTIONS.items() if flags])
async def test_who_has_no_flag_cannot_find_out_by_typing_what_there_is(typing: Typing, command: str, option: str) -> None:
    filled = REQUIRED.get((command, option), {})
    outsiders, words = ("nobody", "stranger", "former"), (FIRST, "2003", "1", "request", "true")
    for name, typed in some(list(itertools.product(outsiders, words)), 4):
        assert await typing.shown(typing.people[name].user, command, option, typed, **filled) == [], name


@pytest.mark.parametrize(("command", "option", "filled"), TELLING)
async def test_nothing_of_another_guild_is_suggested_even_to_an_owner(
    typing: Typing, command: str, option: str, filled: dict[str, str]
) -> None:
    owner = typing.people["owner"].user
    for typed in ("", SECOND, *some(typing.others_ids, 5)):
        told = json.dumps(await typing.shown(owner, command, option, typed, **filled))
        assert SECOND not in told
        assert not [number for number in typing.others_ids if len(number) > 4 and number in told]


@pytest.mark.parametrize(("command", "option"), [key for key, flags in SUGGESTIONS.items() if flags == EVERYBODY])
async def test_what_everybody_is_shown_is_nothing_but_levels(typing: Typing, command: str, option: str) -> None:
    found = await typing.shown(typing.people["nobody"].user, command, option)
    assert {(choice["value"], choice["name"]) for choice in found} >= {(2003, "Green Meadow (2003)")}
    for choice in found:
        assert choice["name"].endswith(f" ({choice['value']})")
    told = json.dumps(found)
    for person in typing.guild.people.values():
        assert str(person.id) not in told
        assert person.name not in told
    assert f"{FIRST} comment" not in told
    assert f"{FIRST} held" not in told


async def test_with_the_module_off_nothing_of_it_is_suggested_even_to_an_owner(typing: Typing) -> None:
    owner = typing.people["owner"].user
    await set_module(typing.world, typing.guild, Module.REQUESTS, enabled=False)
    try:
        for command, option in SUGGESTIONS:
            found = await typing.shown(owner, command, option, **REQUIRED.get((command, option), {}))
            assert bool(found) == (command.split()[0] not in {"request", "reviews", "levelcd"}), command
    finally:
        await set_module(typing.world, typing.guild, Module.REQUESTS, enabled=True)
