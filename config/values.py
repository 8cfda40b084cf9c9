"""The values of parameters: what a person types for each type, and how it is stored."""

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from config.texts import catalogue
from util.durations import BadDuration, Duration, encode_duration, parse_duration
from util.errors import BadInput
from util.identifiers import ParameterType
from util.texts import Text

ParameterValue = int | bool | Duration | str | None
MAX_NUMBER = 2**31 - 1
_TRUE = frozenset({"true", "t", "yes", "y"})
_FALSE = frozenset({"false", "f", "no", "n"})
_ROLE = re.compile(r"(?:<@&)?(\d{15,20})>?")
_MEMBER = re.compile(r"(?:<@!?)?(\d{15,20})>?")


def _number(typed: str, least: int, refusal: Text) -> int:
    if not (typed.isascii() and typed.isdigit()) or len(typed) > 10 or not least <= int(typed) <= MAX_NUMBER:
        raise BadInput(refusal, value=typed)
    return int(typed)


def _boolean(typed: str) -> bool:
    if typed.lower() in _TRUE:
        return True
    if typed.lower() in _FALSE:
        return False
    raise BadInput(Text.ERROR_VALUE_BOOL, value=typed)


def _duration(typed: str) -> Duration:
    try:
        return parse_duration(typed)
    except BadDuration as error:
        raise BadInput(Text.ERROR_VALUE_DURATION, value=typed) from error


def _mentioned(typed: str, form: re.Pattern[str], refusal: Text) -> int | None:
    if typed.lower() in {"none", "unset"}:
        return None
    match = form.fullmatch(typed)
    if match is None:
        raise BadInput(refusal, value=typed)
    return int(match[1])


def _language(typed: str) -> str:
    if typed not in catalogue().languages:
        raise BadInput(Text.ERROR_VALUE_LANGUAGE, value=typed, known=", ".join(catalogue().languages))
    return typed


@cache
def time_zones() -> Mapping[str, str]:
    """Return the IANA names of all time zones by their folded form, from the pinned package: the same ones on every machine."""
    names = (files("tzdata") / "zones").read_text("utf-8").split()
    return {name.casefold(): name for name in names if name != "Factory"}


def _time_zone(typed: str) -> str:
    name = time_zones().get(typed.casefold().replace(" ", "_"))
    if name is None:
        raise BadInput(Text.ERROR_VALUE_TIMEZONE, value=typed)
    return name


def parse_value(kind: ParameterType, typed: str) -> ParameterValue:
    """Return what a typed value means for a type. Raises `BadInput` with the reason."""
    typed = typed.strip()
    match kind:
        case ParameterType.NATURAL:
            return _number(typed, 1, Text.ERROR_VALUE_NATURAL)
        case ParameterType.UINT:
            return _number(typed, 0, Text.ERROR_VALUE_UINT)
        case ParameterType.BOOL:
            return _boolean(typed)
        case ParameterType.DURATION:
            return _duration(typed)
        case ParameterType.ROLE:
            return _mentioned(typed, _ROLE, Text.ERROR_VALUE_ROLE)
        case ParameterType.MEMBER:
            return _mentioned(typed, _MEMBER, Text.ERROR_VALUE_MEMBER)
        case ParameterType.LANGUAGE:
            return _language(typed)
        case ParameterType.TIMEZONE:
            return _time_zone(typed)


def encode_value(value: ParameterValue) -> str:
    """Return the stored form of a value; `parse_value` of it gives the value back."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Duration):
        return encode_duration(value)
    return "none" if value is None else str(value)
