"""Messages through the real client: nonces, pings, edits, and finding again what was sent."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from sandbox.discord.permissions import Permission
from services.discord import (
    DiscordForbidden,
    DiscordGone,
    DiscordRefused,
    DiscordService,
    DiscordUnavailable,
)
from services.discord.messages import body_of, is_same
from tests.services.discord.world import ServiceWorld
from util.datatypes import MessagePayload, MessageRef

BUTTON = {"type": 1, "components": [{"type": 2, "style": 1, "label": "Go", "custom_id": "go:1"}]}
EMBED = {"title": "Level", "description": "text ", "color": 255, "fields": [{"name": "a", "value": "b", "inline": True}]}


def ago(seconds: float = 60) -> datetime:
    return datetime.now(UTC) - timedelta(seconds=seconds)


async def test_a_message_is_sent_edited_and_deleted(world: ServiceWorld) -> None:
    ref = await world.service.send(world.channel_id, MessagePayload("hello", (EMBED,), (BUTTON,)), "n1")
    (message,) = world.messages()
    assert (message.id, message.content, len(message.components)) == (ref.message_id, "hello", 1)
    await world.service.edit(ref, MessagePayload("changed"))
    assert (message.content, message.embeds, message.components) == ("changed", [], [])
    await world.service.delete(ref)
    await world.service.delete(ref)
    assert world.messages() == []
    with pytest.raises(DiscordGone):
        await world.service.edit(ref, MessagePayload("late"))


async def test_a_lost_answer_and_a_second_attempt_leave_one_message(world: ServiceWorld, pauses: list[float]) -> None:
    world.server.faults.lose_reply("/messages", method="POST")
    with pytest.raises(DiscordUnavailable):
        await world.service.send(world.channel_id, MessagePayload("once"), "n1")
    ref = await world.service.send(world.channel_id, MessagePayload("once"), "n1")
    assert [message.id for message in world.messages()] == [ref.message_id]
    await world.service.send(world.channel_id, MessagePayload("once"), "n2")
    assert len(world.messages()) == 2


async def test_a_message_whose_embeds_would_be_left_out_is_refused(world: ServiceWorld) -> None:
    ref = await world.service.send(world.channel_id, MessagePayload("", (EMBED,), (BUTTON,)), "n1")
    for role in world.guild.guild.roles.values():
        allowed = Permission.VIEW_CHANNEL | Permission.SEND_MESSAGES | Permission.READ_MESSAGE_HISTORY
        world.guild.edit_role(role, permissions=int(allowed))
    with pytest.raises(DiscordForbidden):
        await world.service.edit(ref, MessagePayload("", (EMBED,), (BUTTON,)))
    with pytest.raises(DiscordForbidden):
        await world.service.send(world.channel_id, MessagePayload("", (EMBED,), (BUTTON,)), "n2")
    assert [message.id for message in world.messages()] == [ref.message_id]


async def test_only_named_users_and_roles_are_pinged(world: ServiceWorld) -> None:
    ann, ben = world.guild.add_member("Ann"), world.guild.add_member("Ben")
    content = f"@everyone <@{ann.user.id}> <@{ben.user.id}>"
    await world.service.send(world.channel_id, MessagePayload(content, mention_users=(ann.user.id,)), "n1")
    await world.service.send(world.channel_id, MessagePayload(content), "n2")
    first, second = world.messages()
    assert (first.pinged, second.pinged) == (frozenset({ann.user.id}), frozenset())


async def test_discords_refusals_become_our_own(world: ServiceWorld) -> None:
    with pytest.raises(DiscordGone):
        await world.service.send(1, MessagePayload("x"), "n")
    with pytest.raises(DiscordRefused):
        await world.service.send(world.channel_id, MessagePayload("x" * 2001), "n")
    shy = world.guild.add_member("Shy", accepts_dms=False)
    with pytest.raises(DiscordForbidden) as caught:
        await world.service.send(await world.service.open_direct_channel(shy.user.id), MessagePayload("x"), "n")
    assert caught.value.code == 50007


@pytest.mark.parametrize("status", [500, 502, 503])
async def test_server_errors_and_cut_connections_mean_unavailable(world: ServiceWorld, pauses: list[float], status: int) -> None:
    world.server.faults.fail("/messages", times=9, status=status)
    with pytest.raises(DiscordUnavailable):
        await world.service.send(world.channel_id, MessagePayload("x"), "n")
    world.server.faults.clear()
    world.server.faults.drop("/messages")
    with pytest.raises(DiscordUnavailable):
        await world.service.send(world.channel_id, MessagePayload("x"), "n")
    await world.service.send(world.channel_id, MessagePayload("x"), "n")
    assert len(world.messages()) == 1


async def test_a_rate_limit_is_waited_out(world: ServiceWorld) -> None:
    world.server.faults.rate_limit("/messages", retry_after=0.01)
    await world.service.send(world.channel_id, MessagePayload("x"), "n")
    assert len(world.messages()) == 1


async def test_a_long_global_limit_ends_the_call_in_time_and_holds_up_nobody_afterwards(world: ServiceWorld) -> None:
    service = DiscordService(time_limit=0.1)
    service.attach(world.client)
    world.server.faults.rate_limit("/messages", retry_after=60, everywhere=True)
    with pytest.raises(DiscordUnavailable):
        await service.send(world.channel_id, MessagePayload("x"), "n")
    await service.send(world.guild.add_channel("other").id, MessagePayload("y"), "n")


async def test_a_slow_answer_is_not_waited_for_longer_than_the_limit(world: ServiceWorld) -> None:
    service = DiscordService(time_limit=0.05)
    service.attach(world.client)
    world.server.faults.delay(1, "/messages")
    with pytest.raises(DiscordUnavailable):
        await service.send(world.channel_id, MessagePayload("x"), "n")


async def test_without_a_connected_client_discord_is_unavailable(world: ServiceWorld) -> None:
    with pytest.raises(DiscordUnavailable):
        await DiscordService().send(1, MessagePayload("x"), "n")
    assert not DiscordService().is_serving(world.guild.id)
    await world.client.close()
    with pytest.raises(DiscordUnavailable):
        await world.service.send(world.channel_id, MessagePayload("x"), "n")


async def test_what_was_sent_is_found_again_by_content_embeds_or_buttons(world: ServiceWorld) -> None:
    service, place = world.service, world.channel_id
    plain, rich = MessagePayload("  plain text "), MessagePayload("", (EMBED,))
    card = MessagePayload("", (EMBED,), (BUTTON,))
    refs = [await service.send(place, payload, f"n{number}") for number, payload in enumerate((plain, rich, card))]
    for message in world.messages():
        message.nonce = None
    changed = MessagePayload("", ({"title": "other"},), (BUTTON,))
    found = [await service.find_sent(place, "unknown", ago(), payload) for payload in (plain, rich, card, changed)]
    assert found == [*refs, refs[2]]
    assert await service.find_sent(place, "unknown", ago(), MessagePayload("something else")) is None
    assert await service.find_sent(place, "unknown", ago(), None) is None
    assert await service.find_sent(place, "unknown", ago(-60), plain) is None


async def test_a_message_of_somebody_else_is_never_taken_for_ours(world: ServiceWorld) -> None:
    await asyncio.sleep(0)
    world.guild.add_member("Ann").send(world.guild.general, "same words")
    assert await world.service.find_sent(world.channel_id, "n", ago(), MessagePayload("same words")) is None


async def test_it_is_found_behind_more_than_a_page_of_other_messages(world: ServiceWorld) -> None:
    ann = world.guild.add_member("Ann")
    for number in range(150):
        ann.send(world.guild.general, f"chatter {number}")
    ref = await world.service.send(world.channel_id, MessagePayload("ours"), "n1")
    assert await world.service.find_sent(world.channel_id, "n1", ago(), MessagePayload("ours")) == ref


async def test_a_message_is_moved_and_gets_a_thread_only_once(world: ServiceWorld) -> None:
    other = world.guild.add_channel("archive").id
    ref = await world.service.send(world.channel_id, MessagePayload("x"), "n1")
    moved = await world.service.move(ref, other, MessagePayload("y"), "n2")
    assert (world.messages(), moved.channel_id) == ([], other)
    thread = await world.service.start_thread(moved, "feedback")
    assert await world.service.start_thread(moved, "feedback") == thread


def test_a_suppressed_embed_stays_suppressed_in_an_edit() -> None:
    payload = MessagePayload("https://example.com", suppress_embeds=True)
    assert body_of(payload)["flags"] == body_of(payload, "n")["flags"] == 4


def test_an_empty_payload_is_like_no_message() -> None:
    assert not is_same({"content": "", "embeds": []}, MessagePayload())
    assert MessageRef(1, 2) == MessageRef(1, 2)
