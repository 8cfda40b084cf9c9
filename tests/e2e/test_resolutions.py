"""Final decisions: six verdicts, several moderators, what becomes of the cards, and what the author is told where."""

import pytest

from sandbox.discord.errors import ClientRefused
from sandbox.geometry_dash import catalogue
from tests.e2e.shared import ONE_LOOP, guild_of_its_own
from tests.e2e.steps import (
    REVIEW,
    ask,
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
)
from tests.e2e.world import World
from util.identifiers import RESOLUTION_VERDICTS, Flag, Parameter, Route, Verdict
from util.phrases import message_url, user_mention
from util.texts import Text

pytestmark = ONE_LOOP
world = guild_of_its_own()
LEVEL = catalogue.UNRATED_EASY
NOTE = "The second half decided it"
LANGUAGES = pytest.mark.parametrize(("locale", "language"), [("en-US", "en"), ("ru", "ru")])


def told_to_author(verdict: Verdict) -> tuple[Route, Route, Text]:
    """Return where the author of a request hears of a verdict, where not, and in which words."""
    if verdict.is_approval:
        return Route.APPROVAL_NOTIFICATION, Route.REJECTION_NOTIFICATION, Text.DECISION_NOTICE_APPROVED
    return Route.REJECTION_NOTIFICATION, Route.APPROVAL_NOTIFICATION, Text.DECISION_NOTICE_REJECTED


async def test_the_resolution_card_shows_all_of_the_reviewers_card_and_six_verdicts(world: World) -> None:
    guild = world.guild
    card = await request(world, guild, guild.join("Mira"), LEVEL, comment="For my brother")
    await opine(guild.join("Rhea", Flag.REVIEWER), card)
    shown = await resolution_card(world, guild, request_id(card))
    assert fields(card).items() <= fields(shown).items()
    buttons = [button["custom_id"] for row in shown.components for button in row["components"]]
    assert buttons == [f"resolve:{request_id(card)}:{verdict}" for verdict in RESOLUTION_VERDICTS]


@LANGUAGES
@pytest.mark.parametrize("verdict", RESOLUTION_VERDICTS)
async def test_a_verdict_resolves_and_the_author_is_told_on_its_route_in_the_requests_language(
    world: World, verdict: Verdict, locale: str, language: str
) -> None:
    guild = world.guild
    mira, mo = guild.join("Mira", locale=locale), guild.join("Mo", Flag.GD_MOD)
    shown = await opined(world, guild, mira, LEVEL)
    answer = await resolve(mo, shown, verdict)
    name = Text(f"verdict.{verdict.value}")
    assert_told(answer, Text.RESOLUTION_ADDED_FIRST, level=LEVEL.name, verdict=name)
    await world.settled()

    route, other, key = told_to_author(verdict)
    [notice] = guild.messages(route)
    assert says(notice.content, key, language, author=user_mention(mira.id), who=user_mention(mo.id), level=LEVEL.name, note="")
    if verdict.is_approval:
        assert label(name, language) in notice.content
    assert mira.pings == [notice]
    assert guild.messages(other) == []

    assert colour(shown) == 0x128611
    assert mo.mention in field(shown, Text.CARD_FIELD_RESOLUTIONS)
    assert label(name) in field(shown, Text.CARD_FIELD_RESOLUTIONS)
    assert shown.components
    assert guild.messages(Route.PENDING_REQUEST) == []
    [archived] = guild.messages(Route.ARCHIVE)
    assert colour(archived) == 0x666666
    assert archived.components == []
    assert message_url(guild.id, shown.channel.id, shown.id) in field(archived, Text.CARD_FIELD_RESOLUTION_CARD)


@LANGUAGES
@pytest.mark.parametrize("verdict", [Verdict.REJECT, Verdict.STAR_RATE])
async def test_a_comment_or_reason_reaches_author_and_card(world: World, verdict: Verdict, locale: str, language: str) -> None:
    guild = world.guild
    mira, mo = guild.join("Mira", locale=locale), guild.join("Mo", Flag.GD_MOD)
    shown = await opined(world, guild, mira, LEVEL)
    await resolve(mo, shown, verdict, comment=NOTE)
    await world.settled()
    [notice] = guild.messages(told_to_author(verdict)[0])
    key = Text.DECISION_NOTICE_COMMENT if verdict.is_approval else Text.DECISION_NOTICE_REASON
    assert says(notice.content, key, language, note=NOTE)
    assert NOTE in field(shown, Text.CARD_FIELD_RESOLUTIONS)


@LANGUAGES
async def test_the_form_labels_its_note_by_the_verdict(world: World, locale: str, language: str) -> None:
    guild = world.guild
    mo = guild.join("Mo", Flag.GD_MOD, locale=locale)
    shown = await opined(world, guild, guild.join("Mira"), LEVEL)
    for verdict in RESOLUTION_VERDICTS:
        opened = await mo.press(shown, f"resolve:{request_id(shown)}:{verdict}")
        assert opened.modal is not None
        assert opened.modal.title == label(Text(f"form.resolve.{verdict}"), language, level=LEVEL.name)
        key = Text.FORM_DECISION_COMMENT if verdict.is_approval else Text.FORM_REASON_OPTIONAL
        assert label(key, language) in str(opened.modal.components)


@pytest.mark.parametrize("verdict", [Verdict.REJECT, Verdict.LEGENDARY])
async def test_a_review_is_sent_before_the_notice_and_linked_on_the_card(world: World, verdict: Verdict) -> None:
    guild = world.guild
    mira, mo = guild.join("Mira", locale="ru"), guild.join("Mo", Flag.GD_MOD)
    shown = await opined(world, guild, mira, LEVEL)
    await resolve(mo, shown, verdict, review=REVIEW, comment=NOTE)
    await world.settled()
    [review] = guild.messages(Route.REVIEW_TEXT)
    [notice] = guild.messages(told_to_author(verdict)[0])
    assert says(review.content, Text.REVIEW_NOTICE_MODERATOR, "ru", who=user_mention(mo.id))
    assert review.content.endswith(REVIEW)
    assert mira.pings == [review, notice]
    assert review.id < notice.id
    line = field(shown, Text.CARD_FIELD_RESOLUTIONS)
    assert message_url(guild.id, review.channel.id, review.id) in line
    assert NOTE in line


async def test_the_conclusion_below_a_final_review_has_a_parameter_of_its_own(world: World) -> None:
    guild = world.guild
    mo = guild.join("Mo", Flag.GD_MOD)
    await world.set_parameter(Parameter.REQUEST_APPEND_CONCLUSION_TO_REVIEW, "true")
    await resolve(mo, await opined(world, guild, guild.join("Mira"), LEVEL), Verdict.MYTHIC, review=REVIEW)
    await world.set_parameter(Parameter.REQUEST_APPEND_CONCLUSION_TO_REVIEW, "false")
    await world.set_parameter(Parameter.REQUEST_APPEND_CONCLUSION_TO_FINAL_REVIEW, "true")
    nora = guild.join("Nora", locale="ru")
    await resolve(mo, await opined(world, guild, nora, catalogue.UNRATED_HARD), Verdict.MYTHIC, review=REVIEW)
    await world.settled()
    without, with_it = guild.messages(Route.REVIEW_TEXT)
    assert without.content.endswith(REVIEW)
    assert says(with_it.content, Text.REVIEW_CONCLUSION, "ru", verdict=Text.VERDICT_MYTHIC)


@pytest.mark.parametrize("values", [{"review": "x" * 39}, {"review": "x" * 4001}, {"reason": "abc"}, {"reason": "x" * 401}])
async def test_texts_out_of_range_are_refused_given_back_and_resolve_nothing(world: World, values: dict[str, str]) -> None:
    guild = world.guild
    mo = guild.join("Mo", Flag.GD_MOD)
    shown = await opined(world, guild, guild.join("Mira"), LEVEL)
    opened = await mo.press(shown, f"resolve:{request_id(shown)}:epic")
    with pytest.raises(ClientRefused):
        await mo.submit(opened.modal, values)
    forged = await mo.forge_modal(guild.home, f"resolve_form:{request_id(shown)}:epic", values)
    assert_told(forged, Text.REVIEW_REFUSED_LENGTH if "review" in values else Text.REASON_REFUSED_LENGTH)
    assert next(iter(values.values()))[:39] in str(forged.embeds)
    await world.settled()
    assert colour(shown) == 0x990000
    assert len(guild.messages(Route.PENDING_REQUEST)) == 1


async def test_other_moderators_decide_later_for_themselves_and_the_author_is_told_once(world: World) -> None:
    guild = world.guild
    mira, mo, maya = guild.join("Mira"), guild.join("Mo", Flag.GD_MOD), guild.join("Maya", Flag.GD_MOD)
    shown = await opined(world, guild, mira, LEVEL)
    await resolve(mo, shown, Verdict.REJECT)
    assert_told(await resolve(maya, shown, Verdict.EPIC, review=REVIEW), Text.RESOLUTION_ADDED_LATER, level=LEVEL.name)
    await world.settled()
    lines = field(shown, Text.CARD_FIELD_RESOLUTIONS).split("\n")
    assert [mo.mention in lines[0], maya.mention in lines[1]] == [True, True]
    assert guild.messages(Route.APPROVAL_NOTIFICATION) == []
    [notice] = guild.messages(Route.REJECTION_NOTIFICATION)
    [review] = guild.messages(Route.REVIEW_TEXT)
    assert mira.pings == sorted([notice, review], key=lambda message: message.id)
    assert len(guild.messages(Route.ARCHIVE)) == 1


async def test_a_moderator_decides_once(world: World) -> None:
    guild = world.guild
    mo = guild.join("Mo", Flag.GD_MOD)
    shown = await opined(world, guild, guild.join("Mira"), LEVEL)
    opened = await mo.press(shown, f"resolve:{request_id(shown)}:mythic")
    await resolve(mo, shown, Verdict.EPIC)
    for verdict in RESOLUTION_VERDICTS:
        assert_told(await resolve(mo, shown, verdict), Text.RESOLUTION_REFUSED_REPEATED)
    late = await mo.submit(opened.modal, {"review": REVIEW})
    assert_told(late, Text.RESOLUTION_REFUSED_REPEATED)
    assert REVIEW in str(late.embeds)
    await world.settled()
    assert field(shown, Text.CARD_FIELD_RESOLUTIONS).count("<@") == 1
    assert guild.messages(Route.REVIEW_TEXT) == []


async def test_a_first_rejection_holds_the_level_back_and_a_later_one_does_not(world: World) -> None:
    guild = world.guild
    mo, maya = guild.join("Mo", Flag.GD_MOD), guild.join("Maya", Flag.GD_MOD)
    shown = await opined(world, guild, guild.join("Mira"), LEVEL)
    await resolve(mo, shown, Verdict.REJECT)
    assert_told(await ask(guild, guild.join("Nora"), LEVEL), Text.REQUEST_REFUSED_LEVEL_COOLDOWN)
    other = await opined(world, guild, guild.join("Olga"), catalogue.UNRATED_HARD)
    await resolve(mo, other, Verdict.FEATURE)
    await resolve(maya, other, Verdict.REJECT)
    assert_told(await ask(guild, guild.join("Paul"), catalogue.UNRATED_HARD), Text.REQUEST_REFUSED_APPROVED)


async def test_the_same_level_may_be_requested_again_after_its_cooldown_and_has_new_cards(world: World) -> None:
    await world.set_parameter(Parameter.COOLDOWN_POST_REJECT_LEVEL_CD, "0")
    guild = world.guild
    rhea, mo = guild.join("Rhea", Flag.REVIEWER), guild.join("Mo", Flag.GD_MOD)
    first = await request(world, guild, guild.join("Mira"), LEVEL)
    await opine(rhea, first)
    await resolve(mo, await resolution_card(world, guild, request_id(first)), Verdict.REJECT)
    await world.settled()
    second = await request(world, guild, guild.join("Nora"), LEVEL)
    assert request_id(second) != request_id(first)
    await opine(rhea, second)
    await resolve(mo, await resolution_card(world, guild, request_id(second)), Verdict.LEGENDARY)
    await world.settled()
    assert len(guild.messages(Route.ARCHIVE)) == 2


@pytest.mark.parametrize("route", [Route.APPROVAL_NOTIFICATION, Route.ARCHIVE, Route.RESOLUTION, Route.LOG])
async def test_a_disabled_route_posts_nothing_and_holds_up_nothing_else(world: World, route: Route) -> None:
    guild = world.guild
    mira = guild.join("Mira")
    shown = await opined(world, guild, mira, LEVEL)
    before = [everything(message) for message in guild.messages(route)]
    await set_route(world, guild, route, enabled=False)
    assert_told(await resolve(guild.join("Mo", Flag.GD_MOD), shown, Verdict.EPIC), Text.RESOLUTION_ADDED_FIRST)
    await world.settled()
    if route is not Route.RESOLUTION:
        assert [everything(message) for message in guild.messages(route)] == before
    posted = {other for other in (Route.APPROVAL_NOTIFICATION, Route.ARCHIVE) if guild.messages(other)}
    assert posted == {Route.APPROVAL_NOTIFICATION, Route.ARCHIVE} - {route}
    assert guild.messages(Route.PENDING_REQUEST) == []
    assert len(mira.pings) == (0 if route is Route.APPROVAL_NOTIFICATION else 1)


async def test_approvals_and_rejections_may_share_a_channel(world: World) -> None:
    guild = world.guild
    admin = guild.join("Ada", Flag.ADMIN)
    opened = await (await admin.slash(guild.home, "setup")).final()
    assert opened.message is not None
    await (await admin.select(opened.message, "setup_go", ["channels"])).final()
    await (await admin.select(opened.message, "setup_item:channels", [Route.REJECTION_NOTIFICATION.value])).final()
    shared = guild.channels[Route.APPROVAL_NOTIFICATION]
    await (await admin.select(opened.message, "setup_channel:rejection_notification", [shared])).final()
    shown = await opined(world, guild, guild.join("Mira"), LEVEL)
    await resolve(guild.join("Mo", Flag.GD_MOD), shown, Verdict.REJECT)
    await world.settled()
    assert len(guild.messages(Route.APPROVAL_NOTIFICATION)) == 1
    assert guild.messages(Route.REJECTION_NOTIFICATION) == []
