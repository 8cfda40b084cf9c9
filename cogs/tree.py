"""The command tree with the one error boundary."""

from typing import Any

from discord import InteractionType, app_commands

from cogs.base import GreenlightCog
from components.attendance import admit, command_name
from components.boundary import Interaction, answer_error, guarded
from components.option_kinds import first_misfit
from util.command_flags import COMMAND_FLAGS
from util.errors import BadInput, NotFound
from util.texts import Text


class GreenlightTree(app_commands.CommandTree[Any]):
    """The command tree with the one error boundary."""

    async def interaction_check(self, interaction: Interaction, /) -> bool:
        """Take charge of a command, or of suggestions for one, before it runs; refuse options that no client would send."""
        name, command = command_name(interaction), interaction.command
        if not await admit(interaction, name):
            return False
        if interaction.type is not InteractionType.application_command or not isinstance(command, app_commands.Command):
            return True
        wrong = first_misfit(command, dict(interaction.data or {}))
        if wrong is None:
            return True

        async def explain() -> None:
            await _check_may_use(interaction)
            raise BadInput(Text.ERROR_BAD_OPTION, option=wrong[:100])

        await guarded(interaction, name, explain)
        return False

    async def on_error(self, interaction: Interaction, error: app_commands.AppCommandError, /) -> None:
        """Answer an error of a command."""
        name = command_name(interaction)

        async def explain() -> None:
            await _check_may_use(interaction)
            raise _meaning_of(error)

        if isinstance(error, app_commands.TransformerError | app_commands.CommandSignatureMismatch):
            await guarded(interaction, name, explain)
        else:
            await answer_error(interaction, name, _meaning_of(error))


async def _check_may_use(interaction: Interaction) -> None:
    """Raise why somebody may not use a command: only who may is told what is wrong with the options.

    For options that the library itself could not read; past that, the facades check.
    """
    command = interaction.command
    if not isinstance(command, app_commands.Command) or not isinstance(command.binding, GreenlightCog):
        return
    actor = await command.binding.actor(interaction)
    if flags := COMMAND_FLAGS[command.qualified_name]:
        actor.require(*flags)


def _meaning_of(error: app_commands.AppCommandError) -> Exception:
    """Return what an error of the library means in our own terms."""
    match error:
        case app_commands.CommandInvokeError():
            return error.original
        case app_commands.TransformerError():
            return BadInput(Text.ERROR_BAD_OPTION, option=str(error.value)[:100])
        case app_commands.CommandNotFound() | app_commands.CommandSignatureMismatch():
            return NotFound(Text.ERROR_UNKNOWN_ACTION)
        case _:
            return error
