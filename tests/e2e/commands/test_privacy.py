"""`/privacy export|delete` as people use them, in both languages, with the cards and messages that follow."""

import json
import sqlite3
from typing import Any

import pytest

from sandbox.discord.actors import SandboxUser
from sandbox.discord.answers import Answer
from sandbox.discord.models import Message
from tests.e2e.attacked_stage import told
from tests.e2e.shared import ONE_LOOP, guild_of_its_own
from tests.e2e.steps import (
    REVIEW,
    VIDEO,
    assert_told,
    everything,
    field,
    fill,
    hold_back,
    log_entries,
    new_level,
    opine,
    request,
    request_id,
    resolution_card,
    resolve,
    says,
)
from tests.e2e.world import Guild, World
from util.identifiers import CooldownKind, EventType, Flag, Parameter, Route, Verdict
from util.phrases import Raw
from util.texts import Text

pytestmark = ONE_LOOP
world = guild_of_its_own()
LANGUAGES = pytest.mark.parametrize(("locale", "language"), [("en-US", "en"), ("ru", "ru")])
WORDS = "My very own words"
LONG = f"{WORDS}. " + "A remark about the gameplay and another one about the decoration. " * 55
FORMER = {"en": "former member #1", "ru": "бывший участник №1"}


async def exported(guild: Guild, member: SandboxUser) -> tuple[Answer, dict[str, Any]]:
    """Use `/privacy export` and read the file."""
    answer = await (await member.slash(guild.home, "privacy export")).final()
    assert answer.message is not None
    [file] = answer.message.attachments
    assert file.filename == f"greenlight-{member.id}-{file.filename[-15:-5]}.json"
    return answer, json.loads(file.data)


async def asked(guild: Guild, member: SandboxUser, **options: Any) -> Answer:
    """Use `/privacy delete`."""
    return await (await member.slash(guild.home, "privacy delete", **options)).final()


async def confirmed(world: World, member: SandboxUser, question: Answer, whom: SandboxUser) -> Answer:
    """Press Yes and wait until Discord shows it."""
    assert question.message is not None
    answer = await (await member.press(question.message, f"erase_member:{whom.id}")).final()
    await world.settled(40)
    return answer


async def active_reviewer(world: World, guild: Guild, locale: str) -> tuple[SandboxUser, Message]:
    """Let somebody request a level, and review and decide about others'; return them and a card with their opinion."""
    mira = guild.join("Mira", Flag.REVIEWER, locale=locale)
    theirs = await request(world, guild, guild.join("Author"), new_level(world))
    assert (await opine(mira, theirs, verdict=Verdict.REJECT, review=LONG)).ephemeral
    await request(world, guild, mira, new_level(world), comment=WORDS, showcase=VIDEO)
    return mira, await resolution_card(world, guild, request_id(theirs))


@LANGUAGES
async def test_a_member_gets_everything_as_a_file_for_their_eyes_only(world: World, locale: str, language: str) -> None:
    guild = world.guild
    mira, card = await active_reviewer(world, guild, locale)
    answer, content = await exported(guild, mira)
    assert_told(answer, Text.PRIVACY_EXPORTED, language)
    assert [row["comment"] for row in content["request"]] == [WORDS]
    assert content["request"][0]["author_id"] == str(mira.id)
    assert [row["text"] for row in content["review"]] == [LONG.strip()]
    assert [row["request_id"] for row in content["opinion"]] == [request_id(card)]
    assert {row["type"] for row in content["event"]} == {"opinion_added", "request_created", "user_cooldown_set"}
    assert guild.people["Author"].mention not in json.dumps(content["review"])


@LANGUAGES
async def test_whoever_has_done_nothing_is_told_so(world: World, locale: str, language: str) -> None:
    guild = world.guild
    nina = guild.join("Nina", locale=locale)
    assert_told(await (await nina.slash(guild.home, "privacy export")).final(), Text.PRIVACY_EXPORT_NOTHING, language)
    done = await confirmed(world, nina, await asked(guild, nina), nina)
    assert says(await told(done), Text.PRIVACY_NOTHING_STORED, language)


@LANGUAGES
async def test_a_member_has_everything_erased_and_the_cards_follow(world: World, locale: str, language: str) -> None:
    guild = world.guild
    await world.set_parameter(Parameter.GUILD_LANGUAGE, language)
    mira, card = await active_reviewer(world, guild, locale)
    assert len(guild.messages(Route.PENDING_REQUEST)) == 2
    posted = guild.messages(Route.REVIEW_TEXT)
    assert len(posted) == 2, "the review is so long that it takes two messages"
    assert mira.mention in everything(card)

    question = await asked(guild, mira)
    assert_told(question, Text.PRIVACY_QUESTION, language, pending=1, opinions=1, reviews=1)
    done = await confirmed(world, mira, question, mira)
    assert says(done.content, Text.PRIVACY_ERASED, language, former=Raw(FORMER[language]), withdrawn=1, reviews=1)
    assert done.components == []

    assert guild.messages(Route.REVIEW_TEXT) == []
    [left] = guild.messages(Route.PENDING_REQUEST)
    assert request_id(left) == request_id(card)
    count = {"approvals": 0, "rejections": 1}
    shown = field(card, Text.CARD_FIELD_CONSENSUS, language, **count)
    assert FORMER[language] in shown
    assert mira.mention not in everything(card)
    for message in (left, card):
        assert WORDS not in everything(message)
    assert traces(world, guild, str(mira.id)) == {"cooldown"}, "the time until the next request goes on"
    assert traces(world, guild, WORDS) == set()
    [entry] = log_entries(guild, EventType.MEMBER_ERASED)
    assert (entry["actor"], entry["user_id"], entry["requests"], entry["reviews"]) == (-1, -1, 2, 1)
    assert guild.messages(Route.LOG)[-1].content.count(FORMER[language]) >= 1


def traces(world: World, guild: Guild, what: str) -> set[str]:
    """Return the tables with rows of a guild in which something stands, read from the database's file."""
    connection = sqlite3.connect(world.folder / "bot.db")
    try:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found: set[str] = set()
        for name in names:
            columns = [row[1] for row in connection.execute(f'PRAGMA table_info("{name}")')]
            if "guild_id" in columns:
                rows = connection.execute(f'SELECT * FROM "{name}" WHERE guild_id = ?', (guild.id,)).fetchall()
                found |= {name for row in rows if what in str(row)}
        return found
    finally:
        connection.close()


@LANGUAGES
async def test_an_admin_erases_somebody_who_has_left(world: World, locale: str, language: str) -> None:
    guild = world.guild
    ada, mira = guild.join("Ada", Flag.ADMIN, locale=locale), guild.join("Mira", Flag.GD_MOD)
    card = await request(world, guild, guild.join("Author"), new_level(world))
    await opine(guild.join("Rhea", Flag.REVIEWER), card)
    shown = await resolution_card(world, guild, request_id(card))
    await resolve(mira, shown, Verdict.EPIC)
    await world.settled()
    await hold_back(world, guild, CooldownKind.USER, mira.id, for_=None, reason="rude")
    mira.leave()

    question = await (await ada.forge_slash(guild.home, "privacy delete", member=mira)).final()
    who = Raw(mira.mention)
    assert_told(question, Text.PRIVACY_QUESTION_OTHER, language, who=who, opinions=1, held=Text.PRIVACY_HELD_FOREVER)
    done = await confirmed(world, ada, question, mira)
    assert says(done.content, Text.PRIVACY_ERASED_OTHER, language, who=who, former=Raw(FORMER[language]))
    assert says(done.content, Text.PRIVACY_ERASED_HELD, language)
    assert ada.pings == []

    assert FORMER["en"] in field(shown, Text.CARD_FIELD_RESOLUTIONS)
    [entry] = log_entries(guild, EventType.MEMBER_ERASED)
    assert (entry["actor"], entry["user_id"]) == (ada.id, -1)
    held = await guild.join("Guard", Flag.BAN_USERS).forge_slash(guild.home, "usercd describe", user=mira)
    assert "rude" in (await held.final()).content
    # A second time there is nothing left to erase.
    again = await (await ada.forge_slash(guild.home, "privacy delete", member=mira)).final()
    assert says(await told(await confirmed(world, ada, again, mira)), Text.PRIVACY_NOTHING_STORED, language)


@LANGUAGES
async def test_nobody_but_admins_erases_others_whatever_their_client_sends(world: World, locale: str, language: str) -> None:
    guild = world.guild
    rhea = guild.join("Rhea", *(flag for flag in Flag if flag is not Flag.ADMIN), locale=locale)
    mira = guild.join("Mira")
    await request(world, guild, mira, new_level(world), comment=WORDS)
    refusal = await (await rhea.slash(guild.home, "privacy delete", member=mira)).final()
    assert_told(refusal, Text.PRIVACY_ONLY_YOUR_OWN, language)
    for user_id in (mira.id, -1, 0):
        forged = await rhea.forge_component(guild.messages(Route.PENDING_REQUEST)[0], f"erase_member:{user_id}")
        assert says(await told(forged), Text.PRIVACY_ONLY_YOUR_OWN, language)
    await world.settled()
    assert log_entries(guild, EventType.MEMBER_ERASED) == []
    assert "comment" not in traces(world, guild, WORDS)
    assert traces(world, guild, WORDS) == {"request"}


async def test_an_erasure_can_be_thought_better_of(world: World) -> None:
    guild = world.guild
    mira = guild.join("Mira")
    card = await request(world, guild, mira, new_level(world))
    question = await asked(guild, mira)
    assert question.message is not None
    left = await mira.press(question.message, "dismiss")
    assert says(left.content, Text.ANSWER_DISMISSED)
    assert left.components == []
    assert guild.messages(Route.PENDING_REQUEST) == [card]


async def test_the_yes_of_before_a_restart_still_counts_and_another_server_keeps_its_records(world: World) -> None:
    here = world.guild
    there = await world.add_guild("Elsewhere")
    mira = here.join("Mira")
    abroad = there.sandbox.add_member(mira)
    await request(world, here, mira, new_level(world), comment=WORDS)
    kept = await request(world, there, abroad, new_level(world), comment=WORDS)
    question = await asked(here, mira)
    await world.stop()
    await world.start()
    await confirmed(world, mira, question, mira)
    assert here.messages(Route.PENDING_REQUEST) == []
    assert there.messages(Route.PENDING_REQUEST) == [kept]
    assert mira.mention in everything(kept)
    assert traces(world, there, WORDS) == {"request"}


async def test_whoever_comes_back_is_somebody_new(world: World) -> None:
    guild = world.guild
    rhea = guild.join("Rhea", Flag.REVIEWER)
    card = await request(world, guild, guild.join("Author"), new_level(world))
    await opine(rhea, card)
    await confirmed(world, rhea, await asked(guild, rhea), rhea)
    assert (await opine(rhea, card, verdict=Verdict.REJECT, review=REVIEW)).ephemeral
    shown = field(await resolution_card(world, guild, request_id(card)), Text.CARD_FIELD_CONSENSUS, approvals=1, rejections=1)
    assert FORMER["en"] in shown
    assert rhea.mention in shown


@LANGUAGES
async def test_too_short_a_time_to_keep_events_is_refused(world: World, locale: str, language: str) -> None:
    guild = world.guild
    ada = guild.join("Ada", Flag.ADMIN, locale=locale)
    answer = await ada.slash(guild.home, "parameter set", parameter="retention.events", new_value="1h")
    assert_told(await answer.final(), Text.PRIVACY_RETENTION_TOO_SHORT, language, parameter=Raw("retention.events"))
    offered = await ada.autocomplete(guild.home, "parameter set", focused="new_value", parameter="retention.events")
    assert "1y" in {choice["value"] for choice in offered}
    assert "0" not in {choice["value"] for choice in offered}
    await (await ada.slash(guild.home, "parameter set", parameter="retention.events", new_value="1y")).final()


async def test_the_log_calls_former_members_so(world: World) -> None:
    guild = world.guild
    mira = guild.join("Mira", Flag.LOG_VIEWER)
    lena = guild.join("Lena", Flag.LOG_VIEWER, locale="ru")
    await request(world, guild, mira, new_level(world))
    await confirmed(world, mira, await asked(guild, mira), mira)
    page = await (await lena.slash(guild.home, "log view")).final()
    assert page.message is not None
    shown = everything(page.message)
    assert FORMER["ru"] in shown
    assert mira.mention not in shown


async def test_a_form_that_was_open_meanwhile_is_that_of_somebody_new(world: World) -> None:
    guild = world.guild
    rhea = guild.join("Rhea", Flag.REVIEWER)
    card = await request(world, guild, guild.join("Author"), new_level(world))
    opened = await rhea.press(card, f"opinion:{request_id(card)}:approve:1")
    await request(world, guild, rhea, new_level(world))
    await confirmed(world, rhea, await asked(guild, rhea), rhea)
    assert (await fill(rhea, opened, review=REVIEW)).ephemeral
    shown = await resolution_card(world, guild, request_id(card))
    assert rhea.mention in field(shown, Text.CARD_FIELD_CONSENSUS, approvals=1, rejections=0)
