"""Load a checked snapshot: its rows, what is owed to Discord because of them, and the event that tells of it."""

import asyncio
import dataclasses
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import insert
from sqlmodel.ext.asyncio.session import AsyncSession

from db.engine import Database
from db.models import Delivery
from db.snapshots import CardSubject, CardToSync, CheckedSnapshot, Loaded, load_into
from facades.load_guild_settings import load_guild_settings
from facades.operations.leave_out_unusable import leave_out_unusable
from facades.shards import Shards
from facades.transaction import Transaction, new_nonce, request_stream, trainee_review_stream
from util.identifiers import DeliveryKind, EventType

_BATCH: Final = 200
"""Rows: few enough that the loop has its turn in between."""


async def load_snapshot(
    database: Database,
    *,
    checked: CheckedSnapshot,
    actor_id: int | None,
    now: datetime,
    channels: Collection[int] | None = None,
    shards: Shards | None = None,
) -> Loaded:
    """Put a checked snapshot in the place of the present state, all in one transaction.

    Owes the sync runs of all cards that changed, records `SNAPSHOT_LOADED` in every guild concerned, and owes its log entry where
    the guild's (loaded) settings lead. `channels`: those of the guild; with them, nothing in the file can lead the bot into
    another guild's (None: the file is trusted). `shards`: those of the process that loads
    (None: it made sure that no bot runs). Save the present state before (`save_snapshot`). Afterwards the caller drops caches
    (`app.guilds.drop_all()`), wakes the delivery worker and has the commands of `Loaded.guilds` synced. Works without an `App`,
    so that the command line uses it too. Raises `DatabaseBusy`, `OthersAtWork`, `ShardsLost` or `BadSnapshot`; nothing was
    changed then.
    """
    left_out = await asyncio.to_thread(leave_out_unusable, checked, channels)
    async with database.transaction() as session:
        if shards is not None and checked.guild_id is None:
            await shards.keep_others_out(session)
        elif shards is not None and checked.guild_id is not None:
            await shards.check(session, checked.guild_id)
        loaded = await load_into(session, checked)
        await _owe_cards(session, loaded.cards, now)
        for guild_id in loaded.guilds:
            await _tell(session, guild_id, checked, actor_id, loaded.rows, now)
    return dataclasses.replace(loaded, left_out=left_out)


async def _owe_cards(session: AsyncSession, cards: Sequence[CardToSync], now: datetime) -> None:
    connection = await session.connection()
    for start in range(0, len(cards), _BATCH):
        await connection.execute(insert(Delivery), [_run_of(card, now) for card in cards[start : start + _BATCH]])


def _run_of(card: CardToSync, now: datetime) -> dict[str, Any]:
    of_request = card.subject is CardSubject.REQUEST
    return {
        "guild_id": card.guild_id,
        "stream": request_stream(card.subject_id) if of_request else trainee_review_stream(card.subject_id),
        "kind": DeliveryKind.REQUEST_CARDS if of_request else DeliveryKind.TRAINEE_CARD,
        "payload": {"request_id" if of_request else "review_id": card.subject_id},
        "nonce": new_nonce(),
        "created_at": now,
        "due_at": now,
        "attempts": 0,
    }


async def _tell(
    session: AsyncSession, guild_id: int, checked: CheckedSnapshot, actor_id: int | None, rows: int, now: datetime
) -> None:
    """Record in a guild's log that its state is another one now."""
    tx = Transaction(session, await load_guild_settings(session, guild_id), now)
    tx.log(EventType.SNAPSHOT_LOADED, actor_id, snapshot_at=checked.manifest.made_at.isoformat(), rows=rows)
    await tx.finish()
