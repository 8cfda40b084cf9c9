"""The message of `/setup`: what each page shows and what can be picked on it.

All state is in the custom ids and in the database, so a page that was opened before a restart works on.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import discord

from components.actions import LARGEST_ID, Action, ButtonAction, SelectAction, UnknownAction
from components.boundary import Interaction, app_of
from components.pages.lines import COLOUR
from components.replies import NOBODY, view_of
from components.setup import words
from components.setup.page import SetupPage
from config.guild_settings import GuildSettings
from config.texts import catalogue
from facades.app import App
from facades.settings.create_missing import create_missing
from facades.settings.describe_setup import SetupState, describe_setup
from facades.settings.set_flag_roles import set_flag_roles
from facades.settings.set_language_roles import set_language_roles
from facades.settings.set_module import set_module
from facades.settings.set_parameter import set_parameter
from facades.settings.set_route import set_route
from util.actor import Actor
from util.identifiers import Flag, Module, Parameter, Route
from util.markdown import shorten
from util.texts import Text

Row = list[discord.ui.Item[Any]]
Known = TypeVar("Known", Route, Flag, SetupPage)
LABEL_LENGTH: Final = 100
BUTTON_LENGTH: Final = 80
MOST_ROLES: Final = 25


@dataclass(frozen=True)
class Showing:
    """What a page is made of. `item`: what was picked on the page, such as a route; empty when nothing was."""

    state: SetupState
    settings: GuildSettings
    language: str
    item: str = ""

    def label(self, key: Text, limit: int = LABEL_LENGTH, **parameters: Text) -> str:
        """Return a text for a component."""
        return shorten(self.settings.label(key, self.language, **parameters), limit)

    def say(self, key: Text) -> str:
        """Return a text for the page itself."""
        return self.settings.say(key, self.language)


async def setup_message(app: App, actor: Actor, page: SetupPage, item: str = "") -> tuple[list[discord.Embed], discord.ui.View]:
    """Return a page as it is now. Raises `Forbidden`, or what the Discord service raises when the guild is not known."""
    state = await describe_setup(app, actor=actor)
    shown = Showing(state, await app.guild(actor.guild_id), actor.language, item)
    embeds, rows = _BUILDERS[page](shown)
    return embeds, view_of(*rows, [_navigation(shown, page)])


async def _refresh(interaction: Interaction, actor: Actor, page: SetupPage, item: str = "", said: str | None = None) -> None:
    """Show a page in place of the one that was clicked on, which was acknowledged before."""
    embeds, view = await setup_message(app_of(interaction), actor, page, item)
    await interaction.edit_original_response(content=said, embeds=embeds, view=view, allowed_mentions=NOBODY)


# What can be clicked


@dataclass(frozen=True)
class GoTo(SelectAction, prefix="setup_go"):
    """Open a page."""

    async def pick(self, interaction: Interaction, actor: Actor, values: list[str]) -> None:
        """Show the picked page."""
        await interaction.response.defer()
        await _refresh(interaction, actor, _known(SetupPage, values))


@dataclass(frozen=True)
class PickItem(SelectAction, prefix="setup_item"):
    """Pick what a page shall be about: a route, a flag or a language."""

    page: SetupPage

    async def pick(self, interaction: Interaction, actor: Actor, values: list[str]) -> None:
        """Show the page about the picked item."""
        await interaction.response.defer()
        await _refresh(interaction, actor, self.page, values[0] if values else "")


@dataclass(frozen=True)
class PickChannel(SelectAction, prefix="setup_channel"):
    """Choose the channel of a route."""

    route: Route

    async def pick(self, interaction: Interaction, actor: Actor, values: list[str]) -> None:
        """Let the route lead to the picked channel."""
        await interaction.response.defer()
        for channel_id in _ids(values):
            await set_route(app_of(interaction), actor=actor, route=self.route, channel_id=channel_id, as_default=True)
        await _refresh(interaction, actor, SetupPage.CHANNELS, self.route.value)


@dataclass(frozen=True)
class PickRoles(SelectAction, prefix="setup_roles"):
    """Choose the roles of a flag."""

    flag: Flag

    async def pick(self, interaction: Interaction, actor: Actor, values: list[str]) -> None:
        """Bind the flag to the picked roles and no others."""
        await interaction.response.defer()
        await set_flag_roles(app_of(interaction), actor=actor, flag=self.flag, role_ids=_ids(values))
        await _refresh(interaction, actor, SetupPage.ROLES, self.flag.value)


@dataclass(frozen=True)
class PickPingRole(SelectAction, prefix="setup_ping"):
    """Choose the role that notices about the queue ping."""

    async def pick(self, interaction: Interaction, actor: Actor, values: list[str]) -> None:
        """Set the picked role, or none."""
        await interaction.response.defer()
        typed = str(_ids(values)[0]) if values else "none"
        await set_parameter(app_of(interaction), actor=actor, name=Parameter.QUEUE_PING_ROLE, typed=typed)
        await _refresh(interaction, actor, SetupPage.QUEUE)


@dataclass(frozen=True)
class PickGuildLanguage(SelectAction, prefix="setup_language"):
    """Choose the language of cards and notices."""

    async def pick(self, interaction: Interaction, actor: Actor, values: list[str]) -> None:
        """Set the picked language."""
        await interaction.response.defer()
        for language in values[:1]:
            await set_parameter(app_of(interaction), actor=actor, name=Parameter.GUILD_LANGUAGE, typed=language)
        await _refresh(interaction, actor, SetupPage.LANGUAGES)


@dataclass(frozen=True)
class PickLanguageRoles(SelectAction, prefix="setup_speakers"):
    """Choose the roles whose holders speak a language."""

    language: str

    async def pick(self, interaction: Interaction, actor: Actor, values: list[str]) -> None:
        """Let the picked roles stand for the language."""
        await interaction.response.defer()
        await set_language_roles(app_of(interaction), actor=actor, language=self.language, role_ids=_ids(values))
        await _refresh(interaction, actor, SetupPage.LANGUAGES, self.language)


@dataclass(frozen=True)
class ToggleModule(ButtonAction, prefix="setup_module"):
    """Switch a module on or off."""

    of: Module
    enabled: bool

    async def act(self, interaction: Interaction, actor: Actor) -> None:
        """Switch it and show what is on now."""
        await interaction.response.defer()
        await set_module(app_of(interaction), actor=actor, module=self.of, enabled=self.enabled)
        await _refresh(interaction, actor, SetupPage.MODULES)


@dataclass(frozen=True)
class CreateMissing(ButtonAction, prefix="setup_create"):
    """Create all channels and roles that are missing."""

    async def act(self, interaction: Interaction, actor: Actor) -> None:
        """Create them and say what was created."""
        await interaction.response.defer()
        app = app_of(interaction)
        created = await create_missing(app, actor=actor)
        said = words.created_text(created, await app.guild(actor.guild_id), actor.language)
        await _refresh(interaction, actor, SetupPage.OVERVIEW, said=said)


# What stands on each page


def _overview(shown: Showing) -> tuple[list[discord.Embed], list[Row]]:
    embeds = words.overview(shown.state, shown.settings, shown.language)
    label = shown.label(Text.SETUP_CREATE_BUTTON, BUTTON_LENGTH)
    button = CreateMissing().button(label, discord.ButtonStyle.success, disabled=shown.state.plan.is_empty)
    return embeds, [[button]]


def _channels(shown: Showing) -> tuple[list[discord.Embed], list[Row]]:
    options = [(route.value, shown.label(words.route_name(route))) for route in Route]
    rows: list[Row] = [[_list(PickItem(SetupPage.CHANNELS), Text.SETUP_PICK_ROUTE, options, shown)]]
    if not shown.item:
        return [_embed(shown, SetupPage.CHANNELS, shown.say(Text.SETUP_CHANNELS_HELP))], rows
    found = shown.state.route(_known(Route, [shown.item]))
    exists = found.channel_id is not None and not found.is_gone
    select = discord.ui.ChannelSelect[Any](
        custom_id=PickChannel(found.route).custom_id,
        channel_types=[discord.ChannelType.text, discord.ChannelType.news],
        placeholder=shown.label(Text.SETUP_PICK_CHANNEL),
        default_values=_defaults([found.channel_id] if exists else [], discord.SelectDefaultValueType.channel),
    )
    return [_embed(shown, SetupPage.CHANNELS, words.route_help(found, shown.settings, shown.language))], [*rows, [select]]


def _roles(shown: Showing) -> tuple[list[discord.Embed], list[Row]]:
    options = [(flag.value, shown.label(words.flag_name(flag))) for flag in Flag]
    rows: list[Row] = [[_list(PickItem(SetupPage.ROLES), Text.SETUP_PICK_FLAG, options, shown)]]
    if not shown.item:
        return [_embed(shown, SetupPage.ROLES, shown.say(Text.SETUP_ROLES_HELP))], rows
    found = shown.state.flag(_known(Flag, [shown.item]))
    select = _role_list(PickRoles(found.flag), Text.SETUP_PICK_ROLES, found.role_ids, shown)
    return [_embed(shown, SetupPage.ROLES, words.flag_help(found, shown.settings, shown.language))], [*rows, [select]]


def _queue(shown: Showing) -> tuple[list[discord.Embed], list[Row]]:
    role = shown.state.ping_role
    present = () if role is None else (role,)
    select = _role_list(PickPingRole(), Text.SETUP_PICK_PING_ROLE, present, shown, most=1)
    return [_embed(shown, SetupPage.QUEUE, words.ping_line(shown.state, shown.settings, shown.language))], [[select]]


def _languages(shown: Showing) -> tuple[list[discord.Embed], list[Row]]:
    options = [(code, words.own_name(code, shown.settings)) for code in catalogue().languages]
    rows: list[Row] = [
        [_list(PickGuildLanguage(), Text.SETUP_PICK_GUILD_LANGUAGE, options, shown, picked=shown.state.language)],
        [_list(PickItem(SetupPage.LANGUAGES), Text.SETUP_PICK_LANGUAGE, options, shown)],
    ]
    bound = dict(shown.state.languages)
    if shown.item in bound:
        picker = PickLanguageRoles(shown.item)
        rows.append([_role_list(picker, Text.SETUP_PICK_ROLES, bound[shown.item], shown)])
    lines = [*words.language_lines(shown.state, shown.settings, shown.language), "", shown.say(Text.SETUP_LANGUAGES_HELP)]
    return [_embed(shown, SetupPage.LANGUAGES, "\n".join(lines))], rows


def _modules(shown: Showing) -> tuple[list[discord.Embed], list[Row]]:
    buttons: Row = []
    for module, is_on in shown.state.modules:
        key = Text.SETUP_MODULE_SWITCH_OFF if is_on else Text.SETUP_MODULE_SWITCH_ON
        label = shown.label(key, BUTTON_LENGTH, module=words.module_name(module))
        buttons.append(ToggleModule(module, not is_on).button(label))
    lines = [*words.module_lines(shown.state, shown.settings, shown.language), "", shown.say(Text.SETUP_MODULES_HELP)]
    return [_embed(shown, SetupPage.MODULES, "\n".join(lines))], [
        buttons[start : start + 5] for start in range(0, len(buttons), 5)
    ]


_BUILDERS: Final = {
    SetupPage.OVERVIEW: _overview,
    SetupPage.CHANNELS: _channels,
    SetupPage.ROLES: _roles,
    SetupPage.QUEUE: _queue,
    SetupPage.LANGUAGES: _languages,
    SetupPage.MODULES: _modules,
}


# Parts of pages


def _navigation(shown: Showing, page: SetupPage) -> discord.ui.Item[Any]:
    options = [(one.value, shown.label(_page_name(one))) for one in SetupPage]
    return _list(GoTo(), Text.SETUP_GO_PLACEHOLDER, options, shown, picked=page.value)


def _page_name(page: SetupPage) -> Text:
    return Text(f"setup.page.{page.value}")


def _embed(shown: Showing, page: SetupPage, text: str) -> discord.Embed:
    return discord.Embed(title=shown.label(_page_name(page)), description=text, colour=COLOUR)


def _list(
    action: Action, placeholder: Text, options: Iterable[tuple[str, str]], shown: Showing, *, picked: str | None = None
) -> discord.ui.Select[Any]:
    picked = shown.item if picked is None else picked
    return discord.ui.Select(
        custom_id=action.custom_id,
        placeholder=shown.label(placeholder),
        options=[discord.SelectOption(label=label, value=value, default=value == picked) for value, label in options],
    )


def _role_list(
    action: Action, placeholder: Text, role_ids: Iterable[int], shown: Showing, *, most: int = MOST_ROLES
) -> discord.ui.RoleSelect[Any]:
    return discord.ui.RoleSelect(
        custom_id=action.custom_id,
        placeholder=shown.label(placeholder),
        min_values=0,
        max_values=most,
        default_values=_defaults(list(role_ids)[:most], discord.SelectDefaultValueType.role),
    )


def _defaults(ids: Iterable[int | None], kind: discord.SelectDefaultValueType) -> list[discord.SelectDefaultValue]:
    return [discord.SelectDefaultValue(id=one, type=kind) for one in ids if one is not None]


def _known(kind: type[Known], values: list[str]) -> Known:
    """Read what was picked from a list. Raises `UnknownAction` for what the list never held."""
    try:
        return kind(values[0])
    except (ValueError, IndexError) as error:
        raise UnknownAction from error


def _ids(values: list[str]) -> list[int]:
    """Read picked ids. Raises `UnknownAction` for what Discord would never send."""
    if not all(value.isascii() and value.isdigit() and len(value) <= 19 and int(value) <= LARGEST_ID for value in values):
        raise UnknownAction
    return [int(value) for value in values]
