"""An embed that stays within Discord's limits whatever is put into it.

Limits: Discord's reference, "Embed Limits": title 256, description 4,096, 25 fields of 256 + 1,024, 6,000 in all.
"""

from datetime import datetime
from typing import Any

from util.plain_text import fit_plain

TITLE = 256
DESCRIPTION = 4096
FIELD_NAME = 256
FIELD_VALUE = 1024
FIELDS = 25
TOTAL = 6000
LONGEST_NAME = 40
"""Names of fields are the guild's texts; longer ones would take the room of what they name."""
_SMALLEST_CUT = 16


class Card:
    """Collects what an embed shows and makes its JSON. What must not be lost is added first: later parts get what is left."""

    def __init__(self, *, colour: int, title: str) -> None:
        shown = fit_plain(title.strip(), TITLE).strip()
        self._embed: dict[str, Any] = {"color": colour, "fields": []}
        self._left = TOTAL
        if shown:
            self._embed["title"] = shown
            self._left -= len(shown)

    def field(self, name: str, value: str, *, inline: bool = False) -> None:
        """Add a field of ready markdown; one that is empty or has no room left is left out."""
        name, value = name.strip()[:LONGEST_NAME].strip(), value.strip()
        fields: list[dict[str, Any]] = self._embed["fields"]
        fits = 0 < len(value) <= FIELD_VALUE and len(name) + len(value) <= self._left
        if not name or not fits or len(fields) >= FIELDS:
            return
        fields.append({"name": name, "value": value, "inline": inline})
        self._left -= len(name) + len(value)

    def typed_field(self, name: str, typed: str | None, limit: int, *, inline: bool = False) -> None:
        """Add a field of what somebody typed, shortened to `limit` at most."""
        room = min(limit, self._left - min(len(name), LONGEST_NAME), FIELD_VALUE)
        if typed and room >= _SMALLEST_CUT:
            self.field(name, fit_plain(typed.strip(), room), inline=inline)

    def description(self, typed: str, limit: int) -> None:
        """Show what somebody typed above the fields, shortened to what there is room for."""
        room = min(limit, self._left, DESCRIPTION)
        if typed and room >= _SMALLEST_CUT:
            self.ready_description(fit_plain(typed.strip(), room))

    def ready_description(self, shown: str) -> None:
        """Show ready markdown above the fields; the caller sees to it that there is room."""
        if shown.strip():
            self._embed["description"] = shown
            self._left -= len(shown)

    def time(self, moment: datetime) -> None:
        """Show a moment at the foot, in each reader's own time."""
        self._embed["timestamp"] = moment.isoformat()

    def footer(self, text: str) -> None:
        """Show a short text at the foot."""
        shown = text[:100].strip()
        if 0 < len(shown) <= self._left:
            self._embed["footer"] = {"text": shown}
            self._left -= len(shown)

    def payload(self) -> dict[str, Any]:
        """Return the embed in Discord's JSON form."""
        return self._embed
