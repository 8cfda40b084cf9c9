"""Interactions: what a member did, sent to the bot, and the one answer it may give."""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass, field
from typing import Any

from .errors import ApiError, Json, expired_token, unknown
from .models import Application, Channel, Guild, Message, User
from .payloads import channel_payload, member_payload, message_payload, user_payload
from .permissions import DM, channel_permissions, guild_permissions
from .world import World

PING, COMMAND, COMPONENT, AUTOCOMPLETE, MODAL_SUBMIT = 1, 2, 3, 4, 5
PONG, MESSAGE, DEFERRED_MESSAGE, DEFERRED_UPDATE, UPDATE, CHOICES, MODAL = 1, 4, 5, 6, 7, 8, 9


@dataclass(eq=False)
class Interaction:
    """One act of a user on a bot and how far the bot has answered.

    `callback` is the type of the answer; `original` the message `@original` means; `gave_up` that the client told the user that
    the bot did not answer in time.
    """

    id: int
    token: str
    type: int
    application: Application
    user: User
    channel: Channel
    guild: Guild | None
    data: Json
    started: float
    message: Message | None = None
    parent: Interaction | None = None
    callback: int | None = None
    original: Message | None = None
    modal: Json | None = None
    choices: list[Json] = field(default_factory=list[Json])
    followups: list[Message] = field(default_factory=list[Message])
    acknowledged_after: float | None = None
    gave_up: bool = False
    awaiting_first: bool = False
    source_revision: int = 0

    @property
    def name(self) -> str:
        """What the user did, in words for a record."""
        return str(self.data.get("name") or self.data.get("custom_id"))

    @property
    def full_name(self) -> str:
        """What the user typed to call a command, groups and all, without the slash."""
        words = [self.name]
        options: list[Json] = self.data.get("options") or []
        while options and options[0].get("type") in (1, 2):
            words.append(str(options[0]["name"]))
            options = options[0].get("options") or []
        return " ".join(words)

    def metadata(self) -> Json:
        """Return the interaction metadata of a message that answers."""
        found: Json = {
            "id": str(self.id),
            "type": self.type,
            "user": user_payload(self.user),
            "authorizing_integration_owners": _owners(self),
        }
        if self.type == COMMAND:
            found["name"] = self.full_name
            found["command_type"] = self.data.get("type", 1)
        elif self.type == COMPONENT and self.message is not None:
            found["interacted_message_id"] = str(self.message.id)
        elif self.type == MODAL_SUBMIT and self.parent is not None:
            found["triggering_interaction_metadata"] = self.parent.metadata()
        return found


def _owners(interaction: Interaction) -> Json:
    return {"0": str(interaction.guild.id if interaction.guild else 0)}


def start(
    world: World,
    application: Application,
    user: User,
    channel: Channel,
    kind: int,
    data: Json,
    *,
    message: Message | None = None,
    parent: Interaction | None = None,
) -> Interaction:
    """Send INTERACTION_CREATE to the bot's sessions and return the interaction."""
    guild = world.guild_of(channel)
    interaction_id = world.ids.make()
    secret = f"interaction:{interaction_id}:{secrets.token_hex(32)}"
    token = base64.urlsafe_b64encode(secret.encode()).decode().rstrip("=")
    interaction = Interaction(
        interaction_id, token, kind, application, user, channel, guild, data, world.clock(), message=message, parent=parent
    )
    if message is not None:
        interaction.source_revision = message.revision
    world.interactions[interaction_id] = interaction
    world.interaction_tokens[token] = interaction
    payload = _payload(world, interaction)
    for session in application.sessions:
        if session.shard[0] == 0 if guild is None else session.hears_guild(guild.id):
            session.dispatch("INTERACTION_CREATE", payload)
    _forget_old(world)
    return interaction


def _forget_old(world: World) -> None:
    """Drop interactions whose token is long expired, so that long runs stay small."""
    limit = world.clock() - 2 * world.timing.token
    # They stand in the order of their beginnings.
    while (oldest := next(iter(world.interactions.values()))).started < limit:
        del world.interactions[oldest.id]
        world.interaction_tokens.pop(oldest.token, None)


def _payload(world: World, interaction: Interaction) -> Json:
    channel, guild, user = interaction.channel, interaction.guild, interaction.user
    payload: Json = {
        "id": str(interaction.id),
        "application_id": str(interaction.application.id),
        "type": interaction.type,
        "data": interaction.data,
        "token": interaction.token,
        "version": 1,
        "channel_id": str(channel.id),
        "channel": channel_payload(channel, interaction.application.user.id),
        "locale": user.locale,
        "entitlements": [],
        "entitlement_sku_ids": [],
        "authorizing_integration_owners": _owners(interaction),
        "context": 1 if guild is None else 0,
        "attachment_size_limit": world.upload_limit,
        "app_permissions": str(DM),
    }
    if guild is None:
        payload["user"] = user_payload(user)
    else:
        member = guild.members[user.id]
        bits = channel_permissions(guild, member, channel)
        payload["guild_id"] = str(guild.id)
        payload["guild"] = {"id": str(guild.id), "locale": guild.preferred_locale, "features": []}
        payload["guild_locale"] = guild.preferred_locale
        payload["member"] = member_payload(member) | {"permissions": str(bits)}
        payload["channel"]["permissions"] = str(bits)
        bot = guild.members.get(interaction.application.user.id)
        payload["app_permissions"] = str(channel_permissions(guild, bot, channel) if bot else 0)
    if interaction.message is not None:
        payload["message"] = message_payload(interaction.message, interaction.application)
    return payload


def for_callback(world: World, interaction_id: int, token: str) -> Interaction:
    """Return the interaction a first answer is for.

    Raises 10062 when there is none or three seconds are over, 40060 when it was answered.
    """
    interaction = world.interactions.get(interaction_id)
    if interaction is None or interaction.token != token:
        raise unknown(10062)
    if interaction.callback is not None:
        raise ApiError(400, 40060, "Interaction has already been acknowledged.")
    if interaction.gave_up or world.clock() - interaction.started > world.timing.acknowledge:
        raise unknown(10062)
    return interaction


def for_followup(world: World, application_id: int, token: str) -> Interaction:
    """Return the interaction a later answer is for.

    Raises 10015 for an unknown token or one never answered, 50027 after fifteen minutes.
    """
    interaction = world.interaction_tokens.get(token)
    if interaction is None or interaction.application.id != application_id:
        raise unknown(10015)
    if world.clock() - interaction.started > world.timing.token:
        raise expired_token()
    if interaction.callback is None:
        raise unknown(10015)
    return interaction


def resolved_users(guild: Guild | None, users: list[User]) -> Json:
    """Return the users and members part of resolved data."""
    found: Json = {"users": {str(user.id): user_payload(user) for user in users}}
    if guild is not None:
        members: dict[str, Any] = {}
        for user in users:
            member = guild.members.get(user.id)
            if member is not None:
                bits = channel_bits(guild, user)
                members[str(user.id)] = member_payload(member, with_user=False) | {"permissions": str(bits)}
        found["members"] = members
    return found


def channel_bits(guild: Guild, user: User) -> int:
    """Return a member's bits in the guild as a whole."""
    return guild_permissions(guild, guild.members[user.id])
