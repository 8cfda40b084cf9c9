"""Set a parameter of a guild."""

from dataclasses import dataclass

import structlog

from config.definitions import ParameterDefinition, definitions
from config.values import ParameterValue, encode_value, parse_value
from db.models import ParameterOverride
from db.upsert import upsert
from facades.app import App
from facades.settings.describe_parameter import find_parameter
from facades.transaction import Transaction
from services.discord import DiscordError, DiscordGone
from util.actor import Actor
from util.errors import BadInput, Refused
from util.identifiers import EventType, Flag, Parameter, ParameterType
from util.markdown import shorten
from util.phrases import Raw
from util.texts import Text

log = structlog.get_logger()
_LONGEST_TYPED = 150
"""Characters; no value is longer, and refusals quote what was typed."""


@dataclass(frozen=True)
class SetParameter:
    """A parameter's change."""

    key: Parameter
    old: ParameterValue
    new: ParameterValue


class TooShort(BadInput):
    """A duration below the shortest that the parameter takes."""

    def __init__(self, definition: ParameterDefinition, typed: str) -> None:
        super().__init__(
            Text.PRIVACY_RETENTION_TOO_SHORT,
            parameter=Raw(definition.key.value),
            least=definition.least or "",
            value=shorten(typed, _LONGEST_TYPED),
        )


async def set_parameter(app: App, *, actor: Actor, name: str, typed: str) -> SetParameter:
    """Set a parameter to what was typed and return the change; setting the value that it has is no event.

    Raises `Forbidden`, `NotFound` for no parameter of ours, `BadInput` for a value that its type does not take, or `Refused`
    for a parameter that only a command of its own may change.
    """
    actor.require(Flag.ADMIN)
    key = find_parameter(name)
    definition = definitions().parameters[key]
    if not definition.direct:
        raise Refused(Text.PARAMETER_NOT_DIRECT, parameter=Raw(key.value))
    new = parse_value(definition.type, shorten(typed, _LONGEST_TYPED))
    if definition.is_too_short(new):
        raise TooShort(definition, typed)
    if definition.type is ParameterType.ROLE and isinstance(new, int):
        _require_role(app, actor.guild_id, new)
    if definition.type is ParameterType.MEMBER and isinstance(new, int):
        await _require_member(app, actor.guild_id, new)
    async with app.transaction(actor.guild_id) as tx:
        old = await current_value(tx, key)
        row_key = {"guild_id": actor.guild_id, "key": key}
        await upsert(tx.session, ParameterOverride, row_key, {"value": encode_value(new)})
        tx.settings_changed = True
        if new != old:
            fields = {"parameter": key.value, "old_value": encode_value(old), "new_value": encode_value(new)}
            tx.log(EventType.PARAMETER_SET, actor.user_id, **fields)
    return SetParameter(key, old, new)


def _require_role(app: App, guild_id: int, role_id: int) -> None:
    """Raise `BadInput` for a role of another guild, and for @everyone, which no role mention pings."""
    if role_id == guild_id or app.discord.guild_shape(guild_id).role(role_id) is None:
        raise BadInput(Text.ERROR_VALUE_ROLE, value=str(role_id))


async def _require_member(app: App, guild_id: int, user_id: int) -> None:
    """Raise `BadInput` for somebody who is not in the guild; when Discord does not say, they are taken for a member."""
    try:
        await app.discord.member_roles(guild_id, user_id)
    except DiscordGone as error:
        raise BadInput(Text.ERROR_VALUE_MEMBER, value=str(user_id)) from error
    except DiscordError as error:
        log.warning("member_not_checked", guild=guild_id, user=user_id, reason=str(error))


async def current_value(tx: Transaction, key: Parameter) -> ParameterValue:
    """Return a parameter's value as the transaction sees it: the cached one may be a moment old."""
    definition = definitions().parameters[key]
    row = await tx.session.get(ParameterOverride, (tx.guild_id, key))
    return definition.default if row is None else parse_value(definition.type, row.value)
