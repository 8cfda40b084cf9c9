"""The reply to the bot's own answer is lost: Discord has taken it, and the bot finds that out and goes on."""

from collections.abc import Callable
from typing import Any

import pytest
from discord import HTTPException
from discord.http import Route as Call

from components import answering
from sandbox.discord import SandboxDiscord
from sandbox.discord.faults import Fault
from sandbox.geometry_dash import catalogue
from tests.e2e import steps
from tests.e2e.shared import ONE_LOOP, guild_of_its_own
from tests.e2e.world import World
from util.identifiers import Flag, Route
from util.texts import Text

pytestmark = ONE_LOOP
world = guild_of_its_own()
LEVEL = catalogue.UNRATED_EASY
FIRST = "/callback$"
LATER = "/messages/@original$"

Fail = Callable[[SandboxDiscord, str], Fault]
FAILURES: dict[str, Fail] = {
    "done, connection cut": lambda it, path: it.faults.lose_reply(path),
    "done, 502": lambda it, path: it.faults.lose_reply(path, bad_gateway=True),
    "done, silence": lambda it, path: it.faults.silence(path, after_effect=True),
    "not done, connection cut": lambda it, path: it.faults.drop(path, times=2),
    "not done, 503": lambda it, path: it.faults.fail(path, status=503, times=2),
    "not done, silence": lambda it, path: it.faults.silence(path),
}
every_failure = pytest.mark.parametrize("failure", FAILURES)


@pytest.fixture(autouse=True)
def short_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the bot take a reply for lost sooner."""
    monkeypatch.setattr(answering, "FIRST_WITHIN", 0.3)
    monkeypatch.setattr(answering, "WITHIN", 0.3)
    monkeypatch.setattr(answering, "PAUSES", (0.01, 0.02))


def errors(world: World) -> list[str]:
    """Return what the people of the guild were told of internal errors."""
    shown = [answer.original for answer in world.discord.interactions if answer.guild is world.guild.sandbox.guild]
    return [message.content for message in shown if message and steps.says(message.content, Text.ERROR_INTERNAL)]


@every_failure
async def test_a_form_opens_though_the_reply_was_lost(world: World, failure: str) -> None:
    mira = world.guild.join("Mira")
    fault = FAILURES[failure](world.discord, FIRST)
    form = await steps.ask(world.guild, mira, LEVEL)
    assert form.kind == "modal"
    assert fault.times == 0
    steps.assert_told(await steps.fill(mira, form), Text.REQUEST_CREATED, level=LEVEL.name, level_id=LEVEL.id)
    await world.settled()
    assert len(world.guild.messages(Route.PENDING_REQUEST)) == 1
    assert errors(world) == []


@every_failure
async def test_an_action_goes_on_though_the_reply_to_its_acknowledgement_was_lost(world: World, failure: str) -> None:
    mira = world.guild.join("Mira")
    form = await steps.ask(world.guild, mira, LEVEL)
    fault = FAILURES[failure](world.discord, FIRST)
    answer = await steps.fill(mira, form)
    assert fault.times == 0
    steps.assert_told(answer, Text.REQUEST_CREATED, level=LEVEL.name, level_id=LEVEL.id)
    assert answer.followups == []
    await world.settled()
    assert len(world.guild.messages(Route.PENDING_REQUEST)) == 1


@every_failure
async def test_an_immediate_answer_is_shown_once_though_its_reply_was_lost(world: World, failure: str) -> None:
    guild = world.guild
    rhea = guild.join("Rhea", Flag.REVIEWER)
    card = await steps.request(world, guild, guild.join("Mira"), LEVEL)
    fault = FAILURES[failure](world.discord, FIRST)
    answer = await steps.opine(rhea, card)
    steps.assert_told(answer, Text.OPINION_ADDED_APPROVED)
    await world.settled()
    assert fault.times == 0
    assert answer.followups == []
    assert errors(world) == []
    resolution = await steps.resolution_card(world, guild, steps.request_id(card))
    assert steps.field(resolution, Text.CARD_FIELD_CONSENSUS, approvals=1, rejections=0).count("<@") == 1


@every_failure
async def test_a_question_is_replaced_though_the_reply_was_lost(world: World, failure: str) -> None:
    guild = world.guild
    mira, admin = guild.join("Mira"), guild.join("Ada", Flag.ADMIN)
    card = await steps.request(world, guild, mira, LEVEL)
    number = steps.request_id(card)
    question = await admin.slash(guild.home, "request delete", request_id=number)
    assert question.message is not None
    fault = FAILURES[failure](world.discord, FIRST)
    deleted = await admin.press(question.message, f"delete_request:{number}")
    await world.settled()
    assert fault.times == 0
    assert steps.says(deleted.content, Text.REQUEST_DELETED, id=number, level=LEVEL.name)
    assert errors(world) == []
    assert guild.messages(Route.PENDING_REQUEST) == []


@every_failure
async def test_the_final_answer_arrives_though_its_reply_was_lost(world: World, failure: str) -> None:
    mira = world.guild.join("Mira")
    form = await steps.ask(world.guild, mira, LEVEL)
    fault = FAILURES[failure](world.discord, LATER)
    if "50" in failure:
        # discord.py takes its time here, and rightly: nobody counts the seconds any more.
        fault.times = 1
    answer = await steps.fill(mira, form)
    assert fault.times == 0
    steps.assert_told(answer, Text.REQUEST_CREATED, level=LEVEL.name, level_id=LEVEL.id)
    assert answer.followups == []


async def test_what_was_acknowledged_by_somebody_else_is_still_refused(world: World) -> None:
    bot, mira = world.bot, world.guild.join("Mira")
    assert bot is not None
    await steps.ask(world.guild, mira, LEVEL)
    [asked] = [one for one in world.discord.interactions if one.user is mira.user]
    route = Call("POST", "/interactions/{webhook_id}/{webhook_token}/callback", webhook_id=asked.id, webhook_token=asked.token)
    session: Any = getattr(bot.http, "_HTTPClient__session")  # noqa: B009 - it has no other name
    with pytest.raises(HTTPException) as refused:
        await answering.PersistentAnswers().request(route, session, payload={"type": 5})
    assert refused.value.code == 40060
