"""Discord fails, loses replies, drops connections, or staff take things away by hand: all is delivered once, in order."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
import structlog
from discord import Client
from discord.backoff import ExponentialBackoff

from facades.delivery import deliver_head
from sandbox.discord import SandboxDiscord
from sandbox.discord.actors import SandboxUser
from sandbox.discord.faults import Fault
from sandbox.discord.models import Message
from sandbox.discord.permissions import Permission
from sandbox.geometry_dash import catalogue
from tests.e2e import steps
from tests.e2e.shared import ONE_LOOP, guild_of_its_own
from tests.e2e.world import Guild, World
from util.identifiers import EventType, Flag, Route, Verdict
from util.texts import Text

pytestmark = ONE_LOOP
world = guild_of_its_own()
LEVEL = catalogue.UNRATED_EASY
COMMENT = "A fine first level"
POSTS, EDITS, DELETIONS = ("POST", r"/messages$"), ("PATCH", r"/messages/\d+$"), ("DELETE", r"/messages/\d+$")
SENDING = Permission.VIEW_CHANNEL | Permission.SEND_MESSAGES | Permission.EMBED_LINKS | Permission.READ_MESSAGE_HISTORY

Fail = Callable[[SandboxDiscord, str, str], Fault]
FAILURES: dict[str, Fail] = {
    "answers 503 twice": lambda it, path, method: it.faults.fail(path, method=method, status=503, times=2),
    "answers 429": lambda it, path, method: it.faults.rate_limit(path, method=method),
    "answers 429 for everything": lambda it, path, method: it.faults.rate_limit(path, method=method, everywhere=True),
    "drops the connection": lambda it, path, method: it.faults.drop(path, method=method, times=2),
    "loses the reply": lambda it, path, method: it.faults.lose_reply(path, method=method, times=2),
}


async def at_once(client: Client, shard_id: int | None, *, initial: bool = False) -> None:
    """Let discord.py go on."""


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the bot try again soon."""
    monkeypatch.setattr(deliver_head, "FIRST_PAUSE", 0.02)
    monkeypatch.setattr(deliver_head, "LONGEST_PAUSE", 0.1)
    monkeypatch.setattr(ExponentialBackoff, "delay", lambda self: 0.02)
    # discord.py waits five seconds before it identifies again.
    monkeypatch.setattr(Client, "before_identify_hook", at_once)


def staff(guild: Guild) -> tuple[SandboxUser, SandboxUser, SandboxUser]:
    return guild.join("Mira"), guild.join("Rhea", Flag.REVIEWER), guild.join("Mo", Flag.GD_MOD)


def arm(world: World, fail: Fail, kind: tuple[str, str]) -> list[Fault]:
    """Let the next calls of a kind fail in every channel of the guild."""
    method, path = kind
    return [fail(world.discord, f"^/channels/{channel.id}{path}", method) for channel in world.guild.channels.values()]


async def flow(world: World) -> None:
    """Play a request to its end and check that everything is there, once, in order."""
    guild = world.guild
    mira, rhea, mo = staff(guild)
    card = await steps.request(world, guild, mira, LEVEL)
    steps.assert_told(await steps.opine(rhea, card, review=steps.REVIEW), Text.OPINION_ADDED_APPROVED_REVIEW)
    resolution = await steps.resolution_card(world, guild, steps.request_id(card))
    steps.assert_told(await steps.resolve(mo, resolution, Verdict.EPIC, comment=COMMENT), Text.RESOLUTION_ADDED_FIRST)
    await world.settled()
    check(guild, mira)


def check(guild: Guild, mira: SandboxUser) -> None:
    [resolution], [archived] = guild.messages(Route.RESOLUTION), guild.messages(Route.ARCHIVE)
    [review], [notice] = guild.messages(Route.REVIEW_TEXT), guild.messages(Route.APPROVAL_NOTIFICATION)
    assert guild.messages(Route.PENDING_REQUEST) == []
    assert mira.pings == [review, notice]
    assert str(review.id) in steps.field(resolution, Text.CARD_FIELD_CONSENSUS, approvals=1, rejections=0)
    assert COMMENT in steps.field(resolution, Text.CARD_FIELD_RESOLUTIONS)
    assert str(resolution.id) in steps.everything(archived)
    assert [entry["type"] for entry in steps.log_entries(guild)] == [
        EventType.REQUEST_CREATED,
        EventType.USER_COOLDOWN_SET,
        EventType.OPINION_ADDED,
        EventType.RESOLUTION_ADDED,
    ]


# Calls that fail


@pytest.mark.parametrize("kind", [POSTS, EDITS, DELETIONS], ids=["posts", "edits", "deletions"])
@pytest.mark.parametrize("failure", FAILURES)
async def test_calls_that_fail_for_a_while_lose_and_double_nothing(world: World, failure: str, kind: tuple[str, str]) -> None:
    armed = arm(world, FAILURES[failure], kind)
    await flow(world)
    assert any(fault.times == 0 for fault in armed), "nothing failed"


async def test_discord_py_repeating_a_call_that_was_done_doubles_nothing(world: World) -> None:
    cards = world.guild.channels[Route.PENDING_REQUEST]
    fault = world.discord.faults.lose_reply(f"^/channels/{cards.id}/messages$", method="POST", bad_gateway=True)
    await flow(world)
    assert fault.times == 0


async def test_a_narrow_rate_limit_only_slows_the_flow_down(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(world.discord.timing, "rate_limit", 1)
    monkeypatch.setattr(world.discord.timing, "rate_window", 0.05)
    await flow(world)


async def test_while_discord_takes_no_messages_people_are_answered_and_later_all_is_sent_in_order(world: World) -> None:
    guild = world.guild
    mira, rhea, mo = staff(guild)
    rolf = guild.join("Rolf", Flag.REVIEWER)
    card = await steps.request(world, guild, mira, LEVEL)
    steps.assert_told(await steps.opine(rhea, card), Text.OPINION_ADDED_APPROVED)
    resolution = await steps.resolution_card(world, guild, steps.request_id(card))
    world.discord.faults.fail("^/channels/", status=503, times=10**6)
    steps.assert_told(await steps.opine(rolf, card, review=steps.REVIEW), Text.OPINION_ADDED_APPROVED_REVIEW)
    steps.assert_told(await steps.resolve(mo, resolution, Verdict.EPIC, comment=COMMENT), Text.RESOLUTION_ADDED_FIRST)
    steps.assert_told(await steps.ask(guild, mira, catalogue.UNRATED_HARD), Text.REQUEST_REFUSED_USER_COOLDOWN)
    assert guild.messages(Route.REVIEW_TEXT) == guild.messages(Route.APPROVAL_NOTIFICATION) == []
    world.discord.faults.clear()
    await world.settled()
    [review], [notice], [archived] = map(guild.messages, (Route.REVIEW_TEXT, Route.APPROVAL_NOTIFICATION, Route.ARCHIVE))
    assert review.id < archived.id < notice.id
    assert mira.pings == [review, notice]
    assert steps.field(resolution, Text.CARD_FIELD_CONSENSUS, approvals=2, rejections=0).count("<@") == 2


# What staff take away by hand


def was_told(guild: Guild, what: Text) -> bool:
    return any(steps.says(message.content, Text.DELIVERY_FAILED, reason=what) for message in guild.messages(Route.LOG))


async def test_a_channel_deleted_by_hand_costs_only_what_was_for_it(world: World) -> None:
    guild = world.guild
    mira, rhea, mo = staff(guild)
    card = await steps.request(world, guild, mira, LEVEL)
    guild.sandbox.delete_channel(guild.channels[Route.REVIEW_TEXT])
    steps.assert_told(await steps.opine(rhea, card, review=steps.REVIEW), Text.OPINION_ADDED_APPROVED_REVIEW)
    resolution = await steps.resolution_card(world, guild, steps.request_id(card))
    assert steps.field(resolution, Text.CARD_FIELD_CONSENSUS, approvals=1, rejections=0)
    steps.assert_told(await steps.resolve(mo, resolution, Verdict.EPIC), Text.RESOLUTION_ADDED_FIRST)
    await world.settled()
    assert mira.pings == guild.messages(Route.APPROVAL_NOTIFICATION)
    assert len(guild.messages(Route.ARCHIVE)) == 1
    assert was_told(guild, Text.DELIVERY_REASON_GONE)


async def test_a_permission_taken_in_one_channel_costs_only_what_was_for_it(world: World) -> None:
    guild = world.guild
    mira, rhea, mo = staff(guild)
    bot = guild.sandbox.guild.members[world.application.user.id]
    [managed] = [guild.sandbox.guild.roles[number] for number in bot.role_ids]
    guild.sandbox.edit_role(managed, permissions=int(SENDING))
    guild.sandbox.set_overwrite(guild.channels[Route.ARCHIVE], world.application.user, deny=Permission.SEND_MESSAGES)
    card = await steps.request(world, guild, mira, LEVEL)
    steps.assert_told(await steps.opine(rhea, card), Text.OPINION_ADDED_APPROVED)
    resolution = await steps.resolution_card(world, guild, steps.request_id(card))
    steps.assert_told(await steps.resolve(mo, resolution, Verdict.EPIC), Text.RESOLUTION_ADDED_FIRST)
    await world.settled()
    assert guild.messages(Route.ARCHIVE) == guild.messages(Route.PENDING_REQUEST) == []
    assert mira.pings == guild.messages(Route.APPROVAL_NOTIFICATION)
    assert steps.colour(resolution) == 0x128611
    assert was_told(guild, Text.DELIVERY_REASON_FORBIDDEN)


async def test_cards_deleted_by_hand_stand_again_after_the_next_opinion(world: World) -> None:
    guild = world.guild
    mira, rhea, _ = staff(guild)
    rolf = guild.join("Rolf", Flag.REVIEWER)
    card = await steps.request(world, guild, mira, LEVEL)
    steps.assert_told(await steps.opine(rhea, card), Text.OPINION_ADDED_APPROVED)
    resolution = await steps.resolution_card(world, guild, steps.request_id(card))
    form = await rolf.press(card, f"opinion:{steps.request_id(card)}:approve:1")
    guild.sandbox.delete_message(card)
    guild.sandbox.delete_message(resolution)
    await steps.fill(rolf, form, review=steps.REVIEW)
    await world.settled()
    [again], [repaired] = guild.messages(Route.PENDING_REQUEST), guild.messages(Route.RESOLUTION)
    assert steps.request_id(again) == steps.request_id(repaired) == steps.request_id(card)
    assert steps.field(repaired, Text.CARD_FIELD_CONSENSUS, approvals=2, rejections=0).count("<@") == 2


# The gateway


async def pending_card(world: World) -> tuple[SandboxUser, Message]:
    """Return a reviewer and a card to press on."""
    mira, rhea, _ = staff(world.guild)
    return rhea, await steps.request(world, world.guild, mira, LEVEL)


async def connected(world: World) -> None:
    await world.discord.wait_until(lambda: world.discord.connected(world.application))


async def check_one_opinion(world: World, rhea: SandboxUser) -> None:
    await world.settled()
    [resolution] = world.guild.messages(Route.RESOLUTION)
    [line] = steps.field(resolution, Text.CARD_FIELD_CONSENSUS, approvals=1, rejections=0).splitlines()
    assert rhea.mention in line


@pytest.mark.parametrize("fault", ["drop_gateway", "ask_reconnect"])
async def test_a_click_while_the_gateway_is_gone_is_answered_after_resuming(world: World, fault: str) -> None:
    rhea, card = await pending_card(world)
    getattr(world.discord.faults, fault)()
    steps.assert_told(await steps.opine(rhea, card), Text.OPINION_ADDED_APPROVED)
    await check_one_opinion(world, rhea)
    await connected(world)


@pytest.mark.parametrize("fault", ["drop_gateway", "invalidate"])
async def test_a_click_that_was_lost_with_its_session_works_the_second_time(
    world: World, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rhea, card = await pending_card(world)
    with monkeypatch.context() as impatient:
        impatient.setattr(world.discord.timing, "acknowledge", 0.05)
        getattr(world.discord.faults, fault)(resumable=False)
        assert (await rhea.press(card, f"opinion:{steps.request_id(card)}:approve:0")).kind == "failed"
    await connected(world)
    steps.assert_told(await steps.opine(rhea, card), Text.OPINION_ADDED_APPROVED)
    await check_one_opinion(world, rhea)


async def test_what_is_owed_is_sent_while_the_gateway_is_gone(world: World) -> None:
    guild = world.guild
    rhea, card = await pending_card(world)
    edits = guild.channels[Route.PENDING_REQUEST]
    world.discord.faults.fail(f"^/channels/{edits.id}/", status=503, times=2)
    steps.assert_told(await steps.opine(rhea, card), Text.OPINION_ADDED_APPROVED)
    world.discord.faults.gateway_down = True
    world.discord.faults.drop_gateway()
    await check_one_opinion(world, rhea)
    world.discord.faults.gateway_down = False
    await connected(world)


async def test_a_channel_that_is_deleted_before_the_answer_is_no_mistake_of_the_bot(world: World) -> None:
    rose, sandbox = world.guild.join("Rose"), world.guild.sandbox
    channel = sandbox.add_channel("short-lived")

    def delete(index: int, phase: str, method: str, path: str, body: Any) -> None:
        if phase == "before" and path.endswith("/callback") and channel.id in sandbox.guild.channels:
            sandbox.delete_channel(channel)

    world.discord.on_request(delete)
    with structlog.testing.capture_logs() as lines:
        asking = asyncio.create_task(rose.slash(channel, "queue info"))
        async with asyncio.timeout(10):
            while not (told := [line["event"] for line in lines if line["event"] in {"error", "interaction_gone"}]):
                await asyncio.sleep(0.002)
    asking.cancel()
    assert told == ["interaction_gone"]
