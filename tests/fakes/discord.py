"""An in-memory stand-in for `DiscordService`: it keeps what was posted, honours nonces, and fails where it is told to."""

from collections import defaultdict
from collections.abc import AsyncGenerator, Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from services.clock import Clock
from services.discord import (
    DIRECT_MESSAGE_LIMIT,
    DiscordError,
    DiscordForbidden,
    DiscordGone,
    DiscordService,
    FileTooLarge,
    GuildShape,
    Overwrite,
)
from services.discord.errors import NO_DIRECT_MESSAGES, UNKNOWN_MESSAGE
from services.discord.messages import is_same
from util.datatypes import MessagePayload, MessageRef

NONCE_MEMORY = timedelta(minutes=3)


class Died(BaseException):
    """The process is killed at this point; nothing after it happens."""


@dataclass
class FakeMessage:
    """A message that stands in a channel."""

    ref: MessageRef
    payload: MessagePayload
    nonce: str
    at: datetime
    edits: list[MessagePayload] = field(default_factory=list[MessagePayload])


class FakeDiscord(DiscordService):
    """Records every call in `calls` as (method, channel or subject); `before` and `after` may raise around each of them.

    `before(number, method)` fails a call that then did nothing; `after(number, method)` loses the answer of one that worked.
    `number` counts the calls from 0. `errors` fails the calls about a channel until it is taken out again.
    """

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock
        self._next_id = 1_000
        self._nonces: dict[tuple[int, str], tuple[MessageRef, datetime]] = {}
        self.messages: dict[int, FakeMessage] = {}
        self.calls: list[tuple[str, int]] = []
        self.sent: list[FakeMessage] = []
        self.deleted: list[MessageRef] = []
        self.errors: dict[int, DiscordError] = {}
        self.no_direct_messages: set[int] = set()
        self.gone_channels: set[int] = set()
        self.not_serving: set[int] = set()
        self.upload_limits: dict[int, int] = {}
        self.files: dict[str, bytes] = {}
        self.owners: tuple[int, ...] = (77,)
        self.roles: defaultdict[tuple[int, int], set[int]] = defaultdict(set)
        self.left: set[int] = set()
        self.names: dict[int, str] = {}
        """What members are called; those who have left keep their name, and nobody knows the others."""
        self.threads: dict[int, str] = {}
        self.made: list[tuple[str, int, str]] = []
        self.shapes: dict[int, GuildShape] = {}
        self.commands: dict[int, list[dict[str, Any]]] = {}
        self.before: Callable[[int, str], None] = lambda number, method: None
        self.after: Callable[[int, str], None] = lambda number, method: None

    # What tests look at

    def in_channel(self, channel_id: int) -> list[FakeMessage]:
        """Return the messages that stand in a channel, oldest first."""
        return [message for message in self.messages.values() if message.ref.channel_id == channel_id]

    def contents(self, channel_id: int) -> list[str]:
        """Return the texts of the messages that stand in a channel."""
        return [message.payload.content for message in self.in_channel(channel_id)]

    def direct_channel(self, user_id: int) -> int:
        """Return the channel of direct messages with a user."""
        return 900_000_000 + user_id

    def remove_by_hand(self, ref: MessageRef) -> None:
        """Delete a message as a person would."""
        del self.messages[ref.message_id]

    # Calls

    def _begin(self, method: str, place: int) -> int:
        number = len(self.calls)
        self.calls.append((method, place))
        self.before(number, method)
        if place in self.gone_channels:
            raise DiscordGone("unknown channel", status=404, code=10003)
        if place in self.errors:
            raise self.errors[place]
        return number

    def new_id(self) -> int:
        """Make an id like Discord's: they grow."""
        self._next_id += 1
        return self._next_id

    async def send(self, channel_id: int, payload: MessagePayload, nonce: str) -> MessageRef:
        number = self._begin("send", channel_id)
        known = self._nonces.get((channel_id, nonce))
        if known is not None and self._clock.now() - known[1] < NONCE_MEMORY:
            if known[0].message_id not in self.messages:
                raise DiscordGone("unknown message", status=404, code=UNKNOWN_MESSAGE)
            self.after(number, "send")
            return known[0]
        if channel_id - 900_000_000 in self.no_direct_messages:
            raise DiscordForbidden("no direct messages", status=403, code=NO_DIRECT_MESSAGES)
        ref = MessageRef(channel_id, self.new_id())
        message = FakeMessage(ref, payload, nonce, self._clock.now())
        self.messages[ref.message_id] = message
        self.sent.append(message)
        self._nonces[channel_id, nonce] = (ref, self._clock.now())
        self.after(number, "send")
        return ref

    async def edit(self, ref: MessageRef, payload: MessagePayload) -> None:
        number = self._begin("edit", ref.channel_id)
        message = self.messages.get(ref.message_id)
        if message is None:
            raise DiscordGone("unknown message", status=404, code=UNKNOWN_MESSAGE)
        message.payload = payload
        message.edits.append(payload)
        self.after(number, "edit")

    async def delete(self, ref: MessageRef) -> None:
        number = self._begin("delete", ref.channel_id)
        if self.messages.pop(ref.message_id, None) is not None:
            self.deleted.append(ref)
        self.after(number, "delete")

    async def find_sent(self, channel_id: int, nonce: str, since: datetime, payload: MessagePayload | None) -> MessageRef | None:
        number = self._begin("find_sent", channel_id)
        recent = [message for message in self.in_channel(channel_id) if message.at >= since - timedelta(seconds=5)]
        # As on Discord, the history does not tell nonces.
        found = next((message.ref for message in recent if payload is not None and _alike(message.payload, payload)), None)
        self.after(number, "find_sent")
        return found

    async def open_direct_channel(self, user_id: int) -> int:
        number = self._begin("open_direct_channel", user_id)
        self.after(number, "open_direct_channel")
        return self.direct_channel(user_id)

    async def start_thread(self, ref: MessageRef, name: str) -> int:
        number = self._begin("start_thread", ref.channel_id)
        self.threads[ref.message_id] = name
        self.after(number, "start_thread")
        return ref.message_id

    async def member_roles(self, guild_id: int, user_id: int) -> frozenset[int]:
        number = self._begin("member_roles", user_id)
        if user_id in self.left:
            raise DiscordGone("unknown member", status=404, code=10007)
        self.after(number, "member_roles")
        return frozenset(self.roles[guild_id, user_id])

    async def add_role(self, guild_id: int, user_id: int, role_id: int, reason: str) -> None:
        number = self._begin("add_role", role_id)
        self.roles[guild_id, user_id].add(role_id)
        self.after(number, "add_role")

    async def remove_role(self, guild_id: int, user_id: int, role_id: int, reason: str) -> None:
        number = self._begin("remove_role", role_id)
        self.roles[guild_id, user_id].discard(role_id)
        self.after(number, "remove_role")

    async def create_text_channel(
        self,
        guild_id: int,
        name: str,
        *,
        category_id: int | None = None,
        overwrites: Iterable[Overwrite] = (),
        topic: str | None = None,
        reason: str,
    ) -> int:
        return self._make("create_text_channel", guild_id, name)

    async def create_category(self, guild_id: int, name: str, *, overwrites: Iterable[Overwrite] = (), reason: str) -> int:
        return self._make("create_category", guild_id, name)

    async def create_role(self, guild_id: int, name: str, *, reason: str) -> int:
        return self._make("create_role", guild_id, name)

    def _make(self, method: str, guild_id: int, name: str) -> int:
        number = self._begin(method, guild_id)
        made = self.new_id()
        self.made.append((method.removeprefix("create_"), made, name))
        self.after(number, method)
        return made

    async def delete_channel(self, channel_id: int, *, reason: str) -> None:
        self._unmake("delete_channel", channel_id)

    async def delete_role(self, guild_id: int, role_id: int, *, reason: str) -> None:
        self._unmake("delete_role", role_id)

    def _unmake(self, method: str, made: int) -> None:
        number = self._begin(method, made)
        self.made = [one for one in self.made if one[1] != made]
        self.after(number, method)

    async def member_names(self, guild_id: int, user_ids: Collection[int]) -> dict[int, str]:
        number = self._begin("member_names", guild_id)
        self.after(number, "member_names")
        return {user_id: self.names[user_id] for user_id in user_ids if user_id in self.names and user_id not in self.left}

    async def user_name(self, user_id: int) -> str:
        number = self._begin("user_name", user_id)
        if user_id not in self.names:
            raise DiscordGone("unknown user", status=404, code=10013)
        self.after(number, "user_name")
        return self.names[user_id]

    async def overwrite_commands(self, guild_id: int, payload: list[dict[str, Any]]) -> dict[str, int]:
        number = self._begin("overwrite_commands", guild_id)
        self.commands[guild_id] = payload
        self.after(number, "overwrite_commands")
        return {command["name"]: self.new_id() for command in payload}

    async def owner_ids(self) -> tuple[int, ...]:
        number = self._begin("owner_ids", 0)
        self.after(number, "owner_ids")
        return self.owners

    def upload_limit(self, channel_id: int) -> int:
        return self.upload_limits.get(channel_id, DIRECT_MESSAGE_LIMIT)

    async def download(self, url: str, *, most: int, seconds: float) -> AsyncGenerator[bytes]:
        self._begin("download", 0)
        if url not in self.files:
            raise DiscordGone("the file is no longer there", status=404)
        if len(self.files[url]) > most:
            raise FileTooLarge("the file is too large")
        yield self.files[url]

    def is_serving(self, guild_id: int) -> bool:
        return guild_id not in self.not_serving

    async def guild_owner(self, guild_id: int) -> int:
        return self.guild_shape(guild_id).owner_id

    def guild_shape(self, guild_id: int) -> GuildShape:
        if guild_id not in self.shapes:
            raise DiscordGone("the bot is not in this guild")
        return self.shapes[guild_id]


def _alike(one: MessagePayload, other: MessagePayload) -> bool:
    posted = {"content": one.content, "embeds": list(one.embeds), "components": list(one.components)}
    return is_same(posted, other)
