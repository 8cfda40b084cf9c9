"""The demo as people run it: the whole tour, a guild that stays up, and a bot that cannot start."""

import asyncio
import io
import signal
import sys
import time
from pathlib import Path

import pytest

from sandbox.demo.main import play_and_tell
from sandbox.demo.playground import Playground
from sandbox.demo.process import ROOT
from sandbox.demo.screen import Screen
from sandbox.demo.states import play_states
from sandbox.demo.tour import play_tour
from tests.sandbox.demo.conftest import script


async def run(folder: Path, *options: str) -> asyncio.subprocess.Process:
    """Start `main.py demo` with its temporary files in a folder."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        str(ROOT / "main.py"),
        "demo",
        *options,
        env={"TMPDIR": str(folder), "PYTHONUTF8": "1"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )


@pytest.mark.e2e
async def test_the_tour_shows_what_it_must(tmp_path: Path):
    process = await run(tmp_path, "--tour")
    output = (await process.communicate())[0].decode()
    assert process.returncode == 0, output[-4000:]
    assert "steps showed what they must" in output
    assert "\x1b[" not in output
    assert list(tmp_path.iterdir()) == []


@pytest.mark.e2e
async def test_the_demo_stays_up_until_it_is_interrupted_and_leaves_nothing(tmp_path: Path):
    process = await run(tmp_path)
    assert process.stdout is not None
    shown = ""
    async for line in process.stdout:
        shown += line.decode()
        if "Ctrl-C" in shown:
            break
    assert "make tour" in shown
    assert "#pending-requests  3 messages" in shown
    assert "http://127.0.0.1:" in shown
    process.send_signal(signal.SIGINT)
    assert await process.wait() == 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("mode", ["tour", "demo", "empty"])
async def test_a_bot_that_cannot_start_is_told_at_once_with_its_output(playground: Playground, page: io.StringIO, mode: str):
    await playground.bot.kill()
    playground.bot = script("print(\"ModuleNotFoundError: No module named 'discord'\"); raise SystemExit(1)")
    screen = Screen(page)
    play = play_tour(playground, screen) if mode == "tour" else play_states(playground, screen, empty=mode == "empty")
    began = time.monotonic()
    assert await play_and_tell(play, playground, screen) == 1
    assert time.monotonic() - began < 20
    assert "exit code 1" in page.getvalue()
    assert "ModuleNotFoundError: No module named 'discord'" in page.getvalue()
