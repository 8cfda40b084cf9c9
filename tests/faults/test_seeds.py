"""A few seeds of the fault suite; `make faults` plays many."""

import os
from collections.abc import Generator, Sequence

import pytest

from tests.faults.plan import make_plan
from tests.faults.run import play_all
from tests.faults.stage import Stage

pytestmark = [pytest.mark.e2e, pytest.mark.crash, pytest.mark.timeout(600)]

ALONE = os.environ.get("SEED")
SHARES, TOGETHER = 10, 3
"""Seeds are played side by side, for most of their time is spent waiting."""
SEEDS = [range(1 + share * TOGETHER, 1 + (share + 1) * TOGETHER) for share in range(SHARES)] if ALONE is None else [[int(ALONE)]]


@pytest.fixture(scope="session")
def stage() -> Generator[Stage]:
    """Return where the runs take place; its servers and templates are made once."""
    made = Stage()
    yield made
    made.close()


@pytest.mark.parametrize("seeds", SEEDS, ids=lambda seeds: f"{seeds[0]}-{seeds[-1]}")
async def test_whatever_strikes_nothing_is_lost_doubled_or_wrong(stage: Stage, seeds: Sequence[int]) -> None:
    results = await play_all(stage, seeds, jobs=TOGETHER)
    wrong = [str(result) for result in results if result.differences]
    assert not wrong, "\n\n".join(wrong)


def test_a_seed_always_makes_the_same_plan() -> None:
    assert str(make_plan(7)) == str(make_plan(7))
    assert str(make_plan(7)) != str(make_plan(8))
    assert any(make_plan(seed).postgres for seed in range(1, 31))
    assert any(strike.person for seed in range(1, 100) for strike in make_plan(seed).strikes)
