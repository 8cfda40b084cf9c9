"""Files: those of the page itself, those that people are about to send, those that messages carry."""

from __future__ import annotations

import mimetypes
import secrets
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from aiohttp import web

from sandbox.discord.models import LARGEST_FILE
from sandbox.discord.snowflakes import parse_snowflake
from sandbox.discord.world import World

STATIC: Final = Path(__file__).resolve().parent / "static"
KEPT_BYTES: Final = 64 * 1024 * 1024
_TYPES: Final = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".ico": "image/x-icon",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
    ".txt": "text/plain",
}
# What a browser shows and never runs.
_PICTURES: Final = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


@dataclass(frozen=True)
class Prepared:
    """A file that was uploaded and can be sent."""

    id: str
    filename: str
    data: bytes
    content_type: str


class Uploads:
    """Files that people are about to send, the oldest forgotten when they become too many."""

    def __init__(self) -> None:
        self._files: OrderedDict[str, Prepared] = OrderedDict()
        self._bytes = 0

    def add(self, filename: str, data: bytes) -> Prepared:
        """Keep a file under a name without folders."""
        name = filename.replace("\\", "/").rsplit("/", 1)[-1].replace("\0", "").strip()[:100] or "file"
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        found = Prepared(secrets.token_hex(8), name, data, kind)
        self._files[found.id] = found
        self._bytes += len(data)
        while self._bytes > KEPT_BYTES:
            _, gone = self._files.popitem(last=False)
            self._bytes -= len(gone.data)
        return found

    def get(self, upload_id: object) -> Prepared | None:
        """Return a file that was uploaded."""
        return self._files.get(upload_id) if isinstance(upload_id, str) else None


def static_file(name: str) -> web.Response:
    """Return one of the page's own files. Raises 404 for anything else, wherever a path leads."""
    if "\0" in name:
        raise web.HTTPNotFound
    path = (STATIC / name).resolve()
    kind = _TYPES.get(path.suffix)
    if kind is None or not path.is_relative_to(STATIC) or not path.is_file():
        raise web.HTTPNotFound
    charset = "utf-8" if kind.startswith("text/") or path.suffix in (".json", ".svg") else None
    return web.Response(body=path.read_bytes(), content_type=kind, charset=charset)


def attachment(world: World, request: web.Request) -> web.Response:
    """Return a file of a message. Raises 404."""
    found = world.attachments.get(parse_snowflake(request.match_info["attachment_id"]) or 0)
    place = request.match_info["channel_id"]
    if found is None or found.filename != request.match_info["filename"] or f"/attachments/{place}/" not in found.url:
        raise web.HTTPNotFound
    return _sent_by_someone(found.data, found.content_type)


def prepared(uploads: Uploads, request: web.Request) -> web.Response:
    """Return a file that is about to be sent. Raises 404."""
    found = uploads.get(request.match_info["upload_id"])
    if found is None:
        raise web.HTTPNotFound
    return _sent_by_someone(found.data, found.content_type)


def _sent_by_someone(data: bytes, kind: str) -> web.Response:
    # Whatever somebody uploads must not run as a part of this page.
    if kind in _PICTURES:
        return web.Response(body=data, content_type=kind)
    headers = {"Content-Disposition": "attachment", "Content-Security-Policy": "sandbox; default-src 'none'"}
    return web.Response(body=data, content_type="application/octet-stream", headers=headers)


async def receive_upload(uploads: Uploads, request: web.Request) -> web.Response:
    """Take a file in, in pieces, so that one that is too large is never held whole."""
    taken = bytearray()
    async for piece in request.content.iter_chunked(1 << 16):
        taken += piece
        if len(taken) > LARGEST_FILE:
            return web.json_response({"error": "A file has at most 10 MB.", "code": "too_large"}, status=413)
    if not taken:
        return web.json_response({"error": "The file is empty.", "code": "empty"}, status=400)
    found = uploads.add(request.query.get("filename", "file"), bytes(taken))
    return web.json_response(
        {"upload_id": found.id, "filename": found.filename, "size": len(found.data), "content_type": found.content_type}
    )
