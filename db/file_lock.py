"""A lock beside a SQLite file: one process works with it. The system takes the lock back however the process ends."""

import contextlib
import os
import sys
from collections.abc import Generator
from pathlib import Path


class FileInUse(Exception):
    """Another process holds the lock; the message is a sentence without a full stop."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"Another process of the bot works with {path}: stop it first, or use PostgreSQL, which is for several processes"
        )


class NoFileLocks(Exception):
    """The lock cannot be made or taken there; the message is a sentence without a full stop. `reason`: the system's word."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"Nothing keeps {path} for one process ({reason}): put it on a local disk, into a folder that this user may write to"
        )


@contextlib.contextmanager
def held(path: Path) -> Generator[None]:
    """Keep a file for this process until the block is left. Raises `FileInUse` or `NoFileLocks`.

    The lock is on a file of its own, which stays: SQLite locks its file by itself, and whoever deletes a lock lets two in.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        opened = os.open(path.with_name(f"{path.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise NoFileLocks(path, error.strerror or str(error)) from error
    try:
        _take(opened, path)
        yield
    finally:
        os.close(opened)


def _take(opened: int, path: Path) -> None:
    try:
        _lock(opened)
    except BlockingIOError as error:
        raise FileInUse(path) from error
    except OSError as error:
        raise NoFileLocks(path, error.strerror or str(error)) from error


if sys.platform == "win32":
    import msvcrt

    def _lock(opened: int) -> None:
        try:
            msvcrt.locking(opened, msvcrt.LK_NBLCK, 1)
        except PermissionError as error:
            raise BlockingIOError from error

else:
    import fcntl

    def _lock(opened: int) -> None:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
