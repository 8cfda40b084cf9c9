"""The clock of the machine, and the one that tests steer."""

import asyncio
from datetime import UTC, timedelta

import pytest

from services.clock import Clock
from tests.fakes.clock import START, SteerableClock


async def test_the_real_clock_is_aware_and_monotonic_and_sleeps():
    clock = Clock()
    before = clock.monotonic()
    await clock.sleep(0.001)
    assert clock.monotonic() > before
    assert clock.now().tzinfo is UTC


async def test_a_steered_clock_wakes_sleepers_when_their_time_has_come():
    clock = SteerableClock()
    short, long = asyncio.create_task(clock.sleep(10)), asyncio.create_task(clock.sleep(20))
    await asyncio.sleep(0)
    assert clock.sleeping == 2
    clock.advance(timedelta(seconds=10))
    await short
    assert not long.done()
    clock.set(START + timedelta(seconds=20))
    await long
    assert clock.monotonic() == 20


def test_a_steered_clock_does_not_go_back():
    with pytest.raises(ValueError, match="back"):
        SteerableClock().set(START - timedelta(seconds=1))
