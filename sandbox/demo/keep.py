"""A folder that keeps the demo's guild between runs: the sandbox's state and the bot's database."""

from __future__ import annotations

import contextlib
import importlib
import json
from collections.abc import Generator
from pathlib import Path
from typing import Any, Final

from sandbox.discord.keeping import CannotLoad, Keeper

STATE: Final = "demo-discord.json"
DATABASE: Final = "demo-greenlight.db"
_MARKS: Final = "demo-read.json"
_LOCK: Final = "demo.lock"


class CannotKeep(Exception):
    """The folder cannot be used; the message is one sentence."""


@contextlib.contextmanager
def hold(folder: Path) -> Generator[Path]:
    """Make the folder when there is none, and hold it so that no second demo uses it. Raises `CannotKeep`."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / _LOCK).open("w")
    except OSError as error:
        raise CannotKeep(f"{folder} cannot be used: {error.strerror}.") from error
    with file:
        try:
            # Windows has no such locks; there, two demos in one folder are up to whoever starts them.
            with contextlib.suppress(ImportError):
                locks: Any = importlib.import_module("fcntl")
                locks.flock(file, locks.LOCK_EX | locks.LOCK_NB)
        except OSError as error:
            raise CannotKeep(f"{folder} is used by another demo.") from error
        yield folder


def load(keeper: Keeper, folder: Path) -> bool:
    """Load the guild, if there is one. Raises `CannotKeep`.

    A database without a guild is what a first start left that was ended before the guild was ready: it is removed.
    """
    if not keeper.has_state:
        for path in folder.glob(f"{DATABASE}*"):
            path.unlink()
        return False
    try:
        keeper.load()
    except CannotLoad as error:
        raise CannotKeep(str(error)) from error
    return True


def load_marks(folder: Path) -> dict[str, dict[str, int]]:
    """Return up to where everybody had read; nothing when that is not known."""
    with contextlib.suppress(OSError, ValueError, AttributeError, TypeError):
        found: dict[str, dict[str, int]] = json.loads((folder / _MARKS).read_text("utf-8"))
        return {str(int(user)): {str(int(place)): int(mark) for place, mark in places.items()} for user, places in found.items()}
    return {}


def save_marks(folder: Path, marks: dict[str, dict[str, int]]) -> None:
    """Keep up to where everybody has read; it is no matter when that fails."""
    with contextlib.suppress(OSError):
        (folder / _MARKS).write_text(json.dumps(marks), "utf-8")
