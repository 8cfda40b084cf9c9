"""List all parameters."""

from facades.app import App
from facades.settings.describe_parameter import ParameterState, state_of
from util.actor import Actor
from util.identifiers import Flag, Parameter


async def list_parameters(app: App, *, actor: Actor) -> tuple[ParameterState, ...]:
    """Return all parameters as they stand in the actor's guild. Raises `Forbidden`."""
    actor.require(Flag.ADMIN)
    settings = await app.guild(actor.guild_id)
    return tuple(state_of(key, settings) for key in Parameter)
