"""Permissions in words."""

from collections.abc import Iterable

from config.guild_settings import GuildSettings
from facades.settings.bind_role import BoundRole
from facades.settings.describe_member import MemberFlags
from util.identifiers import Flag
from util.phrases import Raw, role_mention
from util.texts import Text


def roles_text(roles: Iterable[int]) -> Raw:
    """Mention roles one after the other."""
    return Raw(", ".join(role_mention(role_id).text for role_id in roles))


def flags_text(flags: Iterable[Flag]) -> Raw:
    """Name flags by their keys, for a text that shows them as code."""
    return Raw("`, `".join(flag.value for flag in flags))


def description_key(flag: Flag) -> Text:
    """Return the text that says what a flag is for."""
    return Text(f"flag.{flag.value}.description")


def bound_text(bound: BoundRole, settings: GuildSettings, language: str) -> str:
    """Say what was bound, with the warnings about it."""
    said = settings.say(Text.PERMISSION_BOUND, language, role=role_mention(bound.role_id), flag=Raw(bound.flag.value))
    return "\n".join([said, *(settings.say(warning, language) for warning in bound.warnings)])


def member_lines(found: MemberFlags, settings: GuildSettings, language: str) -> list[str]:
    """List a member's flags with where they come from."""
    lines = [settings.say(Text.PERMISSION_MEMBER_NATIVE, language)] if found.is_native_admin else []
    lines += [
        settings.say(Text.PERMISSION_MEMBER_LINE, language, flag=Raw(flag.value), roles=roles_text(roles))
        for flag, roles in found.granted
    ]
    if found.is_admin:
        lines.append(settings.say(Text.PERMISSION_MEMBER_IMPLIED, language))
    return lines or [settings.say(Text.PERMISSION_MEMBER_NONE, language)]


def flag_lines(flags: Iterable[Flag], settings: GuildSettings, language: str) -> list[str]:
    """List flags with what they are for."""
    return [
        settings.say(Text.PERMISSION_FLAG_LINE, language, key=Raw(flag.value), description=description_key(flag))
        for flag in flags
    ]


def role_lines(roles: Iterable[tuple[int, tuple[Flag, ...]]], settings: GuildSettings, language: str) -> list[str]:
    """List roles with the flags that they grant."""
    lines = [
        settings.say(Text.PERMISSION_ROLE_LINE, language, role=role_mention(role_id), flags=flags_text(flags))
        for role_id, flags in roles
    ]
    return lines or [settings.say(Text.PERMISSION_ROLES_NONE, language)]
