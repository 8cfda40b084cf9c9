"""Deliver a snapshot, or a word about one, to a maintainer or to the snapshot channel."""

import asyncio
from pathlib import Path
from typing import Any

from db.models import Delivery
from facades.app import App
from facades.delivery.send_once import send_once
from facades.delivery.settlement import DONE, Settlement
from facades.operations.snapshot_files import snapshot_folder
from facades.transaction import OWNERS, Transaction
from services.discord import DiscordError, DiscordRefused
from util.datatypes import MessagePayload, Upload
from util.identifiers import DeliveryKind

TOO_LARGE = 413


class FileLost(DiscordError):
    """A file that was to be sent is no longer on this disk."""


async def send_file(app: App, item: Delivery) -> Settlement:
    """Send an owed file once; where Discord finds it too large, say where it is kept instead.

    Raises `FileLost`, and the errors of `services.discord`.
    """
    owed = item.payload
    if owed.get("user_id") == OWNERS:
        return await _to_each_owner(app, item)
    channel_id: int = owed["channel_id"] if "channel_id" in owed else await app.discord.open_direct_channel(owed["user_id"])
    name: str | None = owed["file"]
    uploads = () if name is None else (await _read(app, name),)
    try:
        message = MessagePayload(content=owed["content"], uploads=uploads)
        await send_once(app, channel_id, message, item.nonce, item.attempted_at or app.now())
    except DiscordRefused as error:
        if name is None or error.status != TOO_LARGE:
            raise
        return _owing([{**owed, "file": None, "content": owed["otherwise"]}])
    return DONE


async def _to_each_owner(app: App, item: Delivery) -> Settlement:
    """Put an item for each owner in the place of this one, so that one who takes no messages holds up nobody."""
    return _owing([{**item.payload, "user_id": owner} for owner in await app.discord.owner_ids()])


def _owing(payloads: list[dict[str, Any]]) -> Settlement:
    async def owe(tx: Transaction) -> None:
        for payload in payloads:
            receiver = payload["user_id"] if "user_id" in payload else payload["channel_id"]
            tx.owe(f"file:{receiver}", DeliveryKind.FILE, payload)

    return Settlement(owe)


async def _read(app: App, name: str) -> Upload:
    # Only the name is kept: the folder may be another one after a move.
    path = snapshot_folder(app.settings) / Path(name).name
    try:
        return Upload(path.name, await asyncio.to_thread(path.read_bytes))
    except FileNotFoundError as error:
        raise FileLost(f"{path.name} is no longer in the folder of snapshots") from error
