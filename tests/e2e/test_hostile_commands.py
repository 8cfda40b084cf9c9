"""Every option of every command is given what nobody should send: it is answered, does no harm, and is no error of the bot."""

import json
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.discord.actors import SandboxUser
from sandbox.discord.options import find_command
from tests.e2e.attacked_stage import KNOWN
from tests.e2e.entry_points import COMMANDS
from tests.e2e.hostile import MARK, NUMBERS, TEXTS, TRIED, Siege, besieged_world, listening_world, secrets_of
from tests.e2e.shared import ONE_LOOP
from tests.thoroughness import HOWEVER_LONG, some
from util.identifiers import Flag

pytestmark = [ONE_LOOP, HOWEVER_LONG]
shared_world = listening_world()
siege = besieged_world()
STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, NUMBER, ATTACHMENT = 3, 4, 5, 6, 7, 8, 10, 11
_COMMAND_TREE_KINDS = {STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, NUMBER, ATTACHMENT}


def options_of(siege: Siege, command: str) -> list[dict[str, Any]]:
    """Return the options of a command as Discord knows them."""
    return find_command([siege.world.application], siege.guild.sandbox.guild, command).options


@dataclass(frozen=True)
class Thing:
    """Something that is named by its id, in words that are short when a test fails."""

    kind: int
    number: int


def things_of(siege: Siege) -> dict[int, list[Any]]:
    """Return what ids may stand for, of this guild and of the other one."""
    own, other = siege.guild, siege.other
    return {
        USER: [own.people["Mira"], own.people["Toni"], own.people["Gone"], other.people["Mira"], own.sandbox.owner],
        CHANNEL: [own.home, own.channels[next(iter(own.channels))], other.home],
        ROLE: [own.roles[Flag.REVIEWER], own.sandbox.everyone, other.roles[Flag.ADMIN]],
    }


def values_of(siege: Siege, option: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Return what may be put into an option: mostly of its own kind, else of any other."""
    things = {kind: [Thing(kind, number) for number in range(len(known))] for kind, known in things_of(siege).items()}
    numbers = st.one_of(st.sampled_from(NUMBERS), st.integers())
    texts = siege.texts()
    choices = [choice["value"] for choice in option.get("choices", [])]
    kinds: dict[int, st.SearchStrategy[Any]] = {
        STRING: texts,
        INTEGER: numbers | st.sampled_from([int(value) for value in siege.other_ids.values()]),
        BOOLEAN: st.booleans(),
        NUMBER: numbers | st.floats(allow_nan=False, allow_infinity=False),
        ATTACHMENT: st.binary(max_size=200),
    } | {kind: st.sampled_from(known) for kind, known in things.items()}
    fitting = [kinds[option["type"]]]
    if choices:
        fitting = [st.sampled_from(choices)] * 2
    elif option["name"] in KNOWN:
        fitting.append(st.just(KNOWN[option["name"]]))
    anything = st.one_of(texts, numbers, st.booleans(), *(st.sampled_from(known) for known in things.values()))
    return st.one_of(*fitting, *fitting, anything)


def people(siege: Siege) -> list[SandboxUser]:
    """Return who tries: somebody who may do everything, and somebody who may do next to nothing."""
    return [siege.guild.sandbox.owner, siege.guild.sandbox.owner, siege.guild.people["Nora"]]


async def test_every_command_that_discord_offers_is_tried(siege: Siege) -> None:
    offered = [found.name for found in siege.guild.sandbox.owner.commands(siege.guild.home)]
    assert offered == COMMANDS
    kinds = {option["type"] for command in COMMANDS for option in options_of(siege, command)}
    assert kinds <= _COMMAND_TREE_KINDS


@pytest.mark.parametrize("command", COMMANDS)
@given(data=st.data())
@TRIED
async def test_a_command_bears_whatever_it_is_given(siege: Siege, command: str, data: st.DataObject) -> None:
    before, mishaps = siege.rows_of_the_other(), siege.mishaps()
    who = data.draw(st.sampled_from(people(siege)), "who")
    values: dict[str, Any] = {}
    for option in options_of(siege, command):
        if data.draw(st.integers(0, 9)):
            value = data.draw(values_of(siege, option), option["name"])
            if isinstance(value, Thing):
                value = things_of(siege)[value.kind][value.number]
            elif isinstance(value, bytes):
                value = who.upload("../\u202e@everyone.greenlight", value)
            values[option["name"]] = value
    await siege.holds(await who.forge_slash(siege.guild.home, command, **values), mishaps)
    assert siege.rows_of_the_other() == before


async def test_suggestions_bear_whatever_is_typed(siege: Siege) -> None:
    mishaps, asked = siege.mishaps(), 0
    for command in COMMANDS:
        for option in (option for option in options_of(siege, command) if option.get("autocomplete")):
            for who in people(siege)[1:]:
                for text in some([siege.written(text) for text in TEXTS], 7):
                    found = await who.autocomplete(siege.guild.home, command, focused=option["name"], **{option["name"]: text})
                    told = json.dumps(found)
                    assert len(found) <= 25
                    assert MARK not in told
                    assert not [message for message in secrets_of(siege.other) if str(message.id) in told]
                    asked += 1
    assert asked > 200
    assert siege.mishaps() == mishaps


async def test_afterwards_the_bot_still_answers(siege: Siege) -> None:
    answer = await siege.guild.people["Nora"].slash(siege.guild.home, "help duration")
    assert answer.kind == "message", answer.kind
    assert answer.content or answer.embeds
