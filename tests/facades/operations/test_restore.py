"""Loading a snapshot beside everything else that happens: nothing of the old state comes in after it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from db.models import Cooldown, Event, Job, ParameterOverride, Request
from db.upsert import upsert
from facades.delivery.deliver_head import deliver_head
from facades.operations import restore as module
from facades.operations import save_backup, snapshot_files
from facades.operations.prepare_restore import prepare_restore
from facades.operations.report_error import reports_written
from facades.operations.restore import QuestionGone, Restored, restore
from facades.operations.snapshot_files import snapshots_of
from services.discord import ChannelAccess, ChannelKind, ChannelShape, GuildShape
from tests.db.factories import GUILD
from tests.facades.delivery.world import CHANNELS, DeliveryWorld, until
from util.actor import Actor
from util.datatypes import MessagePayload, MessageRef
from util.errors import Refused, Unavailable
from util.identifiers import CooldownKind, EventType, Flag, Parameter, Route, SnapshotScope
from util.texts import Text

ADA = Actor(GUILD, 5, frozenset({Flag.ADMIN}))
MOST = 1 << 30
URL = "file"
ACCESS = ChannelAccess(view=True, send=True, embed=True, attach=True, history=True, threads=True, manage=True)


@pytest.fixture
async def world(any_address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[DeliveryWorld]:
    """Give a guild whose routes lead to channels, on a database of each kind; its snapshots lie in a folder of the test."""
    monkeypatch.setattr(snapshot_files, "VAR", tmp_path)
    made = DeliveryWorld(any_address)
    channels = tuple(ChannelShape(number, "channel", ChannelKind.TEXT, None, ACCESS) for number in CHANNELS.values())
    made.discord.shapes[GUILD] = GuildShape(GUILD, "Level Lovers", 1, "en-US", channels, (), frozenset(), 9)
    await made.routes()
    yield made
    await reports_written()
    await made.app.database.close()


async def saved(world: DeliveryWorld) -> None:
    """Save the guild and lay the file where it can be downloaded."""
    done = await save_backup.save_backup(world.app, actor=ADA, scope=SnapshotScope.GUILD, most=MOST)
    assert done.file is not None
    world.discord.files[URL] = done.file.data


async def asked(world: DeliveryWorld) -> int:
    return (await prepare_restore(world.app, actor=ADA, url=URL, size=1)).confirmation_id


async def nothing() -> None:
    """Do nothing when a restore has begun."""


async def load(world: DeliveryWorld, question: int | None = None, begun: Callable[[], Awaitable[None]] = nothing) -> Restored:
    number = await asked(world) if question is None else question
    return await restore(world.app, actor=ADA, confirmation_id=number, most=MOST, begun=begun)


async def rows(world: DeliveryWorld, model: Any) -> list[Any]:
    async with world.app.reading() as session:
        return list((await session.exec(select(model).where(col(model.guild_id) == GUILD))).all())


async def put_cooldown(world: DeliveryWorld, entity_id: int) -> None:
    """Change something, as an action does."""
    async with world.app.transaction(GUILD) as tx:
        key = {"guild_id": GUILD, "kind": CooldownKind.USER, "entity_id": entity_id}
        await upsert(tx.session, Cooldown, key, {"cast_at": tx.now})


async def test_what_is_loaded_is_what_was_saved_with_the_event_that_says_so(world: DeliveryWorld) -> None:
    first = await world.request()
    await world.deliver()
    await saved(world)
    await world.delete(first)
    await world.request(level_id=129)
    await put_cooldown(world, 1)
    await world.deliver()
    done = await load(world)
    assert [row.level_id for row in await rows(world, Request)] == [128]
    assert await rows(world, Cooldown) == []
    [event] = [event for event in await rows(world, Event) if event.type is EventType.SNAPSHOT_LOADED]
    assert event.actor_id == ADA.user_id
    assert done.cards == 2
    [safety] = snapshots_of(world.app.settings)
    assert safety.is_safety
    assert done.safety.file is not None
    assert done.safety.file.data == safety.path.read_bytes()
    async with world.app.reading() as session:
        assert [job.name for job in (await session.exec(select(Job).where(col(Job.guild_id) == GUILD))).all()] == [
            "resync_commands"
        ]


async def test_a_delivery_on_its_way_is_waited_for_and_its_card_does_not_stay(
    world: DeliveryWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    await saved(world)
    question = await asked(world)
    number = await world.request()
    sent, may_arrive = asyncio.Event(), asyncio.Event()
    send = world.discord.send

    async def slowly(channel_id: int, payload: MessagePayload, nonce: str) -> MessageRef:
        sent.set()
        await may_arrive.wait()
        return await send(channel_id, payload, nonce)

    with monkeypatch.context() as patched:
        patched.setattr(world.discord, "send", slowly)
        delivering = asyncio.create_task(deliver_head(world.app, guild_id=GUILD, stream=f"request:{number}"))
        await sent.wait()
        loading = asyncio.create_task(load(world, question))
        await until(lambda: world.app.deliveries.is_shut(GUILD))
        assert not loading.done()
        may_arrive.set()
        await asyncio.gather(delivering, loading)
    assert await rows(world, Request) == []
    await world.deliver()
    assert world.discord.in_channel(CHANNELS[Route.PENDING_REQUEST]) == []
    assert await world.cards() == []
    assert await world.owed() == []


async def test_an_action_that_has_begun_ends_before_and_one_that_begins_meanwhile_comes_after(
    world: DeliveryWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    await saved(world)
    question = await asked(world)
    began, may_end = asyncio.Event(), asyncio.Event()

    async def before() -> None:
        async with world.app.transaction(GUILD) as tx:
            began.set()
            await may_end.wait()
            key = {"guild_id": GUILD, "kind": CooldownKind.USER, "entity_id": 1}
            await upsert(tx.session, Cooldown, key, {"cast_at": tx.now})

    first = asyncio.create_task(before())
    await began.wait()

    async def meanwhile(*arguments: Any, **options: Any) -> Any:
        second.append(asyncio.create_task(put_cooldown(world, 2)))
        await asyncio.sleep(0)
        return await save_backup.save_to_disk(*arguments, **options)

    second: list[asyncio.Task[None]] = []
    monkeypatch.setattr(module, "save_to_disk", meanwhile)

    async def release() -> None:
        await until(lambda: world.app.actions.is_shut(GUILD))
        may_end.set()

    # The question itself is taken in a transaction, so SQLite's one writer must be free for it.
    monkeypatch.setattr(module, "_take", take_without_writing(world, question))
    await asyncio.gather(load(world, question), release())
    await asyncio.gather(first, *second)
    assert [row.entity_id for row in await rows(world, Cooldown)] == [2]


def take_without_writing(world: DeliveryWorld, question: int) -> Any:
    """Return what takes the question beside a transaction that is open."""

    async def take(*_: object) -> Any:
        async with world.app.reading() as session:
            found = await session.get(module.Confirmation, question)
        assert found is not None
        path = snapshot_files.incoming_folder(world.app.settings) / found.details["file"]
        return module._Wish(path, found.details["sha256"], found.details["guild_id"])  # pyright: ignore[reportPrivateUsage]

    return take


async def test_where_the_guild_does_not_come_to_rest_nothing_is_loaded(
    world: DeliveryWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    await saved(world)
    question = await asked(world)
    await world.request()
    monkeypatch.setattr(module, "PATIENCE", 0.01)
    async with world.app.deliveries.inside(GUILD):
        with pytest.raises(Unavailable):
            await load(world, question)
    assert len(await rows(world, Request)) == 1
    assert not world.app.actions.is_shut(GUILD)
    assert snapshots_of(world.app.settings) == []
    await put_cooldown(world, 1)


async def test_without_room_for_the_present_state_nothing_is_loaded(
    world: DeliveryWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(*_: object, **__: object) -> None:
        raise OSError("no space left on device")

    await saved(world)
    await world.request()
    monkeypatch.setattr(module, "save_to_disk", full)
    with pytest.raises(OSError, match="no space"):
        await load(world)
    assert len(await rows(world, Request)) == 1
    assert not world.app.actions.is_shut(GUILD)


async def test_of_two_clicks_at_once_one_loads(world: DeliveryWorld) -> None:
    await saved(world)
    question = await asked(world)
    done = await asyncio.gather(load(world, question), load(world, question), return_exceptions=True)
    assert {type(one) for one in done} == {Restored, QuestionGone}
    assert len([event for event in await rows(world, Event) if event.type is EventType.SNAPSHOT_LOADED]) == 1


async def test_settings_in_memory_give_way_to_the_loaded_ones(world: DeliveryWorld) -> None:
    await saved(world)
    async with world.app.transaction(GUILD) as tx:
        key = {"guild_id": GUILD, "key": Parameter.GUILD_LANGUAGE}
        await upsert(tx.session, ParameterOverride, key, {"value": "ru"})
        tx.settings_changed = True
    assert (await world.app.guild(GUILD)).language == "ru"
    await load(world)
    assert (await world.app.guild(GUILD)).language == "en"


async def test_an_old_question_is_not_answered_any_more(world: DeliveryWorld) -> None:
    await saved(world)
    question = await asked(world)
    world.clock.advance(timedelta(hours=2))
    with pytest.raises(Refused) as caught:
        await load(world, question)
    assert caught.value.phrase.key is Text.BACKUP_QUESTION_EXPIRED
    with pytest.raises(QuestionGone):
        await load(world, question)
