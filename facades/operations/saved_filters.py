"""Log filters that a guild keeps: their names, and how one is found."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from db.models import SavedFilter
from facades.operations.log_filter import LogFilter, fingerprint
from util.errors import BadInput, NotFound
from util.markdown import strip_controls
from util.texts import Text

LONGEST_NAME: Final = 50
"""A name must fit into a `custom_id` with what else stands there."""
_COLON_IN_IDS: Final = "\ue000"
_NOT_IN_NAMES = re.compile(f"[{_COLON_IN_IDS}]")


class FilterNotFound(NotFound):
    """The guild has no filter of this name."""

    def __init__(self, name: str) -> None:
        super().__init__(Text.LOG_FILTER_NOT_FOUND, name=name[:100])


@dataclass(frozen=True)
class KeptFilter:
    """A saved filter. `version` changes with everything about it."""

    name: str
    filter: LogFilter
    saved_by: int
    saved_at: datetime

    @property
    def version(self) -> str:
        """A short text by which it is known whether the filter is still the same."""
        return fingerprint(self.filter, self.name, self.saved_by, self.saved_at.isoformat())

    @property
    def key(self) -> str:
        """The name as it stands in custom ids."""
        return key_of_name(self.name)


def key_of_name(name: str) -> str:
    """Write a name so that it can stand in a `custom_id`, where colons separate."""
    return name.replace(":", _COLON_IN_IDS)


def name_of_key(key: str) -> str:
    """Read a name that stood in a `custom_id`."""
    return key.replace(_COLON_IN_IDS, ":")


def read_name(typed: str) -> str:
    """Return the name that somebody gives to a filter, with single spaces. Raises `BadInput`."""
    name = " ".join(_NOT_IN_NAMES.sub("", strip_controls(typed)).split())
    if not 1 <= len(name) <= LONGEST_NAME:
        raise BadInput(Text.LOG_BAD_NAME, most=LONGEST_NAME)
    return name


def kept(row: SavedFilter) -> KeptFilter:
    """Return a row as a value."""
    return KeptFilter(row.name, LogFilter.from_json(row.filter), row.saved_by, row.saved_at)


async def find_saved(session: AsyncSession, guild_id: int, name: str) -> KeptFilter | None:
    """Return a guild's filter by its name."""
    row = await session.get(SavedFilter, (guild_id, name))
    return None if row is None else kept(row)


async def get_saved(session: AsyncSession, guild_id: int, typed: str) -> KeptFilter:
    """Return a guild's filter by its name as somebody typed it. Raises `FilterNotFound`."""
    name = " ".join(strip_controls(typed).split())
    found = await find_saved(session, guild_id, name)
    if found is None:
        raise FilterNotFound(name)
    return found


async def all_saved(session: AsyncSession, guild_id: int) -> list[KeptFilter]:
    """Return a guild's filters by name."""
    query = select(SavedFilter).where(col(SavedFilter.guild_id) == guild_id)
    return sorted((kept(row) for row in (await session.exec(query)).all()), key=lambda one: one.key)
