"""Rules of application commands, their options, choices and translations."""

from __future__ import annotations

import unicodedata
from typing import Any

from ..errors import Json
from .checks import Checker, Path, as_list, as_object

LOCALES = frozenset(
    [
        "id",
        "da",
        "de",
        "en-GB",
        "en-US",
        "es-ES",
        "es-419",
        "fr",
        "hr",
        "it",
        "lt",
        "hu",
        "nl",
        "no",
        "pl",
        "pt-BR",
        "ro",
        "fi",
        "sv-SE",
        "vi",
        "tr",
        "cs",
        "el",
        "bg",
        "ru",
        "uk",
        "hi",
        "th",
        "zh-CN",
        "ja",
        "zh-TW",
        "ko",
    ]
)
SUB_COMMAND, SUB_GROUP, STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER, ATTACHMENT = range(1, 12)
WITH_CHOICES = (STRING, INTEGER, NUMBER)
MOST_CHAT, MOST_CONTEXT = 100, 15
MOST_CHARACTERS = 8000
LARGEST = 1 << 53


def _name_character(character: str) -> bool:
    if character in "-_'":
        return True
    point = ord(character)
    if 0x0900 <= point <= 0x097F or 0x0E00 <= point <= 0x0E7F or 0xA8E0 <= point <= 0xA8FF:
        return unicodedata.category(character) != "Cn"
    return unicodedata.category(character)[0] in "LN"


def valid_name(name: str) -> bool:
    """Tell whether a chat command, option or group may be called so."""
    return 1 <= len(name) <= 32 and name == name.lower() and all(_name_character(item) for item in name)


def check_commands(checker: Checker, commands: list[Any]) -> None:
    """Check a whole list, as a bulk overwrite brings it."""
    seen: set[tuple[int, str]] = set()
    for path, command in checker.objects((), commands):
        check_command(checker, path, command)
        key = (command.get("type") or 1, str(command.get("name")))
        if key in seen:
            checker.add((*path, "name"), "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique")
        seen.add(key)


def check_command(checker: Checker, path: Path, command: Json) -> None:
    """Check one command with everything in it."""
    kind = command.get("type") or 1
    checker.one_of((*path, "type"), kind, (1, 2, 3))
    if kind == 1:
        _name(checker, path, command)
        _description(checker, path, command)
        _options(checker, path, command, depth=0)
        if _characters(command) > MOST_CHARACTERS:
            message = f"Command exceeds maximum size ({MOST_CHARACTERS})"
            checker.add(path, "APPLICATION_COMMAND_TOO_LARGE", message)
    else:
        checker.text((*path, "name"), command.get("name"), 1, 32, required=True)
        if command.get("description"):
            message = "Context menu commands cannot have description"
            checker.add((*path, "description"), "APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION_INVALID", message)
        if command.get("options"):
            message = "Context menu commands cannot have options"
            checker.add((*path, "options"), "APPLICATION_COMMAND_CONTEXT_MENU_OPTIONS_INVALID", message)
        _localized(checker, (*path, "name_localizations"), command.get("name_localizations"), 32, as_name=False)
    needed = command.get("default_member_permissions")
    if needed is not None and not str(needed).isdigit():
        checker.add((*path, "default_member_permissions"), "NUMBER_TYPE_COERCE", f'Value "{needed}" is not int.')
    for index, context in enumerate(as_list(command.get("contexts")) or []):
        checker.one_of((*path, "contexts", index), context, (0, 1, 2))
    for index, place in enumerate(as_list(command.get("integration_types")) or []):
        checker.one_of((*path, "integration_types", index), place, (0, 1))


def _name(checker: Checker, path: Path, item: Json) -> None:
    where = (*path, "name")
    if checker.text(where, item.get("name"), 1, 32, required=True) and not valid_name(item["name"]):
        checker.add(where, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")
    _localized(checker, (*path, "name_localizations"), item.get("name_localizations"), 32, as_name=True)


def _description(checker: Checker, path: Path, item: Json) -> None:
    checker.text((*path, "description"), item.get("description"), 1, 100, required=True)
    _localized(checker, (*path, "description_localizations"), item.get("description_localizations"), 100, as_name=False)


def _localized(checker: Checker, path: Path, value: Any, limit: int, *, as_name: bool) -> None:
    for locale, text in (as_object(value) or {}).items():
        where = (*path, locale)
        if locale not in LOCALES:
            checker.add(where, "ENUM_TYPE_COERCE", f'Value "{locale}" is not a valid enum value.')
        elif checker.text(where, text, 1, limit) and as_name and not valid_name(text):
            checker.add(where, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")


def _options(checker: Checker, path: Path, holder: Json, depth: int) -> None:
    where = (*path, "options")
    options = checker.objects(where, holder.get("options"))
    checker.count(where, options, 0, 25)
    names: set[str] = set()
    optional_seen = False
    kinds = {option.get("type") in (SUB_COMMAND, SUB_GROUP) for _, option in options}
    if kinds == {True, False}:
        message = "Sub-command and sub-command group option types are mutually exclusive to all other types"
        checker.add(where, "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", message)
    for place, option in options:
        _name(checker, place, option)
        _description(checker, place, option)
        name = str(option.get("name"))
        if name in names:
            message = f"Option name {name} already exists in the options list"
            checker.add(place, "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", message)
        names.add(name)
        kind = option.get("type")
        if not checker.one_of((*place, "type"), kind, tuple(range(1, 12)), required=True):
            continue
        if kind in (SUB_COMMAND, SUB_GROUP):
            _nested(checker, place, option, depth)
            continue
        if option.get("required") and optional_seen:
            message = "Required options must be placed before non-required options"
            checker.add(place, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", message)
        optional_seen = optional_seen or not option.get("required")
        _value_option(checker, place, option)


def _nested(checker: Checker, path: Path, option: Json, depth: int) -> None:
    kind = option["type"]
    if depth > 1 or (kind == SUB_GROUP and depth > 0):
        checker.add((*path, "type"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Sub-command options are nested too deeply")
    inner = as_list(option.get("options")) or []
    if kind == SUB_GROUP and (not inner or any((as_object(item) or {}).get("type") != SUB_COMMAND for item in inner)):
        checker.add((*path, "options"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "A group holds sub-commands only")
    if kind == SUB_COMMAND and any((as_object(item) or {}).get("type") in (SUB_COMMAND, SUB_GROUP) for item in inner):
        checker.add((*path, "options"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "A sub-command holds values only")
    _options(checker, path, option, depth + 1)


def _value_option(checker: Checker, path: Path, option: Json) -> None:
    kind = option["type"]
    choices = checker.objects((*path, "choices"), option.get("choices"))
    if choices and kind not in WITH_CHOICES:
        checker.add((*path, "choices"), "APPLICATION_COMMAND_OPTIONS_CHOICES_INVALID", "This option type cannot have choices")
    if option.get("autocomplete") and choices:
        message = "Autocomplete cannot be set if choices are present"
        checker.add(path, "APPLICATION_COMMAND_OPTIONS_CHOICES_AND_AUTOCOMPLETE", message)
    if option.get("autocomplete") and kind not in WITH_CHOICES:
        checker.add((*path, "autocomplete"), "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_INVALID", "This type has no autocomplete")
    check_choices(checker, (*path, "choices"), choices, kind)
    if kind == STRING:
        checker.integer((*path, "min_length"), option.get("min_length"), 0, 6000)
        checker.integer((*path, "max_length"), option.get("max_length"), 1, 6000)
    if kind in (INTEGER, NUMBER):
        low, high = option.get("min_value"), option.get("max_value")
        if isinstance(low, int | float) and isinstance(high, int | float) and low > high:
            checker.add((*path, "min_value"), "APPLICATION_COMMAND_OPTIONS_RANGE_INVALID", "min_value must not exceed max_value")


def check_choices(checker: Checker, path: Path, choices: list[tuple[Path, Json]], kind: int) -> None:
    """Check the choices of an option or of an autocompletion."""
    checker.count(path, choices, 0, 25)
    for where, choice in choices:
        checker.text((*where, "name"), choice.get("name"), 1, 100, required=True)
        _localized(checker, (*where, "name_localizations"), choice.get("name_localizations"), 100, as_name=False)
        value = choice.get("value")
        if kind == STRING:
            checker.text((*where, "value"), value, 1, 100, required=True)
        elif kind == INTEGER:
            checker.integer((*where, "value"), value, -LARGEST, LARGEST, required=True)
        elif isinstance(value, bool) or not isinstance(value, int | float):
            checker.add((*where, "value"), "NUMBER_TYPE_COERCE", f'Value "{value}" is not number.')


def _longest(item: Json, key: str) -> int:
    texts = [item.get(key), *(as_object(item.get(f"{key}_localizations")) or {}).values()]
    return max((len(text) for text in texts if isinstance(text, str)), default=0)


def _characters(item: Json) -> int:
    total = _longest(item, "name") + _longest(item, "description")
    for choice in as_list(item.get("choices")) or []:
        entry = as_object(choice) or {}
        value = entry.get("value")
        total += _longest(entry, "name") + (len(value) if isinstance(value, str) else 0)
    return total + sum(_characters(option) for option in as_list(item.get("options")) or [] if as_object(option) is not None)
