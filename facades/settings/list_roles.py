"""Tell which roles grant which permission flags."""

from facades.app import App
from util.actor import Actor
from util.identifiers import Flag


async def list_roles(app: App, *, actor: Actor) -> tuple[tuple[int, tuple[Flag, ...]], ...]:
    """Return every role that grants something, with its flags. Raises `Forbidden`."""
    actor.require(Flag.ADMIN)
    bindings = (await app.guild(actor.guild_id)).bindings
    roles = sorted({role_id for _, role_id in bindings})
    return tuple((role_id, tuple(flag for flag in Flag if (flag, role_id) in bindings)) for role_id in roles)
