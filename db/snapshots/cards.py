"""Find out whose cards have to be made right, because loading changed what they show."""

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import RowMapping, Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from db.models import metadata
from db.snapshots.batches import batches
from db.snapshots.policies import subject_table
from util.canonical import canonical
from util.identifiers import Stage


class CardSubject(StrEnum):
    """What cards are about."""

    REQUEST = "request"
    REVIEW = "review"


@dataclass(frozen=True, order=True)
class CardToSync:
    """Something whose cards have to be made right after loading."""

    guild_id: int
    subject: CardSubject
    subject_id: int


Subject = tuple[int, str, int]
"""Guild, table and number. There are many of them at once: of tuples, the garbage collector needs not take notice."""
Fingerprints = dict[Subject, int]
"""What cards show, in one number for each subject: the same number means the same look."""


async def fingerprints(connection: AsyncConnection, guild_id: int | None) -> Fingerprints:
    """Return the fingerprints of all requests and trainees' reviews of a guild (None: of all guilds)."""
    found: Fingerprints = defaultdict(int)
    for name in ("request", "opinion", "review", "assessment", "posted_card"):
        table = metadata.tables[name]
        query = select(table) if guild_id is None else select(table).where(table.c.guild_id == guild_id)
        async for rows in batches(connection, query):
            for row in rows:
                value = _hash(row)
                for subject in _subjects(table, row):
                    # A sum: the rows come in any order.
                    found[subject] += value
    return found


def changed(before: Fingerprints, after: Fingerprints) -> tuple[CardToSync, ...]:
    """Return what looks otherwise or elsewhere, is new or is gone."""
    subjects = {subject for subject in before.keys() | after.keys() if before.get(subject) != after.get(subject)}
    return tuple(CardToSync(guild_id, CardSubject(name), number) for guild_id, name, number in sorted(subjects))


def _subjects(table: Table, row: RowMapping) -> list[Subject]:
    guild_id = row["guild_id"]
    if table.name == "posted_card":
        return [(guild_id, subject_table(row["kind"]), row["subject_id"])]
    if table.name == "assessment":
        return [(guild_id, "review", row["review_id"])]
    request_id = row["id"] if table.name == "request" else row["request_id"]
    found = [] if request_id is None else [(guild_id, "request", request_id)]
    if table.name == "review" and row["stage"] is Stage.TRAINEE:
        found.append((guild_id, "review", row["id"]))
    return found


def _hash(row: RowMapping) -> int:
    # Objects of JSON have no order that lasts, and a card's own number means nothing.
    values = row.values() if "nonce" not in row else (row["channel_id"], row["message_id"], row["nonce"])
    return hash(tuple(canonical(value) if isinstance(value, dict | list) else value for value in values))
