"""What PostgreSQL takes less kindly than SQLite does (NUL, lone surrogates, huge integers) is borne in every option and field.

A thorough run tries everything else there as well: see `tests.e2e.hostile`.
"""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from sandbox.discord.options import find_command
from sandbox.discord.rules.components import TEXT_INPUT, walk
from tests.e2e.attacked_stage import option_values
from tests.e2e.entry_points import COMMANDS, SUGGESTIONS
from tests.e2e.hostile import POSTGRESQL, Siege, besieged_world, listening_world
from tests.e2e.shared import ONE_LOOP
from tests.e2e.test_hostile_forms import CASES, FITTING, Opened
from tests.thoroughness import some

pytestmark = ONE_LOOP
shared_world = listening_world((POSTGRESQL,))
siege = besieged_world()
TEXTS = ("before\x00after" + "x" * 40, "\ud800" + "x" * 40, "9" * 60)
NUMBERS = (2**63, -(2**63) - 1, 2**31)
STRING, INTEGER = 3, 4


def attempts(siege: Siege, command: str) -> list[dict[str, Any]]:
    """Return what is put into the options of a command: all is plausible but one."""
    options = find_command([siege.world.application], siege.guild.sandbox.guild, command).options
    plausible = option_values(siege, command)
    odd = {STRING: TEXTS, INTEGER: NUMBERS}
    return [plausible | {option["name"]: value} for option in options for value in odd.get(option["type"], ())]


@pytest.mark.parametrize("command", some(COMMANDS, 6))
async def test_a_command_bears_it(siege: Siege, command: str) -> None:
    for values in some(attempts(siege, command), 4):
        mishaps = siege.mishaps()
        await siege.holds(await siege.guild.sandbox.owner.forge_slash(siege.guild.home, command, **values), mishaps)


@pytest.mark.parametrize(("command", "option"), some(list(SUGGESTIONS), 7))
async def test_suggestions_bear_it(siege: Siege, command: str, option: str) -> None:
    mishaps = siege.mishaps()
    for text in TEXTS:
        for filled in ({}, {"key": "reason"}, {"key": text}):
            typed = {option: text} | {name: value for name, value in filled.items() if command.endswith("restrict_custom_field")}
            await siege.guild.sandbox.owner.autocomplete(siege.guild.home, command, focused=option, **typed)
    assert siege.mishaps() == mishaps


@pytest.mark.parametrize(("prefix", "opener"), some(CASES, 3), ids=[opener.__name__ for _, opener in some(CASES, 3)])
async def test_a_form_bears_it(siege: Siege, prefix: str, opener: Callable[[Siege], Awaitable[Opened]]) -> None:
    who, opened = await opener(siege)
    assert opened.modal is not None
    fields = [item["custom_id"] for item in walk(opened.modal.components) if item.get("type") == TEXT_INPUT]
    for field in fields:
        for text in TEXTS[:2]:
            mishaps = siege.mishaps()
            typed = {name: FITTING[name] for name in fields} | {field: text}
            await siege.holds(await who.forge_modal(siege.guild.home, opened.modal.custom_id, typed), mishaps)
