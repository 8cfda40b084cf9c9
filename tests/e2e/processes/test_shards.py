"""Processes that share the shards: each serves its guilds, others take over what is left, and nothing is done twice."""

import asyncio
import json
import signal
import time

import pytest

from db.leases import LOCKS
from facades.panel.token_hash import hash_of
from tests.e2e.processes.world import Process, SharedWorld, until
from util.identifiers import Route

pytestmark = pytest.mark.crash
PANEL = "a-panel-token-of-the-test-0123456789"
SENDING = "^/channels/[0-9]+/messages"


async def two_and_a_standby(world: SharedWorld) -> tuple[Process, Process, Process]:
    """Start two processes that share the shards, and one that waits."""
    one, two = (world.begin(SHARDS_PER_PROCESS="2") for _ in range(2))
    await world.served(one, two, each=2)
    third = world.begin(SHARDS_PER_PROCESS="2")
    await until(lambda: len(world.rows("SELECT 1 FROM bot_process")) == 3, lambda: third.output)
    return one, two, third


async def test_two_processes_share_the_shards_and_both_serve_their_guilds(world: SharedWorld) -> None:
    one, two, third = await two_and_a_standby(world)
    await asyncio.gather(*(world.request(guild, "Mira") for guild in world.guilds))
    for guild in world.guilds:
        await world.one_card(guild)
    assert len(world.application.sessions) == 4
    assert [len(interaction.guild.members) > 0 for interaction in world.discord.interactions if interaction.guild] == [True] * 8
    assert world.rows("SELECT count(*) FROM request") == [(4,)]
    # One that waits says so, and is no part of what serves.
    status, said = await third.get("/readyz")
    assert (status, json.loads(said)["status"]) == (503, "standby")
    status, said = await one.get("/readyz")
    assert (status, json.loads(said)["status"]) == (200, "ready"), said
    (_, first), (_, metrics) = await one.get("/metrics"), await two.get("/metrics")
    done = 'greenlight_jobs_total{name="remove_old_failures",outcome="done"} 1.0'
    assert (first + metrics).count(done) == 1
    assert {f'greenlight_shard_fence{{shard="{shard}"}} 1.0' in metrics for shard in two.fences()} == {True}
    await over_http_in_another_process(world, one, two)


async def over_http_in_another_process(world: SharedWorld, one: Process, two: Process) -> None:
    """Call one process for a guild of the other: what is owed is sent by that one, soon."""
    guild = next(guild for guild in world.guilds if (guild.id >> 22) % 4 in two.fences())
    world.rows(
        "INSERT INTO panel_token (guild_id, token_hash, issued_by, issued_at) VALUES (:guild, :hash, 1, now()) RETURNING 1",
        guild=guild.id,
        hash=hash_of(PANEL),
    )
    begun = time.monotonic()
    status, said = await one.get("/message/stream_start", headers={"x-key": PANEL}, json={"text": "Here we go"})
    assert status == 200, said
    await until(lambda: guild.messages(Route.STREAM_START_ANNOUNCEMENT), lambda: two.output[-2000:])
    assert time.monotonic() - begun < 5
    assert [message.content for message in guild.messages(Route.STREAM_START_ANNOUNCEMENT)] == ["Here we go"]


async def test_what_a_killed_process_owed_is_sent_once_by_who_takes_over(world: SharedWorld) -> None:
    one, two, third = await two_and_a_standby(world)
    shard, fence = next(iter(one.fences().items()))
    guild = world.guilds[shard]
    world.discord.faults.fail(SENDING, times=10_000, status=503)
    await world.request(guild, "Mira")
    await until(lambda: world.owed(guild))
    begun = time.monotonic()
    one.signal(signal.SIGKILL)
    world.discord.faults.clear()
    await world.served(two, third)
    await world.one_card(guild)
    assert time.monotonic() - begun < 10
    assert third.fences()[shard] == fence + 1


async def test_a_frozen_process_is_replaced_and_does_nothing_when_it_wakes_up(world: SharedWorld) -> None:
    one, two, third = await two_and_a_standby(world)
    shards = set(one.fences())
    guild = world.guilds[min(shards)]
    # It is frozen while a message is on its way: what came of it, it will want to write down.
    world.discord.faults.delay(0.6, SENDING, method="POST")
    await world.request(guild, "Mira")
    await until(lambda: world.rows("SELECT 1 FROM delivery WHERE attempted_at IS NOT NULL"))
    one.signal(signal.SIGSTOP)
    await world.served(two, third)
    assert set(third.fences()) == shards
    await world.one_card(guild)
    world.discord.faults.clear()
    # What is asked meanwhile reaches both: the frozen one finds it when it wakes up.
    await world.request(world.guilds[max(shards)], "Nora")
    await world.one_card(world.guilds[max(shards)])
    sent = len(world.discord.requests)
    one.signal(signal.SIGCONT)
    await one.wrote("shards_lost")
    await one.wrote("starting_over")
    await until(lambda: len(world.rows("SELECT 1 FROM bot_process")) == 3, lambda: one.output)
    assert one.fences() == {}
    for served in (guild, world.guilds[max(shards)]):
        await world.one_card(served)
    assert world.rows("SELECT count(*) FROM request") == [(2,)]
    # It answered what it found by no more than an attempt to refuse, and posted nothing anywhere.
    posted = [request for request in world.discord.requests[sent:] if request.method == "POST" and "/messages" in request.path]
    assert posted == []
    # It is good for standing by.
    third.signal(signal.SIGKILL)
    await world.served(one, two)


async def test_a_process_that_is_stopped_hands_over_at_once(world: SharedWorld) -> None:
    one, two, third = await two_and_a_standby(world)
    shards = set(one.fences())
    begun = time.monotonic()
    one.signal(signal.SIGTERM)
    await world.served(two, third)
    assert set(third.fences()) == shards
    assert time.monotonic() - begun < 5
    assert await one.ended() == 0
    assert len(world.rows("SELECT 1 FROM bot_process")) == 2
    await world.request(world.guilds[min(shards)], "Mira")
    await world.one_card(world.guilds[min(shards)])


async def test_a_lease_connection_that_is_cut_is_taken_up_again(world: SharedWorld) -> None:
    one, two, third = await two_and_a_standby(world)
    before = one.fences()

    def backend() -> int:
        locks = "SELECT DISTINCT pid FROM pg_locks WHERE locktype = 'advisory' AND classid = :locks AND objid = :shard"
        return sum(pid for (pid,) in world.rows(locks, locks=LOCKS, shard=min(before)))

    for times in (1, 2):
        cut = backend()
        assert world.rows("SELECT pg_terminate_backend(:pid)", pid=cut) == [(True,)]
        await one.wrote("lease_connection_lost", times)
        await until(lambda cut=cut: backend() not in {0, cut}, lambda: one.output)
    await world.served(one, two)
    assert one.fences() == before
    assert third.fences() == {}
    guild = world.guilds[min(before)]
    await world.request(guild, "Mira")
    await world.one_card(guild)
    assert "shards_lost" not in one.output


async def test_one_process_takes_further_shards_beside_its_own(world: SharedWorld) -> None:
    one, two = world.begin(SHARDS_PER_PROCESS="3"), world.begin(SHARDS_PER_PROCESS="1")
    await world.served(one, two)
    taken = two.fences()
    sessions = {session.id for session in world.application.sessions if session.shard[0] in one.fences()}
    whole = world.begin()
    two.signal(signal.SIGKILL)
    await world.served(one, whole)
    one.signal(signal.SIGTERM)
    await world.served(whole)
    assert sessions.isdisjoint(session.id for session in world.application.sessions if session.alive)
    assert whole.fences().keys() == {0, 1, 2, 3}
    assert whole.fences()[min(taken)] == taken[min(taken)] + 1
    # The shard that it had first is still the same session.
    assert whole.output.count("shards_taken") == 2
    for guild in world.guilds:
        await world.request(guild, "Mira")
        await world.one_card(guild)


async def test_a_process_with_another_number_of_shards_waits_until_it_is_alone(world: SharedWorld) -> None:
    one = world.begin()
    await world.served(one)
    other = world.begin(SHARD_COUNT="2")
    await other.wrote("another_shard_count")
    assert other.fences() == {}
    status, said = await other.get("/readyz")
    assert (status, "4 shards" in said) == (503, True), said
    one.signal(signal.SIGTERM)
    await until(lambda: other.fences().keys() == {0, 1}, lambda: other.output)
    await until(lambda: {tuple(session.shard) for session in world.application.sessions if session.alive} == {(0, 2), (1, 2)})
