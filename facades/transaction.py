"""One action's transaction: its session, the events it records and the messages it comes to owe Discord."""

import itertools
import secrets
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import insert
from sqlmodel.ext.asyncio.session import AsyncSession

from config.guild_settings import GuildSettings
from db.models import Delivery, Event, EventField, table
from util.canonical import indexed
from util.datatypes import MessageRef
from util.identifiers import DeliveryKind, EventType, Route
from util.phrases import is_former

LOG_STREAM = "log"
OWNERS = 0
"""Stands for a user's id in an owed direct message that is meant for whoever owns the application."""
ONLY_POSTED: Final = "only_posted"
"""Where an owed run of cards says that it posts none."""
JsonValue = str | int | float | bool | None
Item = tuple[str, DeliveryKind, dict[str, Any]]
"""Something owed: its stream, what it is, and what it takes."""
_TOGETHER = 200
"""Rows of one statement: more would hold up everything else for a moment."""


# Put together once, and without the models: most of what an action takes is writing these rows.
_INSERT_EVENTS: Final = insert(table(Event)).returning(table(Event).c.id, sort_by_parameter_order=True)
_INSERT_FIELDS: Final = insert(table(EventField))
_INSERT_DELIVERIES: Final = insert(table(Delivery))


def new_nonce() -> str:
    """Make a nonce for a message: Discord takes up to 25 characters."""
    return secrets.token_hex(10)


def request_stream(request_id: int) -> str:
    """Name the stream in which everything about one request is delivered in order."""
    return f"request:{request_id}"


def member_stream(user_id: int) -> str:
    """Name the stream in which what is done to one member is delivered in order."""
    return f"member:{user_id}"


def trainee_review_stream(review_id: int) -> str:
    """Name the stream in which everything about one review of a trainee is delivered in order."""
    return f"trainee_review:{review_id}"


def cards_item(request_id: int) -> Item:
    """Make what is owed for a run of `sync_cards` for a request."""
    return request_stream(request_id), DeliveryKind.REQUEST_CARDS, {"request_id": request_id}


def trainee_card_item(review_id: int) -> Item:
    """Make what is owed for a run of the card of a trainee's review."""
    return trainee_review_stream(review_id), DeliveryKind.TRAINEE_CARD, {"review_id": review_id}


def of_posted(item: Item) -> Item:
    """Turn an owed run of cards into one that changes the cards that are posted, and posts none."""
    stream, kind, payload = item
    return stream, kind, {**payload, ONLY_POSTED: True}


def removal_item(ref: MessageRef) -> Item:
    """Make what is owed for the deletion of a message of ours."""
    place = {"channel_id": ref.channel_id, "message_id": ref.message_id}
    return f"removal:{ref.message_id}", DeliveryKind.REMOVAL, place


class Transaction:
    """What a facade works with inside `async with app.transaction(guild_id) as tx`.

    `settings` are the guild's settings before the transaction; set `settings_changed` after writing any of them.
    """

    def __init__(self, session: AsyncSession, settings: GuildSettings, now: datetime) -> None:
        self.session = session
        self.settings = settings
        self.guild_id = settings.guild_id
        self.now = now
        self.settings_changed = False
        self.owes = False
        self.streams: set[str] = set()
        """The streams that have got something for which nobody has to look up whether it is due."""
        self._events: list[dict[str, Any]] = []
        self._owed: list[dict[str, Any]] = []

    def log(self, event: EventType, actor_id: int | None, **fields: JsonValue) -> None:
        """Record an event and owe its entry to the log route. `actor_id` None: the bot itself."""
        self._events.append({"guild_id": self.guild_id, "type": event, "actor_id": actor_id, "at": self.now, "fields": fields})

    def owe(self, stream: str, kind: DeliveryKind, payload: dict[str, Any]) -> None:
        """Owe something to Discord; items of one stream are sent in the order in which they were owed.

        It gets into the table with `finish`.
        """
        self._owed.append(_row(self.guild_id, (stream, kind, payload), self.now))
        self.streams.add(stream)
        self.owes = True

    def owe_message(
        self,
        stream: str,
        route: Route,
        content: str,
        *,
        mention_users: tuple[int, ...] = (),
        mention_roles: tuple[int, ...] = (),
        review_id: int | None = None,
        review_part: int = 0,
    ) -> bool:
        """Owe a message of at most 2,000 characters to a route; return False when the route is disabled or leads nowhere.

        `review_id`: the review that this is a part of (0: its beginning); the place of the message is kept with it.
        """
        channel_id = self.settings.channel(route)
        if channel_id is None:
            return False
        self.owe(
            stream,
            DeliveryKind.MESSAGE,
            {
                "route": route.value,
                "channel_id": channel_id,
                "content": content,
                "mention_users": _present(mention_users),
                "mention_roles": list(mention_roles),
                "review_id": review_id,
                "review_part": review_part,
            },
        )
        return True

    def owe_cards(self, request_id: int) -> None:
        """Owe a run of `sync_cards` for a request."""
        self.owe(*cards_item(request_id))

    def owe_trainee_card(self, review_id: int) -> None:
        """Owe a run of the card of a trainee's review."""
        self.owe(*trainee_card_item(review_id))

    def owe_feedback(self, review_id: int, content: str, *, thread_name: str, mention_users: tuple[int, ...] = ()) -> None:
        """Owe a message in the thread under the card of a trainee's review, after the card itself."""
        self.owe(
            trainee_review_stream(review_id),
            DeliveryKind.FEEDBACK,
            {
                "review_id": review_id,
                "thread_name": thread_name,
                "content": content,
                "mention_users": _present(mention_users),
            },
        )

    def owe_removal(self, ref: MessageRef) -> None:
        """Owe the deletion of a message of ours."""
        self.owe(*removal_item(ref))

    async def owe_gradually(self, items: Iterable[Item], *, at_once: int, pause: timedelta) -> None:
        """Owe much that is in no hurry: some of it at once, and of the rest one item every so often.

        So it does not stand in the way of what people wait for. What is owed to such a stream meanwhile waits behind it.
        """
        for number, part in enumerate(_parts(items, _TOGETHER)):
            rows = [
                _row(self.guild_id, item, self.now + pause * max(0, number * _TOGETHER + place - at_once + 1))
                for place, item in enumerate(part)
            ]
            connection = await self.session.connection()
            await connection.execute(_INSERT_DELIVERIES, rows)
            self.owes = True

    async def finish(self) -> None:
        """Write the events, with their index rows and log entries, last: they get the newest numbers."""
        await self.session.flush()
        connection = await self.session.connection()
        if self._events:
            numbers = (await connection.execute(_INSERT_EVENTS, self._events)).scalars().all()
            fields = [
                {"event_id": number, "guild_id": self.guild_id, "key": key, "value": indexed(value)}
                for number, event in zip(numbers, self._events, strict=True)
                for key, value in event["fields"].items()
            ]
            if fields:
                await connection.execute(_INSERT_FIELDS, fields)
            if self.settings.channel(Route.LOG) is not None:
                for number in numbers:
                    self.owe(LOG_STREAM, DeliveryKind.LOG, {"event_id": number})
        if self._owed:
            await connection.execute(_INSERT_DELIVERIES, self._owed)
        self._events, self._owed = [], []


def _present(user_ids: tuple[int, ...]) -> list[int]:
    """Return those who can be pinged: former members have no account here any more."""
    return [user_id for user_id in user_ids if not is_former(user_id)]


def _parts(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    rest = iter(items)
    while part := list(itertools.islice(rest, size)):
        yield part


def _row(guild_id: int, item: Item, due_at: datetime) -> dict[str, Any]:
    stream, kind, payload = item
    row: dict[str, Any] = {"guild_id": guild_id, "stream": stream, "kind": kind, "payload": payload, "nonce": new_nonce()}
    return row | {"created_at": due_at, "due_at": due_at, "attempts": 0}
