"""The one JSON text of a value, by which the fields of events are compared: `1`, `"1"` and `true` are three values."""

import json
from typing import Any, Final

INDEX_LENGTH: Final = 200


def canonical(value: Any) -> str:
    """Return the one JSON text of a value."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def indexed(value: Any) -> str:
    """Return as much of the JSON text of a value as the index of event fields holds."""
    return canonical(value)[:INDEX_LENGTH]
