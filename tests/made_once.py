"""Files that take long to make and are only read: one worker of a run makes them, the others wait for it."""

import fcntl
import os
from collections.abc import Callable
from pathlib import Path

import pytest


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """Return a file of this run's folder; `make` writes it to the path that it is given, unless a worker has done so."""
    folder = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    path = folder / name
    with (folder / f"{name}.lock").open("w") as lock:
        # The system takes it back when a worker dies; what that one began is written anew.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            draft = folder / f"{name}.draft"
            draft.unlink(missing_ok=True)
            make(draft)
            draft.rename(path)
    return path
