"""How old what is owed to Discord is."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class DueBacklog:
    """What is owed to guilds that this process serves. `oldest_due`: for how long the item due longest has been; None: none is.

    An item that is put off, and what stands behind it, is not due: it is waiting on purpose.
    """

    count: int
    oldest_due: timedelta | None
