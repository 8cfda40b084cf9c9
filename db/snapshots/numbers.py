"""Numbers of rows: how high they go, whether others have them, and how rows get new ones."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from sqlalchemy import Integer, Table, bindparam, column, func, insert, literal_column, select, table, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from db.snapshots.batches import batches
from db.snapshots.errors import BadSnapshot, Refusal
from db.snapshots.policies import JSON_REFERENCES, Policy, numbers_rows, references, subject_table, tables_with
from util.canonical import indexed

HIGHEST_FOREIGN: Final = 2**40
"""A file from elsewhere may not hold higher numbers: every row after it would have to have higher ones still."""
_SEQUENCE = table("sqlite_sequence", column("name"), column("seq"))
USED: Final = literal_column("CASE WHEN is_called THEN last_value ELSE 0 END", Integer)
"""The highest number that a sequence of PostgreSQL has given out."""
_BIRTHS: Final = {"request": "created_at", "opinion": "created_at", "review": "created_at", "event": "at"}
"""What never changes of a row: two rows with one number and different moments are two things."""

Shifts = Mapping[str, int]
"""By how much the numbers of tables are raised."""
Row = dict[str, Any]


def numbered() -> list[Table]:
    """Return the tables whose rows come with their numbers."""
    return [found for found in tables_with(Policy.REPLACED) if numbers_rows(found)]


async def highest_numbers(connection: AsyncConnection, tables: list[Table]) -> dict[str, int]:
    """Return the highest number that each table of a database ever used."""
    found: dict[str, int] = {}
    for one in tables:
        query = select(_SEQUENCE.c.seq).where(_SEQUENCE.c.name == one.name)
        if connection.dialect.name != "sqlite":
            sequence = (await connection.execute(select(func.pg_get_serial_sequence(one.name, "id")))).scalar_one()
            query = select(USED).select_from(text(sequence))
        found[one.name] = (await connection.execute(query)).scalar() or 0
    return found


async def raise_numbers(connection: AsyncConnection, highest: Mapping[str, int]) -> None:
    """Let each table go on above a number; what it has reached by itself stays."""
    for name, number in highest.items():
        if number <= 0:
            continue
        if connection.dialect.name != "sqlite":
            # A sequence forgets nothing when the transaction is rolled back: then some numbers are never used.
            await connection.execute(select(func.setval(func.pg_get_serial_sequence(name, "id"), number)))
            continue
        same = _SEQUENCE.c.name == name
        if (await connection.execute(select(_SEQUENCE.c.seq).where(same))).first() is None:
            await connection.execute(insert(_SEQUENCE).values(name=name, seq=number))
        else:
            await connection.execute(update(_SEQUENCE).where(same, _SEQUENCE.c.seq < number).values(seq=number))


def require_reasonable(given: Mapping[str, int], present: Mapping[str, int]) -> None:
    """Raise `BadSnapshot` for numbers that would leave later rows without any. Numbers of this database are always taken."""
    for name, number in given.items():
        if number > max(HIGHEST_FOREIGN, present.get(name, 0)):
            raise BadSnapshot(Refusal.WRONG_VALUE, f"the numbers of {name} are too high")


async def find_shifts(
    source: AsyncConnection, target: AsyncConnection, guild_id: int, given: Mapping[str, int], present: Mapping[str, int]
) -> Shifts:
    """Return by how much a guild's numbers are raised; nothing where each means the same row in both databases, or none.

    They are raised above all that either database has used: a button that was posted before must not come to mean another row.
    """
    if not any([await _is_taken(source, target, one, guild_id) for one in numbered()]):
        return {}
    return {one.name: max(given[one.name], present[one.name]) for one in numbered()}


async def _is_taken(source: AsyncConnection, target: AsyncConnection, one: Table, guild_id: int) -> bool:
    """Tell whether a number of the source belongs to something else in the target."""
    born = one.c[_BIRTHS[one.name]]
    own = select(one.c.id.label("number"), born.label("moment")).where(one.c.guild_id == guild_id)
    wanted = select(one.c.id, one.c.guild_id, born).where(one.c.id.in_(bindparam("numbers", expanding=True)))
    async for rows in batches(source, own):
        births = {row["number"]: row["moment"] for row in rows}
        for number, owner, moment in await target.execute(wanted, {"numbers": list(births)}):
            if owner != guild_id or births[number] != moment:
                return True
    return False


def renumbering(one: Table, shifts: Shifts) -> Callable[[Row], Row]:
    """Return what makes rows of a table refer to the new numbers, also where events and filters mention them."""
    if not shifts:
        return lambda row: row
    columns = {name: shifts[target] for name, target in references(one).items() if target in shifts}
    special = _SPECIAL.get(one.name)

    def renumber(row: Row) -> Row:
        row = row | {name: row[name] + shift for name, shift in columns.items() if row[name] is not None}
        return row if special is None else special(row, shifts)

    return renumber


def _mentions(fields: Row, shifts: Shifts) -> Row:
    changed = {
        name: fields[name] + shifts[target]
        for name, target in JSON_REFERENCES.items()
        # A truth value is a whole number to Python.
        if type(fields.get(name)) is int
    }
    return fields | changed


def _renumber_card(row: Row, shifts: Shifts) -> Row:
    return row | {"subject_id": row["subject_id"] + shifts[subject_table(row["kind"])]}


def _renumber_event(row: Row, shifts: Shifts) -> Row:
    return row | {"fields": _mentions(row["fields"], shifts)}


def _renumber_field(row: Row, shifts: Shifts) -> Row:
    target = JSON_REFERENCES.get(row["key"])
    if target is None or not row["value"].isdecimal():
        return row
    return row | {"value": indexed(int(row["value"]) + shifts[target])}


def _renumber_filter(row: Row, shifts: Shifts) -> Row:
    stored: Row = row["filter"]
    return row | {"filter": stored | {"fields": _mentions(stored["fields"], shifts)}} if "fields" in stored else row


_SPECIAL: Final[Mapping[str, Callable[[Row, Shifts], Row]]] = {
    "posted_card": _renumber_card,
    "event": _renumber_event,
    "event_field": _renumber_field,
    "saved_filter": _renumber_filter,
    "active_filter": _renumber_filter,
}
