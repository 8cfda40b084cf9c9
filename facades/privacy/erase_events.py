"""Take a member out of the event log: their pseudonym stands for them, and what they wrote is gone."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlmodel import col

from db.models import Event, EventField
from db.personal_data import table_of
from facades.privacy.erasing import Erasing
from util.canonical import indexed
from util.event_fields import PEOPLE, TYPED_VALUES, WRITTEN, types_with


async def erase_from_events(work: Erasing) -> None:
    """Change the fields of events that name the member or hold what they wrote, and the index of the fields with them.

    Who acted is changed with the other columns; until then the member's own events are known by it.
    """
    wanted = [(name, indexed(work.user_id)) for name in sorted(PEOPLE)]
    wanted += [(name, indexed(str(work.user_id))) for name in sorted(TYPED_VALUES)]
    for name, value in wanted:
        event_id = col(EventField.event_id)
        query = select(event_id).where(
            col(EventField.guild_id) == work.guild_id, col(EventField.key) == name, col(EventField.value) == value
        )
        async for rows in work.in_batches(query, event_id):
            await _change(work, [row.batch_key for row in rows])
    types = {event_type for name in WRITTEN for event_type in types_with(name)}
    own = select(col(Event.type)).where(
        col(Event.guild_id) == work.guild_id, col(Event.actor_id) == work.user_id, col(Event.type).in_(types)
    )
    async for rows in work.in_batches(own, col(Event.id)):
        await _change(work, [row.batch_key for row in rows])


async def _change(work: Erasing, numbers: Collection[int]) -> None:
    query = select(col(Event.id), col(Event.actor_id), col(Event.fields)).where(
        col(Event.guild_id) == work.guild_id, col(Event.id).in_(numbers)
    )
    events: list[dict[str, Any]] = []
    index: list[dict[str, Any]] = []
    for number, actor_id, fields in await work.rows(query):
        new = _anonymous(fields, work.user_id, work.pseudonym, is_own=actor_id == work.user_id)
        if new == fields:
            continue
        events.append({"event": number, "new": new})
        index += [{"event": number, "name": name, "new": indexed(value)} for name, value in new.items() if value != fields[name]]
    event, fields = table_of(Event), table_of(EventField)
    mine = event.c.guild_id == work.guild_id
    await work.run_many(
        update(event).where(mine, event.c.id == bindparam("event")).values(fields=bindparam("new", type_=event.c.fields.type)),
        events,
    )
    same = (fields.c.guild_id == work.guild_id, fields.c.event_id == bindparam("event"), fields.c.key == bindparam("name"))
    await work.run_many(update(fields).where(*same).values(value=bindparam("new")), index)


def _anonymous(fields: Mapping[str, Any], user_id: int, pseudonym: int, *, is_own: bool) -> dict[str, Any]:
    new = dict(fields)
    for name, value in fields.items():
        if name in PEOPLE and value == user_id:
            new[name] = pseudonym
        elif name in TYPED_VALUES and value == str(user_id):
            new[name] = str(pseudonym)
        elif name in WRITTEN and is_own:
            new[name] = None
    return new
