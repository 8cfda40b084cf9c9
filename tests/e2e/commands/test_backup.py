"""`/backup save` and `/backup load`, played by admins and maintainers."""

from datetime import timedelta
from pathlib import Path

import pytest

from db.snapshots import BadSnapshot, Refusal
from facades.operations import prepare_restore
from facades.operations.remove_old_snapshots import CONFIRM_WITHIN
from facades.operations.snapshot_files import snapshot_folder
from sandbox.discord.actors import SandboxUser
from sandbox.geometry_dash import catalogue
from services.clock import Clock
from tests.e2e.backups import confirm, custom_id_of, dump, followed, load, save, saved
from tests.e2e.steps import (
    assert_told,
    everything,
    log_entries,
    opine,
    opined,
    request,
    request_id,
    resolution_card,
    resolve,
    says,
    text,
)
from tests.e2e.world import Guild, World
from util.identifiers import EventType, Flag, Parameter, Route, Verdict
from util.texts import Text

LEVEL, SECOND = catalogue.UNRATED_EASY, catalogue.UNRATED_HARD
LANGUAGES = [("en-US", "en"), ("ru", "ru")]


@pytest.mark.parametrize(("locale", "language"), LANGUAGES)
async def test_an_admin_saves_the_guild_and_gets_the_file_alone(world: World, locale: str, language: str) -> None:
    guild = world.guild
    ada = guild.join("Ada", Flag.ADMIN, locale=locale)
    await request(world, guild, guild.join("Mira"), LEVEL)
    answer = await save(guild, ada)
    assert_told(answer, Text.BACKUP_SAVED_GUILD, language)
    assert answer.message is not None
    [file] = answer.message.attachments
    assert file.filename.startswith(f"greenlight-{guild.id}-")
    assert [path for path in snapshot_folder(world.settings()).iterdir() if path.is_file()] == []
    await world.settled()
    [entry] = log_entries(guild, EventType.SNAPSHOT_SAVED)
    assert entry["actor"] == ada.id
    asked = await load(guild, ada, file.data)
    assert_told(asked, Text.BACKUP_QUESTION, language)
    assert says(asked.content, Text.BACKUP_LINE_COMPARED, language, name=Text.BACKUP_PART_REQUESTS, present=1, saved=1)
    done = await followed(world, await confirm(ada, asked))
    assert done.ephemeral
    assert says(done.content, Text.BACKUP_LOADED, language)
    assert len(done.attachments) == 1
    assert says(asked.content, Text.BACKUP_WORKING, language)
    await world.settled()


# Loading: cards, settings, events


def levels_in(guild: Guild, route: Route) -> set[int]:
    """Return the levels whose cards stand in a route's channel."""
    shown = [everything(card) for card in guild.messages(route)]
    return {level.id for level in (LEVEL, SECOND) if any(f"`{level.id}`" in card for card in shown)}


async def resolved(world: World, guild: Guild, member: SandboxUser) -> None:
    """Let the pending request of the first level be judged and resolved."""
    [card] = guild.messages(Route.PENDING_REQUEST)
    await opine(guild.join("Rhea", Flag.REVIEWER), card)
    decided = await resolution_card(world, guild, request_id(card))
    await resolve(guild.join("Mo", Flag.GD_MOD), decided, Verdict.LEGENDARY)
    await world.settled()


async def test_cards_follow_what_is_loaded_there_and_back(world: World) -> None:
    guild = world.guild
    ada, mira = guild.join("Ada", Flag.ADMIN), guild.join("Mira")
    await request(world, guild, mira, LEVEL)
    before = await saved(guild, ada)
    await resolved(world, guild, mira)
    await request(world, guild, guild.join("Nora"), SECOND)
    assert levels_in(guild, Route.PENDING_REQUEST) == {SECOND.id}
    assert levels_in(guild, Route.ARCHIVE) == levels_in(guild, Route.RESOLUTION) == {LEVEL.id}

    done = await followed(world, await confirm(ada, await load(guild, ada, before)))
    assert says(done.content, Text.BACKUP_LOADED, cards=2)
    await world.settled()
    assert levels_in(guild, Route.PENDING_REQUEST) == {LEVEL.id}
    assert guild.messages(Route.ARCHIVE) == guild.messages(Route.RESOLUTION) == []
    [entry] = log_entries(guild, EventType.SNAPSHOT_LOADED)
    assert entry["actor"] == ada.id
    # The card that came back works.
    [card] = guild.messages(Route.PENDING_REQUEST)
    assert_told(await opine(guild.join("Rob", Flag.REVIEWER), card), Text.OPINION_ADDED_APPROVED)
    await world.settled()

    [safety] = done.attachments
    done = await followed(world, await confirm(ada, await load(guild, ada, safety.data)))
    await world.settled()
    assert levels_in(guild, Route.PENDING_REQUEST) == {SECOND.id}
    assert levels_in(guild, Route.ARCHIVE) == levels_in(guild, Route.RESOLUTION) == {LEVEL.id}


async def test_a_trainees_review_and_its_card_come_back_and_go(world: World) -> None:
    guild = world.guild
    ada, toni = guild.join("Ada", Flag.ADMIN), guild.join("Toni", Flag.TRAINEE)
    without = await saved(guild, ada)
    card = await request(world, guild, guild.join("Mira"), LEVEL)
    await opine(toni, card, review="A friendly first level whose block design repeats itself; vary the three parts.")
    await world.settled()
    assert len(guild.messages(Route.TRAINEE_REVIEW_TEXT)) == 1
    done = await followed(world, await confirm(ada, await load(guild, ada, without)))
    await world.settled()
    assert guild.messages(Route.TRAINEE_REVIEW_TEXT) == guild.messages(Route.PENDING_REQUEST) == []
    await followed(world, await confirm(ada, await load(guild, ada, done.attachments[0].data)))
    await world.settled()
    assert len(guild.messages(Route.TRAINEE_REVIEW_TEXT)) == len(guild.messages(Route.PENDING_REQUEST)) == 1


async def test_modules_parameters_and_languages_are_those_of_the_snapshot_at_once(world: World) -> None:
    guild = world.guild
    ada = guild.join("Ada", Flag.ADMIN)
    before = await saved(guild, ada)
    opened = await (await ada.slash(guild.home, "setup")).final()
    assert opened.message is not None
    await (await ada.select(opened.message, "setup_go", ["modules"])).final()
    await (await ada.press(opened.message, "setup_module:requests:0")).final()
    await world.set_parameter(Parameter.GUILD_LANGUAGE, "ru")
    assert "request create" not in {found.name for found in ada.commands(guild.home)}
    await followed(world, await confirm(ada, await load(guild, ada, before)))
    assert "request create" in {found.name for found in ada.commands(guild.home)}
    assert (await world.app.guild(guild.id)).language == "en"
    await request(world, guild, guild.join("Mira"), LEVEL)


# Loading: whose file, and whose question


async def test_a_guilds_file_changes_nothing_of_another_guild(world: World) -> None:
    here, there = world.guild, await world.add_guild("Neighbours")
    ada = here.join("Ada", Flag.ADMIN)
    await opined(world, there, there.join("Otto"), LEVEL)
    before = await saved(here, ada)
    await request(world, here, here.join("Mira"), LEVEL)
    await world.settled()
    rows, shown = dump(world, there.id), [everything(message) for route in Route for message in there.messages(route)]
    await followed(world, await confirm(ada, await load(here, ada, before)))
    await world.settled()
    assert dump(world, there.id) == rows
    assert [everything(message) for route in Route for message in there.messages(route)] == shown


@pytest.mark.parametrize(("locale", "language"), LANGUAGES)
async def test_files_that_are_not_the_guilds_own_snapshot_are_refused(world: World, locale: str, language: str) -> None:
    here, there = world.guild, await world.add_guild("Neighbours")
    ada, otto = here.join("Ada", Flag.ADMIN, locale=locale), there.join("Otto", Flag.ADMIN)
    owner = there.sandbox.add_member(world.application.owner, roles=[there.roles[Flag.ADMIN]])
    own, others, whole = await saved(here, ada), await saved(there, otto), await saved(there, owner, scope="everything")
    await world.settled()
    rows = dump(world, here.id)
    for data, said in (
        (b"SQLite format 3\0 and so on", Text.BACKUP_REFUSED_NOT_OURS),
        (b"", Text.BACKUP_REFUSED_NOT_OURS),
        (own[:-20], Text.BACKUP_REFUSED_DAMAGED),
        (own[: len(own) // 2] + b"x" + own[len(own) // 2 + 1 :], Text.BACKUP_REFUSED_DAMAGED),
        (others, Text.BACKUP_REFUSED_OTHER_GUILD),
        (whole, Text.BACKUP_REFUSED_WHOLE_DATABASE),
    ):
        assert_told(await load(here, ada, data), said, language)
    await world.settled()
    assert dump(world, here.id) == rows
    assert list((snapshot_folder(world.settings()) / "incoming").iterdir()) == []


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_every_reason_for_a_refusal_is_told_in_the_readers_language(
    world: World, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    guild = world.guild
    ada = guild.join("Ada", Flag.ADMIN, locale=language if language == "ru" else "en-US")
    for reason in Refusal:

        def refuse(path: Path, reason: Refusal = reason) -> None:
            raise BadSnapshot(reason, "a detail for the log")

        monkeypatch.setattr(prepare_restore, "read_manifest", refuse)
        answer = await load(guild, ada, b"x")
        assert "a detail" not in assert_told(answer, Text(f"backup.refused.{reason.value}"), language)


async def test_a_file_that_is_too_large_is_not_even_fetched(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    guild = world.guild
    ada = guild.join("Ada", Flag.ADMIN)
    monkeypatch.setattr(prepare_restore, "LARGEST", 1000)
    assert_told(await load(guild, ada, b"x" * 1001), Text.BACKUP_FILE_TOO_LARGE)
    assert [record for record in world.discord.requests if record.path.startswith("/attachments/")] == []


async def test_a_file_from_elsewhere_is_not_fetched(world: World) -> None:
    guild = world.guild
    ada = guild.join("Ada", Flag.ADMIN)
    file = ada.upload("copy.greenlight", b"x")
    file.url = f"{world.game.base_url}/copy.greenlight"
    answer = await (await ada.slash(guild.home, "backup load", file=file)).final()
    assert_told(answer, Text.BACKUP_DOWNLOAD_FAILED)
    assert world.game.calls == []


async def test_only_who_asked_can_answer_and_only_once(world: World) -> None:
    guild = world.guild
    ada, eve = guild.join("Ada", Flag.ADMIN), guild.join("Eve", Flag.ADMIN)
    before = await saved(guild, ada)
    await request(world, guild, guild.join("Mira"), LEVEL)
    asked = await load(guild, ada, before)
    rows = dump(world, guild.id)
    for yes in (True, False):
        assert_told(await eve.forge_component(guild.home, custom_id_of(asked, yes=yes)), Text.BACKUP_QUESTION_GONE)
    assert dump(world, guild.id) == rows
    custom_id = custom_id_of(asked)
    await followed(world, await confirm(ada, asked))
    assert_told(await ada.forge_component(guild.home, custom_id), Text.BACKUP_QUESTION_GONE)
    await world.settled()
    assert len(log_entries(guild, EventType.SNAPSHOT_LOADED)) == 1


async def test_no_leaves_everything_as_it_is(world: World) -> None:
    guild = world.guild
    ada = guild.join("Ada", Flag.ADMIN)
    asked = await load(guild, ada, await saved(guild, ada))
    custom_id = custom_id_of(asked)
    answer = await confirm(ada, asked, yes=False)
    assert answer.content == text(Text.BACKUP_KEPT_AS_IT_IS)
    assert answer.components == []
    assert_told(await ada.forge_component(guild.home, custom_id), Text.BACKUP_QUESTION_GONE)
    assert list((snapshot_folder(world.settings()) / "incoming").iterdir()) == []


async def test_a_newer_question_takes_the_place_of_the_older(world: World) -> None:
    guild = world.guild
    ada = guild.join("Ada", Flag.ADMIN)
    data = await saved(guild, ada)
    older, newer = await load(guild, ada, data), await load(guild, ada, data)
    assert_told(await confirm(ada, older), Text.BACKUP_QUESTION_GONE)
    assert says((await followed(world, await confirm(ada, newer))).content, Text.BACKUP_LOADED)


async def test_whoever_is_no_admin_any_more_can_confirm_nothing(world: World) -> None:
    guild = world.guild
    ada = guild.join("Ada", Flag.ADMIN)
    asked = await load(guild, ada, await saved(guild, ada))
    guild.sandbox.take_role(ada, guild.roles[Flag.ADMIN])
    assert_told(await confirm(ada, asked), Text.ERROR_FORBIDDEN)


async def test_a_question_is_answered_after_a_restart_but_not_for_ever(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    guild = world.guild
    ada = guild.join("Ada", Flag.ADMIN)
    before = await saved(guild, ada)
    await request(world, guild, guild.join("Mira"), LEVEL)
    asked, rows = await load(guild, ada, before), dump(world, guild.id)
    await world.stop()
    await world.start()
    assert says((await followed(world, await confirm(ada, asked))).content, Text.BACKUP_LOADED)
    await world.settled()
    assert guild.messages(Route.PENDING_REQUEST) == []
    asked, rows = await load(guild, ada, before), dump(world, guild.id)
    now = Clock.now
    later = CONFIRM_WITHIN + timedelta(seconds=1)
    monkeypatch.setattr(Clock, "now", lambda self: now(self) + later)  # pyright: ignore
    assert_told(await confirm(ada, asked), Text.BACKUP_QUESTION_EXPIRED)
    assert {**dump(world, guild.id), "confirmation": []} == {**rows, "confirmation": []}
    assert list((snapshot_folder(world.settings()) / "incoming").iterdir()) == []


async def test_a_file_that_was_changed_after_the_check_is_not_loaded(world: World) -> None:
    guild = world.guild
    ada = guild.join("Ada", Flag.ADMIN)
    asked = await load(guild, ada, await saved(guild, ada))
    [kept] = [path for path in (snapshot_folder(world.settings()) / "incoming").iterdir() if path.is_file()]
    kept.write_bytes(kept.read_bytes() + b"x")
    rows = {**dump(world, guild.id), "confirmation": []}
    answer = await confirm(ada, asked)
    assert says((await followed(world, answer)).content, Text.BACKUP_FILE_CHANGED)
    assert dump(world, guild.id) == rows


async def test_while_a_snapshot_is_being_loaded_others_are_asked_to_wait(world: World) -> None:
    here, there = world.guild, await world.add_guild("Neighbours")
    ada = here.join("Ada", Flag.ADMIN)
    async with world.app.actions.shut(here.id, 1):
        assert_told(await ada.slash(here.home, "queue close"), Text.BACKUP_BEING_RESTORED)
        await request(world, there, there.join("Otto"), LEVEL)
    assert_told(await ada.slash(here.home, "queue close"), Text.QUEUE_CLOSED)
