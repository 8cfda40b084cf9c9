"""The browser in its thread: kept warm, killed, hung, idle, missing, closed."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from config.paths import ROOT
from services.charts import ChartService, ChartUnavailable, browser, drawing
from services.charts.browser import FOLDER_PREFIX, Browser, find_browser, remove_left_folders
from services.charts.drawing import Limits
from services.charts.theme import Figure
from tests.services.charts import processes
from tests.services.charts.conftest import PATIENT, PICTURE, size
from tests.services.charts.examples import requests
from tests.services.charts.processes import browsers, until
from tests.thoroughness import THOROUGH

TIMES = 10 if THOROUGH else 3

CHART = requests("en", 30)


def during_renders(monkeypatch: pytest.MonkeyPatch, act: Callable[[int], None]) -> None:
    """Do something while each picture is being drawn, with the number of the attempt."""
    original = Browser.draw
    attempts = 0

    async def draw(self: Browser, figure: Figure) -> bytes:
        nonlocal attempts
        attempts += 1
        drawing = asyncio.ensure_future(original(self, figure))
        await asyncio.sleep(0.01 * (attempts % 8))
        act(attempts)
        return await drawing

    monkeypatch.setattr(Browser, "draw", draw)


@pytest.mark.timeout(400)
async def test_a_browser_killed_during_a_render_is_replaced_again_and_again(
    monkeypatch: pytest.MonkeyPatch, temporary: Path
) -> None:
    victims = (processes.main_process, processes.wrapper, processes.page_process, processes.main_process, processes.main_process)
    killed = 0

    def kill(attempt: int) -> None:
        nonlocal killed
        if attempt % 2:
            os.kill(victims[killed % len(victims)](), signal.SIGKILL)
            killed += 1

    service = ChartService(PATIENT)
    during_renders(monkeypatch, kill)
    threads: list[int] = []
    for _ in range(TIMES):
        assert size(await service.picture(CHART)) == PICTURE
        threads.append(threading.active_count())
    assert killed == TIMES
    assert service.counts.crashes == TIMES
    assert service.counts.pictures == TIMES
    assert service.counts.failures == 0
    assert len(list(temporary.glob(f"{FOLDER_PREFIX}*"))) == 1
    assert threads[-1] <= threads[2] + 3, "threads of dead browsers stay"
    await service.close()
    assert list(temporary.iterdir()) == []


async def test_a_browser_that_dies_twice_leaves_no_picture_but_the_next_one_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    service = ChartService(PATIENT)
    with monkeypatch.context() as patched:
        during_renders(patched, lambda _: os.kill(processes.main_process(), signal.SIGKILL))
        with pytest.raises(ChartUnavailable, match="failed twice"):
            await service.picture(CHART)
    state = service.state()
    assert state.last_failure is not None
    assert not state.is_warm
    assert size(await service.picture(CHART)) == PICTURE
    await service.close()


async def test_the_browser_gives_way_to_the_bot(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "NICENESS", 10)
    service = ChartService(PATIENT)
    await service.picture(CHART)
    # Chromium gives its processes priorities of its own, as far as it is allowed to.
    priority = os.getpriority(os.PRIO_PROCESS, processes.wrapper())
    session = Path(f"/proc/{processes.main_process()}/autogroup")
    own = Path("/proc/self/autogroup")
    sessions = (session.read_text("ascii"), own.read_text("ascii")) if own.exists() else None
    await service.close()
    assert priority == 10
    if sessions is not None:
        # The kernel shares processors between sessions first.
        assert sessions[0].endswith("nice 10\n")
        assert not sessions[1].endswith("nice 10\n")


async def test_a_hanging_browser_is_given_up_after_the_time_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    service = ChartService(Limits(one_picture=0.5, start=90))
    with monkeypatch.context() as patched:
        during_renders(patched, lambda _: os.kill(processes.main_process(), signal.SIGSTOP))
        with pytest.raises(ChartUnavailable, match="took more than"):
            await service.picture(CHART)
    await until(lambda: not browsers())
    await service.close()


async def test_a_browser_is_renewed_after_so_many_pictures_and_closed_when_idle(temporary: Path) -> None:
    service = ChartService(Limits(one_picture=60, start=90, most_pictures=2, idle=0.3))
    for _ in range(3):
        await service.picture(CHART)
    assert service.counts.starts == 2
    await until(lambda: not browsers() and not list(temporary.iterdir()))
    assert not service.state().is_warm
    assert size(await service.picture(CHART)) == PICTURE
    assert service.counts.starts == 3
    await service.close()


async def test_a_browser_that_died_while_idle_is_simply_started_anew() -> None:
    service = ChartService(PATIENT)
    await service.picture(CHART)
    os.kill(processes.main_process(), signal.SIGKILL)
    await until(lambda: not browsers())
    assert size(await service.picture(CHART)) == PICTURE
    assert service.counts.crashes <= 1
    await service.close()


async def test_closing_leaves_no_process_folder_or_waiting_caller(temporary: Path) -> None:
    service = ChartService(PATIENT)
    await service.picture(CHART)
    tasks = [asyncio.create_task(service.picture(CHART)) for _ in range(4)]
    await until(lambda: service.state().waiting == 3)
    await service.close()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert all(isinstance(result, ChartUnavailable) for result in results)
    assert not browsers()
    assert list(temporary.iterdir()) == []
    with pytest.raises(ChartUnavailable, match="stopping"):
        await service.picture(CHART)


async def test_closing_what_was_never_used_is_nothing() -> None:
    service = ChartService()
    await service.close()
    assert service.counts.starts == 0


async def test_without_a_browser_there_is_a_reason_and_still_an_interactive_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    monkeypatch.delenv("BROWSER_PATH", raising=False)
    service = ChartService()
    with pytest.raises(ChartUnavailable, match="install chromium-headless-shell"):
        await service.picture(CHART)
    assert service.state().browser is None
    assert "chromium" in (service.state().reason or "")
    assert (await service.interactive(CHART)).startswith(b"<!DOCTYPE html>")
    assert (service.counts.failures, service.counts.files) == (1, 1)


async def test_the_environment_names_the_browser(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BROWSER_PATH", str(tmp_path / "missing"))
    assert find_browser() is None
    assert "missing" in (ChartService().state().reason or "")
    monkeypatch.setenv("BROWSER_PATH", "/bin/true")
    assert find_browser() == "/bin/true"
    service = ChartService(PATIENT)
    with pytest.raises(ChartUnavailable, match="failed twice"):
        await service.picture(CHART)
    await service.close()


async def test_a_browser_that_cannot_have_its_sandbox_does_without(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Containers forbid what the sandbox needs; root may not have one at all."""
    script = tmp_path / "browser"
    script.write_text(f'#!/bin/sh\ncase "$*" in *--no-sandbox*) exec {find_browser()} "$@";; esac\nexit 1\n', "utf-8")
    script.chmod(0o755)
    monkeypatch.setenv("BROWSER_PATH", str(script))
    monkeypatch.setattr(drawing, "may_use_sandbox", lambda: True)
    service = ChartService(PATIENT)
    assert size(await service.picture(CHART)) == PICTURE
    assert (service.counts.starts, service.counts.crashes) == (2, 0)
    await service.close()


async def test_a_full_queue_refuses_at_once() -> None:
    service = ChartService(Limits(most_waiting=1, one_picture=60, start=90))
    first = asyncio.create_task(service.picture(CHART))
    await until(lambda: service.counts.starts == 1)
    second = asyncio.create_task(service.picture(CHART))
    await until(lambda: service.state().waiting == 1)
    with pytest.raises(ChartUnavailable, match="waiting already"):
        await service.picture(CHART)
    assert size(await first) == PICTURE
    assert size(await second) == PICTURE
    await service.close()


# Other programs, since it is about their ends


PROGRAM = """
import asyncio, sys, tempfile
tempfile.tempdir = sys.argv[1]
from services.charts import ChartService
from tests.services.charts.examples import requests
loaded = [name for name in sys.modules if name.partition(".")[0] in ("plotly", "kaleido", "choreographer")]
assert not loaded, loaded

async def main():
    await ChartService().picture(requests("en", 30))
    print("drawn", flush=True)
    {then}

asyncio.run(main())
"""


@pytest.mark.parametrize("signals", [signal.SIGKILL, None])
async def test_no_process_outlives_the_program_even_when_it_is_killed_or_forgets_to_close(
    signals: signal.Signals | None, temporary: Path
) -> None:
    lines = PROGRAM.replace("{then}", "await asyncio.sleep(1000)" if signals else "")
    running = subprocess.Popen(
        [sys.executable, "-c", lines, str(temporary)], cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    assert running.stdout is not None
    assert await asyncio.to_thread(running.stdout.readline) == "drawn\n"
    below = processes.browsers(running.pid)
    if signals:
        assert below
        running.send_signal(signals)
    await asyncio.to_thread(running.wait, 30)
    running.stdout.close()
    await until(lambda: not any(processes.command_line(pid) for pid in below))
    if signals:
        assert len(list(temporary.iterdir())) == 1
        remove_left_folders()
    assert list(temporary.iterdir()) == []
