"""Give a member what is stored of them in a guild, as a file."""

import asyncio
import io
import json
import zipfile
from dataclasses import dataclass
from typing import Any, Final

from facades.app import App
from facades.privacy.export_rows import rows_of, sections
from util.actor import Actor
from util.datatypes import Upload
from util.errors import Refused
from util.texts import Text

FORMAT: Final = "greenlight member export"
VERSION: Final = 1
_MEGABYTE: Final = 1024 * 1024


class ExportTooLarge(Refused):
    """Discord would not take the file."""

    def __init__(self, size: int, limit: int) -> None:
        super().__init__(Text.PRIVACY_EXPORT_TOO_LARGE, size=-(-size // _MEGABYTE), limit=limit // _MEGABYTE)


@dataclass(frozen=True)
class MemberExport:
    """What is stored of a member. `file` None: nothing is."""

    rows: int
    file: Upload | None


async def export_member(app: App, *, actor: Actor, limit: int) -> MemberExport:
    """Return what is stored of the actor in their guild, as JSON; compressed where that is larger than `limit` bytes.

    Of other people it says nothing but that they are others. What reviewers say of a request is part of it once the request is
    decided. Raises `ExportTooLarge`.
    """
    # One at a time in a guild, so that many at once do not fill the memory.
    async with app.lock(actor.guild_id, "export_member"):
        made = io.BytesIO()
        rows = await _write(app, actor, made)
        if rows == 0:
            return MemberExport(0, None)
        name = f"greenlight-{actor.user_id}-{app.now():%Y-%m-%d}.json"
        data = made.getvalue()
        if len(data) > limit:
            data = await asyncio.to_thread(_compressed, name, data)
            name = name.removesuffix("json") + "zip"
        if len(data) > limit:
            raise ExportTooLarge(len(data), limit)
        return MemberExport(rows, Upload(name, data))


async def _write(app: App, actor: Actor, made: io.BytesIO) -> int:
    """Write the file, a row in each line, and return the number of rows."""
    settings = await app.guild(actor.guild_id)
    head = {
        "format": FORMAT,
        "version": VERSION,
        "about": settings.label(Text.PRIVACY_EXPORT_ABOUT, actor.language),
        "guild_id": str(actor.guild_id),
        "user_id": str(actor.user_id),
        "made_at": app.now().isoformat(),
    }
    made.write(b"{\n")
    made.write(b",\n".join(f"{_json(key)}: {_json(value)}".encode() for key, value in head.items()))
    count = 0
    async with app.reading() as session:
        for section in sections(actor.guild_id, actor.user_id):
            made.write(f",\n{_json(section.name)}: [".encode())
            written = 0
            async for rows in rows_of(session, section, actor.user_id):
                lines = [("\n" if number == 0 else ",\n") + _json(row) for number, row in enumerate(rows, written)]
                made.write("".join(lines).encode())
                written += len(rows)
            made.write(b"\n]" if written else b"]")
            count += written
    made.write(b"\n}\n")
    return count


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _compressed(name: str, data: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return made.getvalue()
