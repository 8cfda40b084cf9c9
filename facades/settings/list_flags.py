"""Tell which permission flags there are."""

from util.actor import Actor
from util.identifiers import Flag


async def list_flags(*, actor: Actor) -> tuple[Flag, ...]:
    """Return every flag. Raises `Forbidden`."""
    actor.require(Flag.ADMIN)
    return tuple(Flag)
