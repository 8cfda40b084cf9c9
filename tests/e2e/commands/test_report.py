"""`/report …` as people use it: pictures and words, files from the buttons, tables where nothing can be drawn."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from config.formats import say_day
from tests.e2e.commands.reporting import COMMANDS, HTML, LANGUAGES, PNG, TODAY, Painter, file, history, options, told
from tests.e2e.shared import ONE_LOOP, guild_of_its_own
from tests.e2e.steps import says
from tests.e2e.world import World
from util.identifiers import Flag, Parameter
from util.phrases import Raw, phrase
from util.texts import Text

pytestmark = ONE_LOOP
world = guild_of_its_own()


@pytest.fixture
def painter(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Painter]:
    made = Painter()
    monkeypatch.setattr(world.app.charts, "picture", made.picture)
    monkeypatch.setattr(world.app.charts, "interactive", made.interactive)
    yield made
    made.may_draw.set()


@LANGUAGES
@pytest.mark.parametrize("command", COMMANDS)
async def test_a_report_is_a_picture_with_its_figures_in_words(
    world: World, painter: Painter, command: str, locale: str, language: str
) -> None:
    guild = world.guild
    vera, rhea = guild.join("Vera", Flag.REPORT_VIEWER, locale=locale), guild.join("Rhea *bold* @everyone", Flag.REVIEWER)
    await history(world, guild, rhea)
    painter.may_draw.clear()
    answer = await vera.slash(guild.home, command, **options(command, rhea))
    assert answer.kind == "deferred"
    assert not answer.ephemeral
    painter.may_draw.set()
    answer = await answer.final()
    first, one = say_day(TODAY - timedelta(days=3), language), say_day(TODAY, language)
    period = phrase(Text.REPORT_CHART_PERIOD, first=Raw(first), last=Raw(one), zone="UTC")
    assert says(answer.content, Text.REPORT_HEADING, language, period=period), answer.content
    expected: dict[str, tuple[Text, dict[str, Any]]] = {
        "report new_requests": (Text.REPORT_FIGURES_NEW_REQUESTS, {"total": 3, "most": 2, "when": Raw(first)}),
        "report pending_requests": (Text.REPORT_FIGURES_PENDING_REQUESTS, {"highest": 2, "lowest": 1}),
        "report review_activity": (Text.REPORT_FIGURES_REVIEW_ACTIVITY, {"total": 3, "count": 1, "most": 2}),
        "report reviewer_opinions": (Text.REPORT_FIGURES_REVIEWER_OPINIONS, {"total": 3, "approvals": 2, "rejections": 1}),
    }
    key, figures = expected[command]
    assert says(answer.content, key, language, **figures), answer.content
    picture = file(answer)
    assert (picture.data, picture.content_type) == (PNG, "image/png")
    assert picture.description
    assert "**" not in picture.description
    assert first in picture.description
    assert not any(person.pings for person in guild.people.values())
    assert "@everyone" not in answer.content
    [chart] = painter.seen
    assert chart.language == language
    assert guild.join("Anybody").sees(answer.message)  # pyright: ignore[reportArgumentType]


@LANGUAGES
async def test_a_private_report_is_for_its_asker_alone(world: World, painter: Painter, locale: str, language: str) -> None:
    guild = world.guild
    vera, rhea = guild.join("Vera", Flag.REPORT_VIEWER, locale=locale), guild.join("Rhea", Flag.REVIEWER)
    await history(world, guild, rhea)
    answer = await (await vera.slash(guild.home, "report new_requests", private=True)).final()
    assert answer.ephemeral
    assert file(answer).data == PNG
    assert says(answer.content, Text.REPORT_FIGURES_NEW_REQUESTS, language, total=3)


BAD: dict[str, tuple[dict[str, str], Text]] = {
    "reversed": ({"date_from": "2026-02-02", "date_to": "2026-02-01"}, Text.REPORT_REFUSED_REVERSED),
    "ahead": ({"date_from": "2990-01-01"}, Text.REPORT_REFUSED_FUTURE),
    "ahead and reversed": ({"date_from": "2990-01-02", "date_to": "2990-01-01"}, Text.REPORT_REFUSED_REVERSED),
    "too long": ({"date_from": "1970-01-01"}, Text.REPORT_REFUSED_LONG),
    "before everything": ({"date_to": "2001-01-01"}, Text.REPORT_REFUSED_BEFORE_DATA),
    "nonsense": ({"date_from": "a while"}, Text.MOMENT_REFUSED_UNKNOWN),
    "no such day": ({"date_to": "2026-02-30"}, Text.MOMENT_REFUSED_NO_SUCH_DATE),
    "two meanings": ({"date_to": "03/04/2026"}, Text.MOMENT_REFUSED_AMBIGUOUS_DATE),
}
EMPTY = {
    "report new_requests": (Text.REPORT_REFUSED_NO_REQUESTS, Text.REPORT_REFUSED_NO_REQUESTS_YET),
    "report pending_requests": (Text.REPORT_REFUSED_NO_PENDING, Text.REPORT_REFUSED_NO_REQUESTS_YET),
    "report review_activity": (Text.REPORT_REFUSED_NO_REVIEWS, Text.REPORT_REFUSED_NO_REVIEWS_YET),
    "report reviewer_opinions": (Text.REPORT_REFUSED_NO_OPINIONS, Text.REPORT_REFUSED_NO_OPINIONS_YET),
}


@LANGUAGES
@pytest.mark.parametrize("command", COMMANDS)
async def test_what_is_wrong_with_a_range_is_said_to_the_asker_alone(
    world: World, painter: Painter, command: str, locale: str, language: str
) -> None:
    guild = world.guild
    vera, rhea = guild.join("Vera", Flag.REPORT_VIEWER, locale=locale), guild.join("Rhea", Flag.REVIEWER)
    nothing_then, nothing_yet = EMPTY[command]
    assert says(await told(await vera.slash(guild.home, command, **options(command, rhea))), nothing_yet, language)
    await history(world, guild, rhea)
    for name, (typed, refusal) in BAD.items():
        said = await told(await vera.slash(guild.home, command, **options(command, rhea, **typed)))
        assert says(said, refusal, language), f"{name}: {said}"
    # Known only after everybody was shown that a report is being made; that goes away.
    typed = {"date_from": "2020-01-01", "date_to": "2020-02-01"}
    answer = await vera.slash(guild.home, command, **options(command, rhea, **typed))
    await world.discord.wait_until(lambda: answer.followups)
    assert says(await told(answer), nothing_then, language)
    assert answer.message is not None
    assert answer.message.deleted
    assert painter.seen == []


async def test_an_end_that_lies_ahead_becomes_today(world: World, painter: Painter) -> None:
    guild = world.guild
    vera, rhea = guild.join("Vera", Flag.REPORT_VIEWER), guild.join("Rhea", Flag.REVIEWER)
    await history(world, guild, rhea)
    await (await vera.slash(guild.home, "report new_requests", date_from="yesterday", date_to="2990-01-01")).final()
    [chart] = painter.seen
    assert getattr(chart, "starts", None) == (TODAY - timedelta(days=1), TODAY)


async def test_strangers_get_nothing_from_the_buttons(world: World, painter: Painter) -> None:
    guild = world.guild
    vera, rhea, nosy = guild.join("Vera", Flag.REPORT_VIEWER), guild.join("Rhea", Flag.REVIEWER), guild.join("Nosy")
    await history(world, guild, rhea)
    answer = await (await vera.slash(guild.home, "report new_requests")).final()
    assert answer.message is not None
    for button in answer.message.components[0]["components"]:
        pressed = await nosy.press(answer.message, button["custom_id"])
        assert says(await told(pressed), Text.ERROR_FORBIDDEN, flags=Flag.REPORT_VIEWER.value)
        assert pressed.message is not None
        assert pressed.message.attachments == []


FORGED = (
    "report_csv:new_requests:0:1:day:0",
    "report_csv:new_requests:99999999999:99999999999:day:0",
    f"report_csv:new_requests:{date(1970, 1, 1).toordinal()}:{TODAY.toordinal()}:day:0",
    f"report_csv:new_requests:{TODAY.toordinal()}:{TODAY.toordinal() - 9}:day:0",
    f"report_html:new_requests:{TODAY.toordinal()}:{TODAY.toordinal()}:year:0",
)


@pytest.mark.parametrize("custom_id", FORGED)
async def test_forged_buttons_are_refused(world: World, painter: Painter, custom_id: str) -> None:
    guild = world.guild
    vera, rhea = guild.join("Vera", Flag.REPORT_VIEWER), guild.join("Rhea", Flag.REVIEWER)
    await history(world, guild, rhea)
    answer = await (await vera.slash(guild.home, "report new_requests")).final()
    assert answer.message is not None
    pressed = await vera.forge_component(answer.message, custom_id)
    assert says(await told(pressed), Text.ERROR_UNKNOWN_ACTION)


@LANGUAGES
@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("without_files", [False, True], ids=["with a file", "with nothing"])
async def test_without_a_picture_there_is_a_table(
    world: World, painter: Painter, command: str, locale: str, language: str, without_files: bool
) -> None:
    guild = world.guild
    vera, rhea = guild.join("Vera", Flag.REPORT_VIEWER, locale=locale), guild.join("Rhea", Flag.REVIEWER)
    await history(world, guild, rhea)
    painter.broken, painter.without_files = True, without_files
    answer = await (await vera.slash(guild.home, command, **options(command, rhea))).final()
    assert says(answer.content, Text.REPORT_WITHOUT_PICTURE if without_files else Text.REPORT_WITHOUT_PICTURE_FILE, language)
    assert "secret detail" not in answer.content
    assert answer.content.count("```") == 2
    assert len(answer.content) <= 2000
    table = answer.content.split("```")[1]
    assert command.endswith("opinions") or (TODAY - timedelta(days=3)).isoformat() in table
    assert answer.message is not None
    assert [one.data for one in answer.message.attachments] == ([] if without_files else [HTML])
    assert len(answer.message.components[0]["components"]) == 2


async def test_the_interactive_file_that_cannot_be_made_is_not_promised(world: World, painter: Painter) -> None:
    guild = world.guild
    vera, rhea = guild.join("Vera", Flag.REPORT_VIEWER), guild.join("Rhea", Flag.REVIEWER)
    await history(world, guild, rhea)
    answer = await (await vera.slash(guild.home, "report new_requests")).final()
    assert answer.message is not None
    painter.without_files = True
    pressed = await vera.press(answer.message, answer.message.components[0]["components"][1]["custom_id"])
    assert says(await told(pressed), Text.REPORT_REFUSED_NOT_INTERACTIVE)


async def test_one_member_waits_for_their_own_report_and_nobody_elses(world: World, painter: Painter) -> None:
    guild = world.guild
    vera, olga = guild.join("Vera", Flag.REPORT_VIEWER), guild.join("Olga", Flag.REPORT_VIEWER)
    await history(world, guild, guild.join("Rhea", Flag.REVIEWER))
    painter.may_draw.clear()
    first = await vera.slash(guild.home, "report new_requests")
    again = await vera.slash(guild.home, "report pending_requests")
    assert says(await told(again), Text.REPORT_REFUSED_STILL_DRAWN)
    other = await olga.slash(guild.home, "report new_requests")
    assert other.kind == "deferred"
    painter.may_draw.set()
    for answer in (first, other):
        assert file(await answer.final()).data == PNG
    assert file(await (await vera.slash(guild.home, "report pending_requests")).final()).data == PNG


async def test_the_days_are_those_of_the_guilds_zone(world: World, painter: Painter) -> None:
    guild = world.guild
    vera = guild.join("Vera", Flag.REPORT_VIEWER)
    # At midnight UTC it is still the day before in Honolulu.
    await world.set_parameter(Parameter.GUILD_TIME_ZONE, "Pacific/Honolulu")
    await history(world, guild, guild.join("Rhea", Flag.REVIEWER))
    typed = {"date_from": (TODAY - timedelta(days=4)).isoformat(), "date_to": (TODAY - timedelta(days=3)).isoformat()}
    await (await vera.slash(guild.home, "report new_requests", **typed)).final()
    [chart] = painter.seen
    assert getattr(chart, "values", None) == (2, 0)


async def test_a_reviewer_who_has_left_keeps_their_name(world: World, painter: Painter) -> None:
    guild = world.guild
    vera, rhea = guild.join("Vera", Flag.REPORT_VIEWER), guild.join("Rhea", Flag.REVIEWER)
    await history(world, guild, rhea)
    rhea.leave()
    answer = await (await vera.slash(guild.home, "report review_activity")).final()
    assert says(answer.content, Text.REPORT_FIGURES_RANKING_LINE, position=1, name="Rhea", count=3)
