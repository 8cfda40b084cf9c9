"""What is set up and what is missing, in words."""

from collections.abc import Iterable

import discord

from components.pages.lines import COLOUR, pages_of
from components.permission_pages import description_key, roles_text
from config.guild_settings import GuildSettings
from facades.settings.create_missing import CreatedSetup
from facades.settings.describe_setup import FlagSetup, RouteSetup, SetupState
from util.identifiers import Flag, Module, Route
from util.markdown import ELLIPSIS
from util.phrases import Raw, channel_mention, role_mention
from util.texts import Text

NEEDED_FLAGS = (Flag.REVIEWER, Flag.GD_MOD)
"""Flags without which the flow of requests stands still."""
SECTION_LENGTH = 1900
"""Characters; three sections share the 6,000 that Discord allows in the embeds of a message."""


def route_name(route: Route) -> Text:
    """Return the text that names a route."""
    return Text(f"route.{route.value}.name")


def flag_name(flag: Flag) -> Text:
    """Return the text that names a flag."""
    return Text(f"flag.{flag.value}.name")


def module_name(module: Module) -> Text:
    """Return the text that names a module."""
    return Text(f"module.{module.value}.name")


def overview(state: SetupState, settings: GuildSettings, language: str) -> list[discord.Embed]:
    """Show everything at once."""
    return [
        _section(Text.SETUP_CHANNELS_HEADING, [route_line(one, settings, language) for one in state.routes], settings, language),
        _section(Text.SETUP_ROLES_HEADING, [flag_line(one, settings, language) for one in state.flags], settings, language),
        _section(Text.SETUP_OTHER_HEADING, other_lines(state, settings, language), settings, language),
    ]


def route_help(one: RouteSetup, settings: GuildSettings, language: str) -> str:
    """Say what a route is for and where it leads."""
    description = Text(f"route.{one.route.value}.description")
    said = settings.say(Text.SETUP_ROUTE_HELP, language, name=route_name(one.route), description=description)
    return f"{said}\n\n{route_line(one, settings, language)}"


def flag_help(one: FlagSetup, settings: GuildSettings, language: str) -> str:
    """Say what a flag is for and which roles grant it."""
    said = settings.say(
        Text.SETUP_FLAG_HELP,
        language,
        name=flag_name(one.flag),
        flag=Raw(one.flag.value),
        description=description_key(one.flag),
    )
    return f"{said}\n\n{flag_line(one, settings, language)}"


def route_line(one: RouteSetup, settings: GuildSettings, language: str) -> str:
    """Say where a route leads."""
    name = route_name(one.route)
    if not one.enabled:
        return settings.say(Text.SETUP_ROUTE_OFF, language, route=name)
    if one.channel_id is None:
        return settings.say(Text.SETUP_ROUTE_OPTIONAL if one.optional else Text.SETUP_ROUTE_NONE, language, route=name)
    if one.is_gone:
        return settings.say(Text.SETUP_ROUTE_GONE, language, route=name)
    channel = channel_mention(one.channel_id)
    if one.lacking:
        names = ", ".join(permission_name(lacking, settings, language) for lacking in one.lacking)
        return settings.say(Text.SETUP_ROUTE_LACKS, language, route=name, channel=channel, permissions=names)
    return settings.say(Text.SETUP_ROUTE_OK, language, route=name, channel=channel)


def flag_line(one: FlagSetup, settings: GuildSettings, language: str) -> str:
    """Say which roles grant a flag."""
    name, flag = flag_name(one.flag), Raw(one.flag.value)
    if one.role_ids:
        return settings.say(Text.SETUP_FLAG_OK, language, name=name, flag=flag, roles=roles_text(one.role_ids))
    key = Text.SETUP_FLAG_NONE if one.flag in NEEDED_FLAGS else Text.SETUP_FLAG_OPTIONAL
    return settings.say(key, language, name=name, flag=flag)


def other_lines(state: SetupState, settings: GuildSettings, language: str) -> list[str]:
    """Say what is set beside channels and roles, and what could be created."""
    lines = [ping_line(state, settings, language), *language_lines(state, settings, language)]
    lines += module_lines(state, settings, language)
    return [*lines, "", *plan_lines(state, settings, language)]


def ping_line(state: SetupState, settings: GuildSettings, language: str) -> str:
    """Say whom notices about the queue ping."""
    if state.ping_role is None:
        return settings.say(Text.SETUP_PING_NOBODY, language)
    return settings.say(Text.SETUP_PING_ROLE, language, role=role_mention(state.ping_role))


def language_lines(state: SetupState, settings: GuildSettings, language: str) -> list[str]:
    """Say which languages are set."""
    lines = [settings.say(Text.SETUP_GUILD_LANGUAGE, language, name=own_name(state.language, settings))]
    for code, roles in state.languages:
        key = Text.SETUP_LANGUAGE_ROLES if roles else Text.SETUP_LANGUAGE_NO_ROLES
        lines.append(settings.say(key, language, name=own_name(code, settings), roles=roles_text(roles)))
    return lines


def module_lines(state: SetupState, settings: GuildSettings, language: str) -> list[str]:
    """Say which modules are on."""
    return [
        settings.say(Text.SETUP_MODULE_ON if is_on else Text.SETUP_MODULE_OFF, language, module=module_name(module))
        for module, is_on in state.modules
    ]


def plan_lines(state: SetupState, settings: GuildSettings, language: str) -> list[str]:
    """Say what could be created, and which permissions the bot lacks for it, each in a sentence."""
    plan = state.plan
    if plan.is_empty:
        return [settings.say(Text.SETUP_COMPLETE, language)]
    lines: list[str] = []
    if plan.channels:
        names = Raw(", ".join(f"`#{channel.name}`" for channel in plan.channels))
        lines.append(settings.say(Text.SETUP_CAN_CREATE_CHANNELS, language, channels=names))
    if plan.roles:
        lines.append(settings.say(Text.SETUP_CAN_CREATE_ROLES, language, roles=", ".join(role.name for role in plan.roles)))
    if plan.shared:
        names = ", ".join(settings.label(route_name(route), language) for route, _ in plan.shared)
        lines.append(settings.say(Text.SETUP_CAN_SHARE, language, channels=names))
    lines += [
        settings.say(Text.SETUP_LACKS_IN_GUILD, language, permissions=permission_name(name, settings, language))
        for name in plan.lacking
    ]
    return lines


def created_text(created: CreatedSetup, settings: GuildSettings, language: str) -> str:
    """Say what was created."""
    nothing = settings.label(Text.SETUP_NONE, language)
    channels = ", ".join(channel_mention(channel).text for channel in dict.fromkeys(created.channels.values())) or nothing
    roles = ", ".join(role_mention(role).text for role in dict.fromkeys(created.roles.values())) or nothing
    return settings.say(Text.SETUP_CREATED, language, channels=Raw(channels), roles=Raw(roles))


def own_name(code: str, settings: GuildSettings) -> str:
    """Return a language's name in that language."""
    return settings.label(Text.LANGUAGE_NAME, code)


def permission_name(name: str, settings: GuildSettings, language: str) -> str:
    """Return Discord's name of one of its permissions."""
    return settings.label(Text(f"discord_permission.{name}"), language)


def _section(heading: Text, lines: Iterable[str], settings: GuildSettings, language: str) -> discord.Embed:
    first, *more = pages_of(lines, SECTION_LENGTH) or [""]
    text = f"{first}\n{ELLIPSIS}" if more else first
    return discord.Embed(title=settings.label(heading, language), description=text, colour=COLOUR)
