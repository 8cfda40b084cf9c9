"""Gathering of field errors under their paths, and checks of single values."""

from __future__ import annotations

from typing import Any, cast

from ..errors import Json, invalid_form
from ..snowflakes import parse_snowflake

Path = tuple[str | int, ...]


def as_object(value: Any) -> Json | None:
    """Return a JSON object as such, or None when the value is something else."""
    return cast("Json", value) if isinstance(value, dict) else None


def as_list(value: Any) -> list[Any] | None:
    """Return a JSON array as such, or None when the value is something else."""
    return cast("list[Any]", value) if isinstance(value, list) else None


def discord_length(text: str) -> int:
    """Return the length Discord counts: code points."""
    return len(text)


class Checker:
    """Collects what is wrong with a body and raises it all at once."""

    def __init__(self) -> None:
        self.errors: Json = {}

    def add(self, path: Path, code: str, message: str) -> None:
        """Note one error under a path."""
        node = self.errors
        for step in path:
            node = cast("Json", node.setdefault(str(step), {}))
        cast("list[Json]", node.setdefault("_errors", [])).append({"code": code, "message": message})

    def done(self) -> None:
        """Raise 50035 when anything was noted."""
        if self.errors:
            raise invalid_form(self.errors)

    def required(self, path: Path) -> None:
        """Note that a field is missing."""
        self.add(path, "BASE_TYPE_REQUIRED", "This field is required")

    def text(self, path: Path, value: Any, low: int, high: int, *, required: bool = False) -> bool:
        """Check a string's length; absent and null pass unless required. Tell whether a good string is there."""
        if value is None:
            if required:
                self.required(path)
            return False
        if not isinstance(value, str):
            self.add(path, "STRING_TYPE_CONVERT", f'Could not interpret "{value!s:.100}" as string.')
            return False
        length = discord_length(value)
        if length == 0 and low > 0:
            self.required(path)
        elif length > high and low > 1:
            self.add(path, "BASE_TYPE_BAD_LENGTH", f"Must be between {low} and {high} in length.")
        elif length > high:
            self.add(path, "BASE_TYPE_MAX_LENGTH", f"Must be {high} or fewer in length.")
        elif length < low:
            self.add(path, "BASE_TYPE_BAD_LENGTH", f"Must be between {low} and {high} in length.")
        else:
            return True
        return False

    def integer(self, path: Path, value: Any, low: int, high: int, *, required: bool = False) -> bool:
        """Check a whole number's range; absent and null pass unless required. Tell whether a good one is there."""
        if value is None:
            if required:
                self.required(path)
            return False
        if isinstance(value, bool) or not isinstance(value, int):
            self.add(path, "NUMBER_TYPE_COERCE", f'Value "{value!s:.100}" is not int.')
            return False
        if value < low:
            self.add(path, "NUMBER_TYPE_MIN", f"int value should be greater than or equal to {low}.")
            return False
        if value > high:
            self.add(path, "NUMBER_TYPE_MAX", f"int value should be less than or equal to {high}.")
            return False
        return True

    def one_of(self, path: Path, value: Any, allowed: tuple[Any, ...], *, required: bool = False) -> bool:
        """Check that a value is among those allowed; absent passes unless required."""
        if value is None:
            if required:
                self.required(path)
            return False
        if isinstance(value, bool) or value not in allowed:
            shown = ", ".join(str(item) for item in allowed)
            self.add(path, "BASE_TYPE_CHOICES", f"Value must be one of {{{shown}}}.")
            return False
        return True

    def boolean(self, path: Path, value: Any) -> None:
        """Check that a value is absent, true or false."""
        if value is not None and not isinstance(value, bool):
            self.add(path, "BOOLEAN_TYPE_CONVERT", "Must be either true or false.")

    def count(self, path: Path, values: list[Any], low: int, high: int) -> bool:
        """Check how many items a list has."""
        if low <= len(values) <= high:
            return True
        if low == 0:
            self.add(path, "BASE_TYPE_MAX_LENGTH", f"Must be {high} or fewer in length.")
        else:
            self.add(path, "BASE_TYPE_BAD_LENGTH", f"Must be between {low} and {high} in length.")
        return False

    def url(self, path: Path, value: Any, *, schemes: tuple[str, ...] = ("http", "https"), limit: int = 2048) -> None:
        """Check that a value is absent or a URL of an allowed scheme."""
        if not self.text(path, value, 1, limit):
            return
        scheme, found, rest = str(value).partition("://")
        if not found or scheme.lower() not in schemes:
            shown = ", ".join(f"'{item}'" for item in schemes)
            self.add(
                path, "URL_TYPE_INVALID_SCHEME", f'Scheme "{scheme.lower()}" is not supported. Scheme must be one of ({shown}).'
            )
        elif not rest or any(character.isspace() for character in rest):
            self.add(path, "URL_TYPE_INVALID_URL", "Not a well formed URL.")

    def snowflake(self, path: Path, value: Any) -> int | None:
        """Return a valid id, or note that it is none."""
        found = parse_snowflake(value)
        if found is None:
            self.add(path, "NUMBER_TYPE_COERCE", f'Value "{value!s:.100}" is not snowflake.')
        return found

    def objects(self, path: Path, value: Any) -> list[tuple[Path, Json]]:
        """Return the objects in an array with their paths, noting what is none."""
        items = as_list(value)
        if items is None:
            if value is not None:
                self.add(path, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
            return []
        found: list[tuple[Path, Json]] = []
        for index, item in enumerate(items):
            entry = as_object(item)
            if entry is None:
                self.add((*path, index), "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
            else:
                found.append(((*path, index), entry))
        return found
