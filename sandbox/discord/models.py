"""What the sandbox's Discord knows about: users, guilds, channels, messages, applications."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import IntEnum
from typing import TYPE_CHECKING

from .errors import Json

if TYPE_CHECKING:
    from .session import Session

LARGEST_FILE = 10 * 1024 * 1024
"""Bytes that a file may have where nobody has boosted the server."""


class ChannelType(IntEnum):
    """Types of channels that the sandbox keeps."""

    TEXT = 0
    DM = 1
    VOICE = 2
    CATEGORY = 4
    NEWS = 5
    NEWS_THREAD = 10
    PUBLIC_THREAD = 11
    PRIVATE_THREAD = 12


class MessageFlag(IntEnum):
    """Bits of a message's flags that the sandbox reads or sets."""

    SUPPRESS_EMBEDS = 1 << 2
    HAS_THREAD = 1 << 5
    EPHEMERAL = 1 << 6
    LOADING = 1 << 7
    SILENT = 1 << 12
    COMPONENTS_V2 = 1 << 15


def now_iso() -> str:
    """Return the present moment as Discord writes it."""
    return datetime.now(UTC).isoformat()


@dataclass(eq=False)
class User:
    """An account; `accepts_dms` is the privacy switch that makes a direct message fail with 50007."""

    id: int
    name: str
    global_name: str | None = None
    bot: bool = False
    locale: str = "en-US"
    accepts_dms: bool = True

    @property
    def display_name(self) -> str:
        """The name people see."""
        return self.global_name or self.name


@dataclass(eq=False)
class Role:
    """A role of one guild; the one with the guild's id is everyone's."""

    id: int
    guild_id: int
    name: str
    permissions: int = 0
    position: int = 1
    color: int = 0
    hoist: bool = False
    mentionable: bool = False
    managed: bool = False
    bot_id: int | None = None


@dataclass
class Overwrite:
    """Bits a channel adds for or takes from a role (type 0) or a member (type 1)."""

    id: int
    type: int
    allow: int = 0
    deny: int = 0


@dataclass(eq=False)
class Channel:
    """A text channel, category, thread or direct message, with its messages in order."""

    id: int
    type: int
    name: str | None
    guild_id: int | None = None
    position: int = 0
    topic: str | None = None
    nsfw: bool = False
    parent_id: int | None = None
    rate_limit_per_user: int = 0
    overwrites: dict[int, Overwrite] = field(default_factory=dict[int, Overwrite])
    messages: dict[int, Message] = field(default_factory=dict["int", "Message"])
    last_message_id: int | None = None
    recipients: tuple[User, ...] = ()
    owner_id: int | None = None
    archived: bool = False
    locked: bool = False
    invitable: bool = True
    auto_archive_duration: int = 4320
    thread_members: dict[int, str] = field(default_factory=dict[int, str])
    total_message_sent: int = 0
    created_at: str = field(default_factory=now_iso)

    @property
    def is_thread(self) -> bool:
        """Whether this is a thread of any kind."""
        return self.type in (10, 11, 12)

    @property
    def is_private_thread(self) -> bool:
        """Whether only invited members see this thread."""
        return self.type == ChannelType.PRIVATE_THREAD

    @property
    def is_dm(self) -> bool:
        """Whether this is a direct message channel."""
        return self.type == ChannelType.DM

    @property
    def holds_messages(self) -> bool:
        """Whether one can write here at all."""
        return self.type != ChannelType.CATEGORY

    @property
    def mention(self) -> str:
        """The text that links to this channel."""
        return f"<#{self.id}>"


@dataclass(eq=False)
class Member:
    """A user in a guild."""

    user: User
    guild_id: int
    role_ids: list[int] = field(default_factory=list[int])
    nick: str | None = None
    joined_at: str = field(default_factory=now_iso)

    @property
    def display_name(self) -> str:
        """The name people see in this guild."""
        return self.nick or self.user.display_name


@dataclass(eq=False)
class Attachment:
    """A file with its bytes."""

    id: int
    filename: str
    data: bytes
    content_type: str
    url: str
    description: str | None = None
    ephemeral: bool = False


@dataclass(eq=False)
class Message:
    """A message; `ephemeral_for` names the only user who sees it, `pinged` those it notified."""

    id: int
    channel: Channel
    author: User
    content: str = ""
    embeds: list[Json] = field(default_factory=list[Json])
    components: list[Json] = field(default_factory=list[Json])
    attachments: list[Attachment] = field(default_factory=list[Attachment])
    flags: int = 0
    type: int = 0
    nonce: str | int | None = None
    tts: bool = False
    timestamp: str = field(default_factory=now_iso)
    edited_timestamp: str | None = None
    mentions: list[User] = field(default_factory=list[User])
    mention_roles: list[int] = field(default_factory=list[int])
    mention_everyone: bool = False
    pinged: frozenset[int] = frozenset()
    reactions: dict[str, list[int]] = field(default_factory=dict[str, list[int]])
    reference: Message | None = None
    reference_ids: Json | None = None
    application_id: int | None = None
    by_webhook: bool = False
    interaction_metadata: Json | None = None
    ephemeral_for: int | None = None
    thread: Channel | None = None
    deleted: bool = False
    revision: int = 0

    @property
    def ephemeral(self) -> bool:
        """Whether only one user sees this message."""
        return self.ephemeral_for is not None

    @property
    def loading(self) -> bool:
        """Whether this still says that the bot is thinking."""
        return bool(self.flags & MessageFlag.LOADING)


@dataclass(eq=False)
class Guild:
    """A guild with everything in it; threads are among the channels."""

    id: int
    name: str
    owner_id: int
    preferred_locale: str = "en-US"
    roles: dict[int, Role] = field(default_factory=dict[int, Role])
    channels: dict[int, Channel] = field(default_factory=dict[int, Channel])
    members: dict[int, Member] = field(default_factory=dict[int, Member])
    applications: dict[int, Application] = field(default_factory=dict["int", "Application"])

    @property
    def everyone(self) -> Role:
        """The role every member has."""
        return self.roles[self.id]


@dataclass(eq=False)
class Application:
    """A bot: token, user, commands (`None` is global) and gateway sessions.

    `shards`: how many `/gateway/bot` recommends. `max_concurrency`: in how many buckets shards may identify side by side;
    `identified` is when each last did.
    """

    id: int
    name: str
    token: str
    user: User
    owner: User
    allowed_privileged: int
    commands: dict[int | None, dict[int, Json]] = field(default_factory=dict["int | None", "dict[int, Json]"])
    sessions: list[Session] = field(default_factory=list["Session"])
    nonces: dict[str, tuple[float, Message]] = field(default_factory=dict["str", "tuple[float, Message]"])
    shards: int = 1
    max_concurrency: int = 1
    identified: dict[int, float] = field(default_factory=dict["int", "float"])
