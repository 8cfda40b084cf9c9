"""The worker's own life: waking up, many streams at once, stopping."""

import asyncio
from datetime import timedelta

from facades.delivery.worker import LOG_WAITS, DeliveryWorker
from services.discord import DiscordUnavailable
from tests.facades.delivery.world import CHANNELS, GUILD, DeliveryWorld, until
from util.datatypes import MessagePayload, MessageRef
from util.identifiers import EventType, Route

REVIEWS = CHANNELS[Route.REVIEW_TEXT]


class Gate:
    """Holds every send back until it is opened."""

    def __init__(self, world: DeliveryWorld) -> None:
        self.waiting = 0
        self.most = 0
        self.open = asyncio.Event()
        self._send = world.discord.send
        world.discord.send = self.send  # type: ignore[method-assign]

    async def send(self, channel_id: int, payload: MessagePayload, nonce: str) -> MessageRef:
        self.waiting += 1
        self.most = max(self.most, self.waiting)
        try:
            await self.open.wait()
        finally:
            self.waiting -= 1
        return await self._send(channel_id, payload, nonce)


async def test_it_wakes_for_something_new_and_for_something_that_has_come_due(world: DeliveryWorld) -> None:
    worker = DeliveryWorker(world.app)
    running = asyncio.create_task(worker.run())
    await until(lambda: world.clock.sleeping > 0)
    await world.say("new")
    await until(lambda: world.discord.contents(REVIEWS) == ["new"])
    world.discord.errors[REVIEWS] = DiscordUnavailable("503")
    await world.say("due later")
    await until(lambda: ("send", REVIEWS) in world.discord.calls[1:] and worker.active == 0)
    del world.discord.errors[REVIEWS]
    for _ in range(60):
        world.clock.advance(timedelta(seconds=5))
        await asyncio.sleep(0)
    await until(lambda: world.discord.contents(REVIEWS) == ["new", "due later"])
    await worker.stop()
    await running


async def test_eight_streams_are_sent_at_once_and_not_more(world: DeliveryWorld) -> None:
    gate = Gate(world)
    for number in range(12):
        await world.say("x", stream=f"stream {number}")
    worker = DeliveryWorker(world.app)
    running = asyncio.create_task(worker.run())
    await until(lambda: gate.waiting == 8)
    gate.open.set()
    await until(lambda: len(world.discord.contents(REVIEWS)) == 12)
    assert gate.most == 8
    await worker.stop()
    await running


async def test_stopping_finishes_what_is_being_sent_and_begins_nothing_new(world: DeliveryWorld) -> None:
    gate = Gate(world)
    await world.say("in flight", "next")
    worker = DeliveryWorker(world.app)
    running = asyncio.create_task(worker.run())
    await until(lambda: gate.waiting == 1)
    stopping = asyncio.create_task(worker.stop())
    await asyncio.sleep(0)
    gate.open.set()
    await stopping
    await running
    assert world.discord.contents(REVIEWS) == ["in flight"]
    assert [row.payload["content"] for row in await world.owed()] == ["next"]


async def test_stopping_does_not_wait_for_ever(world: DeliveryWorld) -> None:
    gate = Gate(world)
    await world.say("hangs")
    worker = DeliveryWorker(world.app)
    running = asyncio.create_task(worker.run())
    await until(lambda: gate.waiting == 1)
    await worker.stop(time_limit=0.01)
    await running
    assert len(await world.owed()) == 1


async def test_a_database_that_cannot_be_read_for_a_while_does_not_end_the_worker(world: DeliveryWorld) -> None:
    worker = DeliveryWorker(world.app)
    reading, broken = world.app.reading, True

    def fail() -> object:
        if broken:
            raise OSError("disk")
        return reading()

    world.app.reading = fail  # type: ignore[method-assign, assignment]
    running = asyncio.create_task(worker.run())
    await until(lambda: world.clock.sleeping > 0)
    broken = False
    await world.say("after all")
    await until(lambda: world.discord.contents(REVIEWS) == ["after all"])
    await worker.stop()
    await running


async def test_the_log_lets_cards_and_messages_go_first_and_does_not_wait_for_ever(world: DeliveryWorld) -> None:
    gate = Gate(world)
    await world.say("a message")
    async with world.app.transaction(GUILD) as tx:
        tx.log(EventType.QUEUE_OPENED, 1, automatic=False, pending=0)
    worker = DeliveryWorker(world.app)
    running = asyncio.create_task(worker.run())
    await until(lambda: gate.waiting == 1)
    for _ in range(20):
        await asyncio.sleep(0)
    assert worker.active == 1
    world.clock.advance(LOG_WAITS)
    await until(lambda: worker.active == 2)
    gate.open.set()
    await until(lambda: worker.active == 0)
    await worker.stop()
    await running
