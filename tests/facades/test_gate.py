"""The gate that keeps actions and deliveries out of a guild whose rows are being replaced."""

import asyncio

import pytest

from facades.gate import EVERYWHERE, Gate
from tests.facades.delivery.world import until

PATIENCE = 5.0


async def test_whoever_shuts_it_waits_for_those_inside_and_others_wait_for_it() -> None:
    gate, may_leave, seen = Gate(), asyncio.Event(), list[str]()

    async def work(guild_id: int, name: str, leave: asyncio.Event | None = None) -> None:
        async with gate.inside(guild_id):
            seen.append(f"{name} in")
            if leave is not None:
                await leave.wait()
            seen.append(f"{name} out")

    async def restore() -> None:
        async with gate.shut(1, PATIENCE):
            seen.append("restore")

    first = asyncio.create_task(work(1, "first", may_leave))
    await until(lambda: seen == ["first in"])
    restoring = asyncio.create_task(restore())
    await until(lambda: gate.is_shut(1))
    second, other = asyncio.create_task(work(1, "second")), asyncio.create_task(work(2, "other"))
    await other
    assert not second.done()
    may_leave.set()
    await asyncio.gather(first, restoring, second)
    assert seen == ["first in", "other in", "other out", "first out", "restore", "second in", "second out"]


async def test_shut_everywhere_it_holds_for_every_guild() -> None:
    gate = Gate()
    async with gate.shut(EVERYWHERE, PATIENCE):
        assert gate.is_shut(1)
        assert gate.is_shut(2)
        late = asyncio.create_task(_pass(gate, 1))
        await asyncio.sleep(0)
        assert not late.done()
    await late
    assert not gate.is_shut(1)


async def test_shutting_it_gives_up_after_a_while_and_leaves_it_open() -> None:
    gate = Gate()
    async with gate.inside(1):
        with pytest.raises(TimeoutError):
            async with gate.shut(1, 0.01):
                raise AssertionError("somebody is inside")
    await _pass(gate, 1)


async def test_whoever_fails_inside_or_while_it_is_shut_leaves_it_open() -> None:
    gate = Gate()
    with pytest.raises(ValueError, match="inside"):
        async with gate.inside(1):
            raise ValueError("inside")
    with pytest.raises(ValueError, match="shut"):
        async with gate.shut(1, PATIENCE):
            raise ValueError("shut")
    await _pass(gate, 1)


async def _pass(gate: Gate, guild_id: int) -> None:
    async with gate.inside(guild_id):
        pass
