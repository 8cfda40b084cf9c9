"""What members see of a Geometry Dash server that is slow or broken; each test has a bot of its own, which remembers failures."""

import pytest

from sandbox.discord.models import Message
from sandbox.geometry_dash import catalogue
from tests.e2e.steps import ask, assert_told, fill, label
from tests.e2e.world import World
from util.identifiers import Route
from util.texts import Text

FIRST = catalogue.UNRATED_EASY


@pytest.mark.parametrize("fault", ["status", "refuse", "html", "garbage", "drop"])
async def test_a_game_server_that_fails_is_called_silent_not_the_level_unknown(world: World, fault: str) -> None:
    guild = world.guild
    getattr(world.game.faults, fault)()
    assert_told(await ask(guild, guild.join("Mira"), FIRST), Text.REQUEST_REFUSED_SERVER)


async def test_a_slow_game_server_gets_a_button_that_opens_the_form_once_it_has_answered(world: World) -> None:
    guild = world.guild
    mira = guild.join("Mira")
    world.game.faults.hang()
    answer = await ask(guild, mira, FIRST)
    assert_told(answer, Text.REQUEST_WAITING, level_id=FIRST.id)
    assert answer.ack_seconds is not None
    assert answer.ack_seconds < 3
    shown = answer.message
    assert isinstance(shown, Message)
    still = await mira.press(shown, label(Text.BUTTON_REQUEST_CONTINUE))
    assert_told(still, Text.REQUEST_STILL_WAITING, level_id=FIRST.id)
    world.game.faults.release()
    again = await mira.press(shown, label(Text.BUTTON_REQUEST_CONTINUE))
    await fill(mira, again)
    await world.settled()
    assert len(guild.messages(Route.PENDING_REQUEST)) == 1
