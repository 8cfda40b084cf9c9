"""Events of the log as values, with the addresses of what they speak of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from db.keyset import BadKey
from db.models import Event, PostedCard
from db.queries.events import Wanted, find_events
from util.errors import NotFound
from util.identifiers import CardKind, EventType
from util.paging import Cursor, Page
from util.phrases import message_url
from util.texts import Text

PAGE_SIZE: Final = 10


@dataclass(frozen=True)
class LoggedEvent:
    """Something that happened. `actor_id` None: the bot itself."""

    id: int
    type: EventType
    actor_id: int | None
    at: datetime
    fields: Mapping[str, Any]


@dataclass(frozen=True)
class LogPage:
    """A page of events, oldest first. `requests`: addresses of the cards of requests that are spoken of.

    `searched_to`: set when the page ended before it was full; up to that moment there is nothing more.
    """

    page: Page[LoggedEvent]
    searched_to: datetime | None = None
    requests: Mapping[int, str] = field(default_factory=dict[int, str])


async def log_page(session: AsyncSession, wanted: Wanted, cursor: Cursor) -> LogPage:
    """Return a page of a guild's log. Raises `NotFound` for a cursor that no page has given."""
    try:
        found = await find_events(session, wanted, cursor, size=PAGE_SIZE)
    except BadKey as error:
        raise NotFound(Text.ERROR_UNKNOWN_ACTION) from error
    return LogPage(found.page.map(_logged), found.searched_to, await _cards(session, wanted.guild_id, found.page.rows))


def _logged(event: Event) -> LoggedEvent:
    return LoggedEvent(event.id, event.type, event.actor_id, event.at, event.fields)


async def _cards(session: AsyncSession, guild_id: int, events: Sequence[Event]) -> dict[int, str]:
    """Return where the requests that events speak of can be looked at: the reviewers' cards, or the archive."""
    numbers = {event.fields.get("request_id") for event in events}
    query = select(PostedCard).where(
        col(PostedCard.guild_id) == guild_id,
        col(PostedCard.kind).in_((CardKind.REVIEWER, CardKind.ARCHIVE)),
        col(PostedCard.subject_id).in_({number for number in numbers if isinstance(number, int)}),
        col(PostedCard.message_id).is_not(None),
    )
    cards = (await session.exec(query)).all()
    return {card.subject_id: message_url(guild_id, card.channel_id, card.message_id or 0) for card in cards}
