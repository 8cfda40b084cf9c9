"""A gateway session: numbered events, kept for a resumption, and the connection they go out on."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import json
import zlib
from collections import deque
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from aiohttp import web

if TYPE_CHECKING:
    from .models import Application

KEPT_EVENTS = 10_000


class Connection:
    """One websocket, written to in order by one task, compressed as the client asked."""

    def __init__(
        self,
        socket: web.WebSocketResponse,
        compress: str | None,
        transport: asyncio.Transport | None,
        watchers: Sequence[Callable[[str, str | bytes], None]] = (),
    ) -> None:
        self.socket = socket
        self._watchers = watchers
        self.zombie = False
        self.closed_by_server = False
        self._transport = transport
        self._encode = _encoder(compress)
        self._waiting: asyncio.Queue[str | tuple[int, bool]] = asyncio.Queue()
        self._writer = asyncio.create_task(self._write())

    def push(self, text: str) -> None:
        """Queue one gateway message, unless the connection plays dead."""
        if not self.zombie:
            self._waiting.put_nowait(text)
            self.show("out", text)

    def show(self, direction: str, text: str | bytes) -> None:
        """Let whoever watches see a message; "in" is from the bot."""
        for watcher in self._watchers:
            watcher(direction, text)

    def push_json(self, payload: dict[str, Any]) -> None:
        """Queue one gateway message given as JSON object."""
        self.push(json.dumps(payload, separators=(",", ":")))

    def close(self, code: int) -> None:
        """Close with a code after everything queued before was written."""
        self._waiting.put_nowait((code, False))

    def abort(self) -> None:
        """Cut the line without a closing handshake."""
        self._waiting.put_nowait((0, True))

    async def finish(self) -> None:
        """Stop the writer."""
        self._writer.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._writer

    async def _write(self) -> None:
        with contextlib.suppress(ConnectionError, RuntimeError):
            while True:
                item = await self._waiting.get()
                if isinstance(item, tuple):
                    await self._end(*item)
                    return
                encoded = self._encode(item) if self._encode else item
                if isinstance(encoded, bytes):
                    await self.socket.send_bytes(encoded)
                else:
                    await self.socket.send_str(encoded)

    async def _end(self, code: int, abort: bool) -> None:
        self.closed_by_server = True
        if abort:
            if self._transport is not None:
                self._transport.abort()
            return
        await self.socket.close(code=code, drain=False)


def _encoder(compress: str | None) -> Callable[[str], bytes] | None:
    if compress == "zlib-stream":
        deflate = zlib.compressobj(1)
        return lambda text: deflate.compress(text.encode()) + deflate.flush(zlib.Z_SYNC_FLUSH)
    if compress == "zstd-stream":
        return _zstd_encoder()
    return None


def _zstd_encoder() -> Callable[[str], bytes]:
    with contextlib.suppress(ImportError):
        standard: Any = importlib.import_module("compression.zstd")
        packer = standard.ZstdCompressor()
        return lambda text: packer.compress(text.encode(), packer.FLUSH_BLOCK)
    library: Any = importlib.import_module("zstandard")
    stream = library.ZstdCompressor().compressobj()
    return lambda text: stream.compress(text.encode()) + stream.flush(library.COMPRESSOBJ_FLUSH_BLOCK)


class Session:
    """What one identified shard hears, across its connections."""

    def __init__(self, session_id: str, application: Application, shard: tuple[int, int], intents: int) -> None:
        self.id = session_id
        self.application = application
        self.shard = shard
        self.intents = intents
        self.seq = 0
        self.kept: deque[tuple[int, str]] = deque(maxlen=KEPT_EVENTS)
        self.connection: Connection | None = None
        self.resumable = True

    @property
    def alive(self) -> bool:
        """Whether someone listens at present."""
        return self.connection is not None

    def hears_guild(self, guild_id: int) -> bool:
        """Tell whether a guild belongs to this shard."""
        return (guild_id >> 22) % self.shard[1] == self.shard[0]

    def dispatch(self, event: str, data: Any) -> None:
        """Number an event, keep it for a resumption and send it when connected."""
        self.seq += 1
        text = json.dumps({"op": 0, "t": event, "s": self.seq, "d": data}, separators=(",", ":"))
        self.kept.append((self.seq, text))
        if self.connection is not None:
            self.connection.push(text)

    def can_resume_from(self, seq: int) -> bool:
        """Tell whether every event after `seq` is still kept."""
        oldest = self.kept[0][0] if self.kept else self.seq + 1
        return self.resumable and oldest - 1 <= seq <= self.seq

    def resume(self, connection: Connection, seq: int) -> None:
        """Replay what came after `seq` on a new connection and go on with it."""
        for number, text in self.kept:
            if number > seq:
                connection.push(text)
        self.connection = connection
        self.dispatch("RESUMED", {"_trace": ["sandbox"]})
