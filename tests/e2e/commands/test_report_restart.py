"""The buttons below a report after a restart of the bot, and what stands in their files."""

from datetime import timedelta

import pytest

from tests.e2e.commands.reporting import COMMANDS, HTML, LANGUAGES, TODAY, Painter, file, history, options, table_of
from tests.e2e.steps import label, says
from tests.e2e.world import World
from util.identifiers import Flag
from util.texts import Text


@LANGUAGES
async def test_the_files_hold_the_same_figures_also_after_a_restart(
    empty_world: World, monkeypatch: pytest.MonkeyPatch, locale: str, language: str
) -> None:
    world, painter = empty_world, Painter()
    await world.add_guild()
    await world.start()
    monkeypatch.setattr(world.app.charts, "picture", painter.picture)
    guild = world.guild
    vera, rhea = guild.join("Vera", Flag.REPORT_VIEWER, locale=locale), guild.join('=cmd|"/c calc"!A1', Flag.REVIEWER)
    await history(world, guild, rhea)
    shown = {command: await (await vera.slash(guild.home, command, **options(command, rhea))).final() for command in COMMANDS}
    await world.stop()
    await world.start()
    monkeypatch.setattr(world.app.charts, "interactive", painter.interactive)
    days = [(TODAY - timedelta(days=ago)).isoformat() for ago in (3, 2, 1, 0)]
    head = label(Text.REPORT_CHART_COLUMN_DATE, language)
    closed, requests = label(Text.REPORT_CHART_QUEUE_CLOSED, language), label(Text.REPORT_CHART_COLUMN_REQUESTS, language)
    name = "'" + rhea.name
    expected = {
        COMMANDS[0]: [[head, requests, closed], *([day, str(n), "0"] for day, n in zip(days, (2, 0, 1, 0), strict=True))],
        COMMANDS[1]: [
            [head, label(Text.REPORT_CHART_COLUMN_PENDING, language)],
            *([day, str(n)] for day, n in zip(days, (2, 2, 1, 1), strict=True)),
        ],
        COMMANDS[2]: [[head, name], *([day, str(n)] for day, n in zip(days, (2, 0, 1, 0), strict=True))],
    }
    for command, answer in shown.items():
        assert answer.message is not None
        csv_button, html_button = (button["custom_id"] for button in answer.message.components[0]["components"])
        exported = await (await vera.press(answer.message, csv_button)).final()
        assert exported.ephemeral
        assert says(exported.content, Text.REPORT_EXPORTED, language)
        rows = table_of(file(exported))
        if command in expected:
            assert rows == expected[command]
        else:
            assert rows[1] == [days[0], days[-1], name, "2", "1"]
        opened = await (await vera.press(answer.message, html_button)).final()
        assert opened.ephemeral
        assert (file(opened).data, file(opened).filename.rpartition(".")[2]) == (HTML, "html")
