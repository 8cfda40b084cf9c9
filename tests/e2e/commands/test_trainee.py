"""`/trainee pick|promote|expel`, feedback in threads and the curators' decision, as people use them."""

import pytest

from sandbox.discord.answers import Answer
from sandbox.discord.models import Message
from sandbox.discord.permissions import Permission
from tests.e2e.shared import ONE_LOOP, guild_of_its_own
from tests.e2e.steps import (
    REVIEW,
    assert_told,
    colour,
    fill,
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
from util.identifiers import EventType, Flag, Parameter, Route, Verdict
from util.phrases import role_mention, user_mention
from util.texts import Text

pytestmark = ONE_LOOP
world = guild_of_its_own()
ADVICE = "Say more about the sync, and less about the song"
LANGUAGES = pytest.mark.parametrize(("locale", "language"), [("en-US", "en"), ("ru", "ru")])


async def practise(world: World, guild: Guild, trainee: str = "Toni") -> Message:
    """Let somebody request a level and a trainee review it; return the review's card."""
    level = new_level(world)
    card = await request(world, guild, guild.join(f"Author of {level.id}"), level)
    if trainee not in guild.people:
        guild.join(trainee, Flag.TRAINEE)
    await opine(guild.people[trainee], card, review=REVIEW)
    await world.settled()
    return guild.messages(Route.TRAINEE_REVIEW_TEXT)[-1]


async def grade(guild: Guild, curator: str, card: Message, *, approved: bool = True, feedback: str = "") -> Answer:
    """Grade a review as a curator does it."""
    cora = guild.people[curator]
    return await fill(cora, await cora.press(card, _button(card, f":{int(approved)}")), feedback=feedback)


def _button(card: Message, end: str) -> str:
    buttons = [button["custom_id"] for row in card.components for button in row["components"]]
    return next(button for button in buttons if button.endswith(end))


async def offered(world: World, guild: Guild, *, locale: str = "en-US", grades: int = 1) -> Answer:
    """Grade so many reviews that the last answer offers a decision."""
    await world.set_parameter(Parameter.TRAINEE_RESOLVED_REVIEWS_FOR_PROMOTION_DECISION, str(grades), guild)
    guild.join("Cora", Flag.TRAINEE_SUPERVISOR, locale=locale)
    answers = [await grade(guild, "Cora", await practise(world, guild), approved=bool(number)) for number in range(grades)]
    assert all(not answer.components for answer in answers[:-1])
    return answers[-1]


# Pick


@LANGUAGES
async def test_a_trainee_picks_and_reviews_until_nothing_is_left(world: World, locale: str, language: str) -> None:
    guild = world.guild
    toni = guild.join("Toni", Flag.TRAINEE, locale=locale)
    assert_told(await toni.slash(guild.home, "trainee pick"), Text.TRAINEE_PICK_REFUSED_NONE, language)
    pending, archived = new_level(world), new_level(world)
    await request(world, guild, guild.join("Mira"), pending)
    card = await request(world, guild, guild.join("Mara"), archived)
    await opine(guild.join("Rhea", Flag.REVIEWER), card)
    await resolve(guild.join("Mo", Flag.GD_MOD), await resolution_card(world, guild, request_id(card)), Verdict.EPIC)
    await world.settled()

    picked: set[str] = set()
    for _ in range(2):
        answer = await toni.slash(guild.home, "trainee pick")
        assert answer.ephemeral
        assert answer.message is not None
        assert colour(answer.message) == 0x0000AA
        shown = {field["name"]: field["value"] for field in answer.embeds[0]["fields"]}
        picked.add(shown[label(Text.CARD_FIELD_ID, language)])
        buttons = [button["label"] for row in answer.components for button in row["components"]]
        assert len(buttons) == 2
        assert buttons[0] in label(Text.BUTTON_OPINION_APPROVE_REVIEW, language)
        opened = await toni.press(answer.message, _button(answer.message, ":reject:1"))
        assert_told(await fill(toni, opened, review=REVIEW), Text.OPINION_ADDED_TRAINEE, language)
    assert picked == {f"`{level.id}`" for level in (pending, archived)}
    assert_told(await toni.slash(guild.home, "trainee pick"), Text.TRAINEE_PICK_REFUSED_ALL, language)
    await world.settled()
    assert len(guild.messages(Route.TRAINEE_REVIEW_TEXT)) == 2


@LANGUAGES
async def test_only_trainees_pick(world: World, locale: str, language: str) -> None:
    guild = world.guild
    mira = guild.join("Mira", locale=locale)
    rhea = guild.join("Rhea", Flag.REVIEWER, Flag.TRAINEE, locale=locale)
    assert_told(await mira.slash(guild.home, "trainee pick"), Text.ERROR_FORBIDDEN, language, flags="trainee")
    assert_told(await rhea.slash(guild.home, "trainee pick"), Text.TRAINEE_PICK_REFUSED_REVIEWER, language)


# Feedback


@LANGUAGES
@pytest.mark.parametrize("approved", [True, False])
async def test_feedback_stands_in_a_thread_under_the_review_and_pings_the_trainee(
    world: World, approved: bool, locale: str, language: str
) -> None:
    guild = world.guild
    await world.set_parameter(Parameter.GUILD_LANGUAGE, language, guild)
    cora = guild.join("Cora", Flag.TRAINEE_SUPERVISOR, locale=locale)
    card = await practise(world, guild)
    await grade(guild, "Cora", card, approved=approved, feedback=ADVICE)
    await world.settled()
    assert card.thread is not None
    assert (card.thread.name or "").startswith(label(Text.FEEDBACK_THREAD, language, level=""))
    [message] = [message for message in card.thread.messages.values() if message.content]
    toni = guild.people["Toni"]
    assert message.pinged == {toni.id}
    key = Text.FEEDBACK_NOTICE_APPROVED if approved else Text.FEEDBACK_NOTICE_REJECTED
    assert says(message.content, key, language, trainee=user_mention(toni.id), curator=user_mention(cora.id))
    assert message.content.endswith(ADVICE)


async def test_without_the_permission_for_threads_the_log_says_that_feedback_was_lost(world: World) -> None:
    guild = world.guild
    guild.join("Cora", Flag.TRAINEE_SUPERVISOR)
    card = await practise(world, guild)
    own = next(role for role in guild.sandbox.guild.roles.values() if role.managed)
    guild.sandbox.edit_role(own, permissions=int(Permission(~0) & ~Permission.ADMINISTRATOR))
    guild.sandbox.set_overwrite(card.channel, own, deny=Permission.CREATE_PUBLIC_THREADS)
    await grade(guild, "Cora", card, feedback=ADVICE)
    await world.settled()
    assert card.thread is None
    assert ADVICE in str(card.embeds)
    said = [message.content for message in guild.messages(Route.LOG)]
    assert any(says(content, Text.DELIVERY_FEEDBACK) for content in said)


async def test_nobody_grades_their_own_review(world: World) -> None:
    guild = world.guild
    toni = guild.join("Toni", Flag.TRAINEE, Flag.TRAINEE_SUPERVISOR)
    card = await practise(world, guild)
    assert_told(await toni.press(card, _button(card, ":1")), Text.ASSESSMENT_REFUSED_OWN)


# The decision


@LANGUAGES
@pytest.mark.parametrize("promote", [True, False])
async def test_enough_grades_offer_the_decision_which_works_after_a_restart_and_once(
    world: World, promote: bool, locale: str, language: str
) -> None:
    guild = world.guild
    offer = await offered(world, guild, locale=locale, grades=2)
    toni, cora = guild.people["Toni"], guild.people["Cora"]
    assert_told(offer, Text.TRAINEE_FIGURES, language, assessed=2, approved=1, percentage=50)
    assert_told(offer, Text.TRAINEE_OFFER, language, trainee=user_mention(toni.id))
    carl = guild.join("Carl", Flag.TRAINEE_SUPERVISOR, locale=locale)
    second = await grade(guild, "Carl", await practise(world, guild))
    assert offer.message is not None
    assert second.message is not None

    await world.stop()
    await world.start()
    ended = await (await cora.press(offer.message, _button(offer.message, f":{int(promote)}"))).final()
    key = Text.TRAINEE_PROMOTED if promote else Text.TRAINEE_EXPELLED
    assert says(ended.content, key, language, trainee=user_mention(toni.id))
    assert ended.components == []
    await world.settled()
    assert toni.roles == ([guild.roles[Flag.REVIEWER]] if promote else [])
    [told] = toni.dms()
    assert says(told.content, Text.TRAINEE_MESSAGE_PROMOTED if promote else Text.TRAINEE_MESSAGE_EXPELLED)
    [entry] = log_entries(guild, EventType.TRAINEE_PROMOTED if promote else EventType.TRAINEE_EXPELLED)
    assert (entry["trainee_id"], entry["assessed_reviews"], entry["approved_reviews"]) == (toni.id, 3, 2)

    late = await carl.press(second.message, _button(second.message, f":{int(not promote)}"))
    refusal = Text.TRAINEE_REFUSED_PROMOTED if promote else Text.TRAINEE_REFUSED_EXPELLED
    assert await world.discord.wait_until(lambda: late.followups)
    assert says(late.followups[0].content, refusal, language, who=user_mention(cora.id))
    await world.settled()
    assert toni.roles == ([guild.roles[Flag.REVIEWER]] if promote else [])


@LANGUAGES
async def test_the_decision_can_be_put_off(world: World, locale: str, language: str) -> None:
    guild = world.guild
    offer = await offered(world, guild, locale=locale)
    assert offer.message is not None
    cora = guild.people["Cora"]
    left = await cora.press(offer.message, _button(offer.message, f"decide_later:{guild.people['Toni'].id}"))
    assert says(left.content, Text.TRAINEE_LATER, language)
    assert left.components == []
    assert guild.people["Toni"].roles == [guild.roles[Flag.TRAINEE]]


async def test_whoever_loses_the_permission_cannot_use_the_offered_buttons(world: World) -> None:
    guild = world.guild
    offer = await offered(world, guild)
    cora = guild.people["Cora"]
    guild.sandbox.take_role(cora, guild.roles[Flag.TRAINEE_SUPERVISOR])
    assert offer.message is not None
    answer = await cora.press(offer.message, _button(offer.message, ":1"))
    assert await world.discord.wait_until(lambda: answer.followups)
    assert says(answer.followups[0].content, Text.ERROR_FORBIDDEN)
    assert guild.people["Toni"].roles == [guild.roles[Flag.TRAINEE]]


# Promote and expel by command


@LANGUAGES
@pytest.mark.parametrize("command", ["promote", "expel"])
async def test_a_curator_decides_before_there_are_enough_grades(world: World, command: str, locale: str, language: str) -> None:
    guild = world.guild
    ada = guild.join("Ada", Flag.ADMIN, locale=locale)
    toni = guild.sandbox.add_member("Toni", roles=[guild.roles[Flag.TRAINEE]], accepts_dms=False)
    answer = await (await ada.slash(guild.home, f"trainee {command}", trainee=toni)).final()
    key = Text.TRAINEE_PROMOTED if command == "promote" else Text.TRAINEE_EXPELLED
    assert_told(answer, key, language, trainee=user_mention(toni.id), figures=Text.TRAINEE_FIGURES_NONE)
    await world.settled()
    assert toni.roles == ([guild.roles[Flag.REVIEWER]] if command == "promote" else [])
    assert toni.dms() == []
    again = await (await ada.slash(guild.home, f"trainee {command}", trainee=toni)).final()
    assert_told(again, Text.TRAINEE_REFUSED_NO_TRAINEE, language, trainee=user_mention(toni.id))


@LANGUAGES
@pytest.mark.parametrize("command", ["trainee promote", "trainee expel"])
async def test_what_stands_in_the_way_of_a_decision_is_said(world: World, command: str, locale: str, language: str) -> None:
    guild = world.guild
    cora = guild.join("Cora", Flag.TRAINEE_SUPERVISOR, locale=locale)
    toni, mira = guild.join("Toni", Flag.TRAINEE), guild.join("Mira", locale=locale)
    own = next(role for role in guild.sandbox.guild.roles.values() if role.managed)

    async def refused(key: Text, **known: str) -> str:
        return assert_told(await (await cora.slash(guild.home, command, trainee=toni)).final(), key, language, **known)

    answer = await (await mira.slash(guild.home, command, trainee=toni)).final()
    assert_told(answer, Text.ERROR_FORBIDDEN, language, flags="trainee_supervisor")
    answer = await (await cora.slash(guild.home, command, trainee=mira)).final()
    assert_told(answer, Text.TRAINEE_REFUSED_NO_TRAINEE, language)
    answer = await (await cora.slash(guild.home, command, trainee=cora)).final()
    assert_told(answer, Text.TRAINEE_REFUSED_OWN, language)

    mark = guild.roles[Flag.TRAINEE]
    guild.sandbox.edit_role(mark, position=own.position + 5)
    said = await refused(Text.TRAINEE_REFUSED_ROLE_TOO_HIGH)
    assert role_mention(mark.id).text in said
    guild.sandbox.edit_role(own, permissions=int(Permission(~0) & ~(Permission.ADMINISTRATOR | Permission.MANAGE_ROLES)))
    await refused(Text.TRAINEE_REFUSED_NO_PERMISSION)
    toni.leave()
    answer = await (await cora.slash(guild.home, command, trainee=toni.user)).final()
    assert_told(answer, Text.PERMISSION_NOT_A_MEMBER, language, member=user_mention(toni.id))
    assert log_entries(guild, EventType.TRAINEE_PROMOTED) == log_entries(guild, EventType.TRAINEE_EXPELLED) == []


@LANGUAGES
async def test_a_promotion_needs_a_role_for_reviewers(world: World, locale: str, language: str) -> None:
    guild = world.guild
    ada = guild.join("Ada", Flag.ADMIN, locale=locale)
    toni = guild.join("Toni", Flag.TRAINEE)
    for flag in (Flag.REVIEWER, Flag.TRAINEE):
        role = guild.roles[flag]
        await (await ada.slash(guild.home, "permission unbind", permission=flag.value, role=role)).final()
        answer = await (await ada.slash(guild.home, "trainee promote", trainee=toni)).final()
        assert_told(answer, Text.TRAINEE_REFUSED_NO_ROLE, language, flag=flag.value)
    assert toni.roles == [guild.roles[Flag.TRAINEE]]
