"""Deliver entries of the event log; a burst of them shares messages."""

from collections.abc import Sequence

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from config.guild_settings import GuildSettings
from db.models import Delivery, Event
from facades.app import App
from facades.delivery.log_entries import write_entries, write_entry
from facades.delivery.send_once import send_once
from facades.delivery.settlement import DONE, Settlement
from util.datatypes import MessagePayload
from util.identifiers import Route
from util.splitting import MESSAGE_LIMIT


async def group_entries(session: AsyncSession, items: Sequence[Delivery], settings: GuildSettings) -> Sequence[Delivery]:
    """Return those of the waiting entries that go out as one message, bound together by one nonce, channel and language.

    Entries that were bound together before stay so: an attempt may have reached Discord.
    """
    head = items[0]
    if head.attempted_at is not None:
        return [item for item in items if item.nonce == head.nonce]
    events = await _events(session, items)
    length, group = -1, list[Delivery]()
    for item in items:
        event = events.get(item.payload["event_id"])
        length += 1 + (len(write_entry(event, settings, settings.language)) if event else 0)
        if group and length > MESSAGE_LIMIT:
            break
        group.append(item)
    for item in group:
        item.nonce = head.nonce
        item.payload = {**item.payload, "channel_id": settings.channel(Route.LOG), "language": settings.language}
    return group


async def send_log(app: App, items: Sequence[Delivery]) -> Settlement:
    """Post the entries of one message; with the route disabled or leading nowhere there is nothing to do. Pings nobody."""
    head = items[0]
    channel_id: int | None = head.payload["channel_id"]
    if channel_id is None:
        return DONE
    settings = await app.guild(head.guild_id)
    async with app.reading() as session:
        events = await _events(session, items)
    if events:
        content = write_entries([events[number] for number in sorted(events)], settings, head.payload["language"])
        await send_once(app, channel_id, MessagePayload(content=content), head.nonce, head.attempted_at or app.now())
    return DONE


async def _events(session: AsyncSession, items: Sequence[Delivery]) -> dict[int, Event]:
    numbers = [item.payload["event_id"] for item in items]
    query = select(Event).where(col(Event.guild_id) == items[0].guild_id, col(Event.id).in_(numbers))
    return {event.id: event for event in (await session.exec(query)).all()}
