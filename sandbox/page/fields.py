"""The fields of a request over the web socket, and how it is refused in words."""

from __future__ import annotations

from typing import Any, cast

from sandbox.discord.errors import Json
from sandbox.discord.snowflakes import parse_snowflake


class Refusal(Exception):
    """A request that is not done: words for a person, a code for the page, places in a form."""

    def __init__(self, text: str, code: str = "refused", places: list[Json] | None = None) -> None:
        super().__init__(text)
        self.text = text
        self.code = code
        self.places = places

    def body(self) -> Json:
        """Return the answer that says so."""
        found: Json = {"ok": False, "error": self.text, "code": self.code}
        return found | {"places": self.places} if self.places else found


class Fields:
    """What stands in a request. Everything raises `Refusal` for a value that is missing or of another kind."""

    def __init__(self, data: Json) -> None:
        self._data = data

    def text(self, name: str, *, longest: int = 4000) -> str:
        """Return a text."""
        value = self._data.get(name)
        if not isinstance(value, str) or len(value) > longest:
            raise Refusal(f"The request needs a text called {name!r}.", "malformed")
        return value

    def id(self, name: str) -> int:
        """Return an id."""
        found = parse_snowflake(self._data.get(name))
        if found is None:
            raise Refusal(f"The request needs an id called {name!r}.", "malformed")
        return found

    def maybe_id(self, name: str) -> int | None:
        """Return an id, or None when there is none."""
        return None if self._data.get(name) is None else self.id(name)

    def flag(self, name: str) -> bool:
        """Return yes or no."""
        value = self._data.get(name)
        if not isinstance(value, bool):
            raise Refusal(f"The request needs true or false as {name!r}.", "malformed")
        return value

    def mapping(self, name: str) -> Json:
        """Return an object, empty when there is none."""
        value = self._data.get(name, {})
        if not isinstance(value, dict):
            raise Refusal(f"The request needs an object called {name!r}.", "malformed")
        return cast("Json", value)

    def values(self, name: str) -> list[Any]:
        """Return a list, empty when there is none."""
        value = self._data.get(name, [])
        if not isinstance(value, list) or len(cast("list[Any]", value)) > 100:
            raise Refusal(f"The request needs a list called {name!r}.", "malformed")
        return cast("list[Any]", value)

    def ids(self, name: str) -> list[int]:
        """Return a list of ids, empty when there is none."""
        found = [parse_snowflake(value) for value in self.values(name)]
        if None in found:
            raise Refusal(f"The request needs a list of ids called {name!r}.", "malformed")
        return [value for value in found if value is not None]
