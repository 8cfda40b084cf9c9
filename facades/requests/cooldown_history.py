"""Tell which cooldowns a user or a level has had, from the event log, the newest first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from db.keyset import BadKey
from db.models import Event
from db.queries.events import Wanted, find_events
from facades.app import App
from facades.requests.cooldown_rules import AMENDED_EVENTS, BASE_FLAGS, ID_FIELDS, SET_EVENTS, Subject, check_entity, subject_of
from util.actor import Actor
from util.errors import NotFound
from util.identifiers import CooldownKind
from util.paging import Cursor, Page, Where
from util.texts import Text

PAGE_SIZE = 8
_MIRRORED: Final = {Where.FIRST: Where.LAST, Where.LAST: Where.FIRST, Where.BEFORE: Where.AFTER, Where.AFTER: Where.BEFORE}


@dataclass(frozen=True)
class CooldownChangeEvent:
    """One change. `lifted`: there was a cooldown until then; otherwise `ends_at` is the new end, None for ever.

    `replaced`: another one held before, until `old_ends_at` (None: for ever). `by` None: the bot itself.
    """

    at: datetime
    by: int | None
    lifted: bool
    ends_at: datetime | None
    replaced: bool
    old_ends_at: datetime | None
    reason: str | None
    request_id: int | None


@dataclass(frozen=True)
class CooldownHistory:
    """A page of changes. `searched_to`: the page ended early, nothing more was found up to this moment."""

    subject: Subject
    page: Page[CooldownChangeEvent]
    searched_to: datetime | None


async def cooldown_history(app: App, *, actor: Actor, kind: CooldownKind, entity_id: int, cursor: Cursor) -> CooldownHistory:
    """Return a page of the changes. Raises `Forbidden` without the flag, or `NotFound` for a place that no page was given."""
    actor.require(BASE_FLAGS[kind])
    check_entity(kind, entity_id)
    types = (SET_EVENTS[kind], AMENDED_EVENTS[kind])
    wanted = Wanted(actor.guild_id, types=types, fields={ID_FIELDS[kind]: entity_id})
    # The log is read from the oldest on; here its end comes first.
    mirrored = Cursor(_MIRRORED.get(cursor.where, cursor.where), cursor.key)
    async with app.reading() as session:
        subject = await subject_of(session, actor.guild_id, kind, entity_id)
        try:
            found = await find_events(session, wanted, mirrored, size=PAGE_SIZE)
        except BadKey as error:
            raise NotFound(Text.ERROR_UNKNOWN_ACTION) from error
    page = found.page
    turned = Page(page.rows[::-1], page.last_key, page.first_key, page.has_after, page.has_before)
    return CooldownHistory(subject, turned.map(_change), found.searched_to)


def _change(event: Event) -> CooldownChangeEvent:
    fields = event.fields
    return CooldownChangeEvent(
        at=event.at,
        by=event.actor_id,
        lifted=event.type in AMENDED_EVENTS.values(),
        ends_at=_moment(fields.get("ends_at")),
        replaced="old_ends_at" in fields,
        old_ends_at=_moment(fields.get("old_ends_at")),
        reason=fields.get("reason"),
        request_id=fields.get("request_id"),
    )


def _moment(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value)
