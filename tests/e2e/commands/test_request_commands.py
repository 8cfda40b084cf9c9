"""`/request delete|ignored|insert|unresolved|widgets` as people use them."""

import pytest

from sandbox.discord.errors import ClientRefused
from sandbox.geometry_dash import catalogue
from tests.e2e.shared import ONE_LOOP, guild_of_its_own
from tests.e2e.steps import (
    REVIEW,
    VIDEO,
    ask,
    assert_told,
    colour,
    everything,
    field,
    label,
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
from util.identifiers import EventType, Flag, Route, Verdict
from util.phrases import Raw, message_url, user_mention
from util.texts import Text

pytestmark = ONE_LOOP
world = guild_of_its_own()
LEVEL = catalogue.UNRATED_EASY
LANGUAGES = pytest.mark.parametrize(("locale", "language"), [("en-US", "en"), ("ru", "ru")])


def url_of(guild: Guild, route: Route) -> str:
    """Return the address of the newest message of a route."""
    message = guild.messages(route)[-1]
    return message_url(guild.id, message.channel.id, message.id)


# Insert


@LANGUAGES
async def test_a_request_is_inserted_for_a_member_who_is_pinged_then(world: World, locale: str, language: str) -> None:
    guild = world.guild
    ines, mira = guild.join("Ines", Flag.INSERT_REQUESTS, locale=locale), guild.join("Mira")
    answer = await ines.slash(
        guild.home,
        "request insert",
        level_id=LEVEL.id,
        language=language,
        yt_link=VIDEO,
        creator_mention=mira,
        additional_comment="Found in the chat",
    )
    await answer.final()
    assert_told(answer, Text.REQUEST_INSERTED, language, level=LEVEL.name, author=Raw(mira.mention))
    await world.settled()
    [card] = guild.messages(Route.PENDING_REQUEST)
    assert field(card, Text.CARD_FIELD_AUTHOR) == mira.mention
    assert field(card, Text.CARD_FIELD_INSERTED_BY) == ines.mention
    assert field(card, Text.CARD_FIELD_LANGUAGE) == label(Text.LANGUAGE_NAME, language)
    assert field(card, Text.CARD_FIELD_COMMENT) == "Found in the chat"
    await opine(guild.join("Rhea", Flag.REVIEWER), card, review=REVIEW)
    await world.settled()
    [notice] = guild.messages(Route.REVIEW_TEXT)
    assert notice.pinged == {mira.id}
    assert says(notice.content, Text.REVIEW_NOTICE, language, author=Raw(mira.mention))
    # Nobody has a cooldown now.
    assert (await ask(guild, mira, catalogue.UNRATED_NORMAL)).kind == "modal"
    assert (await ask(guild, ines, catalogue.UNRATED_NORMAL)).kind == "modal"


@LANGUAGES
async def test_a_request_is_inserted_for_somebody_who_is_not_here(world: World, locale: str, language: str) -> None:
    guild = world.guild
    ines, mo = guild.join("Ines", Flag.INSERT_REQUESTS, locale=locale), guild.join("Mo", Flag.GD_MOD)
    answer = await ines.slash(
        guild.home, "request insert", level_id=LEVEL.id, language=language, creator_name="**Zobros** @everyone"
    )
    assert_told(await answer.final(), Text.REQUEST_INSERTED, language, level=LEVEL.name)
    await world.settled()
    [card] = guild.messages(Route.PENDING_REQUEST)
    await opine(guild.join("Rhea", Flag.REVIEWER), card)
    shown = await resolution_card(world, guild, request_id(card))
    assert field(shown, Text.CARD_FIELD_INSERTED_BY) == ines.mention
    await resolve(mo, shown, Verdict.REJECT)
    await world.settled()
    [notice] = guild.messages(Route.REJECTION_NOTIFICATION)
    assert "Zobros" in notice.content
    assert says(notice.content, Text.DECISION_NOTICE_REJECTED, language)
    assert not notice.pinged


@LANGUAGES
async def test_what_cannot_be_inserted_is_refused_with_the_reason(world: World, locale: str, language: str) -> None:
    guild = world.guild
    ines, mira = guild.join("Ines", Flag.INSERT_REQUESTS, locale=locale), guild.join("Mira", locale=locale)

    async def refused(key: Text, **options: object) -> None:
        filled = {"level_id": LEVEL.id, "language": "en", "creator_name": "Zobros"} | options
        given = {name: value for name, value in filled.items() if value is not None}
        assert_told(await (await ines.slash(guild.home, "request insert", **given)).final(), key, language)

    await refused(Text.REQUEST_INSERT_REFUSED_NOBODY, creator_name=None)
    await refused(Text.REQUEST_REFUSED_SHOWCASE_WRONG, yt_link="https://vimeo.com/12345")
    await refused(Text.REQUEST_REFUSED_UNKNOWN, level_id=999_999_999)
    left = guild.join("Left")
    left.leave()
    await refused(Text.REQUEST_INSERT_REFUSED_NOT_MEMBER, creator_mention=left.user)
    answer = await mira.slash(guild.home, "request insert", level_id=LEVEL.id, language="en", creator_name="Me")
    assert_told(await answer.final(), Text.ERROR_FORBIDDEN, language)
    with pytest.raises(ClientRefused):
        await ines.slash(guild.home, "request insert", level_id=5, language="en", creator_name="Zobros")
    await request(world, guild, mira, LEVEL)
    await refused(Text.REQUEST_REFUSED_PENDING)
    assert len(guild.messages(Route.PENDING_REQUEST)) == 1


# Delete


@LANGUAGES
async def test_a_deleted_request_leaves_no_card_and_the_review_stays(world: World, locale: str, language: str) -> None:
    guild = world.guild
    ada = guild.join("Ada", Flag.ADMIN, locale=locale)
    card = await request(world, guild, guild.join("Mira"), LEVEL)
    await opine(guild.join("Rhea", Flag.REVIEWER), card, review=REVIEW)
    number = request_id(card)
    await resolution_card(world, guild, number)
    question = await ada.slash(guild.home, "request delete", request_id=number)
    assert_told(question, Text.REQUEST_DELETE_CONFIRM, language, id=number, level=LEVEL.name, opinions=1)
    again = await ada.slash(guild.home, "request delete", request_id=number)
    assert question.message is not None
    assert again.message is not None

    await world.stop()
    await world.start()
    deleted = await ada.press(question.message, f"delete_request:{number}")
    assert says(deleted.content, Text.REQUEST_DELETED, language, id=number, level=LEVEL.name)
    assert deleted.components == []
    await world.settled()
    assert guild.messages(Route.PENDING_REQUEST) == guild.messages(Route.RESOLUTION) == []
    assert len(guild.messages(Route.REVIEW_TEXT)) == 1
    [entry] = log_entries(guild, EventType.REQUEST_DELETED)
    assert (entry["request_id"], entry["level_id"]) == (number, LEVEL.id)
    assert log_entries(guild, EventType.REQUEST_CREATED)

    assert_told(await ada.press(again.message, f"delete_request:{number}"), Text.REQUEST_NOT_FOUND, language)
    assert_told(await ada.slash(guild.home, "request delete", request_id=number), Text.REQUEST_NOT_FOUND, language)


async def test_a_deletion_can_be_thought_better_of(world: World) -> None:
    guild = world.guild
    ada = guild.join("Ada", Flag.ADMIN)
    card = await request(world, guild, guild.join("Mira"), LEVEL)
    question = await ada.slash(guild.home, "request delete", request_id=request_id(card))
    assert question.message is not None
    left = await ada.press(question.message, "dismiss")
    assert says(left.content, Text.ANSWER_DISMISSED)
    assert left.components == []
    await world.settled()
    assert guild.messages(Route.PENDING_REQUEST) == [card]


@LANGUAGES
async def test_only_admins_delete_requests(world: World, locale: str, language: str) -> None:
    guild = world.guild
    mo = guild.join("Mo", Flag.GD_MOD, locale=locale)
    card = await request(world, guild, guild.join("Mira"), LEVEL)
    number = request_id(card)
    assert_told(await mo.slash(guild.home, "request delete", request_id=number), Text.ERROR_FORBIDDEN, language)
    assert_told(await mo.forge_component(card, f"delete_request:{number}"), Text.ERROR_FORBIDDEN, language)
    assert await mo.autocomplete(guild.home, "request delete", focused="request_id") == []


async def test_requests_are_suggested_by_number_and_by_any_part_of_the_name(world: World) -> None:
    guild = world.guild
    ada = guild.join("Ada", Flag.ADMIN)
    card = await request(world, guild, guild.join("Mira"), new_level(world, name="Neon Caverns"))
    number = request_id(card)
    await request(world, guild, guild.join("Mara"), new_level(world, name="Sunset"))
    for typed in (str(number), "cavern", "caverns neon"):
        choices = await ada.autocomplete(guild.home, "request delete", focused="request_id", request_id=typed)
        assert [choice["value"] for choice in choices if "Neon" in choice["name"]] == [number]
    levels = await ada.autocomplete(guild.home, "request widgets", focused="level_id", level_id="unse")
    assert ["Sunset" in choice["name"] for choice in levels] == [True]


# Ignored, unresolved, widgets


@LANGUAGES
async def test_reviewers_and_moderators_are_led_to_what_waits_longest(world: World, locale: str, language: str) -> None:
    guild = world.guild
    rhea = guild.join("Rhea", Flag.REVIEWER, locale=locale)
    mo = guild.join("Mo", Flag.GD_MOD, locale=locale)
    assert_told(await rhea.slash(guild.home, "request ignored"), Text.REQUEST_IGNORED_NONE, language)
    assert_told(await mo.slash(guild.home, "request unresolved"), Text.REQUEST_UNRESOLVED_NONE, language)
    mira = guild.join("Mira")
    card = await request(world, guild, mira, LEVEL)
    await request(world, guild, guild.join("Mara"), new_level(world))
    said = assert_told(await rhea.slash(guild.home, "request ignored"), Text.REQUEST_WAITING_IGNORED, language, level=LEVEL.name)
    assert message_url(guild.id, card.channel.id, card.id) in said
    assert mira.mention in said
    assert_told(await mo.slash(guild.home, "request unresolved"), Text.REQUEST_UNRESOLVED_NONE, language)

    await opine(rhea, card)
    await world.settled()
    said = assert_told(
        await mo.slash(guild.home, "request unresolved"), Text.REQUEST_WAITING_UNRESOLVED, language, level=LEVEL.name
    )
    assert url_of(guild, Route.RESOLUTION) in said
    assert_told(await rhea.slash(guild.home, "request ignored"), Text.REQUEST_WAITING_IGNORED, language, level="Brand New")
    for command in ("ignored", "unresolved"):
        assert_told(await mira.slash(guild.home, f"request {command}"), Text.ERROR_FORBIDDEN)


@LANGUAGES
async def test_the_cards_of_a_level_are_linked(world: World, locale: str, language: str) -> None:
    guild = world.guild
    mira = guild.join("Mira", locale=locale)

    async def widgets() -> str:
        key = Text.REQUEST_WIDGETS_RESOLVED if guild.messages(Route.ARCHIVE) else Text.REQUEST_WIDGETS_PENDING
        answer = await mira.slash(guild.home, "request widgets", level_id=LEVEL.id)
        return assert_told(answer, key, language, level=LEVEL.name)

    never = await mira.slash(guild.home, "request widgets", level_id=LEVEL.id)
    assert_told(never, Text.REQUEST_WIDGETS_NONE, language, level_id=LEVEL.id)
    card = await request(world, guild, mira, LEVEL)
    said = await widgets()
    assert url_of(guild, Route.PENDING_REQUEST) in said
    assert said.count("https://") == 1
    await opine(guild.join("Rhea", Flag.REVIEWER), card)
    shown = await resolution_card(world, guild, request_id(card))
    said = await widgets()
    assert url_of(guild, Route.PENDING_REQUEST) in said
    assert url_of(guild, Route.RESOLUTION) in said
    await resolve(guild.join("Mo", Flag.GD_MOD), shown, Verdict.EPIC)
    await world.settled()
    said = await widgets()
    assert url_of(guild, Route.ARCHIVE) in said
    assert url_of(guild, Route.RESOLUTION) in said
    assert said.count("https://") == 2
    assert colour(guild.messages(Route.ARCHIVE)[-1]) == 0x666666
    assert user_mention(mira.id).text in everything(guild.messages(Route.ARCHIVE)[-1])
