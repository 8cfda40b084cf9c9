"""Tell which of the bot's commands somebody may use."""

from collections.abc import Iterable
from dataclasses import dataclass

from facades.app import App
from util.actor import Actor
from util.command_flags import COMMAND_FLAGS
from util.identifiers import Module


@dataclass(frozen=True)
class OfferedCommand:
    """A command of the bot by its full name, such as `queue close`, with the module that it belongs to."""

    name: str
    module: Module | None = None


async def list_commands(app: App, *, actor: Actor, offered: Iterable[OfferedCommand]) -> tuple[str, ...]:
    """Return the names of those commands that the actor may use here, in the order given."""
    settings = await app.guild(actor.guild_id)
    return tuple(
        command.name
        for command in offered
        if (command.module is None or settings.is_on(command.module)) and _may_use(actor, command.name)
    )


def _may_use(actor: Actor, name: str) -> bool:
    flags = COMMAND_FLAGS[name]
    return not flags or any(actor.has(flag) for flag in flags)
