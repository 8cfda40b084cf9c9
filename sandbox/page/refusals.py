"""Refusals of the client and of Discord's API in words, with the place in a form where they can be put right."""

from __future__ import annotations

import re
from typing import Any, Final, cast

from sandbox.discord import Modal
from sandbox.discord.errors import ApiError, ClientRefused, Json
from sandbox.discord.forms import submission
from sandbox.discord.options import Resolved

from .fields import Refusal

_OPTION: Final = re.compile(r"ption '([^']*)'|no option '([^']*)'|\boption of '([^']*)'")
_SAYS: Final = (
    ("required", re.compile(r"is required")),
    ("length", re.compile(r"takes (?P<min>\d+) to (?P<max>\d+) characters")),
    ("count", re.compile(r"takes (?P<min>\d+) to (?P<max>\d+) choices")),
    ("line", re.compile(r"takes one line")),
    ("type", re.compile(r"takes (a number|a text|true or false)|does not take")),
    ("range", re.compile(r"takes (?P<min>-?[\d.]+) to (?P<max>-?[\d.]+)")),
    ("choice", re.compile(r"is not a[n]? (choice|option) of")),
)
# Why the client does not let something through that has no place in a form.
REASONS: Final = (
    ("no_writing", re.compile(r"may not write here")),
    ("length", re.compile(r"A message has 1 to")),
    ("own_only", re.compile(r"only one's own messages")),
    ("no_reacting", re.compile(r"may not react")),
    ("no_deleting", re.compile(r"may not delete")),
    ("no_command", re.compile(r"^No command|is a group|hidden from the member|not for guilds")),
    ("no_commands_here", re.compile(r"may not use commands|does not see this channel")),
    ("disabled", re.compile(r"is disabled$")),
    ("gone", re.compile(r"does not see this message|not on the member's screen|under this message|is not in ")),
)


def place_of(path: str, text: str) -> Json:
    """Return what is wrong at a place of a form."""
    for code, pattern in _SAYS:
        found = pattern.search(text)
        if found is not None:
            limits = {key: float(value) if "." in value else int(value) for key, value in found.groupdict().items()}
            return {"path": path, "text": text, "code": code, **limits}
    return {"path": path, "text": text}


def of_command(refused: ClientRefused) -> Refusal:
    """Return the refusal of a command, with the option it is about."""
    text = str(refused)
    found = _OPTION.search(text)
    name = next((group for group in found.groups() if group), None) if found else None
    if name:
        return Refusal(text, "refused", [place_of(name, text)])
    return Refusal(text, next((code for code, pattern in REASONS if pattern.search(text)), "refused"))


def of_api(error: ApiError) -> Refusal:
    """Return the refusal that Discord's API would give, with the fields it names."""
    places = list(_api_places(error.errors or {}, ()))
    return Refusal(error.message, f"api_{error.code}", places or None)


def _api_places(errors: Json, path: tuple[str, ...]) -> list[Json]:
    found: list[Json] = []
    for key, value in errors.items():
        if key == "_errors":
            listed = cast("list[Json]", value)
            found += [{"path": ".".join(path), "text": item.get("message", "")} for item in listed]
        elif isinstance(value, dict):
            found += _api_places(cast("Json", value), (*path, key))
    return found


def check_form(modal: Modal, values: dict[str, Any], resolved: Resolved) -> None:
    """Check every field of a form as the client does. Raises `Refusal` with all places at once."""
    places: list[Json] = []
    for row in modal.components:
        names = field_ids(row)
        part = Modal(modal.custom_id, modal.title, [row], modal.interaction)
        try:
            submission(part, {name: values[name] for name in names if name in values}, resolved)
        except ClientRefused as refused:
            places.append(place_of(names[0] if names else "", str(refused)))
    unknown = set(values) - {name for row in modal.components for name in field_ids(row)}
    if unknown:
        raise Refusal(f"This form has no field {sorted(unknown)}.", "malformed")
    if places:
        raise Refusal(str(places[0]["text"]), "form", places)


def field_ids(row: Json) -> list[str]:
    """Return the custom ids of the fields in a form's row."""
    inner: list[Json] = [row["component"]] if row.get("component") else row.get("components") or []
    return [item["custom_id"] for item in inner if "custom_id" in item]


def fields_of(modal: Modal) -> dict[str, Json]:
    """Return a form's fields by custom id."""
    found: dict[str, Json] = {}
    for row in modal.components:
        inner: list[Json] = [row["component"]] if row.get("component") else row.get("components") or []
        found |= {item["custom_id"]: item for item in inner if "custom_id" in item}
    return found
