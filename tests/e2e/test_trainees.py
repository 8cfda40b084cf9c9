"""Trainees: what they may do on the reviewers' card, where their reviews go, and how curators grade them."""

import pytest

from sandbox.discord.errors import ClientRefused
from sandbox.discord.models import Message
from sandbox.geometry_dash import catalogue
from tests.e2e.shared import ONE_LOOP, guild_of_its_own
from tests.e2e.steps import (
    REVIEW,
    assert_told,
    colour,
    everything,
    field,
    fill,
    label,
    opine,
    request,
    request_id,
    resolution_card,
    resolve,
    text,
)
from tests.e2e.world import Guild, World
from util.identifiers import Flag, Route, Verdict
from util.phrases import user_mention
from util.texts import Text

pytestmark = ONE_LOOP
world = guild_of_its_own()
LEVEL = catalogue.UNRATED_EASY
ADVICE = "Say more about the sync, and less about the song"
LANGUAGES = pytest.mark.parametrize(("locale", "language"), [("en-US", "en"), ("ru", "ru")])


async def practised(world: World, guild: Guild, *, locale: str = "en-US", verdict: Verdict = Verdict.APPROVE) -> Message:
    """Let Mira request a level and Toni the trainee review it; return the review's card."""
    card = await request(world, guild, guild.join("Mira", locale=locale), LEVEL)
    await opine(guild.join("Toni", Flag.TRAINEE), card, verdict, review=REVIEW)
    await world.settled()
    [shown] = guild.messages(Route.TRAINEE_REVIEW_TEXT)
    return shown


@LANGUAGES
async def test_a_trainee_cannot_judge_without_a_review(world: World, locale: str, language: str) -> None:
    guild = world.guild
    toni = guild.join("Toni", Flag.TRAINEE, locale=locale)
    card = await request(world, guild, guild.join("Mira"), LEVEL)
    number = request_id(card)
    for button in ("approve:0", "reject:0"):
        assert_told(await toni.press(card, f"opinion:{number}:{button}"), Text.OPINION_REFUSED_TRAINEE, language)
    for verdict in ("approve", "reject"):
        forged = await toni.forge_modal(guild.home, f"opinion_form:{number}:{verdict}", {"reason": "Not my taste"})
        assert_told(forged, Text.OPINION_REFUSED_TRAINEE, language)
    await world.settled()
    assert guild.messages(Route.TRAINEE_REVIEW_TEXT) == guild.messages(Route.RESOLUTION) == []


@pytest.mark.parametrize("verdict", [Verdict.APPROVE, Verdict.REJECT])
async def test_a_trainees_review_goes_to_the_trainee_route_and_nowhere_else(world: World, verdict: Verdict) -> None:
    guild = world.guild
    shown = await practised(world, guild, verdict=verdict)
    assert colour(shown) == 0x0000AA
    assert REVIEW in everything(shown)
    assert field(shown, Text.CARD_FIELD_TRAINEE) == guild.people["Toni"].mention
    assert label(Text(f"verdict.{verdict}")) in field(shown, Text.CARD_FIELD_VERDICT)
    assert guild.people["Mira"].pings == []
    for route in (Route.REVIEW_TEXT, Route.RESOLUTION):
        assert guild.messages(route) == []


async def test_a_trainees_answer_says_that_curators_read_it(world: World) -> None:
    guild = world.guild
    card = await request(world, guild, guild.join("Mira"), LEVEL)
    answer = await opine(guild.join("Toni", Flag.TRAINEE), card, review=REVIEW)
    assert_told(answer, Text.OPINION_ADDED_TRAINEE, level=LEVEL.name)


async def test_the_consensus_knows_nothing_of_trainees(world: World) -> None:
    guild = world.guild
    await practised(world, guild)
    [card] = guild.messages(Route.PENDING_REQUEST)
    await opine(guild.join("Rhea", Flag.REVIEWER), card)
    shown = await resolution_card(world, guild, request_id(card))
    assert guild.people["Toni"].mention not in everything(shown)
    assert field(shown, Text.CARD_FIELD_CONSENSUS, approvals=1, rejections=0).count("<@") == 1


async def test_a_trainee_reviews_a_request_once_even_beside_others(world: World) -> None:
    guild = world.guild
    await practised(world, guild)
    [card] = guild.messages(Route.PENDING_REQUEST)
    assert_told(await opine(guild.people["Toni"], card, Verdict.REJECT, review=REVIEW), Text.OPINION_REFUSED_REPEATED)
    assert_told(await opine(guild.join("Tara", Flag.TRAINEE), card, review=REVIEW), Text.OPINION_ADDED_TRAINEE)


async def test_a_trainee_may_practise_on_what_is_resolved(world: World) -> None:
    guild = world.guild
    toni = guild.join("Toni", Flag.TRAINEE)
    card = await request(world, guild, guild.join("Mira"), LEVEL)
    number = request_id(card)
    opened = await toni.press(card, f"opinion:{number}:approve:1")
    await opine(guild.join("Rhea", Flag.REVIEWER), card)
    await resolve(guild.join("Mo", Flag.GD_MOD), await resolution_card(world, guild, number), Verdict.EPIC)
    assert_told(await fill(toni, opened, review=REVIEW), Text.OPINION_ADDED_TRAINEE)


async def test_a_reviewer_who_is_marked_as_trainee_too_counts_as_reviewer(world: World) -> None:
    guild = world.guild
    card = await request(world, guild, guild.join("Mira"), LEVEL)
    assert_told(await opine(guild.join("Rhea", Flag.REVIEWER, Flag.TRAINEE), card), Text.OPINION_ADDED_APPROVED)


async def test_the_trainees_card_speaks_the_requests_language(world: World) -> None:
    guild = world.guild
    shown = await practised(world, guild, locale="ru")
    assert guild.people["Toni"].mention == field(shown, Text.CARD_FIELD_TRAINEE, "ru")
    assert label(Text.BUTTON_ASSESS_APPROVE, "ru").split(" ", 1)[1] in str(shown.components)


@LANGUAGES
@pytest.mark.parametrize("approved", [True, False])
@pytest.mark.parametrize("feedback", ["", ADVICE])
async def test_a_curator_grades_a_review_and_the_card_shows_it(
    world: World, approved: bool, feedback: str, locale: str, language: str
) -> None:
    guild = world.guild
    cora = guild.join("Cora", Flag.TRAINEE_SUPERVISOR, locale=locale)
    shown = await practised(world, guild)
    answer = await cora.press(shown, _assess_id(shown, approved=approved))
    assert answer.modal is not None
    assert answer.modal.title == label(Text.FORM_ASSESS_APPROVE if approved else Text.FORM_ASSESS_REJECT, language)
    told = Text.ASSESSMENT_ADDED_APPROVED if approved else Text.ASSESSMENT_ADDED_REJECTED
    trainee = user_mention(guild.people["Toni"].id)
    assert_told(await fill(cora, answer, feedback=feedback), told, language, trainee=trainee)
    await world.settled()
    assert shown.components == []
    key = Text.CARD_VALUE_GRADE_APPROVED if approved else Text.CARD_VALUE_GRADE_REJECTED
    assert field(shown, Text.CARD_FIELD_TRAINEE_GRADE) == text(key, who=user_mention(cora.id))
    assert (ADVICE in everything(shown)) is bool(feedback)
    assert REVIEW in everything(shown)


async def test_a_review_is_graded_once(world: World) -> None:
    guild = world.guild
    cora, carl = guild.join("Cora", Flag.TRAINEE_SUPERVISOR), guild.join("Carl", Flag.TRAINEE_SUPERVISOR)
    shown = await practised(world, guild)
    first, second = [await who.press(shown, _assess_id(shown, approved=True)) for who in (cora, carl)]
    button = _assess_id(shown, approved=False)
    await fill(cora, first)
    late = await fill(carl, second, feedback=ADVICE)
    assert_told(late, Text.ASSESSMENT_REFUSED_REPEATED, who=user_mention(cora.id))
    assert ADVICE in str(late.embeds)
    assert_told(await carl.forge_component(shown, button), Text.ASSESSMENT_REFUSED_REPEATED)
    await world.settled()
    with pytest.raises(ClientRefused):
        await carl.press(shown, button)


async def test_a_trainee_cannot_grade(world: World) -> None:
    guild = world.guild
    shown = await practised(world, guild)
    answer = await guild.people["Toni"].press(shown, _assess_id(shown, approved=True))
    assert_told(answer, Text.ERROR_FORBIDDEN, flags=Flag.TRAINEE_SUPERVISOR.value)


async def test_a_review_of_4000_characters_is_readable_on_the_card(world: World) -> None:
    guild = world.guild
    toni = guild.join("Toni", Flag.TRAINEE)
    review = " ".join(f"word{number:04}" for number in range(444))
    card = await request(world, guild, guild.join("Mira"), LEVEL)
    await opine(toni, card, review=review)
    await world.settled()
    [shown] = guild.messages(Route.TRAINEE_REVIEW_TEXT)
    assert all(word in everything(shown) for word in review.split())


def _assess_id(card: Message, *, approved: bool) -> str:
    [found] = [
        button["custom_id"]
        for row in card.components
        for button in row["components"]
        if button["custom_id"].endswith(str(int(approved)))
    ]
    return found
