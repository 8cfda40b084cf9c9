"""Pictures from a warm browser, and what else goes on meanwhile."""

import asyncio
import os
from collections.abc import Iterator

import pytest

from services.charts import ChartService
from tests.services.charts.conftest import PATIENT, PICTURE, size
from tests.services.charts.examples import activity, no_requests, opinions, requests
from tests.services.charts.processes import until
from tests.services.charts.ticking import Ticker

CHART = requests("en", 30)
LONGEST_STALL = 0.05


@pytest.fixture(scope="module")
def warm() -> Iterator[ChartService]:
    service = ChartService(PATIENT)
    yield service
    asyncio.run(service.close())


async def test_a_picture_is_a_sharp_png(warm: ChartService) -> None:
    assert size(await warm.picture(CHART)) == PICTURE
    assert warm.state().is_warm
    assert warm.state().reason is None


async def test_many_who_ask_at_once_get_their_own_pictures(warm: ChartService) -> None:
    charts = [CHART, opinions("ru"), no_requests("en"), activity("en", 30)]
    together = await asyncio.gather(*(warm.picture(chart) for chart in charts))
    for chart, picture in zip(charts, together, strict=True):
        assert picture == await warm.picture(chart)


async def test_who_gives_up_does_not_disturb_the_others(warm: ChartService) -> None:
    tasks = [asyncio.create_task(warm.picture(CHART)) for _ in range(6)]
    # The first one is being drawn then, the others wait.
    await until(lambda: warm.state().waiting == 5)
    for task in (tasks[0], tasks[2], tasks[4]):
        task.cancel()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert [isinstance(result, asyncio.CancelledError) for result in results] == [True, False] * 3
    assert all(size(result) == PICTURE for result in results if isinstance(result, bytes))


async def test_the_event_loop_hardly_notices(warm: ChartService) -> None:
    """Other programs make it stand still too: the best measurement counts, and the more they are, the more is allowed."""
    allowed = LONGEST_STALL * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
    big = activity("ru", 1826)
    stalls: list[float] = []
    while len(stalls) < 6 and min(stalls, default=1) > allowed:
        async with Ticker() as ticker:
            await asyncio.gather(warm.picture(big), warm.picture(CHART))
            await warm.interactive(CHART)
        stalls.append(ticker.longest)
    assert min(stalls) <= allowed
