"""Every entry point refuses whoever lacks its flag, whatever their client sends, and nothing changes by it."""

import dataclasses
from typing import Any

import pytest

from components import actions
from components.pages import turning
from components.pages.turning import PagedList
from tests.e2e.attacked_stage import (
    Stage,
    act,
    attacked_stage,
    invalid_values,
    nothing_happens,
    option_values,
    outsiders,
    refusal,
    told,
)
from tests.e2e.entry_points import COMMANDS, ENTRIES, FORMS, GUARDED, GUARDED_COMMANDS, LIST_FLAGS, WITH_IDS, Entry
from tests.e2e.shared import ONE_LOOP
from tests.e2e.steps import says, set_module
from util.command_flags import COMMAND_FLAGS
from util.identifiers import Flag, Module, Route
from util.texts import Text

pytestmark = ONE_LOOP
stage = attacked_stage()


async def test_the_table_names_every_button_select_and_form() -> None:
    assert {entry.custom_id.split(":")[0] for entry in ENTRIES} == set(actions._BY_PREFIX)


async def test_the_table_names_every_list_with_pages() -> None:
    assert set(LIST_FLAGS) == set(turning._LISTS)


async def test_the_flags_of_every_command_are_known() -> None:
    assert set(COMMANDS) <= set(COMMAND_FLAGS)


async def test_the_commands_under_test_are_those_that_discord_offers(stage: Stage) -> None:
    assert [found.name for found in stage.guild.sandbox.owner.commands(stage.guild.home)] == COMMANDS


async def _is_refused(stage: Stage, command: str, values: dict[str, Any]) -> None:
    flags = COMMAND_FLAGS[command]
    people = outsiders(stage.guild, flags)
    async with nothing_happens(stage):
        for who in people:
            said = await told(await who.forge_slash(stage.guild.home, command, **values))
            assert says(said, Text.ERROR_FORBIDDEN, flags=refusal(flags)), said


@pytest.mark.parametrize("command", GUARDED_COMMANDS)
async def test_a_command_refuses_whoever_lacks_its_flag(stage: Stage, command: str) -> None:
    await _is_refused(stage, command, option_values(stage, command))


@pytest.mark.parametrize("command", GUARDED_COMMANDS)
async def test_who_lacks_the_flag_of_a_command_is_not_told_what_is_wrong_with_its_options(stage: Stage, command: str) -> None:
    await _is_refused(stage, command, invalid_values(stage, command))
    await _is_refused(stage, command, {})
    # One wrong value among right ones, each in its turn.
    right, wrong = option_values(stage, command), invalid_values(stage, command)
    if len(right) > 1:
        for option in right:
            await _is_refused(stage, command, {**right, option: wrong[option]})


@pytest.mark.parametrize("entry", GUARDED, ids=lambda entry: entry.custom_id)
async def test_a_component_or_form_refuses_whoever_lacks_its_flag(stage: Stage, entry: Entry) -> None:
    people = outsiders(stage.guild, entry.flags)
    async with nothing_happens(stage):
        for who in people:
            said = await told(await act(stage, who, entry, stage.ids))
            assert says(said, Text.ERROR_FORBIDDEN, flags=refusal(entry.flags)), said
            assert "Secret" not in said


@pytest.mark.parametrize("entry", WITH_IDS, ids=lambda entry: entry.custom_id)
async def test_who_lacks_the_flag_is_not_told_that_there_is_nothing_of_an_id(stage: Stage, entry: Entry) -> None:
    people = outsiders(stage.guild, entry.flags)
    async with nothing_happens(stage):
        for who in people:
            said = await told(await act(stage, who, entry, dict.fromkeys(stage.ids, "999999999999999999")))
            assert says(said, Text.ERROR_FORBIDDEN, flags=refusal(entry.flags)), said


@pytest.mark.parametrize("typed", ["x", "x" * 9_000], ids=["too short", "too long"])
@pytest.mark.parametrize("entry", FORMS, ids=lambda entry: entry.custom_id)
async def test_who_lacks_the_flag_of_a_form_is_not_told_what_is_wrong_with_its_texts(
    stage: Stage, entry: Entry, typed: str
) -> None:
    people = outsiders(stage.guild, entry.flags)
    wrong = dataclasses.replace(entry, typed=tuple((field, typed) for field in ("review", "reason", "feedback", "text")))
    async with nothing_happens(stage):
        for who in people:
            said = await told(await act(stage, who, wrong, stage.ids))
            assert says(said, Text.ERROR_FORBIDDEN, flags=refusal(entry.flags)), said


@pytest.mark.parametrize("kind", [kind for kind, flags in LIST_FLAGS.items() if flags], ids=str)
async def test_who_lacks_the_flag_of_a_list_is_not_told_what_is_wrong_with_its_page(stage: Stage, kind: PagedList) -> None:
    flags = LIST_FLAGS[kind]
    people = outsiders(stage.guild, flags)
    async with nothing_happens(stage):
        for who in people:
            for place in ("x:first::1", "2003:after:x:2"):
                said = await told(await act(stage, who, Entry(f"page:{kind.value}:{place}", flags), {}))
                assert says(said, Text.ERROR_FORBIDDEN, flags=refusal(flags)), said


async def test_who_is_no_admin_is_not_told_who_is_no_member(stage: Stage) -> None:
    guild = stage.guild
    [nobody, _] = outsiders(guild, (Flag.ADMIN,))
    answer = await nobody.forge_slash(guild.home, "permission describe_member", member=guild.people["Gone"])
    assert says(await told(answer), Text.PERMISSION_ONLY_OWN)


async def test_who_may_use_a_command_is_told_what_is_wrong_with_its_options(stage: Stage) -> None:
    guild, ada = stage.guild, stage.guild.people["Ada"]
    said = await told(await ada.forge_slash(guild.home, "route enable", route="no such thing"))
    assert says(said, Text.ERROR_BAD_OPTION, option="no such thing")
    assert says(await told(await ada.forge_slash(guild.home, "route enable")), Text.ERROR_UNKNOWN_ACTION)


async def test_flags_of_another_guild_open_nothing_here(stage: Stage) -> None:
    """Somebody who runs the second guild is nobody in the first, even with all their roles' ids."""
    boss = stage.other.join("Boss", *Flag)
    visitor = stage.guild.sandbox.add_member(boss)
    async with nothing_happens(stage):
        for entry in GUARDED:
            said = await told(await act(stage, visitor, entry, stage.ids))
            assert says(said, Text.ERROR_FORBIDDEN, flags=refusal(entry.flags)), entry.custom_id


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


def _is_of_the_module(entry: Entry) -> bool:
    return actions._BY_PREFIX[entry.custom_id.split(":")[0]].module is Module.REQUESTS


async def test_with_the_module_off_its_buttons_and_forms_are_refused_to_admins_too(stage: Stage) -> None:
    await set_module(stage.world, stage.guild, Module.REQUESTS, enabled=False)
    try:
        before = stage.dump()
        for entry in ENTRIES:
            if _is_of_the_module(entry):
                said = await told(await act(stage, stage.guild.people["Ada"], entry, stage.ids))
                assert says(said, Text.ERROR_MODULE_OFF), entry.custom_id
        assert stage.dump() == before
    finally:
        await set_module(stage.world, stage.guild, Module.REQUESTS, enabled=True)
