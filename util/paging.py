"""Pages of long lists: a page begins at a row's key and not at an offset, so every page costs the same."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Generic, TypeVar

Row = TypeVar("Row")
Other = TypeVar("Other")


class Where(StrEnum):
    """Which page of a list is wanted."""

    FIRST = "first"
    BEFORE = "before"
    AFTER = "after"
    LAST = "last"
    AT = "at"


@dataclass(frozen=True)
class Cursor:
    """A place in a list. `key` is a row's key as text: `BEFORE` and `AFTER` leave that row out, `AT` begins with it."""

    where: Where = Where.FIRST
    key: str = ""


FIRST_PAGE = Cursor()


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows of a list in its order, with the keys of the first and the last, and whether there is more on either side."""

    rows: tuple[Row, ...]
    first_key: str = ""
    last_key: str = ""
    has_before: bool = False
    has_after: bool = False

    def map(self, change: Callable[[Row], Other]) -> "Page[Other]":
        """Return the same page with each row turned into something else."""
        return Page(tuple(change(row) for row in self.rows), self.first_key, self.last_key, self.has_before, self.has_after)

    def fitting(self, cursor: Cursor, room: int, length: Callable[[Row], int], key: Callable[[Row], str]) -> "Page[Row]":
        """Return as many of the rows as fit together into some room, one at least, from the end at which the page was entered."""
        backwards = cursor.where in {Where.BEFORE, Where.LAST}
        kept: list[Row] = []
        for row in reversed(self.rows) if backwards else self.rows:
            room -= length(row)
            if kept and room < 0:
                break
            kept.append(row)
        if len(kept) == len(self.rows):
            return self
        if backwards:
            kept.reverse()
            return Page(tuple(kept), key(kept[0]), self.last_key, True, self.has_after)
        return Page(tuple(kept), self.first_key, key(kept[-1]), self.has_before, True)


def page_of_all(rows: tuple[Row, ...], cursor: Cursor, size: int, key: Callable[[Row], str]) -> Page[Row]:
    """Cut a page out of a list that is in memory as a whole; `key` names a row, and rows keep their order."""
    keys = [key(row) for row in rows]
    match cursor.where:
        case Where.FIRST:
            start = 0
        case Where.LAST:
            start = max(0, (len(rows) - 1) // size * size)
        case Where.AT:
            start = keys.index(cursor.key) if cursor.key in keys else 0
        case Where.AFTER:
            start = keys.index(cursor.key) + 1 if cursor.key in keys else 0
        case Where.BEFORE:
            end = keys.index(cursor.key) if cursor.key in keys else size
            start = max(0, end - size)
    shown = rows[start : start + size]
    page = Page(shown, has_before=start > 0, has_after=start + size < len(rows))
    return replace(page, first_key=key(shown[0]), last_key=key(shown[-1])) if shown else page
