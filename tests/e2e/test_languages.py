"""Which language is spoken with whom: the actor's in answers, the request's with its author, the guild's on cards."""

import pytest

from sandbox.discord.errors import ClientRefused
from sandbox.geometry_dash import catalogue
from tests.e2e.shared import ONE_LOOP, guild_of_its_own
from tests.e2e.steps import (
    REVIEW,
    ask,
    assert_told,
    field,
    fill,
    label,
    log_entries,
    opine,
    request,
    request_id,
    resolution_card,
    resolve,
    says,
)
from tests.e2e.world import World
from util.identifiers import EventType, Flag, Parameter, Route, Verdict
from util.texts import Text

pytestmark = ONE_LOOP
world = guild_of_its_own()
LEVEL = catalogue.CYRILLIC


async def test_three_languages_stay_apart_in_one_flow(world: World) -> None:
    """A Russian author, an English reviewer, a Russian moderator, and cards in English."""
    guild = world.guild
    mira, rhea = guild.join("Mira", locale="ru"), guild.join("Rhea", Flag.REVIEWER, locale="en-GB")
    mo = guild.join("Mo", Flag.GD_MOD, locale="ru")
    opened = await ask(guild, mira, LEVEL)
    assert opened.modal is not None
    assert opened.modal.title == label(Text.FORM_REQUEST_TITLE, "ru", level=LEVEL.name)
    assert_told(await fill(mira, opened), Text.REQUEST_CREATED, "ru", level=LEVEL.name)
    await world.settled()
    [card] = guild.messages(Route.PENDING_REQUEST)
    assert field(card, Text.CARD_FIELD_LANGUAGE, "en") == label(Text.LANGUAGE_NAME, "ru")
    assert_told(await opine(rhea, card, review=REVIEW), Text.OPINION_ADDED_APPROVED_REVIEW, "en")
    shown = await resolution_card(world, guild, request_id(card))
    assert_told(await resolve(mo, shown, Verdict.FEATURE), Text.RESOLUTION_ADDED_FIRST, "ru", verdict=Text.VERDICT_FEATURE)
    await world.settled()
    [review], [notice] = guild.messages(Route.REVIEW_TEXT), guild.messages(Route.APPROVAL_NOTIFICATION)
    assert says(review.content, Text.REVIEW_NOTICE, "ru")
    assert says(notice.content, Text.DECISION_NOTICE_APPROVED, "ru", grade=Text.VERDICT_FEATURE)
    assert label(Text.VERDICT_FEATURE, "en") in field(shown, Text.CARD_FIELD_RESOLUTIONS, "en")


async def test_a_russian_guild_has_russian_cards_for_english_people(world: World) -> None:
    guild = world.guild
    await world.set_parameter(Parameter.GUILD_LANGUAGE, "ru")
    mira, mo = guild.join("Mira"), guild.join("Mo", Flag.GD_MOD)
    card = await request(world, guild, mira, LEVEL)
    assert field(card, Text.CARD_FIELD_LANGUAGE, "ru") == label(Text.LANGUAGE_NAME, "en")
    labels = [button["label"] for row in card.components for button in row["components"]]
    assert label(Text.BUTTON_OPINION_APPROVE, "ru").endswith(labels[0])
    assert_told(await opine(guild.join("Rhea", Flag.REVIEWER), card), Text.OPINION_ADDED_APPROVED, "en")
    shown = await resolution_card(world, guild, request_id(card))
    assert field(shown, Text.CARD_FIELD_CONSENSUS, "ru", approvals=1, rejections=0)
    await resolve(mo, shown, Verdict.REJECT)
    await world.settled()
    [notice] = guild.messages(Route.REJECTION_NOTIFICATION)
    assert says(notice.content, Text.DECISION_NOTICE_REJECTED, "en")


async def test_a_chosen_language_wins_over_discords_and_holds_for_later_requests(world: World) -> None:
    guild = world.guild
    mira = guild.join("Mira", locale="en-US")
    assert_told(await mira.slash(guild.home, "language", language="ru"), Text.LANGUAGE_SET, "ru")
    card = await request(world, guild, mira, LEVEL)
    assert field(card, Text.CARD_FIELD_LANGUAGE) == label(Text.LANGUAGE_NAME, "ru")
    assert_told(await ask(guild, mira, LEVEL), Text.REQUEST_REFUSED_USER_COOLDOWN, "ru")
    assert_told(await mira.slash(guild.home, "language", language="en"), Text.LANGUAGE_SET, "en")
    assert_told(await ask(guild, mira, LEVEL), Text.REQUEST_REFUSED_USER_COOLDOWN, "en")
    # The request keeps the language it was made in.
    await opine(guild.join("Rhea", Flag.REVIEWER), card, review=REVIEW)
    await world.settled()
    [review] = guild.messages(Route.REVIEW_TEXT)
    assert says(review.content, Text.REVIEW_NOTICE, "ru")
    await world.settled()
    assert [entry["new_value"] for entry in log_entries(guild, EventType.PREFERENCE_SET)] == ["ru", "en"]


@pytest.mark.parametrize(("locale", "language"), [("ru", "ru"), ("en-US", "en"), ("en-GB", "en"), ("de", "en"), ("uk", "en")])
async def test_discords_locale_decides_and_english_stands_in_for_unknown_ones(world: World, locale: str, language: str) -> None:
    guild = world.guild
    answer = await ask(guild, guild.join("Mira", locale=locale), catalogue.UNKNOWN_ID)
    assert_told(answer, Text.REQUEST_REFUSED_UNKNOWN, language)


async def test_a_role_that_speaks_russian_does_not_overrule_discords_locale(world: World) -> None:
    guild = world.guild
    ada, role = guild.join("Ada", Flag.ADMIN), guild.sandbox.add_role("Русскоязычные")
    opened = await (await ada.slash(guild.home, "setup")).final()
    assert opened.message is not None
    await (await ada.select(opened.message, "setup_go", ["languages"])).final()
    await (await ada.select(opened.message, "setup_item:languages", ["ru"])).final()
    await (await ada.select(opened.message, "setup_speakers:ru", [role])).final()
    assert role.id in (await world.app.guild(guild.id)).language_roles
    mira = guild.sandbox.add_member("Mira", roles=[role], locale="en-US")
    assert_told(await ask(guild, mira, catalogue.UNKNOWN_ID), Text.REQUEST_REFUSED_UNKNOWN, "en")


async def test_the_client_offers_only_languages_that_exist(world: World) -> None:
    guild = world.guild
    with pytest.raises(ClientRefused):
        await guild.join("Mira").slash(guild.home, "language", language="xx")


async def test_commands_are_described_in_both_languages(world: World) -> None:
    guild = world.guild
    synced = world.application.commands[guild.id].values()
    for command in synced:
        assert command["description"] != command["description_localizations"]["ru"]
        for option in command.get("options", []):
            assert option["description_localizations"]["ru"]
