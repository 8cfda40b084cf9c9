"""The form of `/request create`: what is checked when it is submitted, and that nothing typed is lost."""

import pytest

from sandbox.discord.errors import ClientRefused
from sandbox.geometry_dash import catalogue
from sandbox.geometry_dash.levels import Level
from tests.e2e.shared import ONE_LOOP, guild_of_its_own
from tests.e2e.steps import (
    VIDEO,
    ask,
    assert_told,
    field,
    fill,
    hold_back,
    label,
    request,
    says,
)
from tests.e2e.world import World
from util.identifiers import CooldownKind, Flag, Parameter, Route
from util.texts import Text

pytestmark = ONE_LOOP
world = guild_of_its_own()
FIRST, SECOND = catalogue.UNRATED_EASY, catalogue.UNRATED_NORMAL
DEMON, PLATFORMER = catalogue.UNRATED_EASY_DEMON, catalogue.UNRATED_PLATFORMER
LANGUAGES = pytest.mark.parametrize(("locale", "language"), [("en-US", "en"), ("ru", "ru")])


# At submission


async def test_the_queue_may_close_while_the_form_is_open_and_nothing_typed_is_lost(world: World) -> None:
    guild = world.guild
    mira = guild.join("Mira")
    opened = await ask(guild, mira, FIRST)
    await guild.join("Ada", Flag.ADMIN).slash(guild.home, "queue close")
    answer = await fill(mira, opened, comment="Please look at the drop")
    assert_told(answer, Text.REQUEST_REFUSED_QUEUE_CLOSED_BY)
    assert "Please look at the drop" in str(answer.embeds)
    await world.settled()
    assert guild.messages(Route.PENDING_REQUEST) == []


async def test_of_two_forms_for_one_level_the_later_one_is_told_that_it_is_pending(world: World) -> None:
    guild = world.guild
    mira, nora = guild.join("Mira"), guild.join("Nora")
    first, second = await ask(guild, mira, FIRST), await ask(guild, nora, FIRST)
    await fill(mira, first)
    assert_told(await fill(nora, second), Text.REQUEST_REFUSED_PENDING, level=FIRST.name)
    await world.settled()
    assert len(guild.messages(Route.PENDING_REQUEST)) == 1


async def test_two_forms_of_one_member_give_one_request(world: World) -> None:
    guild = world.guild
    mira = guild.join("Mira")
    first, second = await ask(guild, mira, FIRST), await ask(guild, mira, SECOND)
    await fill(mira, first)
    assert_told(await fill(mira, second), Text.REQUEST_REFUSED_USER_COOLDOWN)


async def test_a_level_banned_while_the_form_is_open_is_refused(world: World) -> None:
    guild = world.guild
    mira = guild.join("Mira")
    opened = await ask(guild, mira, FIRST)
    await hold_back(world, guild, CooldownKind.LEVEL, FIRST.id, for_=None)
    assert_told(await fill(mira, opened), Text.REQUEST_REFUSED_LEVEL_BAN)


# Check 8: the showcase


@pytest.mark.parametrize(
    ("level", "required"),
    [(FIRST, False), (catalogue.UNRATED_INSANE, False), (DEMON, True), (PLATFORMER, True), (catalogue.UNRATED_NA, False)],
    ids=lambda value: value.name if isinstance(value, Level) else str(value),
)
async def test_platformers_and_demons_need_a_showcase_and_others_do_not(world: World, level: Level, required: bool) -> None:
    guild = world.guild
    mira = guild.join("Mira")
    opened = await ask(guild, mira, level)
    assert opened.modal is not None
    hint = Text.FORM_SHOWCASE_REQUIRED if required else Text.FORM_SHOWCASE_OPTIONAL
    assert label(hint) in str(opened.modal.components)
    if required:
        with pytest.raises(ClientRefused):
            await mira.submit(opened.modal, {})
        forged = await mira.forge_modal(guild.home, opened.modal.custom_id, {"showcase": " ", "comment": "Mine"})
        answer = await forged.final()
        assert_told(answer, Text.REQUEST_REFUSED_SHOWCASE_MISSING, level=level.name)
        assert "Mine" in str(answer.embeds)
        await fill(mira, await mira.press(_shown(answer), label(Text.BUTTON_REQUEST_AGAIN)), showcase=VIDEO)
    else:
        await fill(mira, opened)
    await world.settled()
    assert len(guild.messages(Route.PENDING_REQUEST)) == 1


async def test_the_number_of_stars_from_which_a_showcase_is_required_is_a_parameter(world: World) -> None:
    await world.set_parameter(Parameter.REQUEST_MIN_STARS_TO_REQUIRE_SHOWCASE, "3")
    guild = world.guild
    mira = guild.join("Mira")
    for level, hint in ((FIRST, Text.FORM_SHOWCASE_OPTIONAL), (SECOND, Text.FORM_SHOWCASE_REQUIRED)):
        opened = await ask(guild, mira, level)
        assert opened.modal is not None
        assert label(hint) in str(opened.modal.components)


async def test_a_guild_may_always_require_a_showcase(world: World) -> None:
    await world.set_parameter(Parameter.REQUEST_ALWAYS_REQUIRE_SHOWCASE, "true")
    guild = world.guild
    opened = await ask(guild, guild.join("Mira"), FIRST)
    assert opened.modal is not None
    assert label(Text.FORM_SHOWCASE_REQUIRED) in str(opened.modal.components)


@LANGUAGES
@pytest.mark.parametrize(
    "link",
    ["https://youtube.com.evil.example/watch?v=dQw4w9WgXcQ", "https://vimeo.com/1234567", "just trust me", "https://youtu.be/"],
)
async def test_a_link_that_is_no_youtube_video_is_refused_and_nothing_is_lost(
    world: World, link: str, locale: str, language: str
) -> None:
    guild = world.guild
    mira = guild.join("Mira", locale=locale)
    answer = await fill(mira, await ask(guild, mira, DEMON), showcase=link, comment="Took me a year")
    said = assert_told(answer, Text.REQUEST_REFUSED_SHOWCASE_WRONG, language)
    assert says(said, Text.FORM_GIVEN_BACK, language)
    assert link in str(answer.embeds)
    assert "Took me a year" in str(answer.embeds)
    await world.settled()
    assert guild.messages(Route.PENDING_REQUEST) == []

    again = await mira.press(_shown(answer), label(Text.BUTTON_REQUEST_AGAIN, language))
    assert_told(await fill(mira, again, showcase=VIDEO), Text.REQUEST_CREATED, language, level=DEMON.name, level_id=DEMON.id)


async def test_a_refused_link_leaves_no_cooldown_behind(world: World) -> None:
    guild = world.guild
    mira = guild.join("Mira")
    await fill(mira, await ask(guild, mira, DEMON), showcase="nothing")
    assert (await ask(guild, mira, FIRST)).kind == "modal"


async def test_a_showcase_is_shown_as_one_canonical_link(world: World) -> None:
    guild = world.guild
    link = "https://m.youtube.com/watch?list=PL1&v=dQw4w9WgXcQ&t=42&feature=share"
    card = await request(world, guild, guild.join("Mira"), DEMON, showcase=link)
    shown = field(card, Text.CARD_FIELD_SHOWCASE)
    assert "dQw4w9WgXcQ" in shown
    assert "feature" not in shown
    assert shown.startswith(f"[{label(Text.CARD_VALUE_SHOWCASE).split(']')[0].removeprefix('[')}]")


async def test_a_comment_that_is_too_long_is_refused_even_when_forged(world: World) -> None:
    guild = world.guild
    mira = guild.join("Mira")
    opened = await ask(guild, mira, FIRST)
    with pytest.raises(ClientRefused):
        await mira.submit(opened.modal, {"comment": "x" * 401})
    forged = await (await mira.forge_modal(guild.home, f"request:{FIRST.id}", {"comment": "x" * 401})).final()
    assert_told(forged, Text.REQUEST_REFUSED_COMMENT, most=400)


def _shown(answer):
    assert answer.message is not None
    return answer.message
