"""What a snapshot says about itself, readable without unpacking it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class GuildRows:
    """A guild in a snapshot; `rows`: how many rows of all tables are its own."""

    guild_id: int
    name: str
    rows: int


@dataclass(frozen=True)
class Manifest:
    """A snapshot's description of itself. `guild_id` None: it holds everything.

    `revision`: of the schema. `size`, `sha256`: of the unpacked database. `greenlight`: the release that made it.
    """

    revision: str
    made_at: datetime
    guild_id: int | None
    guilds: tuple[GuildRows, ...]
    rows: Mapping[str, int]
    greenlight: str
    size: int
    sha256: str

    @property
    def total_rows(self) -> int:
        """Return how many rows all tables have together."""
        return sum(self.rows.values())
