"""JSON objects as Discord's API v10 gives them."""

from __future__ import annotations

from .errors import Json
from .models import Application, Attachment, Channel, ChannelType, Guild, Member, Message, Role, User
from .permissions import Permission, channel_permissions

MESSAGE_CONTENT_INTENT = 1 << 15


def user_payload(user: User) -> Json:
    """Return a user object."""
    payload: Json = {
        "id": str(user.id),
        "username": user.name,
        "discriminator": "0",
        "global_name": user.global_name,
        "avatar": None,
        "public_flags": 0,
    }
    if user.bot:
        payload["bot"] = True
    return payload


def member_payload(member: Member, *, with_user: bool = True) -> Json:
    """Return a guild member object."""
    payload: Json = {
        "nick": member.nick,
        "avatar": None,
        "roles": [str(role_id) for role_id in member.role_ids],
        "joined_at": member.joined_at,
        "premium_since": None,
        "deaf": False,
        "mute": False,
        "flags": 0,
        "pending": False,
        "communication_disabled_until": None,
    }
    if with_user:
        payload["user"] = user_payload(member.user)
    return payload


def role_payload(role: Role) -> Json:
    """Return a role object."""
    payload: Json = {
        "id": str(role.id),
        "name": role.name,
        "color": role.color,
        "colors": {"primary_color": role.color, "secondary_color": None, "tertiary_color": None},
        "hoist": role.hoist,
        "icon": None,
        "unicode_emoji": None,
        "position": role.position,
        "permissions": str(role.permissions),
        "managed": role.managed,
        "mentionable": role.mentionable,
        "flags": 0,
    }
    if role.bot_id is not None:
        payload["tags"] = {"bot_id": str(role.bot_id)}
    return payload


def _id_or_none(snowflake: int | None) -> str | None:
    return None if snowflake is None else str(snowflake)


def _thread_payload(thread: Channel) -> Json:
    return {
        "id": str(thread.id),
        "type": int(thread.type),
        "name": thread.name,
        "guild_id": str(thread.guild_id),
        "parent_id": str(thread.parent_id),
        "owner_id": str(thread.owner_id),
        "last_message_id": _id_or_none(thread.last_message_id),
        "rate_limit_per_user": thread.rate_limit_per_user,
        "message_count": len(thread.messages),
        "total_message_sent": thread.total_message_sent,
        "member_count": min(len(thread.thread_members), 50),
        "flags": 0,
        "thread_metadata": {
            "archived": thread.archived,
            "auto_archive_duration": thread.auto_archive_duration,
            "archive_timestamp": thread.created_at,
            "create_timestamp": thread.created_at,
            "locked": thread.locked,
            "invitable": thread.invitable,
        },
    }


def thread_member_payload(thread: Channel, user_id: int) -> Json:
    """Return a thread member object."""
    return {"id": str(thread.id), "user_id": str(user_id), "join_timestamp": thread.thread_members[user_id], "flags": 0}


def channel_payload(channel: Channel, viewer_id: int | None = None) -> Json:
    """Return a channel object; for a direct message, the viewer is left out of the recipients."""
    if channel.is_thread:
        payload = _thread_payload(channel)
        if viewer_id in channel.thread_members:
            payload["member"] = thread_member_payload(channel, viewer_id)
        return payload
    if channel.is_dm:
        return {
            "id": str(channel.id),
            "type": int(channel.type),
            "flags": 0,
            "last_message_id": _id_or_none(channel.last_message_id),
            "recipients": [user_payload(user) for user in channel.recipients if user.id != viewer_id],
        }
    payload = {
        "id": str(channel.id),
        "type": int(channel.type),
        "guild_id": str(channel.guild_id),
        "name": channel.name,
        "position": channel.position,
        "parent_id": _id_or_none(channel.parent_id),
        "nsfw": channel.nsfw,
        "flags": 0,
        "permission_overwrites": [
            {"id": str(item.id), "type": item.type, "allow": str(item.allow), "deny": str(item.deny)}
            for item in channel.overwrites.values()
        ],
    }
    if channel.type == ChannelType.VOICE:
        payload |= {"bitrate": 64000, "user_limit": 0, "rtc_region": None}
    if channel.holds_messages:
        payload |= {
            "topic": channel.topic,
            "last_message_id": _id_or_none(channel.last_message_id),
            "rate_limit_per_user": channel.rate_limit_per_user,
        }
    return payload


def guild_payload(guild: Guild) -> Json:
    """Return a guild object as `GET /guilds/{id}` gives it."""
    return {
        "id": str(guild.id),
        "name": guild.name,
        "icon": None,
        "splash": None,
        "discovery_splash": None,
        "banner": None,
        "description": None,
        "owner_id": str(guild.owner_id),
        "region": "deprecated",
        "afk_channel_id": None,
        "afk_timeout": 300,
        "system_channel_id": None,
        "system_channel_flags": 0,
        "rules_channel_id": None,
        "public_updates_channel_id": None,
        "safety_alerts_channel_id": None,
        "application_id": None,
        "vanity_url_code": None,
        "verification_level": 0,
        "default_message_notifications": 1,
        "explicit_content_filter": 0,
        "mfa_level": 0,
        "nsfw_level": 0,
        "nsfw": False,
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "premium_progress_bar_enabled": False,
        "preferred_locale": guild.preferred_locale,
        "max_members": 500000,
        "max_presences": None,
        "max_video_channel_users": 25,
        "features": [],
        "emojis": [],
        "stickers": [],
        "roles": [role_payload(role) for role in guild.roles.values()],
        "incidents_data": None,
    }


def guild_create_payload(guild: Guild, application: Application, *, all_members: bool) -> Json:
    """Return the data of GUILD_CREATE; without presences Discord sends only the bot's own member."""
    own = guild.members[application.user.id]
    members = list(guild.members.values()) if all_members else [own]
    threads = [
        channel_payload(channel, own.user.id)
        for channel in guild.channels.values()
        if channel.is_thread and not channel.archived and channel_permissions(guild, own, channel) & Permission.VIEW_CHANNEL
    ]
    return guild_payload(guild) | {
        "joined_at": own.joined_at,
        "large": False,
        "member_count": len(guild.members),
        "members": [member_payload(member) for member in members],
        "channels": [channel_payload(channel) for channel in guild.channels.values() if not channel.is_thread],
        "threads": threads,
        "voice_states": [],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }


def attachment_payload(attachment: Attachment) -> Json:
    """Return an attachment object."""
    payload: Json = {
        "id": str(attachment.id),
        "filename": attachment.filename,
        "size": len(attachment.data),
        "url": attachment.url,
        "proxy_url": attachment.url,
        "content_type": attachment.content_type,
    }
    if attachment.description is not None:
        payload["description"] = attachment.description
    if attachment.ephemeral:
        payload["ephemeral"] = True
    return payload


def emoji_payload(key: str) -> Json:
    """Return a partial emoji for a unicode emoji or `name:id`."""
    name, _, emoji_id = key.partition(":")
    return {"id": emoji_id or None, "name": name}


def message_payload(
    message: Message, viewer: Application | None = None, *, nonce: bool = False, content: bool = True, reference: bool = True
) -> Json:
    """Return a message object; `content` False empties what the message content intent protects.

    Like Discord, only the answer to the creation and MESSAGE_CREATE carry the nonce: it is not kept with the message.
    """
    payload: Json = {
        "id": str(message.id),
        "channel_id": str(message.channel.id),
        "author": user_payload(message.author),
        "content": message.content if content else "",
        "timestamp": message.timestamp,
        "edited_timestamp": message.edited_timestamp,
        "tts": message.tts,
        "mention_everyone": message.mention_everyone,
        "mentions": [user_payload(user) for user in message.mentions],
        "mention_roles": [str(role_id) for role_id in message.mention_roles],
        "attachments": [attachment_payload(item) for item in message.attachments] if content else [],
        "embeds": message.embeds if content and not message.flags & 4 else [],
        "components": message.components if content else [],
        "pinned": False,
        "type": message.type,
        "flags": message.flags,
    }
    if message.reactions:
        viewer_id = viewer.user.id if viewer else None
        payload["reactions"] = [_reaction(key, users, viewer_id) for key, users in message.reactions.items()]
    if nonce and message.nonce is not None:
        payload["nonce"] = message.nonce
    if message.application_id is not None:
        payload["application_id"] = str(message.application_id)
    if message.by_webhook:
        payload["webhook_id"] = str(message.application_id)
    if message.interaction_metadata is not None:
        payload["interaction_metadata"] = message.interaction_metadata
    if message.reference_ids is not None and reference:
        payload["message_reference"] = message.reference_ids
        found = message.reference
        payload["referenced_message"] = None
        if found is not None and not found.deleted:
            payload["referenced_message"] = message_payload(found, viewer, content=content, reference=False)
    if message.thread is not None:
        payload["thread"] = channel_payload(message.thread, viewer.user.id if viewer else None)
    return payload


def _reaction(key: str, users: list[int], viewer_id: int | None) -> Json:
    return {
        "count": len(users),
        "count_details": {"burst": 0, "normal": len(users)},
        "me": viewer_id in users,
        "me_burst": False,
        "burst_colors": [],
        "emoji": emoji_payload(key),
    }


def application_payload(application: Application, guild_count: int = 0) -> Json:
    """Return an application object."""
    return {
        "id": str(application.id),
        "name": application.name,
        "icon": None,
        "description": "",
        "summary": "",
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "owner": user_payload(application.owner),
        "team": None,
        "flags": application_flags(application),
        "approximate_guild_count": guild_count,
        "approximate_user_install_count": 0,
        "bot": user_payload(application.user),
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "integration_types_config": {"0": {}},
    }


def application_flags(application: Application) -> int:
    """Return the flags that tell which privileged intents a small bot has switched on."""
    flags = 0
    for intent, flag in ((1 << 8, 1 << 13), (1 << 1, 1 << 15), (1 << 15, 1 << 19)):
        if application.allowed_privileged & intent:
            flags |= flag
    return flags
