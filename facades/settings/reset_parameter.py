"""Put a parameter of a guild back to its default."""

from config.definitions import definitions
from config.values import encode_value
from db.models import ParameterOverride
from facades.app import App
from facades.settings.describe_parameter import find_parameter
from facades.settings.set_parameter import SetParameter, current_value
from facades.settings.value_words import value_words
from util.actor import Actor
from util.errors import Conflict, Refused
from util.identifiers import EventType, Flag
from util.phrases import Raw
from util.texts import Text


async def reset_parameter(app: App, *, actor: Actor, name: str) -> SetParameter:
    """Put a parameter back to its default and return the change.

    Raises `Forbidden`, `Conflict` when the guild has set nothing, or `NotFound` and `Refused` as `set_parameter` does.
    """
    actor.require(Flag.ADMIN)
    key = find_parameter(name)
    definition = definitions().parameters[key]
    if not definition.direct:
        raise Refused(Text.PARAMETER_NOT_DIRECT, parameter=Raw(key.value))
    async with app.transaction(actor.guild_id) as tx:
        old = await current_value(tx, key)
        row = await tx.session.get(ParameterOverride, (actor.guild_id, key))
        if row is None:
            raise Conflict(Text.PARAMETER_RESET_ALREADY, parameter=Raw(key.value), value=value_words(key, old))
        await tx.session.delete(row)
        tx.settings_changed = True
        fields = {"parameter": key.value, "old_value": encode_value(old), "new_value": encode_value(definition.default)}
        tx.log(EventType.PARAMETER_RESET, actor.user_id, **fields)
    return SetParameter(key, old, definition.default)
