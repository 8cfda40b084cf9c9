"""Put a checked snapshot in the place of what a database holds."""

from dataclasses import dataclass
from enum import StrEnum

from sqlmodel.ext.asyncio.session import AsyncSession

from db.snapshots.check import CheckedSnapshot


class CardSubject(StrEnum):
    """What a card is about."""

    REQUEST = "request"
    REVIEW = "review"


@dataclass(frozen=True)
class CardToSync:
    """Something whose cards have to be made right after loading. `changed`: it is not what it was before."""

    guild_id: int
    subject: CardSubject
    subject_id: int
    changed: bool


@dataclass(frozen=True)
class Loaded:
    """What was loaded. `guilds`: whose rows were replaced. `cards`: the changed ones come first.

    `moved`: the database was empty, so that everything came over as it was, with what was owed to Discord; no card is to be
    synced then. `renumbered`: the rows got new numbers, because others have theirs.
    """

    rows: int
    guilds: tuple[int, ...]
    cards: tuple[CardToSync, ...]
    moved: bool
    renumbered: bool


async def load_into(session: AsyncSession, checked: CheckedSnapshot) -> Loaded:
    """Replace what a database holds of the snapshot's guild (or everything) inside a writing transaction.

    Raises `DatabaseBusy`; then, as after any other error, the transaction has to be rolled back.
    """
    raise NotImplementedError
