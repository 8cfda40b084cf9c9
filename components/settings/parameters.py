"""Parameters in words: their list, their details, their changes, and suggestions for their values."""

from collections.abc import Iterable
from typing import Any, Final

from components.autocomplete import Suggestion
from components.pages.turning import PagedList, Sheet, paged_list
from config.definitions import definitions
from config.guild_settings import GuildSettings
from config.texts import catalogue
from config.values import encode_value, time_zones
from facades.app import App
from facades.settings.describe_parameter import ParameterState, find_parameter
from facades.settings.list_parameters import list_parameters
from facades.settings.set_parameter import SetParameter
from facades.settings.value_words import value_words
from util.actor import Actor
from util.errors import NotFound
from util.identifiers import Flag, Parameter, ParameterType
from util.markdown import shorten
from util.paging import Cursor, page_of_all
from util.phrases import Raw
from util.texts import Text

PAGE_SIZE: Final = 15
LINE_LENGTH: Final = 270
"""A page of the longest lines still fits into an embed."""
_DURATIONS: Final = ("0", "12h", "1d", "3d", "1w", "2w", "1m", "inf")
_LONG_DURATIONS: Final = ("1m", "1q", "2q", "1y", "2y", "inf")
_NUMBERS: Final = (1, 3, 5, 10, 20, 30, 50, 100)


def description_of(key: Parameter) -> Text:
    """Return the text that says what a parameter does."""
    return Text(f"parameter.{key.value}.description")


@paged_list(PagedList.PARAMETERS)
async def parameter_list(app: App, actor: Actor, argument: str, cursor: Cursor) -> Sheet:
    """Render a page of `/parameter list`."""
    found = await list_parameters(app, actor=actor)
    settings = await app.guild(actor.guild_id)
    page = page_of_all(found, cursor, PAGE_SIZE, lambda state: state.definition.key.value)
    lines = tuple(shorten(_line(state, settings, actor.language), LINE_LENGTH) for state in page.rows)
    return Sheet(settings.label(Text.PARAMETER_LIST_TITLE, actor.language), lines, page)


def _line(state: ParameterState, settings: GuildSettings, language: str) -> str:
    key = state.definition.key
    return settings.say(
        Text.PARAMETER_CHANGED_LINE if state.is_set else Text.PARAMETER_DEFAULT_LINE,
        language,
        parameter=Raw(key.value),
        value=value_words(key, state.value),
        description=description_of(key),
    )


def details_text(state: ParameterState, settings: GuildSettings, language: str) -> str:
    """Say all about a parameter."""
    key = state.definition.key
    return settings.say(
        Text.PARAMETER_DETAILS,
        language,
        description=description_of(key),
        type=Text(f"parameter.type.{state.definition.type.value}"),
        value=value_words(key, state.value),
        default=value_words(key, state.definition.default),
    )


def set_text(changed: SetParameter, settings: GuildSettings, language: str) -> str:
    """Say what `/parameter set` changed."""
    key, new = Raw(changed.key.value), value_words(changed.key, changed.new)
    if changed.old == changed.new:
        return settings.say(Text.PARAMETER_UNCHANGED, language, parameter=key, value=new)
    return settings.say(Text.PARAMETER_SET, language, parameter=key, new=new, old=value_words(changed.key, changed.old))


def reset_text(changed: SetParameter, settings: GuildSettings, language: str) -> str:
    """Say what `/parameter reset` changed."""
    new, old = value_words(changed.key, changed.new), value_words(changed.key, changed.old)
    return settings.say(Text.PARAMETER_RESET, language, parameter=Raw(changed.key.value), new=new, old=old)


async def suggest_parameters(app: App, actor: Actor, typed: str, filled: dict[str, Any]) -> Iterable[Suggestion]:
    """Suggest parameters by their names and what they do. Raises `Forbidden`."""
    actor.require(Flag.ADMIN)
    settings = await app.guild(actor.guild_id)
    return [(key.value, f"{key.value} — {settings.label(description_of(key), actor.language)}") for key in Parameter]


async def suggest_values(app: App, actor: Actor, typed: str, filled: dict[str, Any]) -> Iterable[Suggestion]:
    """Suggest values for the parameter that is filled in already. Raises `Forbidden`."""
    actor.require(Flag.ADMIN)
    try:
        key = find_parameter(str(filled.get("parameter", "")))
    except NotFound:
        return []
    match definitions().parameters[key].type:
        case ParameterType.BOOL:
            return [(value, value) for value in ("true", "false")]
        case ParameterType.LANGUAGE:
            return [(code, catalogue().entry(Text.LANGUAGE_NAME, code).text) for code in catalogue().languages]
        case ParameterType.TIMEZONE:
            return [(name, name.replace("_", " ")) for name in time_zones().values()]
        case ParameterType.ROLE:
            settings = await app.guild(actor.guild_id)
            nobody = ("none", settings.label(Text.VALUE_NONE, actor.language))
            shape = app.discord.guild_shape(actor.guild_id)
            return [nobody, *((str(role.id), f"@{role.name}") for role in shape.roles if not role.is_everyone)]
        case ParameterType.MEMBER:
            settings = await app.guild(actor.guild_id)
            return [("none", settings.label(Text.VALUE_NONE, actor.language)), (str(actor.user_id), f"@{actor.name}")]
        case ParameterType.DURATION:
            definition = definitions().parameters[key]
            usual = _DURATIONS if definition.least is None else _LONG_DURATIONS
            return await _known_values(app, actor, key, usual)
        case ParameterType.NATURAL | ParameterType.UINT:
            return await _known_values(app, actor, key, map(str, _NUMBERS))


async def _known_values(app: App, actor: Actor, key: Parameter, usual: Iterable[str]) -> list[Suggestion]:
    """Suggest the value as it is, the default, and what is usual."""
    settings = await app.guild(actor.guild_id)
    first = (encode_value(settings.value(key)), definitions().parameters[key].default_text)
    return [(value, value) for value in dict.fromkeys((*first, *usual))]
