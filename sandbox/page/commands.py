"""Slash commands as a client offers them, and the things that option values stand for."""

from __future__ import annotations

import contextlib
from typing import Any

from sandbox.discord import Channel, ClientRefused
from sandbox.discord.errors import Json
from sandbox.discord.options import Found, find_command, may_use
from sandbox.discord.rules.commands import ATTACHMENT, CHANNEL, INTEGER, MENTIONABLE, NUMBER, ROLE, USER
from sandbox.discord.snowflakes import parse_snowflake

from .fields import Fields, Refusal
from .people import applications_in
from .seat import Place, Seat

_LIMITS = ("channel_types", "min_value", "max_value", "min_length", "max_length")
_USER_MENU, _MESSAGE_MENU = 2, 3


def commands(seat: Seat, fields: Fields) -> Json:
    """Give the slash commands that the person is offered in a channel."""
    place = Place(seat, fields)
    locale = place.person.user.locale
    return {"commands": [_command(found, locale) for found in place.person.commands(place.channel())]}


def _said(item: Json, key: str, locale: str) -> str:
    """Return a name or description in a language, as the client shows it."""
    translated: Json = item.get(f"{key}_localizations") or {}
    return str(translated.get(locale) or item[key])


def _command(found: Found, locale: str) -> Json:
    return {
        "name": found.name,
        "shown": " ".join(_said(step, "name", locale) for step in (found.command, *found.path)),
        "description": found.description(locale),
        "application": {"id": str(found.application.id), "name": found.application.name},
        "options": [_option(option, locale) for option in found.options],
    }


def _option(option: Json, locale: str) -> Json:
    shown: Json = {
        "name": option["name"],
        "shown": _said(option, "name", locale),
        "description": _said(option, "description", locale),
        "type": option["type"],
        "required": bool(option.get("required")),
        "autocomplete": bool(option.get("autocomplete")),
    }
    if option.get("choices"):
        shown["choices"] = choices_in(option["choices"], locale)
    return shown | {key: option[key] for key in _LIMITS if option.get(key) is not None}


def choices_in(choices: list[Json], locale: str) -> list[Json]:
    """Return choices with their names in a language."""
    return [{"name": _said(choice, "name", locale), "value": choice["value"]} for choice in choices]


def menus(seat: Seat, fields: Fields) -> Json:
    """Give the commands of a user's or message's context menu."""
    place = Place(seat, fields)
    channel, kind = place.channel(), menu_kind(fields)
    found: list[Json] = []
    if channel.is_dm:
        return {"menus": found}
    for application in applications_in(place.person.guild):
        for scope in (place.person.guild.id, None):
            for command in application.commands.get(scope, {}).values():
                if command["type"] != kind:
                    continue
                with contextlib.suppress(ClientRefused):
                    may_use(Found(application, command, []), place.person.guild, place.person.member, channel)
                    found.append({"name": command["name"], "shown": _said(command, "name", place.person.user.locale)})
    return {"menus": found}


def menu_kind(fields: Fields) -> int:
    """Return the type of a context menu's commands. Raises `Refusal`."""
    target = fields.text("target")
    if target not in ("user", "message"):
        raise Refusal("A menu is of a user or of a message.", "malformed")
    return _USER_MENU if target == "user" else _MESSAGE_MENU


def declared(place: Place, channel: Channel, command: str) -> dict[str, Json]:
    """Return the options that a command declares, by name. Raises `ClientRefused` for a command that is not there."""
    bots = applications_in(place.person.guild)
    if channel.is_dm:
        found = [place.house.discord.world.application_of(user) for user in channel.recipients]
        bots = [item for item in found if item is not None]
    options = find_command(bots, None if channel.is_dm else place.person.guild, command).options
    return {option["name"]: option for option in options}


def option_values(place: Place, options: dict[str, Json], given: Json) -> Json:
    """Return the things that option values stand for. Raises `Refusal` with the option's name."""
    found: Json = {}
    for name, value in given.items():
        if value is None or value == "":
            continue
        kind = options[name]["type"] if name in options else 0
        try:
            found[name] = _thing(place, kind, value)
        except Refusal as refusal:
            raise Refusal(refusal.text, refusal.code, [_refused_at(name, refusal)]) from refusal
    return found


def _refused_at(name: str, refusal: Refusal) -> Json:
    return {"path": name, "text": refusal.text, "code": "choice" if refusal.code == "gone" else "type"}


def _thing(place: Place, kind: int, value: Any) -> Any:
    if kind in (USER, ROLE, CHANNEL, MENTIONABLE):
        return thing_of_id(place, kind, value)
    if kind == ATTACHMENT:
        prepared = place.upload(value)
        return place.person.upload(prepared.filename, prepared.data)
    if kind in (INTEGER, NUMBER) and isinstance(value, str):
        return _number(value, whole=kind == INTEGER)
    if isinstance(value, list | dict):
        raise Refusal("This is no value of an option.", "malformed")
    return value


def _number(text: str, *, whole: bool) -> int | float | str:
    # What is no number goes on as it is: the client's own check says so.
    with contextlib.suppress(ValueError, OverflowError):
        return int(text) if whole else float(text)
    return text


def thing_of_id(place: Place, kind: int, value: Any) -> Any:
    """Return the member's account, role or channel of an id. Raises `Refusal`."""
    wanted = parse_snowflake(value)
    guild = place.person.guild
    member, role, channel = guild.members.get(wanted or 0), guild.roles.get(wanted or 0), guild.channels.get(wanted or 0)
    if kind in (USER, MENTIONABLE) and member is not None:
        return member.user
    if kind in (ROLE, MENTIONABLE) and role is not None:
        return role
    if kind == CHANNEL and channel is not None:
        return channel
    what = {USER: "member", ROLE: "role", CHANNEL: "channel"}.get(kind, "member or role")
    raise Refusal(f"No such {what} here.", "gone")
