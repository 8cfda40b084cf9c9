"""The points at which the bot's process can be killed: each request to Discord and each commit, before and after its effect."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from sandbox.discord import SandboxDiscord

_NO_PART_OF_A_FLOW = {"guild", "job", "failed_delivery"}
"""Tables that the bot writes at its start and at fixed times."""


@dataclass(frozen=True, order=True)
class Point:
    """Right before or after the n-th thing of a kind in a step of the flow."""

    step: str
    what: str
    number: int
    after: bool

    def __str__(self) -> str:
        """Name the point for people."""
        return f"{self.step}: {'after' if self.after else 'before'} {self.what} #{self.number}"


@dataclass
class Watch:
    """Sees every point pass by, and kills at those that are wanted.

    `kill` ends the process. What passed by in the present flow is in `seen`, where it was killed in `hit`.
    """

    discord: SandboxDiscord
    kill: Callable[[], None]
    guild_id: int = 0
    step: str = ""
    wanted: frozenset[Point] = frozenset()
    seen: dict[Point, None] = field(default_factory=dict[Point, None])
    hit: set[Point] = field(default_factory=set[Point])
    _counts: Counter[str] = field(default_factory=Counter[str])
    _numbers: dict[int, int] = field(default_factory=dict[int, int])

    def __post_init__(self) -> None:
        """Look at all requests."""
        self.discord.on_request(self._on_request)

    def begin(self, guild_id: int, wanted: Iterable[Point]) -> None:
        """Begin a flow in a guild."""
        self.guild_id, self.wanted = guild_id, frozenset(wanted)
        self.seen.clear()
        self.hit.clear()

    def enter(self, step: str) -> None:
        """Begin a step of the flow: numbers begin anew, so that a kill in one step does not shift those of the next."""
        self.step = step
        self._counts.clear()

    def commits(self, tables: str, key: int, *, after: bool) -> bool:
        """Take note of a commit; return whether the process was killed here. `key` binds its two points together."""
        if {item.split()[1] for item in tables.split(", ")} <= _NO_PART_OF_A_FLOW:
            return False
        return self._passes(f"commit ({tables})", -key, after=after)

    def _passes(self, what: str, key: int, *, after: bool) -> bool:
        if not after:
            self._counts[what] += 1
            self._numbers[key] = self._counts[what]
        point = Point(self.step, what, self._numbers.get(key, 0), after)
        self.seen[point] = None
        if point not in self.wanted or point in self.hit:
            return False
        self.hit.add(point)
        self.kill()
        return True

    def _on_request(self, index: int, phase: str, method: str, path: str, _: Any) -> None:
        what = self._name(method, path)
        if what is None or not self._passes(what, index, after=phase == "after") or phase == "after":
            return
        # The process is dead, but its request has arrived here: it shall count as never sent.
        self.discord.faults.drop(f"^{re.escape(path)}$", method=method)

    def _name(self, method: str, path: str) -> str | None:
        """Name a request without the ids in it; None for those that belong to no flow."""
        parts = path.strip("/").split("/")
        world = self.discord.world
        if parts[0] == "channels":
            channel = world.channels.get(int(parts[1]))
            return None if channel is None or channel.guild_id != self.guild_id else f"{method} in #{channel.name}"
        if parts[0] == "interactions":
            interaction = world.interactions.get(int(parts[1]))
            return None if interaction is None else f"first answer to {interaction.user.display_name}"
        if parts[0] == "webhooks":
            interaction = world.interaction_tokens.get(parts[2])
            return None if interaction is None else f"{method} of the answer to {interaction.user.display_name}"
        return None
