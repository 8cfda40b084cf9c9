"""Everything a guild has set, laid over the defaults: one immutable value, cached by the process that serves the guild."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal, TypeVar
from zoneinfo import ZoneInfo

from babel.dates import format_datetime

from config.definitions import definitions
from config.templates import substitute
from config.texts import FALLBACK_LANGUAGE, catalogue, plural_category, plural_forms
from config.values import ParameterValue, parse_value
from util.durations import Duration
from util.identifiers import Flag, Module, Parameter, Route
from util.markdown import inline_code, plain
from util.phrases import Phrase, Raw, Value, user_mention
from util.texts import Text
from util.timestamps import discord_timestamp

Style = Literal["markdown", "plain"]
Known = TypeVar("Known", bool, int, str, Duration)
_UNITS: tuple[tuple[int, Text], ...] = (
    (86_400, Text.DURATION_DAYS),
    (3_600, Text.DURATION_HOURS),
    (60, Text.DURATION_MINUTES),
    (1, Text.DURATION_SECONDS),
)


@dataclass(frozen=True)
class RouteState:
    """Where a route leads now. `channel_id` None: nowhere yet."""

    channel_id: int | None = None
    enabled: bool = True


@dataclass(frozen=True)
class GuildSettings:
    """The settings of one guild: overrides as stored, read through the methods."""

    guild_id: int
    parameters: Mapping[Parameter, str] = field(default_factory=dict[Parameter, str])
    routes: Mapping[Route, RouteState] = field(default_factory=dict[Route, RouteState])
    texts: Mapping[tuple[Text, str], str] = field(default_factory=dict[tuple[Text, str], str])
    bindings: frozenset[tuple[Flag, int]] = field(default_factory=frozenset[tuple[Flag, int]])
    language_roles: Mapping[int, str] = field(default_factory=dict[int, str])
    preferences: Mapping[int, str] = field(default_factory=dict[int, str])
    modules_off: frozenset[Module] = field(default_factory=frozenset[Module])

    # Parameters

    def value(self, key: Parameter) -> ParameterValue:
        """Return a parameter's value."""
        definition = definitions().parameters[key]
        stored = self.parameters.get(key)
        return definition.default if stored is None else parse_value(definition.type, stored)

    def flag_value(self, key: Parameter) -> bool:
        """Return the value of a `bool` parameter. Raises TypeError for another type."""
        return _checked(self.value(key), bool)

    def number(self, key: Parameter) -> int:
        """Return the value of a `natural` or `uint` parameter. Raises TypeError for another type."""
        return _checked(self.value(key), int)

    def duration(self, key: Parameter) -> Duration:
        """Return the value of a `duration` parameter. Raises TypeError for another type."""
        return _checked(self.value(key), Duration)

    @property
    def ping_role(self) -> int | None:
        """The role that queue notices ping, if one is set."""
        value = self.value(Parameter.QUEUE_PING_ROLE)
        return None if value is None else _checked(value, int)

    @property
    def language(self) -> str:
        """The language of messages that are for nobody in particular: cards and queue notices."""
        return _checked(self.value(Parameter.GUILD_LANGUAGE), str)

    @property
    def time_zone(self) -> ZoneInfo:
        """The time zone of moments that people type and of days in reports."""
        return ZoneInfo(_checked(self.value(Parameter.GUILD_TIME_ZONE), str))

    def speaking(self, language: str) -> "GuildSettings":
        """Return the same settings with another language for what is for nobody in particular: a card as one person's answer."""
        return replace(self, parameters={**self.parameters, Parameter.GUILD_LANGUAGE: language})

    # Routes, permissions, modules

    def channel(self, route: Route) -> int | None:
        """Return where a message of this route goes; None when the route is disabled or leads nowhere."""
        state = self.routes.get(route, RouteState())
        return state.channel_id if state.enabled else None

    def flags_of(self, role_ids: Iterable[int]) -> frozenset[Flag]:
        """Return the flags that the roles grant by themselves (`admin` is not spelled out)."""
        held = frozenset(role_ids)
        return frozenset(flag for flag, role_id in self.bindings if role_id in held)

    def roles_of(self, flag: Flag) -> tuple[int, ...]:
        """Return the roles bound to a flag, in a stable order."""
        return tuple(sorted(role_id for bound, role_id in self.bindings if bound is flag))

    def is_on(self, module: Module) -> bool:
        """Tell whether a module is switched on."""
        return module not in self.modules_off

    # Texts

    def template(self, key: Text, language: str) -> str:
        """Return a text as it stands in this guild, parameters not yet filled in."""
        found = self.texts.get((key, language))
        return catalogue().entry(key, language).text if found is None else found

    def say(self, what: Phrase | Text, language: str, **parameters: Value) -> str:
        """Return a text for a message: strings are escaped so that nothing in them formats, links or pings."""
        return self._fill(what, language, parameters, "markdown")

    def label(self, what: Phrase | Text, language: str, **parameters: Value) -> str:
        """Return a text for a place without markdown: labels, titles, names of choices."""
        return self._fill(what, language, parameters, "plain")

    def _fill(self, what: Phrase | Text, language: str, parameters: Mapping[str, Value], style: Style) -> str:
        key, values = (what.key, {**what.parameters, **parameters}) if isinstance(what, Phrase) else (what, parameters)
        template = self.template(key, language)
        plural = catalogue().entry(key, language).plural
        if plural is not None:
            template = _choose_form(template, language, values.get(plural))
        shown = {name: self._show(value, language, style) for name, value in values.items()}
        code = (
            {name: inline_code(value) for name, value in values.items() if isinstance(value, str) and not isinstance(value, Text)}
            if style == "markdown"
            else {}
        )
        return substitute(template, shown, code)

    def _show(self, value: Value, language: str, style: Style) -> str:
        match value:
            case Phrase() | Text():
                return self._fill(value, language, {}, style)
            case str():
                return plain(value) if style == "markdown" else value
            case Raw():
                return value.text
            case datetime():
                return discord_timestamp(value) if style == "markdown" else format_datetime(value, locale=language)
            case Duration():
                return self.say_duration(value, language)
            case int():
                return str(value)

    def mention(self, user_id: int, language: str) -> str:
        """Return how a message names a user."""
        return self._show(user_mention(user_id), language, "markdown")

    def say_duration(self, duration: Duration, language: str) -> str:
        """Return a duration in words, at most its two largest units."""
        if duration.span is None:
            return self.label(Text.DURATION_ENDLESS, language)
        rest = int(duration.span.total_seconds())
        parts: list[str] = []
        for seconds, key in _UNITS:
            amount, rest = divmod(rest, seconds)
            if amount:
                parts.append(self.label(key, language, count=amount))
        return " ".join(parts[:2]) if parts else self.label(Text.DURATION_SECONDS, language, count=0)


def _choose_form(template: str, language: str, count: Value | None) -> str:
    forms = plural_forms(template)
    if not isinstance(count, int):
        return forms["other"]
    known = language if language in catalogue().languages else FALLBACK_LANGUAGE
    return forms.get(plural_category(known, count), forms["other"])


def _checked(value: ParameterValue, kind: type[Known]) -> Known:
    if not isinstance(value, kind):
        raise TypeError(f"the parameter is no {kind.__name__}: {value!r}")
    return value
