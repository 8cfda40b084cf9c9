"""The process is killed at every boundary of the flow and started again: nothing is lost, nothing is doubled."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby, zip_longest

import pytest

from tests.e2e.crash.checks import check
from tests.e2e.crash.play import Play
from tests.e2e.crash.points import Point
from tests.e2e.crash.process import BotProcess
from tests.thoroughness import some

pytestmark = pytest.mark.crash

SHARES, FEW = 4, 2
"""How many tests the flows are dealt out to, so that several processes can run them."""
EVERY = 12
"""`make test` plays every twelfth flow, to stay quick; `make crash` plays them all."""
LONG = 600.0
"""Seconds after which Discord has forgotten a nonce, and the bot must look for what it sent."""


def flows(points: Sequence[Point]) -> list[list[Point]]:
    """Deal the points out to flows, so that each flow is killed at most once in each of its steps."""
    by_step = [list(group) for _, group in groupby(sorted(points), lambda point: point.step)]
    return [[point for point in dealt if point is not None] for dealt in zip_longest(*by_step)]


async def survive(bot: BotProcess, killed_at: list[Point]) -> None:
    """Play the flow, kill the bot at these points, and fail unless everything is as if nothing had happened."""
    play = await Play.prepare(bot)
    try:
        await play.run(killed_at)
        check(play)
    except BaseException as error:
        error.add_note(f"Killed at: {'; '.join(map(str, killed_at))}\n{bot.output()}")
        raise
    # Streams run side by side, and due runs of the cards collapse into one: the last commit of a kind need not come up again.
    assert len(set(killed_at) - bot.watch.hit) <= 1, "points did not come up"
    play.leave()


def test_the_flow_has_more_than_a_hundred_points_at_which_it_can_be_killed(points: list[Point]) -> None:
    assert len(points) > 100
    assert {point.step for point in points} >= {"request", "review", "rejection", "approval", "practice", "grade", "decision"}
    assert sum("answer" in point.what for point in points) > 20
    assert sum("commit" in point.what for point in points) > 60
    assert len(after_sending(points)) > 12
    assert sum(len(killed_at) for killed_at in some(flows(points), EVERY)) > 12


@pytest.mark.parametrize("share", range(SHARES))
async def test_killed_at_any_point_the_bot_goes_on_where_it_stopped(share: int, bot: BotProcess, points: list[Point]) -> None:
    for killed_at in some(flows(points), EVERY)[share::SHARES]:
        await survive(bot, killed_at)


def after_sending(points: Sequence[Point]) -> list[Point]:
    """Return the points at which a message has been posted and the bot does not know it."""
    return [point for point in points if point.after and point.what.startswith("POST in")]


@pytest.mark.parametrize("share", range(FEW))
async def test_killed_again_as_soon_as_it_repeats_what_it_had_sent_it_sends_nothing_twice(
    share: int, bot: BotProcess, points: list[Point]
) -> None:
    for killed_at in some(flows(after_sending(points)), 4)[share::FEW]:
        await survive(bot, [*killed_at, *(replace(point, number=point.number + 1) for point in killed_at)])


@pytest.mark.parametrize("share", range(FEW))
async def test_started_again_after_a_long_time_the_bot_finds_what_it_had_sent(
    share: int, bot: BotProcess, points: list[Point]
) -> None:
    bot.stays_down = LONG
    for killed_at in some(flows(after_sending(points)), 4)[share::FEW]:
        await survive(bot, killed_at)
