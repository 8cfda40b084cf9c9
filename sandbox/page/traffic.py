"""What goes between bot and Discord, remembered without anything secret, for whoever looks at it."""

from __future__ import annotations

import json
import re
import time
from collections import deque
from collections.abc import Callable
from typing import Any, Final, cast

from sandbox.discord import SandboxDiscord
from sandbox.discord.answers import Answer
from sandbox.discord.errors import Json
from sandbox.discord.interactions import AUTOCOMPLETE, COMMAND, COMPONENT, Interaction
from sandbox.discord.rest import Recorded

KEPT: Final = 500
BATCH: Final = 100
_LONGEST_BODY: Final = 1500
_LONGEST_TEXT: Final = 200
_LONGEST_LIST: Final = 12
_LARGEST_FRAME: Final = 256 * 1024
_HIDDEN: Final = "…"
_SECRET_KEYS: Final = frozenset({"token", "session_id"})
_TOKEN_PATHS: Final = (
    re.compile(r"(?<=^/interactions/)(?P<id>\d+)/[^/]+"),
    re.compile(r"(?<=^/webhooks/)(?P<id>\d+)/[^/]+"),
)
_OPCODES: Final = {
    1: "heartbeat",
    2: "identify",
    3: "presence",
    4: "voice state",
    6: "resume",
    7: "reconnect",
    8: "request members",
    9: "invalid session",
    10: "hello",
    11: "heartbeat acknowledged",
}
_KINDS: Final = {COMMAND: "/{}", COMPONENT: "[{}]", AUTOCOMPLETE: "/{} …"}


class Traffic:
    """A ring of what was last seen. `wake` is called when there is something new."""

    def __init__(self, discord: SandboxDiscord, wake: Callable[[], None]) -> None:
        self._discord = discord
        self._wake = wake
        self._items: deque[Json] = deque(maxlen=KEPT)
        self._pending: dict[int, Interaction] = {}
        self._newest_interaction = max(discord.world.interactions, default=0)
        self.count = 0
        discord.on_answer(self._answered)
        discord.on_frame(self._frame)
        discord.on_change(self._interactions)

    def since(self, seen: int) -> tuple[list[Json], int, int]:
        """Return the next items after the first `seen` ones, how many were forgotten meanwhile, and up to where this goes."""
        first = self.count - len(self._items)
        lost = max(0, first - seen)
        start = max(seen, first) - first
        items = [self._items[place] for place in range(start, min(start + BATCH, len(self._items)))]
        return items, lost, first + start + len(items)

    def _add(self, item: Json) -> None:
        self.count += 1
        self._items.append({"n": self.count, "at": round(time.time(), 3), **item})
        self._wake()

    def _answered(self, record: Recorded, seconds: float) -> None:
        path = shown_path(record.path)
        item: Json = {
            "kind": "rest",
            "direction": "in",
            "name": f"{record.method} {path}",
            "method": record.method,
            "path": path,
            "status": record.status,
            "ms": round(seconds * 1000),
        }
        if record.body is not None:
            item["body"] = self._body(record.body)
        if record.files:
            item["files"] = [name[:100] for name in record.files]
        self._add(item)

    def _frame(self, direction: str, raw: str | bytes) -> None:
        item: Json = {"kind": "gateway", "direction": direction, "name": "large frame"}
        if len(raw) <= _LARGEST_FRAME:
            try:
                decoded: Any = json.loads(raw)
            except ValueError:
                decoded = None
            if isinstance(decoded, dict):
                frame = cast("Json", decoded)
                item["name"] = str(frame.get("t") or _OPCODES.get(cast("int", frame.get("op")), "?"))[:60]
                if frame.get("d") is not None:
                    item["body"] = self._body(frame["d"])
        self._add(item)

    def _interactions(self) -> None:
        newest = self._newest_interaction
        # Newest last: only what came since has to be looked at.
        for key, interaction in reversed(self._discord.world.interactions.items()):
            if key <= newest:
                break
            self._newest_interaction = max(self._newest_interaction, key)
            self._pending[key] = interaction
        for key, interaction in list(self._pending.items()):
            if interaction.callback is not None or interaction.gave_up:
                del self._pending[key]
                self._add(self._interaction(interaction))

    def _interaction(self, interaction: Interaction) -> Json:
        seconds = interaction.acknowledged_after
        return {
            "kind": "interaction",
            "direction": "out",
            "name": _KINDS.get(interaction.type, "form {}").format(interaction.full_name)[:120],
            "user": interaction.user.display_name,
            "ms": None if seconds is None else round(seconds * 1000),
            "answer": Answer(self._discord.world, interaction).kind,
        }

    def _body(self, body: Any) -> str:
        text = json.dumps(shortened(body), ensure_ascii=False)
        for token in self._discord.world.tokens:
            text = text.replace(token, _HIDDEN)
        return text if len(text) <= _LONGEST_BODY else text[:_LONGEST_BODY] + _HIDDEN


def shown_path(path: str) -> str:
    """Return a request's path without the tokens that stand in it."""
    for pattern in _TOKEN_PATHS:
        path = pattern.sub(rf"\g<id>/{_HIDDEN}", path)
    return path[:300]


def shortened(value: Any, depth: int = 0) -> Any:
    """Return a body without secrets, with long texts and lists cut."""
    if isinstance(value, str):
        return value if len(value) <= _LONGEST_TEXT else value[:_LONGEST_TEXT] + _HIDDEN
    if depth > 8:
        return _HIDDEN
    if isinstance(value, dict):
        found = cast("Json", value)
        return {key: _HIDDEN if key in _SECRET_KEYS else shortened(item, depth + 1) for key, item in found.items()}
    if isinstance(value, list):
        listed = cast("list[Any]", value)
        cut = [shortened(item, depth + 1) for item in listed[:_LONGEST_LIST]]
        return [*cut, f"… {len(listed) - _LONGEST_LIST} more"] if len(listed) > _LONGEST_LIST else cut
    return value
