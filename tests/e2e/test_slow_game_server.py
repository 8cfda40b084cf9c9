"""The Geometry Dash server hangs: whoever asked for a level waits politely, everybody else notices nothing."""

import asyncio
import time

import pytest

from sandbox.discord import Answer
from sandbox.discord.models import Message
from sandbox.geometry_dash import catalogue
from services.geometry_dash import GeometryDash
from tests.e2e import steps
from tests.e2e.world import World
from util.identifiers import Flag, Route
from util.texts import Text

LEVEL, OTHER = catalogue.UNRATED_EASY, catalogue.UNRATED_NORMAL
COMMENT = "Please look at the last part"
AS_USUAL = 1.0
"""Seconds."""


def shown(answer: Answer) -> Message:
    assert answer.message is not None
    return answer.message


def assert_quick(answer: Answer, most: float = AS_USUAL, least: float = 0.0) -> None:
    assert answer.ack_seconds is not None
    assert least <= answer.ack_seconds < most


async def test_while_the_game_server_hangs_only_those_wait_who_asked_for_a_level(world: World) -> None:
    guild, elsewhere = world.guild, await world.add_guild("Elsewhere")
    mira, rhea = guild.join("Mira"), guild.join("Rhea", Flag.REVIEWER)
    nora, rolf = elsewhere.join("Nora"), elsewhere.join("Rolf", Flag.REVIEWER)
    cards = [await steps.request(world, guild, mira, OTHER), await steps.request(world, elsewhere, nora, OTHER)]
    olga = guild.join("Olga")
    world.game.faults.hang()
    waiting = asyncio.create_task(steps.ask(guild, olga, LEVEL))
    pressed = await asyncio.gather(steps.opine(rhea, cards[0]), steps.opine(rolf, cards[1]))
    asked = [
        await person.slash(place.home, command)
        for place, person in ((guild, mira), (elsewhere, nora))
        for command in ("queue info", "help commands")
    ]
    refused = await steps.ask(guild, mira, LEVEL)
    assert not waiting.done()
    for answer in (*pressed, *asked, refused):
        assert_quick(answer)
    steps.assert_told(refused, Text.REQUEST_REFUSED_USER_COOLDOWN)
    await world.settled()
    assert len(guild.messages(Route.RESOLUTION)) == len(elsewhere.messages(Route.RESOLUTION)) == 1

    answer = await waiting
    assert_quick(answer, most=3.0, least=1.5)
    steps.assert_told(answer, Text.REQUEST_WAITING, level_id=LEVEL.id)
    world.game.faults.release()
    await steps.fill(olga, await olga.press(shown(answer), steps.label(Text.BUTTON_REQUEST_CONTINUE)))
    await world.settled()
    assert len(guild.messages(Route.PENDING_REQUEST)) == 2


async def test_continuing_too_early_says_so_in_time_and_can_be_repeated(world: World) -> None:
    guild = world.guild
    mira = guild.join("Mira")
    world.game.faults.hang()
    began = time.monotonic()
    answer = await steps.ask(guild, mira, LEVEL)
    still = await mira.press(shown(answer), steps.label(Text.BUTTON_REQUEST_CONTINUE))
    assert_quick(still, most=3.0)
    assert time.monotonic() - began < 6.0
    steps.assert_told(still, Text.REQUEST_STILL_WAITING, level_id=LEVEL.id)
    assert len(world.game.calls) == 1
    world.game.faults.release()
    form = await mira.press(shown(answer), steps.label(Text.BUTTON_REQUEST_CONTINUE))
    assert_quick(form)
    steps.assert_told(await steps.fill(mira, form), Text.REQUEST_CREATED, level=LEVEL.name)
    assert len(world.game.calls) == 1


async def test_what_a_member_submits_while_the_game_server_hangs_is_not_lost(world: World) -> None:
    guild = world.guild
    mira, nils = guild.join("Mira"), guild.join("Nils")
    form = await steps.ask(guild, mira, LEVEL)
    world.app.game.invalidate(LEVEL.id)
    world.game.faults.hang()
    answer = await mira.submit(form.modal, {"comment": COMMENT})
    assert answer.kind == "deferred"
    assert_quick(answer)
    assert_quick(await nils.slash(guild.home, "queue info"))
    world.game.faults.release()
    steps.assert_told(await answer.final(), Text.REQUEST_CREATED, level=LEVEL.name)
    await world.settled()
    [card] = guild.messages(Route.PENDING_REQUEST)
    assert COMMENT in steps.everything(card)


@pytest.mark.parametrize("fault", ["refuse", "garbage", "html", "truncate", "wrong_ids", "drop"])
async def test_what_a_member_submits_to_a_broken_game_server_is_given_back(world: World, fault: str) -> None:
    guild = world.guild
    mira = guild.join("Mira")
    form = await steps.ask(guild, mira, LEVEL)
    world.app.game.invalidate(LEVEL.id)
    getattr(world.game.faults, fault)(times=1)
    answer = await (await mira.submit(form.modal, {"comment": COMMENT})).final()
    steps.assert_told(answer, Text.REQUEST_REFUSED_SERVER)
    assert COMMENT in steps.everything(shown(answer))
    again = await mira.press(shown(answer), steps.label(Text.BUTTON_REQUEST_AGAIN))
    steps.assert_told(await steps.fill(mira, again, comment=COMMENT), Text.REQUEST_CREATED)
    await world.settled()
    assert len(guild.messages(Route.PENDING_REQUEST)) == 1


async def test_a_game_server_that_hangs_for_too_long_is_called_silent(world: World) -> None:
    guild = world.guild
    impatient = GeometryDash(world.game.base_url, pace=0.01, call_timeout=0.2)
    patient, world.app.game = world.app.game, impatient
    world.game.faults.hang()
    answer = await steps.ask(guild, guild.join("Mira"), LEVEL)
    assert_quick(answer)
    steps.assert_told(answer, Text.REQUEST_REFUSED_SERVER)
    world.app.game = patient
    await impatient.close()
