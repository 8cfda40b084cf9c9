"""A member gets everything that is stored of them, and nothing about who others are."""

import io
import json
import zipfile
from typing import Any

import pytest

from config.definitions import definitions
from facades.privacy.erase_member import erase_member
from facades.privacy.export_member import ExportTooLarge, MemberExport, export_member
from facades.privacy.export_rows import ANOTHER
from tests.facades.privacy.life import LONG_REVIEW, OTHER, OTHERS, SOMEBODY, Ticker, another, dump, live, many_opinions, somebody
from tests.facades.requests.world import GUILD, RequestWorld
from util.actor import Actor
from util.identifiers import EventType

MEGABYTE = 1024 * 1024


async def exported(world: RequestWorld, actor: Actor | None = None) -> dict[str, Any]:
    made = await export_member(world.app, actor=actor or somebody(), limit=10 * MEGABYTE)
    assert made.file is not None
    assert made.file.filename.endswith(".json")
    content = json.loads(made.file.data)
    assert made.rows == sum(len(part) for part in content.values() if isinstance(part, list))
    return content


async def test_every_row_that_names_the_member_is_in_it(world: RequestWorld) -> None:
    await live(world)
    content = await exported(world)
    rows = await dump(world, GUILD)
    for table in ("request", "opinion", "review", "assessment", "cooldown", "preference", "panel_token", "confirmation"):
        wanted = sum(SOMEBODY in row.values() for row in rows[table])
        assert len(content[table]) == wanted > 0, table
    events = [row for row in rows["event"] if row["actor_id"] == SOMEBODY or SOMEBODY in row["fields"].values()]
    assert [row["id"] for row in content["event"]] == [row["id"] for row in events]
    assert [row["payload"]["content"] for row in content["failed_delivery"]] == ["hello"]
    assert "hello" in [row["payload"]["content"] for row in content["delivery"]]
    assert [row["name"] for row in content["saved_filter"]] == ["of somebody"]
    assert len(content["active_filter"]) == 1


async def test_it_says_what_others_wrote_about_the_member_and_not_who_they_are(world: RequestWorld) -> None:
    await live(world)
    content = await exported(world)
    [ban] = [row for row in content["cooldown"] if row["entity_id"] == str(SOMEBODY)]
    assert (ban["reason"], ban["cast_by"]) == ("rude to others", ANOTHER)
    [grade] = [row for row in content["assessment"] if row["trainee_id"] == str(SOMEBODY)]
    assert (grade["feedback"], grade["curator_id"]) == ("Not bad at all", ANOTHER)
    said = content["opinion_on_my_requests"]
    assert {(row["verdict"], row["reason"], row["author_id"]) for row in said} == {
        ("approve", None, ANOTHER),
        ("epic", "Great work", ANOTHER),
    }
    assert len(content["review_of_my_requests"]) == 1
    others = [str(OTHERS + number) for number in range(10)]
    shown = json.dumps(
        {name: part for name, part in content.items() if name not in {"delivery", "active_filter", "saved_filter"}}
    )
    assert [one for one in others if one in shown] == []


async def test_what_reviewers_think_is_not_told_before_the_decision(world: RequestWorld) -> None:
    await live(world)
    content = await exported(world, another(3))
    pending = {row["id"] for row in content["request"] if row["status"] == "pending"}
    assert pending
    assert {row["request_id"] for row in content["opinion_on_my_requests"]}.isdisjoint(pending)
    # What the person wrote themselves is theirs at any time.
    mine = await exported(world)
    assert any(row["request_id"] in pending for row in mine["opinion"])


async def test_ids_are_texts_and_secrets_stay_out(world: RequestWorld) -> None:
    await live(world)
    content = await exported(world)
    assert (content["guild_id"], content["user_id"]) == (str(GUILD), str(SOMEBODY))
    request = content["request"][0]
    assert (request["author_id"], request["guild_id"], request["level_id"]) == (str(SOMEBODY), str(GUILD), 2001)
    assert request["created_at"].startswith("2026-03-01T12:00:00")
    assert "token_hash" not in content["panel_token"][0]
    [long] = [row for row in content["review"] if row["text"] == LONG_REVIEW]
    assert long["author_id"] == str(SOMEBODY)
    named = [row for row in content["event"] if row["type"] == EventType.USER_COOLDOWN_SET and row["actor_id"] == ANOTHER]
    assert {row["fields"]["user_id"] for row in named} == {str(SOMEBODY)}


async def test_other_guilds_are_not_in_it(world: RequestWorld) -> None:
    await live(world)
    await live(world, OTHER)
    content = await exported(world)
    assert {row["guild_id"] for part in content.values() if isinstance(part, list) for row in part} == {str(GUILD)}


async def test_whoever_has_left_nothing_gets_no_file(world: RequestWorld) -> None:
    await live(world)
    assert await export_member(world.app, actor=another(77), limit=MEGABYTE) == MemberExport(0, None)


async def test_after_the_erasure_only_the_ban_is_left_in_it(world: RequestWorld) -> None:
    await live(world)
    await erase_member(world.app, actor=somebody(), user_id=SOMEBODY)
    content = await exported(world)
    assert {name for name, part in content.items() if isinstance(part, list) and part} == {"cooldown"}


async def test_a_large_one_is_compressed_and_one_too_large_is_refused(sqlite_world: RequestWorld) -> None:
    world = sqlite_world
    await live(world)
    whole = await export_member(world.app, actor=somebody(), limit=MEGABYTE)
    assert whole.file is not None
    size = len(whole.file.data)
    made = await export_member(world.app, actor=somebody(), limit=size - 1)
    assert made.file is not None
    assert made.file.filename.endswith(".zip")
    with zipfile.ZipFile(io.BytesIO(made.file.data)) as archive:
        [name] = archive.namelist()
        assert name.endswith(".json")
        assert json.loads(archive.read(name)) == json.loads(whole.file.data)
    with pytest.raises(ExportTooLarge):
        await export_member(world.app, actor=somebody(), limit=100)


async def test_the_explanation_speaks_the_callers_language(sqlite_world: RequestWorld) -> None:
    await live(sqlite_world)
    me = somebody()
    russian = Actor(guild_id=me.guild_id, user_id=me.user_id, language="ru")
    assert (await exported(sqlite_world, russian))["about"].startswith("То, что бот хранит")
    assert (await exported(sqlite_world))["about"].startswith("What the bot keeps")


async def test_many_rows_are_written_without_holding_up_the_loop(sqlite_world: RequestWorld) -> None:
    await many_opinions(sqlite_world, 3_000)
    definitions()
    async with Ticker() as ticker:
        made = await export_member(sqlite_world.app, actor=somebody(), limit=10 * MEGABYTE)
    assert made.rows == 6_000
    assert ticker.longest < 0.05
