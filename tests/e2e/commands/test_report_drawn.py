"""Reports with the real browser, and with none: no stand-in for the charts."""

from typing import Any

import pytest

from services.charts import service
from services.charts.browser import find_browser
from tests.e2e.commands.reporting import COMMANDS, TODAY, file, history, options
from tests.e2e.shared import ONE_LOOP, guild_of_its_own
from tests.e2e.steps import says
from tests.e2e.world import World
from util.identifiers import Flag
from util.texts import Text

pytestmark = ONE_LOOP
world = guild_of_its_own()
SIGNATURE = b"\x89PNG\r\n\x1a\n"


@pytest.mark.skipif(find_browser() is None, reason="there is no browser on this machine")
async def test_every_report_arrives_as_a_real_picture(world: World) -> None:
    guild = world.guild
    vera, rhea = guild.join("Вера", Flag.REPORT_VIEWER, locale="ru"), guild.join("<b>Рея</b> & co", Flag.REVIEWER)
    await history(world, guild, rhea)
    for command in COMMANDS:
        answer = await (await vera.slash(guild.home, command, **options(command, rhea))).final(90)
        assert not says(answer.content, Text.REPORT_WITHOUT_PICTURE, "ru"), answer.content
        picture = file(answer)
        assert picture.filename.endswith(".png")
        assert picture.data.startswith(SIGNATURE)
        width, height = (int.from_bytes(picture.data[at : at + 4]) for at in (16, 20))
        assert min(width, height) >= 400
        assert len(picture.data) > 10_000


async def test_without_a_browser_there_are_a_table_and_a_real_file(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: Any) -> None:
        return None

    monkeypatch.setattr(service, "find_browser", none)
    guild = world.guild
    vera, rhea = guild.join("Vera", Flag.REPORT_VIEWER), guild.join("<script>alert(1)</script>", Flag.REVIEWER)
    await history(world, guild, rhea)
    for command in COMMANDS:
        answer = await (await vera.slash(guild.home, command, **options(command, rhea))).final(60)
        assert says(answer.content, Text.REPORT_WITHOUT_PICTURE_FILE), answer.content
        assert answer.content.count("```") == 2
        html = file(answer)
        assert html.filename.endswith(".html")
        assert html.data.lstrip()[:9].lower() == b"<!doctype"
        assert b"<script>alert(1)" not in html.data
        assert TODAY.isoformat() in html.filename
        [csv, _] = answer.components[0]["components"]
        assert answer.message is not None
        assert (await (await vera.press(answer.message, csv["custom_id"])).final()).ephemeral
