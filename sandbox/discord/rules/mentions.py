"""Who a message mentions and who is really pinged, by the rules of allowed mentions."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from ..errors import Json
from ..models import Channel, Guild, Message, User
from ..permissions import Permission, channel_permissions
from .checks import Checker, Path, as_list, as_object

_USER = re.compile(r"<@!?(\d{1,20})>")
_ROLE = re.compile(r"<@&(\d{1,20})>")
_CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
_EVERYONE = re.compile(r"@(everyone|here)\b")


@dataclass
class AllowedMentions:
    """Which mentions of a text may ping; `None` allows all of a kind."""

    everyone: bool = True
    users: set[int] | None = None
    roles: set[int] | None = None
    replied_user: bool = True


@dataclass
class Mentions:
    """Mentions found in a text and the users they notify."""

    users: list[User] = field(default_factory=list[User])
    roles: list[int] = field(default_factory=list[int])
    everyone: bool = False
    pinged: frozenset[int] = frozenset()


def check_allowed(checker: Checker, path: Path, value: Any) -> AllowedMentions:
    """Check an allowed mentions object; its lists and `parse` exclude each other."""
    given = as_object(value)
    if given is None:
        if value is not None:
            checker.add(path, "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
        return AllowedMentions()
    parse = as_list(given.get("parse")) or []
    for index, item in enumerate(parse):
        checker.one_of((*path, "parse", index), item, ("users", "roles", "everyone"))
    listed: dict[str, set[int] | None] = {}
    for kind in ("users", "roles"):
        ids = as_list(given.get(kind)) or []
        if kind in parse and ids:
            message = f'parse:["{kind}"] and {kind}: [ids...] are mutually exclusive.'
            checker.add(path, "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", message)
        checker.count((*path, kind), ids, 0, 100)
        found = [checker.snowflake((*path, kind, index), item) for index, item in enumerate(ids)]
        listed[kind] = None if kind in parse else {item for item in found if item}
    return AllowedMentions("everyone" in parse, listed["users"], listed["roles"], bool(given.get("replied_user", False)))


def resolve(message: Message, guild: Guild | None, allowed: AllowedMentions, users: dict[int, User]) -> Mentions:
    """Work out a message's mentions; only its content counts, not its embeds.

    A role pings when it is mentionable or the author may mention everyone. Only who sees the channel is pinged.
    """
    text = _CODE.sub("", _mentioning_text(message))
    mentions = Mentions()
    channel = message.channel
    for found in dict.fromkeys(int(item) for item in _USER.findall(text)):
        if found in users and (allowed.users is None or found in allowed.users):
            mentions.users.append(users[found])
    replied = message.reference.author if message.reference is not None else None
    answers = message.type == 19 and not message.by_webhook
    if replied is not None and answers and allowed.replied_user and replied not in mentions.users:
        mentions.users.append(replied)
    pinged = {user.id for user in mentions.users}
    if guild is not None:
        pinged |= _group_pings(mentions, message, guild, allowed, text)
        pinged = {item for item in pinged if _sees(guild, channel, item)}
    elif channel.is_dm:
        pinged = {user.id for user in channel.recipients if user is not message.author}
    if message.ephemeral_for is not None:
        pinged &= {message.ephemeral_for}
    mentions.pinged = frozenset(pinged - {message.author.id})
    return mentions


def _mentioning_text(message: Message) -> str:
    if not message.components or not message.flags & 1 << 15:
        return message.content
    return "\n".join([message.content, *(str(text) for text in _display_texts(message.components))])


def _display_texts(components: list[Json]) -> list[str]:
    texts: list[str] = []
    for component in components:
        if component.get("type") == 10:
            texts.append(str(component.get("content") or ""))
        texts += _display_texts(component.get("components") or [])
    return texts


def _group_pings(mentions: Mentions, message: Message, guild: Guild, allowed: AllowedMentions, text: str) -> set[int]:
    author = guild.members.get(message.author.id)
    bits = channel_permissions(guild, author, message.channel) if author else 0
    may_mention_all = bool(bits & Permission.MENTION_EVERYONE)
    pinged: set[int] = set()
    if allowed.everyone and may_mention_all and _EVERYONE.search(text):
        mentions.everyone = True
        pinged |= set(guild.members)
    for role_id in dict.fromkeys(int(item) for item in _ROLE.findall(text)):
        role = guild.roles.get(role_id)
        if role is None or (allowed.roles is not None and role_id not in allowed.roles):
            continue
        mentions.roles.append(role_id)
        if role.mentionable or may_mention_all:
            pinged |= {member.user.id for member in guild.members.values() if role_id in member.role_ids}
    return pinged


def _sees(guild: Guild, channel: Channel, user_id: int) -> bool:
    member = guild.members.get(user_id)
    return member is not None and bool(channel_permissions(guild, member, channel) & Permission.VIEW_CHANNEL)
