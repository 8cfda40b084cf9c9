"""Rules of modals: title, labels, text inputs, selects and the newer inputs."""

from __future__ import annotations

from typing import Any

from ..errors import Json
from .checks import Checker, Path, as_object
from .components import (
    ACTION_ROW,
    CHECKBOX,
    CHECKBOXES,
    FILE_UPLOAD,
    LABEL,
    RADIO,
    SELECTS,
    TEXT_DISPLAY,
    TEXT_INPUT,
    ComponentCheck,
    options,
)

IN_LABEL = (*SELECTS, TEXT_INPUT, FILE_UPLOAD, RADIO, CHECKBOXES, CHECKBOX)
TEXT_LIMIT = 4000


def check_modal(checker: Checker, path: Path, data: Json) -> None:
    """Check the data of a modal."""
    checker.text((*path, "custom_id"), data.get("custom_id"), 1, 100, required=True)
    checker.text((*path, "title"), data.get("title"), 1, 45, required=True)
    where = (*path, "components")
    rows = checker.objects(where, data.get("components"))
    checker.count(where, rows, 1, 5)
    inner = ComponentCheck(checker)
    for place, row in rows:
        if not checker.one_of((*place, "type"), row.get("type"), (ACTION_ROW, TEXT_DISPLAY, LABEL), required=True):
            continue
        if row["type"] == LABEL:
            _label(inner, place, row)
        elif row["type"] == ACTION_ROW:
            _row(inner, place, row)
        else:
            inner.item(place, row)


def _label(inner: ComponentCheck, path: Path, label: Json) -> None:
    checker = inner.checker
    checker.text((*path, "label"), label.get("label"), 1, 45, required=True)
    checker.text((*path, "description"), label.get("description"), 0, 100)
    child = as_object(label.get("component"))
    where = (*path, "component")
    if child is None:
        checker.required(where)
    elif checker.one_of((*where, "type"), child.get("type"), IN_LABEL, required=True):
        _input(inner, where, child, labelled=True)


def _row(inner: ComponentCheck, path: Path, row: Json) -> None:
    children = inner.checker.objects((*path, "components"), row.get("components"))
    inner.checker.count((*path, "components"), children, 1, 1)
    for where, child in children:
        if inner.checker.one_of((*where, "type"), child.get("type"), (TEXT_INPUT, *SELECTS), required=True):
            _input(inner, where, child, labelled=False)


def _input(inner: ComponentCheck, path: Path, item: Json, *, labelled: bool) -> None:
    kind = item["type"]
    if kind in SELECTS:
        inner.select(path, item, in_modal=True)
        return
    inner.custom_id(path, item)
    checker = inner.checker
    if kind == TEXT_INPUT:
        _text_input(checker, path, item, labelled=labelled)
    elif kind == FILE_UPLOAD:
        checker.integer((*path, "min_values"), item.get("min_values"), 0, 10)
        checker.integer((*path, "max_values"), item.get("max_values"), 1, 10)
    elif kind == RADIO:
        options(checker, (*path, "options"), item.get("options"), 2, 10, most=1)
    elif kind == CHECKBOXES:
        options(checker, (*path, "options"), item.get("options"), 1, 10, most=1)


def _text_input(checker: Checker, path: Path, item: Json, *, labelled: bool) -> None:
    checker.one_of((*path, "style"), item.get("style"), (1, 2), required=True)
    label: Any = item.get("label")
    if labelled and label:
        checker.add((*path, "label"), "COMPONENT_LABEL_NOT_ALLOWED", "A text input in a label cannot have its own label")
    elif not labelled:
        checker.text((*path, "label"), label, 1, 45, required=True)
    checker.text((*path, "placeholder"), item.get("placeholder"), 0, 100)
    low, high = item.get("min_length"), item.get("max_length")
    good_low = checker.integer((*path, "min_length"), low, 0, TEXT_LIMIT)
    good_high = checker.integer((*path, "max_length"), high, 1, TEXT_LIMIT)
    if good_low and good_high and isinstance(low, int) and isinstance(high, int) and low > high:
        checker.add((*path, "min_length"), "TEXT_INPUT_COMPONENT_INVALID_LENGTHS", "min_length must not exceed max_length")
    value = item.get("value")
    if checker.text((*path, "value"), value, 0, TEXT_LIMIT) and value:
        least = low if isinstance(low, int) else 0
        most = high if isinstance(high, int) else TEXT_LIMIT
        if not least <= len(str(value)) <= most:
            checker.add((*path, "value"), "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")
