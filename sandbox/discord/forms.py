"""Filling in modals and select menus as a member's client allows it."""

from __future__ import annotations

from typing import Any

from .answers import Modal
from .errors import ClientRefused, Json, Reason
from .models import Channel, Role, User
from .options import Resolved
from .rules.checks import as_list
from .rules.components import (
    ACTION_ROW,
    CHECKBOX,
    CHECKBOXES,
    FILE_UPLOAD,
    LABEL,
    RADIO,
    SELECTS,
    STRING_SELECT,
    TEXT_INPUT,
)

_KINDS: dict[int, tuple[type, ...]] = {5: (User,), 6: (Role,), 7: (User, Role), 8: (Channel,)}


def submission(modal: Modal, given: dict[str, Any], resolved: Resolved) -> list[Json]:
    """Return the components of a modal's submission, values found by custom id or label.

    Raises `ClientRefused` when the client would not send it.
    """
    used: set[str] = set()
    rows = [_row(row, given, used, resolved) for row in modal.components]
    unknown = set(given) - used
    if unknown:
        raise ClientRefused(Reason.NO_FIELD, f"The modal {modal.title!r} has no field {sorted(unknown)}")
    return rows


def _row(row: Json, given: dict[str, Any], used: set[str], resolved: Resolved) -> Json:
    kind = row["type"]
    if kind == LABEL:
        return {"type": LABEL, "id": row["id"], "component": _field(row["component"], row["label"], given, used, resolved)}
    if kind == ACTION_ROW:
        inner = [_field(item, item.get("label"), given, used, resolved) for item in row["components"]]
        return {"type": ACTION_ROW, "id": row["id"], "components": inner}
    return {"type": kind, "id": row["id"]}


def _field(item: Json, label: str | None, given: dict[str, Any], used: set[str], resolved: Resolved) -> Json:
    value: Any = None
    present = False
    for key in (item["custom_id"], label):
        if key is not None and key in given:
            value, present = given[key], True
            used.add(key)
    shown = label or item["custom_id"]
    entry: Json = {"type": item["type"], "id": item["id"], "custom_id": item["custom_id"]}
    if item["type"] == TEXT_INPUT:
        return entry | {"value": _text(item, str(value) if present else str(item.get("value") or ""), shown)}
    if item["type"] == CHECKBOX:
        return entry | {"value": bool(value) if present else bool(item.get("default"))}
    required = bool(item.get("required", True))
    values: list[Any] | None = None
    if present and value is not None:
        values = as_list(value) or ([] if isinstance(value, list | tuple) else [value])
    if item["type"] == RADIO:
        chosen = chosen_values(item | {"max_values": 1}, values, resolved, shown, required=required)
        return entry | {"value": chosen[0] if chosen else None}
    return entry | {"values": chosen_values(item, values, resolved, shown, required=required)}


def _text(item: Json, value: str, shown: str) -> str:
    at, low, high = item["custom_id"], item.get("min_length") or 0, item.get("max_length") or 4000
    if not value and not item.get("required", True):
        return value
    if not value.strip():
        raise ClientRefused(Reason.REQUIRED, f"{shown!r} is required", at=at)
    if item.get("style") == 1 and "\n" in value:
        raise ClientRefused(Reason.LINE, f"{shown!r} takes one line", at=at)
    if not low <= len(value) <= high:
        said = f"{shown!r} takes {low} to {high} characters, not {len(value)}"
        raise ClientRefused(Reason.LENGTH, said, at=at, limits=(low, high))
    return value


def chosen_values(select: Json, values: list[Any] | None, resolved: Resolved, shown: str, *, required: bool = True) -> list[str]:
    """Check what a member chose in a select menu and return the values sent.

    `None` leaves the defaults. Raises `ClientRefused`.
    """
    kind = select["type"]
    options: list[Json] = select.get("options") or []
    if values is None:
        if kind in (STRING_SELECT, RADIO, CHECKBOXES):
            values = [option["value"] for option in options if option.get("default")]
        else:
            values = []
    sent = [_one(kind, select, options, value, resolved, shown) for value in values]
    if not sent and not required:
        return sent
    given_low = select.get("min_values")
    low = int(given_low) if given_low is not None else 1
    high = int(select.get("max_values") or (len(options) if kind == CHECKBOXES else 1))
    if len(set(sent)) != len(sent) or not low <= len(sent) <= high:
        raise ClientRefused(Reason.COUNT, f"{shown!r} takes {low} to {high} choices", at=select["custom_id"], limits=(low, high))
    return sent


def _one(kind: int, select: Json, options: list[Json], value: Any, resolved: Resolved, shown: str) -> str:
    if kind in (STRING_SELECT, RADIO, CHECKBOXES):
        for option in options:
            if value in (option["value"], option["label"]):
                return str(option["value"])
        raise ClientRefused(Reason.CHOICE, f"{value!r} is not an option of {shown!r}", at=select["custom_id"])
    if kind == FILE_UPLOAD:
        return resolved.add(value)
    target: Any = getattr(value, "user", value)
    if kind not in SELECTS or not isinstance(target, _KINDS[kind]):
        raise ClientRefused(Reason.TYPE, f"{shown!r} does not take {value!r}", at=select["custom_id"])
    types = select.get("channel_types")
    if isinstance(target, Channel) and types and target.type not in types:
        raise ClientRefused(Reason.TYPE, f"{shown!r} does not take channels of this type", at=select["custom_id"])
    return resolved.add(target)
