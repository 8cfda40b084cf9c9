"""The main flow, through the sandbox: what people do, and what everybody sees."""

import pytest

from sandbox.geometry_dash import catalogue
from tests.e2e.shared import ONE_LOOP, guild_of_its_own
from tests.e2e.steps import (
    REVIEW,
    ask,
    assert_told,
    colour,
    field,
    fields,
    fill,
    label,
    opine,
    opined,
    request,
    request_id,
    resolution_card,
    resolve,
    says,
)
from tests.e2e.world import World
from util.identifiers import Flag, Parameter, Route, Verdict
from util.phrases import message_url, user_mention
from util.texts import Text

pytestmark = ONE_LOOP
world = guild_of_its_own()
LEVEL = catalogue.UNRATED_EASY
LANGUAGES = pytest.mark.parametrize(("locale", "language"), [("en-US", "en"), ("ru", "ru")])


@LANGUAGES
@pytest.mark.parametrize("verdict", [Verdict.FEATURE, Verdict.REJECT])
async def test_a_request_goes_all_the_way_from_the_member_to_the_archive(
    world: World, verdict: Verdict, locale: str, language: str
) -> None:
    guild = world.guild
    await world.set_parameter(Parameter.GUILD_LANGUAGE, language)
    mira, rhea, mo = (
        guild.join(name, *flags, locale=locale)
        for name, flags in (("Mira", ()), ("Rhea", (Flag.REVIEWER,)), ("Mo", (Flag.GD_MOD,)))
    )

    opened = await ask(guild, mira, LEVEL)
    assert opened.modal is not None
    assert opened.modal.title == label(Text.FORM_REQUEST_TITLE, language, level=LEVEL.name)
    taken = await fill(mira, opened, **{label(Text.FORM_COMMENT, language): "My first level"})
    assert_told(taken, Text.REQUEST_CREATED, language, level=LEVEL.name, level_id=LEVEL.id)
    await world.settled()
    [card] = guild.messages(Route.PENDING_REQUEST)
    assert field(card, Text.CARD_FIELD_COMMENT, language) == "My first level"

    approve = label(Text.BUTTON_OPINION_APPROVE_REVIEW, language).split(" ", 1)[1]
    answer = await fill(rhea, await rhea.press(card, approve), **{label(Text.FORM_REVIEW, language): REVIEW})
    assert_told(answer, Text.OPINION_ADDED_APPROVED_REVIEW, language)
    shown = await resolution_card(world, guild, request_id(card))
    [review] = guild.messages(Route.REVIEW_TEXT)
    assert says(review.content, Text.REVIEW_NOTICE, language, author=user_mention(mira.id))
    listed = field(shown, Text.CARD_FIELD_CONSENSUS, language, approvals=1, rejections=0)
    assert message_url(guild.id, review.channel.id, review.id) in listed

    press = label(Text(f"button.resolve.{verdict}"), language).split(" ", 1)[1]
    answer = await fill(mo, await mo.press(shown, press))
    assert_told(answer, Text.RESOLUTION_ADDED_FIRST, language, verdict=Text(f"verdict.{verdict}"))
    await world.settled()
    route = Route.APPROVAL_NOTIFICATION if verdict.is_approval else Route.REJECTION_NOTIFICATION
    [notice] = guild.messages(route)
    key = Text.DECISION_NOTICE_APPROVED if verdict.is_approval else Text.DECISION_NOTICE_REJECTED
    assert says(notice.content, key, language, who=user_mention(mo.id))
    assert mira.pings == [review, notice]
    assert guild.messages(Route.PENDING_REQUEST) == []
    [archived] = guild.messages(Route.ARCHIVE)
    assert message_url(guild.id, shown.channel.id, shown.id) in field(archived, Text.CARD_FIELD_RESOLUTION_CARD, language)
    assert (colour(shown), colour(archived)) == (0x128611, 0x666666)


async def test_an_author_who_has_left_holds_up_nothing(world: World) -> None:
    guild = world.guild
    mira = guild.join("Mira")
    shown = await opined(world, guild, mira, LEVEL)
    mira.leave()
    assert_told(await resolve(guild.join("Mo", Flag.GD_MOD), shown, Verdict.EPIC, review=REVIEW), Text.RESOLUTION_ADDED_FIRST)
    await world.settled()
    [notice] = guild.messages(Route.APPROVAL_NOTIFICATION)
    assert user_mention(mira.id).text in notice.content


async def test_cards_of_many_requests_stand_in_the_order_of_the_requests(world: World) -> None:
    guild = world.guild
    for number, level in enumerate(catalogue.ordinary(5)):
        await request(world, guild, guild.join(f"Member {number}"), level)
    cards = guild.messages(Route.PENDING_REQUEST)
    assert [card.embeds[0]["title"] for card in cards] == [level.name for level in catalogue.ordinary(5)]
    assert [request_id(card) for card in cards] == sorted(request_id(card) for card in cards)


async def test_an_archived_card_keeps_what_was_said_of_the_request(world: World) -> None:
    guild = world.guild
    card = await request(world, guild, guild.join("Mira"), LEVEL, comment="Mind the drop", showcase="youtu.be/dQw4w9WgXcQ")
    asked = fields(card)
    await opine(guild.join("Rhea", Flag.REVIEWER), card)
    await resolve(guild.join("Mo", Flag.GD_MOD), await resolution_card(world, guild, request_id(card)), Verdict.EPIC)
    await world.settled()
    [archived] = guild.messages(Route.ARCHIVE)
    assert asked.items() <= fields(archived).items()
    assert field(archived, Text.CARD_FIELD_COMMENT) == "Mind the drop"
    assert "dQw4w9WgXcQ" in field(archived, Text.CARD_FIELD_SHOWCASE)
