"""A Discord server for loopback: gateway, REST API, Discord's rules, faults, and members to play."""

from .actors import SandboxUser
from .answers import Answer, Modal
from .errors import ApiError, ClientRefused, Reason, SandboxMisuse
from .guilds import SandboxGuild
from .models import Application, Channel, ChannelType, Guild, Member, Message, Overwrite, Role, User
from .permissions import Permission
from .rules.messages import Upload
from .server import SandboxDiscord

__all__ = [
    "Answer",
    "ApiError",
    "Application",
    "Channel",
    "ChannelType",
    "ClientRefused",
    "Guild",
    "Member",
    "Message",
    "Modal",
    "Overwrite",
    "Permission",
    "Reason",
    "Role",
    "SandboxDiscord",
    "SandboxGuild",
    "SandboxMisuse",
    "SandboxUser",
    "Upload",
    "User",
]
