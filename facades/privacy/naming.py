"""Find a member in values of any shape, and put the pseudonym in their place."""

import re
from typing import Any


def names(value: Any, user_id: int) -> bool:
    """Tell whether a JSON value names a member anywhere: as a number, or within a text."""
    match value:
        case dict():
            return any(names(key, user_id) or names(inner, user_id) for key, inner in value.items())  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
        case list():
            return any(names(inner, user_id) for inner in value)  # pyright: ignore[reportUnknownVariableType]
        case str():
            return re.search(rf"(?<![0-9]){user_id}(?![0-9])", value) is not None
        case _:
            return type(value) is int and value == user_id


def renamed(value: Any, user_id: int, pseudonym: int, said: str) -> Any:
    """Return a JSON value with a pseudonym for a member, and in texts, where they are mentioned, with `said`."""
    match value:
        case dict():
            return {key: renamed(inner, user_id, pseudonym, said) for key, inner in value.items()}  # pyright: ignore[reportUnknownVariableType]
        case list():
            return [renamed(inner, user_id, pseudonym, said) for inner in value]  # pyright: ignore[reportUnknownVariableType]
        case str():
            if value == str(user_id):
                return str(pseudonym)
            return re.sub(rf"<@!?{user_id}>", lambda _: said, value)
        case _:
            return pseudonym if type(value) is int and value == user_id else value
