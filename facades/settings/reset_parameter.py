"""Put a parameter of a guild back to its default."""

from config.definitions import definitions
from config.values import encode_value
from db.models import ParameterOverride
from facades.app import App
from facades.settings.set_parameter import SetParameter, current_value
from util.actor import Actor
from util.errors import Refused
from util.identifiers import EventType, Flag, Parameter
from util.phrases import Raw
from util.texts import Text


async def reset_parameter(app: App, *, actor: Actor, key: Parameter) -> SetParameter:
    """Put a parameter back to its default and return the change. Raises `Forbidden`, or `Refused` as `set_parameter` does."""
    actor.require(Flag.ADMIN)
    definition = definitions().parameters[key]
    if not definition.direct:
        raise Refused(Text.PARAMETER_NOT_DIRECT, parameter=Raw(key.value))
    async with app.transaction(actor.guild_id) as tx:
        old = await current_value(tx, key)
        row = await tx.session.get(ParameterOverride, (actor.guild_id, key))
        if row is not None:
            await tx.session.delete(row)
            tx.settings_changed = True
            tx.log(EventType.PARAMETER_RESET, actor.user_id, parameter=key.value, old_value=encode_value(old))
    return SetParameter(key, old, definition.default)
