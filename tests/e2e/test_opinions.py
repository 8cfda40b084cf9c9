"""Opinions of reviewers: what can be given, what everybody sees of it, and what is refused."""

import asyncio

import pytest

from sandbox.discord.errors import ClientRefused
from sandbox.geometry_dash import catalogue
from tests.e2e.shared import ONE_LOOP, guild_of_its_own
from tests.e2e.steps import (
    REVIEW,
    assert_told,
    colour,
    everything,
    field,
    fields,
    label,
    opine,
    opined,
    request,
    request_id,
    resolution_card,
    resolve,
    says,
    set_route,
    text,
)
from tests.e2e.world import World
from util.identifiers import Flag, Parameter, Route, Verdict
from util.phrases import message_url, phrase, user_mention
from util.texts import Text

pytestmark = ONE_LOOP
world = guild_of_its_own()
LEVEL = catalogue.UNRATED_EASY
REASON = "Unreadable third part"
LANGUAGES = pytest.mark.parametrize(("locale", "language"), [("en-US", "en"), ("ru", "ru")])


async def test_the_reviewers_card_shows_the_level_and_four_buttons(world: World) -> None:
    guild = world.guild
    mira = guild.join("Mira")
    card = await request(world, guild, mira, catalogue.UNRATED_NORMAL, comment="Mind the triple", showcase="youtu.be/dQw4w9WgXcQ")
    assert colour(card) == 0x979B1F
    assert card.embeds[0]["title"] == catalogue.UNRATED_NORMAL.name
    assert field(card, Text.CARD_FIELD_ID) == f"`{catalogue.UNRATED_NORMAL.id}`"
    assert field(card, Text.CARD_FIELD_CREATOR) == catalogue.UNRATED_NORMAL.creator.name
    assert field(card, Text.CARD_FIELD_DIFFICULTY).endswith(label(Text.DIFFICULTY_NORMAL))
    assert field(card, Text.CARD_FIELD_AUTHOR) == mira.mention
    assert field(card, Text.CARD_FIELD_LANGUAGE) == label(Text.LANGUAGE_NAME)
    assert field(card, Text.CARD_FIELD_COMMENT) == "Mind the triple"
    assert "https://www.youtube.com/watch?v=dQw4w9WgXcQ" in field(card, Text.CARD_FIELD_SHOWCASE)
    buttons = [button["custom_id"] for row in card.components for button in row["components"]]
    number = request_id(card)
    assert buttons == [f"opinion:{number}:{verdict}:{review}" for review in (0, 1) for verdict in ("approve", "reject")]
    assert not card.pinged


@LANGUAGES
async def test_a_plain_approval_is_taken_with_one_click_and_the_author_hears_nothing(
    world: World, locale: str, language: str
) -> None:
    guild = world.guild
    mira, rhea = guild.join("Mira"), guild.join("Rhea", Flag.REVIEWER, locale=locale)
    card = await request(world, guild, mira, LEVEL)
    assert_told(await opine(rhea, card), Text.OPINION_ADDED_APPROVED, language, level=LEVEL.name)
    shown = await resolution_card(world, guild, request_id(card))
    assert colour(shown) == 0x990000
    listed = field(shown, Text.CARD_FIELD_CONSENSUS, approvals=1, rejections=0)
    assert rhea.mention in listed
    assert "http" not in listed
    assert guild.messages(Route.REVIEW_TEXT) == []
    assert mira.pings == []
    assert card in guild.messages(Route.PENDING_REQUEST)


@LANGUAGES
async def test_a_rejection_needs_a_reason_which_the_moderators_see(world: World, locale: str, language: str) -> None:
    guild = world.guild
    mira, rhea = guild.join("Mira"), guild.join("Rhea", Flag.REVIEWER, locale=locale)
    card = await request(world, guild, mira, LEVEL)
    answer = await rhea.press(card, f"opinion:{request_id(card)}:reject:0")
    assert answer.modal is not None
    assert label(Text.FORM_REASON, language) in str(answer.modal.components)
    for refused in ("", "abc", "x" * 401):
        with pytest.raises(ClientRefused):
            await rhea.submit(answer.modal, {"reason": refused})
    assert_told(await rhea.submit(answer.modal, {"reason": REASON}), Text.OPINION_ADDED_REJECTED, language, level=LEVEL.name)
    shown = await resolution_card(world, guild, request_id(card))
    assert REASON in field(shown, Text.CARD_FIELD_CONSENSUS, approvals=0, rejections=1)
    assert guild.messages(Route.REVIEW_TEXT) == []


@pytest.mark.parametrize(("typed", "told"), [("", Text.OPINION_REFUSED_NO_REASON), ("abc", Text.REASON_REFUSED_LENGTH)])
async def test_a_rejection_without_a_reason_is_refused_when_forged(world: World, typed: str, told: Text) -> None:
    guild = world.guild
    rhea = guild.join("Rhea", Flag.REVIEWER)
    card = await request(world, guild, guild.join("Mira"), LEVEL)
    forged = await rhea.forge_modal(guild.home, f"opinion_form:{request_id(card)}:reject", {"reason": typed})
    assert_told(forged, told)
    await world.settled()
    assert guild.messages(Route.RESOLUTION) == []


@LANGUAGES
@pytest.mark.parametrize("verdict", [Verdict.APPROVE, Verdict.REJECT])
async def test_a_review_reaches_the_author_in_the_requests_language_and_the_consensus_links_it(
    world: World, verdict: Verdict, locale: str, language: str
) -> None:
    guild = world.guild
    mira, rhea = guild.join("Mira", locale=locale), guild.join("Rhea", Flag.REVIEWER)
    card = await request(world, guild, mira, LEVEL)
    told = Text.OPINION_ADDED_APPROVED_REVIEW if verdict.is_approval else Text.OPINION_ADDED_REJECTED_REVIEW
    assert_told(await opine(rhea, card, verdict, review=REVIEW), told)
    shown = await resolution_card(world, guild, request_id(card))
    [notice] = guild.messages(Route.REVIEW_TEXT)
    assert REVIEW in notice.content
    assert says(
        notice.content, Text.REVIEW_NOTICE, language, author=user_mention(mira.id), who=user_mention(rhea.id), level=LEVEL.name
    )
    assert mira.pings == [notice]
    assert rhea.pings == []
    approvals = int(verdict.is_approval)
    listed = field(shown, Text.CARD_FIELD_CONSENSUS, approvals=approvals, rejections=1 - approvals)
    assert message_url(guild.id, notice.channel.id, notice.id) in listed


async def test_a_rejection_with_a_review_may_carry_a_reason_too(world: World) -> None:
    guild = world.guild
    rhea = guild.join("Rhea", Flag.REVIEWER)
    card = await request(world, guild, guild.join("Mira"), LEVEL)
    await opine(rhea, card, Verdict.REJECT, review=REVIEW, reason=REASON)
    shown = await resolution_card(world, guild, request_id(card))
    [notice] = guild.messages(Route.REVIEW_TEXT)
    listed = field(shown, Text.CARD_FIELD_CONSENSUS, approvals=0, rejections=1)
    assert REASON in listed
    assert str(notice.id) in listed


async def test_the_form_of_a_review_names_the_language_to_write_in(world: World) -> None:
    guild = world.guild
    rhea = guild.join("Rhea", Flag.REVIEWER)
    card = await request(world, guild, guild.join("Mira", locale="ru"), LEVEL)
    answer = await rhea.press(card, f"opinion:{request_id(card)}:approve:1")
    assert answer.modal is not None
    assert label(Text.FORM_REVIEW_HINT, spoken=label(Text.LANGUAGE_NAME, "ru")) in str(answer.modal.components)


@pytest.mark.parametrize("review", ["x" * 39, "x" * 4001, " " * 50])
async def test_reviews_out_of_range_are_refused_and_given_back(world: World, review: str) -> None:
    guild = world.guild
    rhea = guild.join("Rhea", Flag.REVIEWER)
    card = await request(world, guild, guild.join("Mira"), LEVEL)
    answer = await rhea.press(card, f"opinion:{request_id(card)}:approve:1")
    with pytest.raises(ClientRefused):
        await rhea.submit(answer.modal, {"review": review})
    if review.strip():
        forged = await rhea.forge_modal(guild.home, f"opinion_form:{request_id(card)}:approve", {"review": review})
        assert_told(forged, Text.REVIEW_REFUSED_LENGTH, least=40, most=4000)
        assert review[:39] in str(forged.embeds)
    await world.settled()
    assert guild.messages(Route.RESOLUTION) == []


async def test_a_review_of_4000_characters_is_split_between_words_and_pings_once(world: World) -> None:
    guild = world.guild
    mira, rhea = guild.join("Mira"), guild.join("Rhea", Flag.REVIEWER)
    card = await request(world, guild, mira, LEVEL)
    words = [f"word{number:04}" for number in range(444)]
    review = " ".join(words)[:4000].strip()
    await opine(rhea, card, review=review)
    shown = await resolution_card(world, guild, request_id(card))
    parts = guild.messages(Route.REVIEW_TEXT)
    assert len(parts) == 3
    assert all(len(part.content) <= 2000 for part in parts)
    joined = " ".join(part.content for part in parts)
    assert [word for word in joined.split() if word.startswith("word")] == review.split()
    assert mira.pings == [parts[0]]
    assert message_url(guild.id, parts[0].channel.id, parts[0].id) in str(shown.embeds)


async def test_a_long_review_full_of_emoji_and_markup_fits_as_well(world: World) -> None:
    guild = world.guild
    rhea = guild.join("Rhea", Flag.REVIEWER)
    card = await request(world, guild, guild.join("Mira"), LEVEL)
    review = ("👨‍👩‍👧‍👦*_~`" * 400)[:4000]
    await opine(rhea, card, review=review)
    await world.settled()
    parts = guild.messages(Route.REVIEW_TEXT)
    assert len(parts) > 2
    assert all(len(part.content) <= 2000 for part in parts)


@LANGUAGES
@pytest.mark.parametrize("verdict", [Verdict.APPROVE, Verdict.REJECT])
async def test_the_conclusion_below_a_review_is_a_parameter(world: World, verdict: Verdict, locale: str, language: str) -> None:
    guild = world.guild
    rhea = guild.join("Rhea", Flag.REVIEWER)
    mira, nora = guild.join("Mira", locale=locale), guild.join("Nora", locale=locale)
    await opine(rhea, await request(world, guild, mira, LEVEL), verdict, review=REVIEW)
    await world.set_parameter(Parameter.REQUEST_APPEND_CONCLUSION_TO_REVIEW, "true")
    await opine(rhea, await request(world, guild, nora, catalogue.UNRATED_NORMAL), verdict, review=REVIEW)
    await world.settled()
    without, with_it = guild.messages(Route.REVIEW_TEXT)
    name = Text.VERDICT_APPROVE if verdict.is_approval else Text.VERDICT_REJECT
    assert without.content.endswith(REVIEW)
    assert says(with_it.content, Text.REVIEW_CONCLUSION, language, verdict=name)


async def test_several_reviewers_build_one_consensus_with_reasons_and_links(world: World) -> None:
    guild = world.guild
    card = await request(world, guild, guild.join("Mira"), LEVEL)
    first, second, third = (guild.join(f"Reviewer {number}", Flag.REVIEWER) for number in range(3))
    await opine(first, card)
    await opine(second, card, Verdict.REJECT, reason=REASON)
    await opine(third, card, Verdict.REJECT, review=REVIEW)
    shown = await resolution_card(world, guild, request_id(card))
    lines = field(shown, Text.CARD_FIELD_CONSENSUS, approvals=1, rejections=2).split("\n")
    [notice] = guild.messages(Route.REVIEW_TEXT)
    assert [first.mention in lines[0], second.mention in lines[1], third.mention in lines[2]] == [True] * 3
    assert lines[1].endswith(REASON)
    assert str(notice.id) in lines[2]


async def test_sixty_opinions_are_shortened_with_a_count(world: World) -> None:
    guild = world.guild
    card = await request(world, guild, guild.join("Mira"), LEVEL)
    reviewers = [guild.join(f"Reviewer {number}", Flag.REVIEWER) for number in range(60)]
    for start in range(0, 60, 10):
        group = reviewers[start : start + 10]
        await asyncio.gather(*(opine(reviewer, card) for reviewer in group[::2]))
        await asyncio.gather(
            *(opine(reviewer, card, Verdict.REJECT, reason=f"{REASON}, " + "very " * 60) for reviewer in group[1::2])
        )
    shown = await resolution_card(world, guild, request_id(card))
    listed = field(shown, Text.CARD_FIELD_CONSENSUS, approvals=30, rejections=30)
    lines = listed.split("\n")
    assert len(listed) <= 1024
    assert lines[-1] == text(Text.CARD_MORE, count=60 - (len(lines) - 1))
    assert sum(len(name) + len(value) for name, value in fields(shown).items()) <= 6000


async def test_an_opinion_is_given_once(world: World) -> None:
    guild = world.guild
    rhea = guild.join("Rhea", Flag.REVIEWER)
    card = await request(world, guild, guild.join("Mira"), LEVEL)
    opened = await rhea.press(card, f"opinion:{request_id(card)}:reject:1")
    await opine(rhea, card)
    for button in ("approve:0", "approve:1", "reject:0", "reject:1"):
        assert_told(await rhea.press(card, f"opinion:{request_id(card)}:{button}"), Text.OPINION_REFUSED_REPEATED)
    late = await rhea.submit(opened.modal, {"review": REVIEW})
    assert_told(late, Text.OPINION_REFUSED_REPEATED)
    assert REVIEW in str(late.embeds)
    shown = await resolution_card(world, guild, request_id(card))
    assert field(shown, Text.CARD_FIELD_CONSENSUS, approvals=1, rejections=0).count("<@") == 1
    assert guild.messages(Route.REVIEW_TEXT) == []


async def test_a_resolved_request_takes_no_more_opinions(world: World) -> None:
    guild = world.guild
    rhea = guild.join("Rhea", Flag.REVIEWER)
    card = await request(world, guild, guild.join("Mira"), LEVEL)
    number = request_id(card)
    opened = await rhea.press(card, f"opinion:{number}:approve:1")
    await opine(guild.join("Rob", Flag.REVIEWER), card)
    await resolve(guild.join("Mo", Flag.GD_MOD), await resolution_card(world, guild, number), Verdict.EPIC)
    await world.settled()
    late = await rhea.submit(opened.modal, {"review": REVIEW})
    assert_told(late, Text.OPINION_REFUSED_RESOLVED, level=LEVEL.name)
    assert REVIEW in str(late.embeds)
    assert_told(await rhea.forge_component(guild.home, f"opinion:{number}:approve:0"), Text.OPINION_REFUSED_RESOLVED)
    with pytest.raises(ClientRefused):
        await opine(rhea, card)


async def test_a_moderator_who_is_a_reviewer_too_may_give_an_opinion_and_decide(world: World) -> None:
    guild = world.guild
    mo = guild.join("Mo", Flag.GD_MOD, Flag.REVIEWER)
    card = await request(world, guild, guild.join("Mira"), LEVEL)
    await opine(mo, card)
    shown = await resolution_card(world, guild, request_id(card))
    assert_told(await resolve(mo, shown, Verdict.MYTHIC), Text.RESOLUTION_ADDED_FIRST, level=LEVEL.name)


async def test_an_author_who_is_a_reviewer_is_treated_like_any_reviewer(world: World) -> None:
    guild = world.guild
    rhea = guild.join("Rhea", Flag.REVIEWER)
    card = await request(world, guild, rhea, LEVEL)
    assert_told(await opine(rhea, card), Text.OPINION_ADDED_APPROVED)


async def test_with_the_review_route_off_a_review_is_kept_and_marked_in_the_consensus(world: World) -> None:
    guild = world.guild
    await set_route(world, guild, Route.REVIEW_TEXT, enabled=False)
    mira, rhea = guild.join("Mira"), guild.join("Rhea", Flag.REVIEWER)
    card = await request(world, guild, mira, LEVEL)
    assert_told(await opine(rhea, card, review=REVIEW), Text.OPINION_ADDED_APPROVED_REVIEW)
    shown = await resolution_card(world, guild, request_id(card))
    assert guild.messages(Route.REVIEW_TEXT) == []
    assert mira.pings == []
    assert text(phrase(Text.CARD_OPINION_REVIEW_UNPOSTED)) in field(shown, Text.CARD_FIELD_CONSENSUS, approvals=1, rejections=0)


async def test_with_every_route_off_the_flow_posts_nothing_and_goes_through(world: World) -> None:
    guild = world.guild
    for route in Route:
        await set_route(world, guild, route, enabled=False)
    mira, rhea, mo = guild.join("Mira"), guild.join("Rhea", Flag.REVIEWER), guild.join("Mo", Flag.GD_MOD)
    answer = await mira.slash(guild.home, "request create", level_id=LEVEL.id)
    taken = await (await mira.submit(answer.modal, {})).final()
    number = taken.content.rstrip(".").rsplit(" ", 1)[1]
    assert_told(
        await rhea.forge_modal(guild.home, f"opinion_form:{number}:approve", {"review": REVIEW}),
        Text.OPINION_ADDED_APPROVED_REVIEW,
    )
    assert_told(
        await mo.forge_modal(guild.home, f"resolve_form:{number}:feature", {"review": REVIEW}), Text.RESOLUTION_ADDED_FIRST
    )
    await world.settled()
    assert [message for route in Route for message in guild.messages(route)] == []


async def test_cards_appear_when_their_route_is_switched_on_again(world: World) -> None:
    guild = world.guild
    await set_route(world, guild, Route.RESOLUTION, enabled=False)
    card = await request(world, guild, guild.join("Mira"), LEVEL)
    await opine(guild.join("Rhea", Flag.REVIEWER), card)
    await world.settled()
    assert guild.messages(Route.RESOLUTION) == []
    await set_route(world, guild, Route.RESOLUTION, enabled=True)
    await opine(guild.join("Rob", Flag.REVIEWER), card)
    shown = await resolution_card(world, guild, request_id(card))
    assert "Rhea" not in everything(shown)
    assert field(shown, Text.CARD_FIELD_CONSENSUS, approvals=2, rejections=0).count("<@") == 2


async def test_a_card_deleted_by_hand_comes_back_with_the_next_opinion(world: World) -> None:
    guild = world.guild
    shown = await opined(world, guild, guild.join("Mira"), LEVEL)
    [card] = guild.messages(Route.PENDING_REQUEST)
    guild.sandbox.delete_message(shown)
    await opine(guild.join("Rob", Flag.REVIEWER), card)
    again = await resolution_card(world, guild, request_id(card))
    assert again.id != shown.id
    assert field(again, Text.CARD_FIELD_CONSENSUS, approvals=2, rejections=0).count("<@") == 2
