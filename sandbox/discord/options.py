"""What Discord's client checks before it sends a slash command: the command, its options and their values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .errors import ClientRefused, Json, Reason
from .interactions import resolved_users
from .models import Application, Attachment, Channel, Guild, Member, Role, User
from .payloads import attachment_payload, channel_payload, role_payload
from .permissions import Permission, channel_permissions
from .rules.commands import (
    ATTACHMENT,
    BOOLEAN,
    CHANNEL,
    INTEGER,
    LARGEST,
    MENTIONABLE,
    NUMBER,
    ROLE,
    STRING,
    SUB_COMMAND,
    SUB_GROUP,
    USER,
)


@dataclass(frozen=True)
class Found:
    """A command with the path of sub-commands down to what is called."""

    application: Application
    command: Json
    path: list[Json]

    @property
    def name(self) -> str:
        """What one types, without the slash."""
        return " ".join([self.command["name"], *(step["name"] for step in self.path)])

    def description(self, locale: str) -> str:
        """The description in a language, or the untranslated one."""
        item = self.path[-1] if self.path else self.command
        translated: Json = item.get("description_localizations") or {}
        return str(translated.get(locale) or item["description"])

    @property
    def options(self) -> list[Json]:
        """The declared options of what is called."""
        return (self.path[-1] if self.path else self.command).get("options") or []


@dataclass
class Resolved:
    """Things that option values and select values stand for."""

    guild: Guild | None
    users: list[User] = field(default_factory=list[User])
    roles: list[Role] = field(default_factory=list[Role])
    channels: list[Channel] = field(default_factory=list[Channel])
    attachments: list[Attachment] = field(default_factory=list[Attachment])
    viewer: User | None = None

    def add(self, thing: Any) -> str:
        """Remember a user, role, channel or attachment and return its id."""
        target: Any = getattr(thing, "user", thing)
        for kind, store in ((User, self.users), (Role, self.roles), (Channel, self.channels), (Attachment, self.attachments)):
            if isinstance(target, kind):
                store.append(target)  # pyright: ignore[reportArgumentType]
                return str(target.id)
        raise ClientRefused(Reason.TYPE, f"{thing!r} is not something one can choose in Discord")

    def payload(self) -> Json:
        """Return the resolved data of an interaction."""
        found: Json = resolved_users(self.guild, self.users) if self.users else {}
        if self.roles:
            found["roles"] = {str(role.id): role_payload(role) for role in self.roles}
        if self.channels:
            found["channels"] = {str(item.id): self._channel(item) for item in self.channels}
        if self.attachments:
            found["attachments"] = {str(item.id): attachment_payload(item) for item in self.attachments}
        return found

    def _channel(self, channel: Channel) -> Json:
        bits = 0
        if self.guild is not None and self.viewer is not None:
            bits = channel_permissions(self.guild, self.guild.members[self.viewer.id], channel)
        return channel_payload(channel) | {"permissions": str(bits)}


def find_command(applications: list[Application], guild: Guild | None, name: str, kind: int = 1) -> Found:
    """Return the command a member means, "group sub" being a path.

    Raises `ClientRefused` when no bot here has such a command or only a group of it was named.
    """
    words = name.split() if kind == 1 else [name]
    for application in applications:
        for scope in (guild.id if guild else None, None):
            for command in application.commands.get(scope, {}).values():
                if command["type"] != kind or command["name"] != words[0]:
                    continue
                if scope is None and guild is None and not _in_dm(command):
                    continue
                return Found(application, command, _descend(command, words[1:], name))
    raise ClientRefused(Reason.NO_COMMAND, f"No command /{name} here")


def available(applications: list[Application], guild: Guild | None, member: Member | None, channel: Channel) -> list[Found]:
    """Return every slash command a member can use in a channel, groups taken apart."""
    found: list[Found] = []
    for application in applications:
        for scope in {guild.id if guild else None, None}:
            for command in application.commands.get(scope, {}).values():
                if command["type"] != 1 or (guild is None and not _in_dm(command)):
                    continue
                try:
                    may_use(Found(application, command, []), guild, member, channel)
                except ClientRefused:
                    continue
                found += [Found(application, command, path) for path in _leaves(command, [])]
    return sorted(found, key=lambda item: item.name)


def _leaves(holder: Json, path: list[Json]) -> list[list[Json]]:
    inner = _inner(holder)
    return [leaf for item in inner for leaf in _leaves(item, [*path, item])] if inner else [path]


def _in_dm(command: Json) -> bool:
    contexts = command.get("contexts")
    return 1 in contexts if contexts is not None else bool(command.get("dm_permission", True))


def _descend(command: Json, words: list[str], name: str) -> list[Json]:
    path: list[Json] = []
    here = command
    for word in words:
        found = [item for item in _inner(here) if item["name"] == word]
        if not found:
            raise ClientRefused(Reason.NO_COMMAND, f"No command /{name} here")
        here = found[0]
        path.append(here)
    if _inner(here):
        raise ClientRefused(Reason.NO_COMMAND, f"/{name} is a group, not a command")
    return path


def _inner(holder: Json) -> list[Json]:
    options: list[Json] = holder.get("options") or []
    return [item for item in options if item["type"] in (SUB_COMMAND, SUB_GROUP)]


def may_use(found: Found, guild: Guild | None, member: Member | None, channel: Channel) -> None:
    """Check what Discord lets a member see and use. Raises `ClientRefused`."""
    if guild is None or member is None:
        return
    contexts = found.command.get("contexts")
    if contexts is not None and 0 not in contexts:
        raise ClientRefused(Reason.NO_COMMAND, "This command is not for guilds")
    bits = channel_permissions(guild, member, channel)
    if not bits & Permission.VIEW_CHANNEL:
        raise ClientRefused(Reason.NO_COMMANDS_HERE, "The member does not see this channel")
    writing = Permission.SEND_MESSAGES_IN_THREADS if channel.is_thread else Permission.SEND_MESSAGES
    if not bits & Permission.USE_APPLICATION_COMMANDS or not bits & writing:
        raise ClientRefused(Reason.NO_COMMANDS_HERE, "The member may not use commands in this channel")
    needed = found.command.get("default_member_permissions")
    if needed is None or bits & Permission.ADMINISTRATOR:
        return
    if int(needed) == 0 or bits & int(needed) != int(needed):
        raise ClientRefused(Reason.NO_COMMAND, "This command is hidden from the member")


def build_data(found: Found, resolved: Resolved, values: list[Json]) -> Json:
    """Return the data of a slash command's interaction."""
    options = values
    for step in reversed(found.path):
        options = [{"name": step["name"], "type": step["type"], "options": options}]
    data: Json = {"id": found.command["id"], "name": found.command["name"], "type": found.command["type"]}
    if options:
        data["options"] = options
    payload = resolved.payload()
    if payload:
        data["resolved"] = payload
    if "guild_id" in found.command:
        data["guild_id"] = found.command["guild_id"]
    return data


def fill_options(found: Found, given: dict[str, Any], resolved: Resolved, *, focused: str | None = None) -> list[Json]:
    """Check a member's values against the declared options and return them as Discord sends them.

    Raises `ClientRefused`. While autocompleting, only the focused option is sure to be there.
    """
    declared = {option["name"]: option for option in found.options}
    for name in given:
        if name not in declared:
            raise ClientRefused(Reason.NO_FIELD, f"/{found.command['name']} has no option {name!r}", at=name)
    values: list[Json] = []
    for name, option in declared.items():
        value = given.get(name)
        if value is None:
            if option.get("required") and focused is None:
                raise ClientRefused(Reason.REQUIRED, f"Option {name!r} is required", at=name)
            continue
        if focused is not None and option["type"] in (STRING, INTEGER, NUMBER):
            entry: Json = {"name": name, "type": option["type"], "value": value if name != focused else str(value)}
        else:
            entry = {"name": name, "type": option["type"], "value": _value(option, value, resolved)}
        if name == focused:
            entry["focused"] = True
        values.append(entry)
    return values


def _value(option: Json, value: Any, resolved: Resolved) -> Any:
    kind, name = option["type"], option["name"]
    choices = option.get("choices")
    if choices:
        for choice in choices:
            if value in (choice["name"], choice["value"]):
                return choice["value"]
        raise ClientRefused(Reason.CHOICE, f"{value!r} is not a choice of option {name!r}", at=name)
    if kind == STRING:
        return _string(option, value)
    if kind in (INTEGER, NUMBER):
        return _number(option, value)
    if kind == BOOLEAN:
        if not isinstance(value, bool):
            raise ClientRefused(Reason.TYPE, f"Option {name!r} takes true or false", at=name)
        return value
    target: Any = getattr(value, "user", value)
    allowed: dict[int, tuple[type, ...]] = {
        USER: (User,),
        ROLE: (Role,),
        CHANNEL: (Channel,),
        MENTIONABLE: (User, Role),
        ATTACHMENT: (Attachment,),
    }
    if not isinstance(target, allowed[kind]):
        raise ClientRefused(Reason.TYPE, f"Option {name!r} does not take {value!r}", at=name)
    types = option.get("channel_types")
    if kind == CHANNEL and isinstance(target, Channel) and types and target.type not in types:
        raise ClientRefused(Reason.TYPE, f"Option {name!r} does not take channels of this type", at=name)
    return resolved.add(target)


def _string(option: Json, value: Any) -> str:
    name = option["name"]
    if not isinstance(value, str) or not value:
        raise ClientRefused(Reason.TYPE, f"Option {name!r} takes a text", at=name)
    low, high = option.get("min_length", 0), option.get("max_length", 6000)
    if not low <= len(value) <= high:
        raise ClientRefused(Reason.LENGTH, f"Option {name!r} takes {low} to {high} characters", at=name, limits=(low, high))
    return value


def _number(option: Json, value: Any) -> int | float:
    name = option["name"]
    if isinstance(value, bool) or not isinstance(value, int if option["type"] == INTEGER else (int, float)):
        raise ClientRefused(Reason.TYPE, f"Option {name!r} takes a number", at=name)
    low, high = option.get("min_value", -LARGEST), option.get("max_value", LARGEST)
    if not low <= value <= high:
        raise ClientRefused(Reason.RANGE, f"Option {name!r} takes {low} to {high}", at=name, limits=(low, high))
    return value
