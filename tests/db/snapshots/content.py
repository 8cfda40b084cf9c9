"""Databases with a row of everything, and what they hold, for comparison."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from db.engine import Database
from db.models import metadata
from util.canonical import canonical, indexed
from util.identifiers import (
    CardKind,
    CooldownKind,
    DeliveryKind,
    EventType,
    Flag,
    Module,
    Parameter,
    RequestStatus,
    ResidueKind,
    Route,
    Stage,
    Verdict,
)

NOW = datetime(2026, 5, 1, 12, 30, 15, 123456, tzinfo=UTC)
HERE, THERE = 1_100_000_000_000_000_001, 1_150_000_000_000_000_002
MEMBER = 1_200_000_000_000_000_003
Rows = dict[str, list[dict[str, Any]]]


def prose(seed: int, count: int) -> str:
    """Make a text that packs about as well as what people write; always the same one."""
    chosen = random.Random(seed)
    letters = "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэф" if seed % 2 else "etaoinshrdlcumwfgypbvk"
    return " ".join("".join(chosen.choices(letters, k=chosen.randint(2, 10))) for _ in range(count))


def guild_rows(guild_id: int, first: int = 1, requests: int = 2, words: str = 'Привет, "мир" 😀 O\'Neill\nsecond line') -> Rows:
    """Make rows of every table for a guild; requests, opinions and so on are numbered from `first` on."""
    rows: Rows = {
        "guild": [{"guild_id": guild_id, "name": f"Guild {words}"[:100], "joined_at": NOW, "former_members": 1}],
        "guild_module": [{"guild_id": guild_id, "module": Module.REQUESTS, "enabled": True}],
        "parameter_override": [{"guild_id": guild_id, "key": Parameter.QUEUE_BLOCK_AT, "value": "7"}],
        "route_override": [
            {"guild_id": guild_id, "key": Route.LOG, "channel_id": guild_id + 10, "default_channel_id": None, "enabled": True}
        ],
        "text_override": [{"guild_id": guild_id, "key": "error.internal", "language": "en", "value": words}],
        "permission_binding": [{"guild_id": guild_id, "flag": Flag.ADMIN, "role_id": guild_id + 20}],
        "language_role": [{"guild_id": guild_id, "role_id": guild_id + 21, "language": "ru"}],
        "preference": [{"guild_id": guild_id, "user_id": MEMBER, "language": "ru"}],
        "setup_residue": [
            {"guild_id": guild_id, "kind": ResidueKind.ROLE, "name": "r", "newer_than": 5, "discord_id": None, "created_at": NOW}
        ],
        "panel_token": [{"guild_id": guild_id, "token_hash": f"{guild_id:064x}", "issued_by": MEMBER, "issued_at": NOW}],
        "confirmation": [
            {"guild_id": guild_id, "user_id": MEMBER, "purpose": "overwrite", "details": {"a": words}, "asked_at": NOW}
        ],
        "job": [{"name": "resync", "guild_id": guild_id, "due_at": NOW, "leased_until": None, "lease": None, "attempts": 3}],
        "saved_filter": [
            {
                "guild_id": guild_id,
                "name": "mine",
                "saved_by": MEMBER,
                "saved_at": NOW,
                "filter": {"type": "request_created", "user": MEMBER, "fields": {"request_id": first}},
            }
        ],
        "active_filter": [
            {"guild_id": guild_id, "user_id": MEMBER, "filter": {"type": None, "user": None, "fields": {"review_id": first}}}
        ],
        "cooldown": [
            {
                "guild_id": guild_id,
                "kind": CooldownKind.LEVEL,
                "entity_id": 200,
                "cast_at": NOW,
                "ends_at": None,
                "cast_by": None,
                "reason": words,
                "request_id": first,
            }
        ],
    }
    for number in range(first, first + requests):
        _add_request(rows, guild_id, number, words, pending=number == first)
    return rows


def _add_request(rows: Rows, guild_id: int, number: int, words: str, *, pending: bool) -> None:
    at = NOW + timedelta(seconds=number)
    judged = _judged(guild_id, number, words, at, pending=pending)
    made = judged | _shown(guild_id, number, words, at, pending=pending) | _owed(guild_id, number, words, at)
    for table, row in made.items():
        rows.setdefault(table, []).append(row)
    for key, value in made["event"]["fields"].items():
        field = {"event_id": number, "key": key, "guild_id": guild_id, "value": indexed(value)}
        rows.setdefault("event_field", []).append(field)


def _judged(guild_id: int, number: int, words: str, at: datetime, *, pending: bool) -> dict[str, dict[str, Any]]:
    return {
        "request": {
            "id": number,
            "guild_id": guild_id,
            "level_id": 1000 + number,
            "level_name": f"Level {number}",
            "level": {"stars": 10, "description": words, "list": [1, None, True, 2.5], "n": {"b": 1, "a": 2}},
            "language": "ru",
            "showcase": None,
            "comment": words,
            "author_id": MEMBER,
            "creator_name": None,
            "inserted_by": None,
            "status": RequestStatus.PENDING if pending else RequestStatus.RESOLVED,
            "judged": not pending,
            "created_at": at,
            "resolved_at": None if pending else at + timedelta(hours=1),
        },
        "opinion": {
            "id": number,
            "guild_id": guild_id,
            "request_id": number,
            "author_id": MEMBER,
            "stage": Stage.TRAINEE,
            "verdict": Verdict.APPROVE,
            "reason": None,
            "created_at": at,
        },
    }


def _shown(guild_id: int, number: int, words: str, at: datetime, *, pending: bool) -> dict[str, dict[str, Any]]:
    return {
        "review": {
            "id": number,
            "guild_id": guild_id,
            "request_id": number,
            "opinion_id": number,
            "level_id": 1000 + number,
            "author_id": -1,
            "stage": Stage.TRAINEE,
            "verdict": Verdict.REJECT,
            "language": "en",
            "text": words * 10,
            "created_at": at,
            "channel_id": guild_id + 11,
            "message_id": 7_000_000 + number,
            "further_messages": None if pending else [7_000_001, 7_000_002],
        },
        "assessment": {
            "review_id": number,
            "guild_id": guild_id,
            "trainee_id": MEMBER,
            "curator_id": MEMBER + 1,
            "approved": False,
            "feedback": words,
            "created_at": at,
        },
        "event": {
            "id": number,
            "guild_id": guild_id,
            "type": EventType.OPINION_ADDED,
            "actor_id": MEMBER,
            "at": at,
            "fields": {"request_id": number, "review_id": number, "reason": words, "level_id": 1000 + number},
        },
        "posted_card": {
            "id": number,
            "guild_id": guild_id,
            "kind": CardKind.REVIEWER if pending else CardKind.TRAINEE_REVIEW,
            "subject_id": number,
            "channel_id": guild_id + 12,
            "message_id": 8_000_000 + number,
            "nonce": f"n{number}",
            "attempted_at": at,
        },
    }


def _owed(guild_id: int, number: int, words: str, at: datetime) -> dict[str, dict[str, Any]]:
    return {
        "delivery": {
            "id": number,
            "guild_id": guild_id,
            "stream": f"request:{number}",
            "kind": DeliveryKind.MESSAGE,
            "payload": {"route": "log", "channel_id": 5, "content": words, "review_id": number},
            "nonce": f"d{number}",
            "created_at": at,
            "due_at": at,
            "attempts": 2,
            "attempted_at": at,
            "last_error": words,
        },
        "failed_delivery": {
            "id": number,
            "guild_id": guild_id,
            "kind": DeliveryKind.MESSAGE,
            "payload": {"content": words},
            "reason": words,
            "failed_at": at,
        },
    }


async def put(database: Database, *filled: Rows) -> None:
    """Write rows as they are and let the numbering go on above them."""
    async with database.transaction() as session:
        connection = await session.connection()
        for rows in filled:
            for table in metadata.sorted_tables:
                if rows.get(table.name):
                    await connection.execute(insert(table), rows[table.name])
        await go_on_above(connection)


async def go_on_above(connection: AsyncConnection) -> None:
    """Let PostgreSQL number rows above those that were written with their numbers, as SQLite does by itself."""
    if connection.dialect.name == "sqlite":
        return
    for table in metadata.sorted_tables:
        if "id" in table.primary_key.columns:
            highest = f"greatest((SELECT max(id) FROM {table.name}), 1)"
            await connection.exec_driver_sql(f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), {highest})")


async def holds(database: Database, guild_id: int | None = None) -> dict[str, list[Any]]:
    """Return every row of every table (of a guild), in an order and a form that do not depend on the kind of database."""
    found: dict[str, list[Any]] = {}
    async with database.reading() as session:
        connection = await session.connection()
        for table in metadata.sorted_tables:
            query = select(table) if guild_id is None else select(table).where(table.c.guild_id == guild_id)
            rows = (await connection.execute(query)).mappings().all()
            found[table.name] = sorted(canonical({name: _plain(value) for name, value in row.items()}) for row in rows)
    return found


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
