"""Rules of message components, first and second version, and of the inputs they share with modals."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..errors import Json
from .checks import Checker, Path, as_list, as_object
from .emoji import looks_like_emoji

ACTION_ROW, BUTTON, STRING_SELECT, TEXT_INPUT = 1, 2, 3, 4
SELECTS = (3, 5, 6, 7, 8)
SECTION, TEXT_DISPLAY, THUMBNAIL, GALLERY, FILE, SEPARATOR = 9, 10, 11, 12, 13, 14
CONTAINER, LABEL, FILE_UPLOAD, RADIO, CHECKBOXES, CHECKBOX = 17, 18, 19, 21, 22, 23
TOP_LEVEL_V2 = (ACTION_ROW, SECTION, TEXT_DISPLAY, GALLERY, FILE, SEPARATOR, CONTAINER)
IN_CONTAINER = (ACTION_ROW, SECTION, TEXT_DISPLAY, GALLERY, FILE, SEPARATOR)
MOST_V2 = 40
TEXT_V2 = 4000
LARGEST_ID = (1 << 31) - 1


def walk(components: list[Json]) -> Iterator[Json]:
    """Yield every component in a tree, outer before inner."""
    for component in components:
        yield component
        yield from walk(component.get("components") or [])
        for key in ("accessory", "component"):
            inner = as_object(component.get(key))
            if inner is not None:
                yield from walk([inner])


def number(components: list[Json]) -> list[Json]:
    """Give every component without an id the next free one, as Discord does."""
    taken = {item["id"] for item in walk(components) if item.get("id")}
    following = 1
    for item in walk(components):
        if not item.get("id"):
            while following in taken:
                following += 1
            item["id"] = following
            taken.add(following)
    return components


class ComponentCheck:
    """Checks one message's or modal's components and keeps account of what must be unique."""

    def __init__(self, checker: Checker) -> None:
        self.checker = checker
        self._custom_ids: set[str] = set()
        self._ids: set[int] = set()

    def message(self, path: Path, value: Any, *, second_version: bool) -> None:
        """Check the components of a message."""
        rows = self.checker.objects(path, value)
        if not second_version:
            self.checker.count(path, rows, 0, 5)
        for where, row in rows:
            kind = row.get("type")
            if second_version:
                if self.checker.one_of((*where, "type"), kind, TOP_LEVEL_V2, required=True):
                    self.item(where, row)
            elif self.checker.one_of((*where, "type"), kind, (ACTION_ROW,), required=True):
                self.item(where, row)
        if second_version:
            self._totals(path, [row for _, row in rows])

    def _totals(self, path: Path, rows: list[Json]) -> None:
        every = list(walk(rows))
        if len(every) > MOST_V2:
            self.checker.add(path, "BASE_TYPE_MAX_LENGTH", f"The total number of components must be {MOST_V2} or fewer.")
        if sum(len(str(item.get("content") or "")) for item in every if item.get("type") == TEXT_DISPLAY) > TEXT_V2:
            self.checker.add(path, "COMPONENT_MAX_TEXT_SIZE_EXCEEDED", f"Total text must be {TEXT_V2} or fewer in length.")

    def item(self, path: Path, item: Json) -> None:
        """Check one component of any type and what is inside."""
        self._identity(path, item)
        kind = item.get("type")
        if kind == ACTION_ROW:
            self._row(path, item)
        elif kind == BUTTON:
            self._button(path, item)
        elif kind in SELECTS:
            self.select(path, item)
        elif kind == SECTION:
            self._section(path, item)
        elif kind == TEXT_DISPLAY:
            self.checker.text((*path, "content"), item.get("content"), 1, TEXT_V2, required=True)
        elif kind == GALLERY:
            items = self.checker.objects((*path, "items"), item.get("items"))
            self.checker.count((*path, "items"), items, 1, 10)
            for where, entry in items:
                self._media((*where, "media"), entry.get("media"))
                self.checker.text((*where, "description"), entry.get("description"), 0, 1024)
        elif kind == THUMBNAIL:
            self._media((*path, "media"), item.get("media"))
        elif kind == FILE:
            self._media((*path, "file"), item.get("file"), schemes=("attachment",))
        elif kind == SEPARATOR:
            self.checker.one_of((*path, "spacing"), item.get("spacing"), (1, 2))
        elif kind == CONTAINER:
            self._children(path, item, IN_CONTAINER, 1, MOST_V2)
            self.checker.integer((*path, "accent_color"), item.get("accent_color"), 0, 0xFFFFFF)

    def _identity(self, path: Path, item: Json) -> None:
        given = item.get("id")
        if self.checker.integer((*path, "id"), given, 0, LARGEST_ID) and isinstance(given, int) and given:
            if given in self._ids:
                self.checker.add((*path, "id"), "COMPONENT_ID_DUPLICATED", "Component id cannot be duplicated")
            self._ids.add(given)

    def custom_id(self, path: Path, item: Json) -> None:
        """Check a custom id's length and that it is not used twice."""
        value = item.get("custom_id")
        if self.checker.text((*path, "custom_id"), value, 1, 100, required=True):
            if value in self._custom_ids:
                message = "Component custom id cannot be duplicated"
                self.checker.add((*path, "custom_id"), "COMPONENT_CUSTOM_ID_DUPLICATED", message)
            self._custom_ids.add(str(value))

    def _children(self, path: Path, item: Json, allowed: tuple[int, ...], low: int, high: int) -> list[Json]:
        where = (*path, "components")
        children = self.checker.objects(where, item.get("components"))
        self.checker.count(where, children, low, high)
        for place, child in children:
            if self.checker.one_of((*place, "type"), child.get("type"), allowed, required=True):
                self.item(place, child)
        return [child for _, child in children]

    def _row(self, path: Path, row: Json) -> None:
        children = self._children(path, row, (BUTTON, *SELECTS), 1, 5)
        kinds = [child.get("type") for child in children]
        if len(kinds) > 1 and any(kind in SELECTS for kind in kinds):
            message = "The specified component exceeds the maximum width"
            self.checker.add((*path, "components"), "COMPONENT_LAYOUT_WIDTH_EXCEEDED", message)

    def _button(self, path: Path, button: Json) -> None:
        style = button.get("style")
        if not self.checker.one_of((*path, "style"), style, (1, 2, 3, 4, 5, 6), required=True):
            return
        self.checker.text((*path, "label"), button.get("label"), 0, 80)
        self.checker.boolean((*path, "disabled"), button.get("disabled"))
        emoji(self.checker, (*path, "emoji"), button.get("emoji"))
        if style == 5:
            self.checker.url((*path, "url"), button.get("url"), schemes=("http", "https", "discord"), limit=512)
            if not button.get("url"):
                self.checker.add(path, "BUTTON_COMPONENT_LINK_REQUIRED", "A url is required")
            if button.get("custom_id"):
                message = "A custom id and url cannot both be specified"
                self.checker.add(path, "BUTTON_COMPONENT_CUSTOM_ID_AND_URL_EXCLUSIVE", message)
        elif style != 6:
            if button.get("url"):
                message = "A custom id and url cannot both be specified"
                self.checker.add(path, "BUTTON_COMPONENT_CUSTOM_ID_AND_URL_EXCLUSIVE", message)
            self.custom_id(path, button)
        if style != 6 and not button.get("label") and not button.get("emoji"):
            self.checker.add(path, "BUTTON_COMPONENT_INVALID", "A label or emoji is required")

    def _section(self, path: Path, section: Json) -> None:
        self._children(path, section, (TEXT_DISPLAY,), 1, 3)
        accessory = as_object(section.get("accessory"))
        if accessory is None:
            self.checker.required((*path, "accessory"))
        elif self.checker.one_of((*path, "accessory", "type"), accessory.get("type"), (BUTTON, THUMBNAIL), required=True):
            self.item((*path, "accessory"), accessory)

    def _media(self, path: Path, value: Any, schemes: tuple[str, ...] = ("http", "https", "attachment")) -> None:
        media = as_object(value)
        if media is None or not media.get("url"):
            self.checker.required((*path, "url"))
        else:
            self.checker.url((*path, "url"), media["url"], schemes=schemes)

    def select(self, path: Path, select: Json, *, in_modal: bool = False) -> None:
        """Check a select menu."""
        self.custom_id(path, select)
        self.checker.text((*path, "placeholder"), select.get("placeholder"), 0, 150)
        low, high = select.get("min_values"), select.get("max_values")
        good_low = self.checker.integer((*path, "min_values"), low, 0, 25)
        good_high = self.checker.integer((*path, "max_values"), high, 1, 25)
        least: int = low if good_low and isinstance(low, int) else 1
        most: int = high if good_high and isinstance(high, int) else max(1, least if low is not None and high is None else 1)
        if least > most:
            self.checker.add(
                (*path, "min_values"), "SELECT_COMPONENT_INVALID_VALUE_RANGE", "min_values must not exceed max_values"
            )
        if in_modal and select.get("required", True) and low == 0:
            self.checker.add((*path, "min_values"), "COMPONENT_REQUIRED_MIN_VALUES", "A required component needs min_values of 1")
        if in_modal and select.get("disabled"):
            self.checker.add((*path, "disabled"), "COMPONENT_DISABLED_IN_MODAL", "Selects in modals cannot be disabled")
        if select.get("type") == STRING_SELECT:
            options(self.checker, (*path, "options"), select.get("options"), 1, 25, most=most, least=least)
        elif as_list(select.get("options")):
            self.checker.add((*path, "options"), "COMPONENT_OPTIONS_NOT_ALLOWED", "Options are only for string selects")
        defaults = as_list(select.get("default_values"))
        if defaults is not None and not least <= len(defaults) <= most and defaults:
            self.checker.add((*path, "default_values"), "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")


def options(checker: Checker, path: Path, value: Any, low: int, high: int, *, most: int = 25, least: int = 0) -> None:
    """Check the options of a select, radio group or checkbox group."""
    entries = checker.objects(path, value)
    if not checker.count(path, entries, low, high):
        return
    if most > len(entries) or least > len(entries):
        message = f"max_values must not exceed the {len(entries)} options."
        checker.add(path, "SELECT_COMPONENT_TOO_FEW_OPTIONS", message)
    seen: set[str] = set()
    for where, entry in entries:
        checker.text((*where, "label"), entry.get("label"), 1, 100, required=True)
        checker.text((*where, "description"), entry.get("description"), 0, 100)
        emoji(checker, (*where, "emoji"), entry.get("emoji"))
        if checker.text((*where, "value"), entry.get("value"), 1, 100, required=True):
            if entry["value"] in seen:
                message = "The specified option value is already used"
                checker.add((*where, "value"), "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", message)
            seen.add(str(entry["value"]))
    chosen = sum(1 for _, entry in entries if entry.get("default"))
    if chosen > most:
        checker.add(path, "SELECT_COMPONENT_TOO_MANY_DEFAULTS", f"At most {most} options may be chosen by default.")


def emoji(checker: Checker, path: Path, value: Any) -> None:
    """Check a partial emoji: a custom one has an id, another is an emoji character."""
    if value is None:
        return
    found = as_object(value)
    name = found.get("name") if found else None
    if found is None or (not found.get("id") and not looks_like_emoji(str(name or ""))):
        checker.add((*path, "name"), "COMPONENT_INVALID_EMOJI", "Invalid emoji")
