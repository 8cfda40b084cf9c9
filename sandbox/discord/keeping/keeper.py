"""Saves the state after changes, whole or not at all, and loads it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
from pathlib import Path
from typing import Any, Final, cast

from ..errors import Json
from ..guilds import SandboxGuild
from ..server import SandboxDiscord
from .reading import read
from .writing import VERSION, Writer

log = logging.getLogger(__name__)

_QUIET: Final = 1.0


class CannotLoad(Exception):
    """What was saved cannot be used; the message is one sentence."""


class Keeper:
    """Keeps a server's state in a file, and its messages' files in a folder beside it."""

    def __init__(self, discord: SandboxDiscord, path: Path) -> None:
        self._discord = discord
        self._path = path
        self._files = path.with_suffix(".files")
        self._writer = Writer(discord.world)
        self._planned: asyncio.TimerHandle | None = None
        self._saving: asyncio.Task[None] | None = None
        self._keeping = False

    @property
    def has_state(self) -> bool:
        """Whether there is something to load."""
        return self._path.exists()

    def load(self) -> None:
        """Bring back what was saved; the server has been started and has no guild yet. Raises `CannotLoad`."""
        try:
            text = self._path.read_text("utf-8")
            data = self._decoded(text)
            # Another run had another port; the addresses of files have to lead here.
            data = self._decoded(text.replace(f"{data['base_url']}/attachments/", f"{self._discord.base_url}/attachments/"))
            read(self._discord.world, data, self._file)
        except (OSError, KeyError, TypeError, ValueError, AttributeError) as error:
            raise CannotLoad(f"{self._path} cannot be used ({error!r}); remove it to begin anew.") from error
        self._discord.guilds += [SandboxGuild.of(self._discord.world, guild) for guild in self._discord.world.guilds.values()]

    def _decoded(self, text: str) -> Json:
        found: Any = json.loads(text)
        if not isinstance(found, dict) or cast("Json", found).get("version") != VERSION:
            raise ValueError("it was written by another version")
        return cast("Json", found)

    def _file(self, attachment_id: int) -> bytes:
        # A picture that got lost is no reason not to start.
        with contextlib.suppress(OSError):
            return (self._files / str(attachment_id)).read_bytes()
        return b""

    def begin(self) -> None:
        """Save now, and from now on after changes."""
        self._keeping = True
        self._discord.on_change(self._plan)
        self._plan()

    async def close(self) -> None:
        """Save for the last time, if it was begun."""
        if not self._keeping:
            return
        self._keeping = False
        if self._planned is not None:
            self._planned.cancel()
        if self._saving is not None:
            await self._saving
        await self._save()

    def _plan(self) -> None:
        if self._planned is None and self._keeping:
            self._planned = asyncio.get_running_loop().call_later(_QUIET, self._begin_saving)

    def _begin_saving(self) -> None:
        self._planned = None
        if self._saving is not None and not self._saving.done():
            self._plan()
            return
        self._saving = asyncio.create_task(self._save())

    async def _save(self) -> None:
        text, files = self._writer.text(), {key: item.data for key, item in self._writer.files().items()}
        try:
            await asyncio.to_thread(self._write, text, files)
        except OSError as error:
            log.warning("the guild was not saved: %s", error)

    def _write(self, text: str, files: dict[int, bytes]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        for key, data in files.items():
            path = self._files / str(key)
            if not path.exists():
                self._files.mkdir(exist_ok=True)
                _replace(path, data)
        _replace(self._path, text.encode())
        if self._files.exists():
            for path in self._files.iterdir():
                if not path.name.isdigit() or int(path.name) not in files:
                    path.unlink(missing_ok=True)


def _replace(path: Path, data: bytes) -> None:
    """Write a file such that it is the old one or the new one at any moment; nobody else may read the bot's token in it."""
    beside = path.with_name(f"{path.name}.new")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
