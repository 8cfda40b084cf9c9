"""Erasing somebody: nothing names them afterwards, records stay, and nobody else's rows change."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from config.definitions import definitions
from db.models import (
    Assessment,
    Cooldown,
    Delivery,
    Event,
    FailedDelivery,
    Guild,
    Opinion,
    ParameterOverride,
    Preference,
    Request,
    Review,
    SavedFilter,
)
from db.snapshots.policies import STILL_OWED
from facades.privacy.erase_member import NothingStored, erase_member
from facades.privacy.prepare_erasure import prepare_erasure
from facades.privacy.whose import OnlyYourOwn
from facades.requests.add_opinion import add_opinion
from facades.requests.resolve_request import resolve_request
from facades.settings.set_language import set_language
from tests.facades.privacy.life import (
    OTHER,
    OTHERS,
    REVIEW,
    SOMEBODY,
    WORDS,
    Ticker,
    another,
    deliver_all,
    dump,
    live,
    many_opinions,
    somebody,
    traces,
)
from tests.facades.requests.world import CHANNELS, GUILD, RequestWorld
from util.identifiers import (
    CooldownKind,
    DeliveryKind,
    EventType,
    Flag,
    Parameter,
    RequestStatus,
    Route,
    Stage,
    Verdict,
)

HELD = ("cooldown", "entity_id")


async def test_afterwards_no_row_names_the_person_but_the_ban_that_holds(world: RequestWorld) -> None:
    await live(world)
    assert {table for table, _, _ in traces(await dump(world, GUILD), str(SOMEBODY))} >= {
        "active_filter", "assessment", "confirmation", "cooldown", "delivery", "event", "event_field", "failed_delivery",
        "opinion", "panel_token", "parameter_override", "preference", "request", "review", "saved_filter",
    }  # fmt: skip
    await erase_member(world.app, actor=somebody(), user_id=SOMEBODY)
    rows = await dump(world, GUILD)
    assert {(table, column) for table, column, _ in traces(rows, str(SOMEBODY))} == {HELD}
    # One notice is just being sent: the decision, with its reason, that somebody else is waiting for.
    assert {(table, column) for table, column, _ in traces(rows, WORDS)} <= {("delivery", "payload")}
    assert [value["route"] for _, _, value in traces(rows, WORDS)] == [Route.REJECTION_NOTIFICATION.value]


async def test_once_everything_is_delivered_nothing_of_it_is_left_anywhere(world: RequestWorld) -> None:
    await live(world)
    await deliver_all(world)
    await erase_member(world.app, actor=somebody(), user_id=SOMEBODY)
    rows = await dump(world, GUILD)
    assert {(table, column) for table, column, _ in traces(rows, str(SOMEBODY))} == {HELD}
    assert list(traces(rows, WORDS)) == []


async def test_the_rows_of_other_guilds_stay_as_they_are(world: RequestWorld) -> None:
    await live(world)
    await live(world, OTHER)
    before = await dump(world, OTHER)
    await erase_member(world.app, actor=somebody(), user_id=SOMEBODY)
    assert await dump(world, OTHER) == before


async def test_what_others_did_and_wrote_stays_as_it_was(world: RequestWorld) -> None:
    await live(world)
    before = await dump(world, GUILD)
    await erase_member(world.app, actor=somebody(), user_id=SOMEBODY)
    after = await dump(world, GUILD)
    for table in ("opinion", "review", "assessment", "request"):
        person = "author_id" if table != "assessment" else "curator_id"
        kept = [row for row in before[table] if row[person] not in {SOMEBODY, None} and not _changed(row)]
        assert [row for row in kept if row not in after[table]] == [], table


def _changed(row: dict[str, Any]) -> bool:
    """Tell whether a row of somebody else's names the person in another column, or speaks of a withdrawn request."""
    return SOMEBODY in row.values() or row.get("level_id") == 2002


async def test_records_stay_under_one_pseudonym(world: RequestWorld) -> None:
    await live(world)
    erased = await erase_member(world.app, actor=somebody(), user_id=SOMEBODY)
    assert erased.pseudonym == -1
    opinions = [row for row in await world.rows(Opinion) if row.author_id == -1]
    assert {row.stage for row in opinions} == set(Stage)
    assert {row.reason for row in opinions} == {None}
    requests = {row.level_id: row for row in await world.rows(Request)}
    assert requests[2001].author_id == -1
    assert requests[2001].comment is requests[2001].showcase is None
    assert requests[2003].comment == "Mine"
    assert (requests[2005].inserted_by, requests[2005].comment) == (-1, None)
    grades = await world.rows(Assessment)
    assert {(row.trainee_id, row.curator_id, row.feedback) for row in grades} == {
        (-1, OTHERS + 5, "Not bad at all"),
        (OTHERS + 6, -1, None),
    }
    assert {(row.saved_by, row.filter["user"]) for row in await world.rows(SavedFilter)} == {(-1, OTHERS), (OTHERS, -1)}


async def test_pending_requests_are_withdrawn_with_their_cards(world: RequestWorld) -> None:
    await live(world)
    pending = [row.id for row in await world.rows(Request) if row.author_id == SOMEBODY and row.status is RequestStatus.PENDING]
    assert len(pending) == 2
    await deliver_all(world)
    erased = await erase_member(world.app, actor=somebody(), user_id=SOMEBODY)
    assert erased.withdrawn == 2
    assert {row.id for row in await world.rows(Request)}.isdisjoint(pending)
    deleted = await world.events(EventType.REQUEST_DELETED)
    assert [(event.actor_id, event.fields["author_id"]) for event in deleted] == [(-1, -1), (-1, -1)]
    await deliver_all(world)
    shown = str([message.payload for message in world.discord.in_channel(CHANNELS[Route.PENDING_REQUEST])])
    assert "2002" not in shown
    assert "2004" in shown


async def test_withdrawing_may_reopen_the_queue(sqlite_world: RequestWorld) -> None:
    world = sqlite_world
    await world.set({Parameter.QUEUE_UNBLOCK_ENABLED: "true", Parameter.QUEUE_UNBLOCK_AT: "0", Parameter.QUEUE_BLOCKED: "true"})
    async with world.app.transaction(GUILD) as tx:
        tx.session.add(_pending(world))
    assert (await erase_member(world.app, actor=somebody(), user_id=SOMEBODY)).queue_opened


def _pending(world: RequestWorld) -> Request:
    values = {"guild_id": GUILD, "level_id": 300, "level_name": "x", "level": {}, "language": "en"}
    return Request(**values, author_id=SOMEBODY, created_at=world.clock.now())


async def test_practice_that_nobody_has_graded_goes_altogether(world: RequestWorld) -> None:
    await live(world)
    await deliver_all(world)
    cards = len(world.discord.in_channel(CHANNELS[Route.TRAINEE_REVIEW_TEXT]))
    await erase_member(world.app, actor=somebody(), user_id=SOMEBODY)
    [kept] = [row for row in await world.rows(Review) if row.author_id == -1 and row.stage is Stage.TRAINEE]
    assert kept.text == ""
    await deliver_all(world)
    left = world.discord.in_channel(CHANNELS[Route.TRAINEE_REVIEW_TEXT])
    # The feedback stands in threads, which the fake keeps apart.
    assert len(left) == cards - 1
    assert WORDS not in str([message.payload for message in left])


async def test_the_posted_parts_of_a_long_review_are_deleted(world: RequestWorld) -> None:
    await live(world)
    await deliver_all(world)
    channel = CHANNELS[Route.REVIEW_TEXT]
    [long] = [row for row in await world.rows(Review) if row.author_id == SOMEBODY and row.stage is Stage.REVIEWER]
    parts = [long.message_id, *long.further_messages]
    assert len(parts) >= 2
    before = len(world.discord.in_channel(channel))
    await erase_member(world.app, actor=somebody(), user_id=SOMEBODY)
    await deliver_all(world)
    assert {ref.message_id for ref in world.discord.deleted} >= set(parts)
    assert len(world.discord.in_channel(channel)) == before - len(parts)


async def test_cards_say_former_member_and_nothing_of_what_was_erased(world: RequestWorld) -> None:
    await live(world)
    await deliver_all(world)
    await erase_member(world.app, actor=somebody(), user_id=SOMEBODY)
    await deliver_all(world)
    for route in (Route.PENDING_REQUEST, Route.RESOLUTION, Route.ARCHIVE, Route.TRAINEE_REVIEW_TEXT):
        shown = str([message.payload for message in world.discord.in_channel(CHANNELS[route]) if message.payload.embeds])
        assert str(SOMEBODY) not in shown, route
        assert WORDS not in shown, route
        assert "former member #1" in shown, route


async def test_a_review_that_was_being_posted_is_deleted_once_it_stands(world: RequestWorld) -> None:
    await live(world)
    channel = CHANNELS[Route.REVIEW_TEXT]
    erased: list[Any] = []

    sending = world.discord.send

    async def send(channel_id: int, payload: Any, nonce: str) -> Any:
        ref = await sending(channel_id, payload, nonce)
        if not erased and channel_id == channel and WORDS in payload.content:
            erased.append(await erase_member(world.app, actor=somebody(), user_id=SOMEBODY))
        return ref

    world.discord.send = send
    await deliver_all(world)
    assert erased
    assert WORDS not in str(world.discord.contents(channel))


async def test_what_was_addressed_to_the_person_is_dropped_and_the_rest_names_them_no_more(world: RequestWorld) -> None:
    await live(world)
    await erase_member(world.app, actor=somebody(), user_id=SOMEBODY)
    owed = await world.owed()
    assert [row for row in owed if row.kind is DeliveryKind.DIRECT_MESSAGE] == []
    assert [row for row in owed if row.kind is DeliveryKind.FEEDBACK] == []
    assert [row.payload["content"] for row in owed if row.stream == "queue"] == ["former member #1 has left"]
    assert await world.count(FailedDelivery) == 0


async def test_a_ban_holds_until_it_ends_and_says_so(world: RequestWorld) -> None:
    await live(world)
    found = await prepare_erasure(world.app, actor=somebody(), user_id=SOMEBODY)
    assert (found.is_held_back, found.held_until) == (True, None)
    assert (await erase_member(world.app, actor=somebody(), user_id=SOMEBODY)).is_held_back
    bans = {row.entity_id: row for row in await world.rows(Cooldown) if row.kind is CooldownKind.USER}
    assert (bans[SOMEBODY].ends_at, bans[SOMEBODY].reason, bans[SOMEBODY].request_id) == (None, "rude to others", None)
    assert (bans[OTHERS + 8].cast_by, bans[OTHERS + 8].reason) == (-1, "spam in the queue")


async def test_a_cooldown_that_is_over_goes_and_one_that_holds_forgets_its_request(world: RequestWorld) -> None:
    now = world.clock.now()
    await world.request(2001, somebody())
    await world.hold_back(CooldownKind.USER, SOMEBODY, ends_at=now + timedelta(hours=1), request_id=1)
    await set_language(world.app, actor=somebody(), language="ru")
    await erase_member(world.app, actor=somebody(), user_id=SOMEBODY)
    [held] = await world.rows(Cooldown)
    assert held.request_id is None
    world.clock.advance(timedelta(hours=2))
    await set_language(world.app, actor=somebody(), language="ru")
    assert not (await erase_member(world.app, actor=somebody(), user_id=SOMEBODY)).is_held_back
    assert await world.count(Cooldown) == 0


async def test_the_streams_account_is_reset_and_the_language_forgotten_at_once(world: RequestWorld) -> None:
    await live(world)
    assert (await world.app.guild(GUILD)).preferences == {SOMEBODY: "ru"}
    await erase_member(world.app, actor=somebody(), user_id=SOMEBODY)
    settings = await world.app.guild(GUILD)
    assert settings.preferences == {}
    assert settings.value(Parameter.STREAM_ACCOUNT) is None
    assert await world.count(Preference) == 0
    assert [row.key for row in await world.rows(ParameterOverride)] == []
    [reset] = await world.events(EventType.PARAMETER_RESET)
    assert reset.fields == {"parameter": "stream.account", "old_value": "-1", "new_value": "none"}


async def test_the_event_names_nobody_who_erased_themselves_and_the_admin_who_did_it_for_somebody(world: RequestWorld) -> None:
    await live(world)
    await set_language(world.app, actor=another(3), language="ru")
    await erase_member(world.app, actor=somebody(), user_id=SOMEBODY)
    admin = another(7, Flag.ADMIN)
    await erase_member(world.app, actor=admin, user_id=OTHERS + 3)
    first, second = await world.events(EventType.MEMBER_ERASED)
    assert (first.actor_id, first.fields["user_id"]) == (-1, -1)
    assert first.fields["reviews"] == 3
    assert (second.actor_id, second.fields["user_id"]) == (admin.user_id, -2)
    assert [row.former_members for row in await world.rows(Guild)] == [2]


async def test_erasing_again_finds_nothing_and_whoever_comes_back_is_somebody_new(world: RequestWorld) -> None:
    await live(world)
    await erase_member(world.app, actor=somebody(), user_id=SOMEBODY)
    before = await dump(world, GUILD)
    with pytest.raises(NothingStored):
        await erase_member(world.app, actor=somebody(), user_id=SOMEBODY)
    assert await dump(world, GUILD) == before
    [open_one] = [row for row in await world.rows(Request) if row.level_id == 2004]
    # The old opinion is a former member's: it does not keep the new person from having one.
    await add_opinion(world.app, actor=somebody(Flag.REVIEWER), request_id=open_one.id, verdict=Verdict.APPROVE, review=REVIEW)
    assert (await erase_member(world.app, actor=somebody(), user_id=SOMEBODY)).pseudonym == -2
    assert sorted(row.author_id for row in await world.rows(Opinion) if row.request_id == open_one.id) == [-2, -1]


async def test_nobody_but_admins_erases_others_and_nobody_erases_a_former_member(world: RequestWorld) -> None:
    await set_language(world.app, actor=somebody(), language="ru")
    for actor, user_id in ((another(1, Flag.REVIEWER, Flag.GD_MOD), SOMEBODY), (another(7, Flag.ADMIN), -1)):
        for facade in (prepare_erasure, erase_member):
            with pytest.raises(OnlyYourOwn):
                await facade(world.app, actor=actor, user_id=user_id)
    with pytest.raises(NothingStored):
        await erase_member(world.app, actor=another(7, Flag.ADMIN, guild_id=OTHER), user_id=SOMEBODY)
    assert await world.count(Preference) == 1
    assert await world.count(Guild) == 0


async def test_a_later_resolution_of_a_former_members_request_pings_nobody(world: RequestWorld) -> None:
    await live(world)
    await erase_member(world.app, actor=somebody(), user_id=SOMEBODY)
    await world.forget_owed()
    [own] = [row for row in await world.rows(Request) if row.level_id == 2001]
    await resolve_request(
        world.app, actor=another(9, Flag.GD_MOD), request_id=own.id, verdict=Verdict.LEGENDARY, review=REVIEW[20:]
    )
    [message] = await world.owed_messages(Route.REVIEW_TEXT)
    assert message["mention_users"] == []
    assert "former member #1" in message["content"]


async def test_what_is_submitted_at_the_same_moment_is_erased_wholly_or_not_at_all(world: RequestWorld) -> None:
    await live(world)
    async with world.app.reading() as session:
        await session.connection()
    targets = [await world.request(3000 + number, another(3)) for number in range(6)]
    reviewer = somebody(Flag.REVIEWER)

    async def act(number: int) -> None:
        await add_opinion(
            world.app, actor=reviewer, request_id=targets[number].request_id, verdict=Verdict.APPROVE, review=REVIEW
        )
        await world.request(4000 + number, somebody(), comment=WORDS)

    await asyncio.gather(
        *(act(number) for number in range(3)),
        erase_member(world.app, actor=somebody(), user_id=SOMEBODY),
        *(act(number) for number in range(3, 6)),
    )
    opinions = {row.request_id: row for row in await world.rows(Opinion)}
    reviews = {row.request_id: row for row in await world.rows(Review)}
    events = [
        event
        for event in await world.events(EventType.OPINION_ADDED)
        if event.fields["request_id"] in {one.request_id for one in targets}
    ]
    for event in events:
        number = event.fields["request_id"]
        assert event.actor_id == opinions[number].author_id == reviews[number].author_id
        assert (reviews[number].text == "") is (event.actor_id == -1)
    # Whoever acts afterwards is somebody new, wholly.
    for created in [event for event in await world.events(EventType.REQUEST_CREATED) if event.fields["level_id"] >= 4000]:
        rows = [row for row in await world.rows(Request) if row.id == created.fields["request_id"]]
        assert [row.author_id for row in rows] == ([SOMEBODY] if created.actor_id == SOMEBODY else [])


async def test_many_cards_are_spread_so_that_nothing_else_waits_for_them(sqlite_world: RequestWorld) -> None:
    world = sqlite_world
    await many_opinions(world, 300)
    await world.forget_owed()
    await erase_member(world.app, actor=somebody(), user_id=SOMEBODY)
    cards = [row for row in await world.owed() if row.kind is DeliveryKind.REQUEST_CARDS]
    assert len(cards) == 300
    now = world.clock.now()
    assert sum(row.due_at <= now for row in cards) == 20
    assert max(row.due_at for row in cards) == now + timedelta(seconds=2 * 280)


async def test_erasing_somebody_busy_never_holds_up_the_loop(sqlite_world: RequestWorld) -> None:
    world = sqlite_world
    await many_opinions(world, 2_000)
    definitions()
    async with Ticker() as ticker:
        await erase_member(world.app, actor=somebody(), user_id=SOMEBODY)
    assert ticker.longest < 0.05


async def test_of_thousands_of_events_every_one_is_changed(world: RequestWorld) -> None:
    await many_opinions(world, 450)
    await erase_member(world.app, actor=somebody(), user_id=SOMEBODY)
    events = [row for row in await world.rows(Event) if row.type is EventType.OPINION_ADDED]
    assert {(row.actor_id, row.fields["reason"]) for row in events} == {(-1, None)}
    assert list(traces(await dump(world, GUILD), WORDS)) == []


async def test_deliveries_of_cards_keep_what_finds_an_interrupted_posting(world: RequestWorld) -> None:
    buttons = [{"type": 1, "components": [{"type": 2, "custom_id": "opinion:1:approve:0"}]}]
    sent = {"content": "", "embeds": [{"description": f"<@{SOMEBODY}>"}], "components": buttons}
    async with world.app.transaction(GUILD) as tx:
        tx.owe("request:1", DeliveryKind.REQUEST_CARDS, {"request_id": 1, "posting": {"reviewer": sent}})
    await erase_member(world.app, actor=somebody(), user_id=SOMEBODY)
    [item] = [row for row in await world.rows(Delivery) if row.kind is DeliveryKind.REQUEST_CARDS]
    assert item.payload["posting"]["reviewer"] == {"content": "", "embeds": [], "components": buttons}


def test_deletions_of_posted_reviews_outlive_the_loading_of_a_snapshot() -> None:
    assert DeliveryKind.REMOVAL in STILL_OWED
