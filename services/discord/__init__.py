"""The wrapper around discord.py's client for messages and the structure of guilds."""

from services.discord.errors import (
    NO_DIRECT_MESSAGES,
    UNKNOWN_MESSAGE,
    DiscordError,
    DiscordForbidden,
    DiscordGone,
    DiscordRefused,
    DiscordUnavailable,
)
from services.discord.files import DIRECT_MESSAGE_LIMIT, FileTooLarge
from services.discord.gateway import ShardState
from services.discord.service import DiscordService
from services.discord.shape import ChannelAccess, ChannelKind, ChannelShape, GuildShape, RoleShape
from services.discord.structure import Overwrite

__all__ = [
    "DIRECT_MESSAGE_LIMIT",
    "NO_DIRECT_MESSAGES",
    "UNKNOWN_MESSAGE",
    "ChannelAccess",
    "ChannelKind",
    "ChannelShape",
    "DiscordError",
    "DiscordForbidden",
    "DiscordGone",
    "DiscordRefused",
    "DiscordService",
    "DiscordUnavailable",
    "FileTooLarge",
    "GuildShape",
    "Overwrite",
    "RoleShape",
    "ShardState",
]
