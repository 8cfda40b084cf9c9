"""What a snapshot says about itself, readable without unpacking it."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from db.snapshots.errors import BadSnapshot, Refusal

_REVISION = re.compile(r"[0-9A-Za-z_]{1,32}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_LARGEST = 2**63 - 1
_LONGEST_NAME = 200


@dataclass(frozen=True)
class GuildRows:
    """A guild in a snapshot; `rows`: how many rows of all tables are its own."""

    guild_id: int
    name: str
    rows: int


@dataclass(frozen=True)
class Manifest:
    """A snapshot's description of itself. `guild_id` None: it holds everything.

    `revision`: of the schema. `release`: of the bot that made it. `size`, `sha256`: of the unpacked database. Names are as
    they stand in the file: whoever shows them has to expect control characters.
    """

    revision: str
    made_at: datetime
    guild_id: int | None
    guilds: tuple[GuildRows, ...]
    rows: Mapping[str, int]
    release: str
    size: int
    sha256: str

    @property
    def total_rows(self) -> int:
        """Return how many rows all tables have together."""
        return sum(self.rows.values())

    def to_bytes(self) -> bytes:
        """Write it as one line of JSON."""
        written: dict[str, Any] = {
            "revision": self.revision,
            "made_at": self.made_at.astimezone(UTC).isoformat(),
            "guild_id": self.guild_id,
            "guilds": [[guild.guild_id, guild.name, guild.rows] for guild in self.guilds],
            "rows": dict(self.rows),
            "release": self.release,
            "size": self.size,
            "sha256": self.sha256,
        }
        return json.dumps(written, separators=(",", ":")).encode("ascii")

    @classmethod
    def from_bytes(cls, line: bytes) -> "Manifest":
        """Read it again. Raises `BadSnapshot` for anything that `to_bytes` does not write."""
        try:
            return cls._from_json(json.loads(line.decode("ascii")))
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError) as error:
            raise BadSnapshot(Refusal.DAMAGED, f"its description cannot be read ({type(error).__name__})") from error

    @classmethod
    def _from_json(cls, given: Any) -> "Manifest":
        made_at = datetime.fromisoformat(given["made_at"])
        if made_at.utcoffset() is None:
            raise ValueError("made_at is naive")
        return cls(
            revision=_matching(_REVISION, given["revision"]),
            made_at=made_at.astimezone(UTC),
            guild_id=None if given["guild_id"] is None else _natural(given["guild_id"]),
            guilds=tuple(GuildRows(_natural(number), _short(name), _natural(rows)) for number, name, rows in given["guilds"]),
            rows={_matching(_REVISION, table): _natural(rows) for table, rows in given["rows"].items()},
            release=_short(given["release"]),
            size=_natural(given["size"]),
            sha256=_matching(_SHA256, given["sha256"]),
        )


def _natural(value: Any) -> int:
    if type(value) is not int or not 0 <= value <= _LARGEST:
        raise ValueError("not a natural number")
    return value


def _short(value: Any) -> str:
    if not isinstance(value, str) or len(value) > _LONGEST_NAME:
        raise ValueError("not a short text")
    value.encode("utf-8")
    return value


def _matching(pattern: re.Pattern[str], value: Any) -> str:
    if not isinstance(value, str) or pattern.fullmatch(value) is None:
        raise ValueError("not in its form")
    return value
