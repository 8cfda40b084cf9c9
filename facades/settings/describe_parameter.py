"""Tell what a parameter is and what it is set to."""

from dataclasses import dataclass

from config.definitions import ParameterDefinition, definitions
from config.guild_settings import GuildSettings
from config.values import ParameterValue
from facades.app import App
from util.actor import Actor
from util.errors import NotFound
from util.identifiers import Flag, Parameter
from util.markdown import shorten
from util.texts import Text

_LONGEST_SHOWN = 100


@dataclass(frozen=True)
class ParameterState:
    """A parameter as it stands in a guild. `is_set`: the guild has given it a value of its own."""

    definition: ParameterDefinition
    value: ParameterValue
    is_set: bool


async def describe_parameter(app: App, *, actor: Actor, name: str) -> ParameterState:
    """Return a parameter of the actor's guild. Raises `Forbidden` or `NotFound`."""
    actor.require(Flag.ADMIN)
    return state_of(find_parameter(name), await app.guild(actor.guild_id))


def find_parameter(name: str) -> Parameter:
    """Return the parameter of a name that somebody typed. Raises `NotFound`."""
    try:
        return Parameter(name.strip().lower())
    except ValueError as error:
        raise NotFound(Text.PARAMETER_UNKNOWN, name=shorten(name, _LONGEST_SHOWN)) from error


def state_of(key: Parameter, settings: GuildSettings) -> ParameterState:
    """Return how a parameter stands in a guild."""
    return ParameterState(definitions().parameters[key], settings.value(key), key in settings.parameters)
