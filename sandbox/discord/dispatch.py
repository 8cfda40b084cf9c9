"""Who hears which event: guild membership, shard, intents and what the bot can see."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from .errors import Json
from .models import Application, Channel, Guild, Member, Message
from .payloads import guild_create_payload, member_payload, message_payload
from .permissions import Permission, channel_permissions
from .session import Session
from .world import World

GUILDS = 1 << 0
GUILD_MEMBERS = 1 << 1
GUILD_PRESENCES = 1 << 8
GUILD_MESSAGES = 1 << 9
GUILD_REACTIONS = 1 << 10
DIRECT_MESSAGES = 1 << 12
DIRECT_REACTIONS = 1 << 13
MESSAGE_CONTENT = 1 << 15
PRIVILEGED = GUILD_MEMBERS | GUILD_PRESENCES | MESSAGE_CONTENT


def guild_sessions(guild: Guild, intent: int = 0) -> Iterator[Session]:
    """Yield the sessions that serve a guild and declared an intent."""
    for application in guild.applications.values():
        for session in application.sessions:
            if session.hears_guild(guild.id) and (not intent or session.intents & intent):
                yield session


def dm_sessions(channel: Channel, world: World, intent: int) -> Iterator[Session]:
    """Yield the sessions on shard 0 of the bots in a direct message."""
    for user in channel.recipients:
        application = world.application_of(user)
        for session in application.sessions if application else ():
            if session.shard[0] == 0 and session.intents & intent:
                yield session


def to_guild(world: World, guild: Guild, event: str, data: Json, intent: int = GUILDS) -> None:
    """Send one event about a guild to every bot in it that listens."""
    for session in guild_sessions(guild, intent):
        session.dispatch(event, data)
    world.notify()


def guild_create(guild: Guild, session: Session, *, joined: bool = False) -> None:
    """Send GUILD_CREATE of a guild to one session, because it has become available or because the bot has joined."""
    if session.intents & GUILDS:
        everyone = bool(session.intents & GUILD_PRESENCES and session.intents & GUILD_MEMBERS)
        payload = guild_create_payload(guild, session.application, all_members=everyone)
        # A library tells by this field whether it knew the guild before.
        session.dispatch("GUILD_CREATE", payload if joined else payload | {"unavailable": False})


def member_event(world: World, guild: Guild, event: str, member: Member) -> None:
    """Send an event about a member; without the members intent a bot hears only updates of itself."""
    data = member_payload(member) | {"guild_id": str(guild.id)}
    if event == "GUILD_MEMBER_REMOVE":
        data = {"guild_id": str(guild.id), "user": data["user"]}
    for session in guild_sessions(guild):
        own = event == "GUILD_MEMBER_UPDATE" and session.application.user is member.user
        if own or session.intents & GUILD_MEMBERS:
            session.dispatch(event, data)
    world.notify()


def channel_sessions(world: World, channel: Channel, guild_intent: int, dm_intent: int) -> Iterator[Session]:
    """Yield the sessions that hear what happens in a channel because their bot can see it."""
    guild = world.guild_of(channel)
    if guild is None:
        yield from dm_sessions(channel, world, dm_intent)
        return
    for session in guild_sessions(guild, guild_intent):
        own = guild.members[session.application.user.id]
        if channel_permissions(guild, own, channel) & Permission.VIEW_CHANNEL:
            yield session


def sees_content(message: Message, application: Application, intents: int) -> bool:
    """Tell whether a bot gets what is in a message: its own, a direct one, one that mentions it, or by intent."""
    return bool(
        intents & MESSAGE_CONTENT
        or message.author is application.user
        or message.application_id == application.id
        or message.channel.is_dm
        or application.user in message.mentions
    )


def message_event(world: World, event: str, message: Message) -> None:
    """Send MESSAGE_CREATE or MESSAGE_UPDATE; an ephemeral message goes to its bot alone, without the guild."""
    guild = world.guild_of(message.channel)
    extra: Json = {}
    if guild is not None and not message.ephemeral:
        extra["guild_id"] = str(guild.id)
        author = guild.members.get(message.author.id)
        if author is not None and not message.by_webhook:
            extra["member"] = member_payload(author, with_user=False)
    for session in _message_sessions(world, message):
        application = session.application
        own = message.author is application.user
        content = sees_content(message, application, session.intents)
        payload = message_payload(message, application, nonce=event == "MESSAGE_CREATE" and own, content=content)
        session.dispatch(event, payload | extra)
    world.notify()


def _message_sessions(world: World, message: Message) -> Iterator[Session]:
    if not message.ephemeral:
        yield from channel_sessions(world, message.channel, GUILD_MESSAGES, DIRECT_MESSAGES)
        return
    application = world.application_of(message.author)
    for session in application.sessions if application else ():
        if session.shard[0] == 0 and session.intents & DIRECT_MESSAGES:
            yield session


def in_channel(
    world: World, channel: Channel, event: str, data: Json, intents: tuple[int, int] = (GUILD_MESSAGES, DIRECT_MESSAGES)
) -> None:
    """Send one event about something in a channel to the bots that see it."""
    if channel.guild_id is not None:
        data = data | {"guild_id": str(channel.guild_id)}
    for session in channel_sessions(world, channel, *intents):
        session.dispatch(event, data)
    world.notify()


def to_each(world: World, guild: Guild, event: str, make: Callable[[Application], Any], intent: int = GUILDS) -> None:
    """Send an event whose data differs by bot."""
    for session in guild_sessions(guild, intent):
        session.dispatch(event, make(session.application))
    world.notify()
