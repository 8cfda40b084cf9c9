"""Refusals of the client and of Discord's API in words, with the place in a form where they can be put right."""

from __future__ import annotations

from typing import Any, cast

from sandbox.discord import Modal
from sandbox.discord.errors import ApiError, ClientRefused, Json
from sandbox.discord.forms import submission
from sandbox.discord.options import Resolved

from .fields import Refusal


def place_of(refused: ClientRefused, path: str) -> Json:
    """Return what is wrong at a place of a form."""
    place: Json = {"path": path, "text": str(refused), "code": refused.reason.value}
    if refused.limits is not None:
        place["min"], place["max"] = refused.limits
    return place


def of_client(refused: ClientRefused) -> Refusal:
    """Return the refusal of an act, with the option or field it is about."""
    if refused.at is not None:
        return Refusal(str(refused), "form", [place_of(refused, refused.at)])
    return Refusal(str(refused), refused.reason.value)


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
            places.append(place_of(refused, refused.at or (names[0] if names else "")))
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
