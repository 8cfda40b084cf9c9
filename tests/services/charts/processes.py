"""The browser's processes, found in /proc."""

import asyncio
import os
import time
from collections.abc import Callable
from pathlib import Path

PATIENCE = 30.0


def descendants(root: int | None = None) -> dict[int, str]:
    """Return the command lines of all living processes below one, this one by default."""
    parents: dict[int, int] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            # The name in brackets may contain spaces.
            state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if state not in "ZX":
            parents[int(folder.name)] = int(parent)
    root = root or os.getpid()
    return {pid: command_line(pid) for pid in parents if _is_below(pid, root, parents)}


def _is_below(pid: int, root: int, parents: dict[int, int]) -> bool:
    while pid in parents:
        pid = parents[pid]
        if pid == root:
            return True
    return False


def command_line(pid: int) -> str:
    """Return what a process was started with, nothing when it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def browsers(root: int | None = None) -> list[int]:
    """Return the processes that belong to browsers, wrappers included."""
    return [pid for pid, command in descendants(root).items() if "user-data-dir" in command or "chrom" in command]


def wrapper() -> int:
    """Return Kaleido's wrapper, which is the browser's parent."""
    return next(pid for pid in browsers() if "_unix_pipe_chromium_wrapper" in command_line(pid))


def main_process() -> int:
    """Return the browser's main process."""
    return next(
        pid
        for pid in browsers()
        if "--remote-debugging-pipe" in command_line(pid)
        and "--type=" not in command_line(pid)
        and "wrapper" not in command_line(pid)
        and not command_line(pid).startswith("/bin/sh")
    )


def page_process() -> int:
    """Return the process that draws the page."""
    return next(pid for pid in browsers() if "--type=renderer" in command_line(pid))


async def until(is_so: Callable[[], object]) -> None:
    """Wait until something is so."""
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end, "it did not come true"
        await asyncio.sleep(0.02)
