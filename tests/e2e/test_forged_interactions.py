"""What no client would send is answered all the same: it finds nothing, changes nothing and is no error of the bot."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from components import actions
from components.pages.turning import PagedList
from tests.e2e.attacked_stage import Stage, act, attacked_stage, nothing_happens, told
from tests.e2e.entry_points import (
    BUTTON,
    ENTRIES,
    FORM,
    LIST_FLAGS,
    MODERATORS,
    NOT_FOUND,
    REVIEWERS,
    STRING_SELECT,
    WITH_IDS,
    Entry,
)
from tests.e2e.shared import ONE_LOOP
from tests.e2e.steps import REVIEW, says
from util.identifiers import Flag
from util.texts import Text

pytestmark = ONE_LOOP
stage = attacked_stage()


@pytest.mark.parametrize("entry", WITH_IDS, ids=lambda entry: entry.custom_id)
@pytest.mark.parametrize("whose", ["another guild's", "unknown"])
async def test_ids_of_another_guild_are_not_found_even_by_an_admin(stage: Stage, entry: Entry, whose: str) -> None:
    ids = stage.other_ids if whose == "another guild's" else dict.fromkeys(stage.other_ids, "999999999999999999")
    async with nothing_happens(stage):
        said = await told(await act(stage, stage.guild.people["Ada"], entry, ids))
        assert says(said, NOT_FOUND[entry.custom_id.split(":")[0]]), said
        assert "Second" not in said


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


def _damaged(custom_id: str) -> list[str]:
    """Return what a release of before or after, or a careless forger, could make of an id."""
    parts = custom_id.split(":")
    shortened = [":".join(parts[:length]) for length in range(1, len(parts))]
    lengthened = [f"{custom_id}:", f"{custom_id}:1", f"{custom_id}:{'x' * 100}"[:100]]
    renamed = [custom_id.upper(), f" {custom_id}", f"v2:{custom_id}"]
    return [*shortened, *lengthened, *renamed]


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.custom_id)
async def test_damaged_ids_change_nothing_and_are_no_error_of_the_bot(stage: Stage, entry: Entry) -> None:
    who, before = stage.guild.people["Ada"], stage.dump()
    for custom_id in _damaged(entry.custom_id.format_map(stage.ids)):
        said = await told(await act(stage, who, replace(entry, custom_id=custom_id), stage.ids))
        assert says(said, Text.ERROR_UNKNOWN_ACTION), (custom_id, said)
    await stage.world.settled()
    assert stage.dump() == before


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
