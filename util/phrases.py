"""Texts not yet put into a language: a key of the catalogue and the values for its parameters."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from util.durations import Duration
from util.texts import Text


@dataclass(frozen=True)
class Raw:
    """A value that is shown as it is, because the bot itself made it (a mention, a link); never what a user typed."""

    text: str


@dataclass(frozen=True)
class Phrase:
    """A text of the catalogue with the values of its parameters."""

    key: Text
    parameters: Mapping[str, "Value"] = field(default_factory=dict[str, "Value"])


Value = str | int | Raw | datetime | Duration | Text | Phrase


def phrase(key: Text, **parameters: Value) -> Phrase:
    """Make a phrase of a key and its parameters."""
    return Phrase(key, parameters)


def is_former(user_id: int) -> bool:
    """Tell whether an id is the pseudonym of somebody whose data were erased: -1, -2 and so on."""
    return user_id < 0


def former_member(user_id: int) -> Phrase:
    """Name somebody whose data were erased by their pseudonym."""
    return phrase(Text.FORMER_MEMBER, number=-user_id)


def user_mention(user_id: int) -> Raw | Phrase:
    """Mention a user, or name a former member; whether it pings is decided by the message's allowed mentions."""
    return former_member(user_id) if is_former(user_id) else Raw(f"<@{user_id}>")


def role_mention(role_id: int) -> Raw:
    """Mention a role; whether it pings is decided by the message's allowed mentions."""
    return Raw(f"<@&{role_id}>")


def channel_mention(channel_id: int) -> Raw:
    """Mention a channel."""
    return Raw(f"<#{channel_id}>")


def message_url(guild_id: int, channel_id: int, message_id: int) -> str:
    """Return the address of a message of a guild's channel."""
    return f"https://discord.com/channels/{guild_id}/{channel_id}/{message_id}"


def link(label: str, url: str) -> Raw:
    """Make a masked link; `label` must come from the bot's own texts or be escaped already."""
    return Raw(f"[{label}]({url})")
