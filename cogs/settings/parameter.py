"""`/parameter`: see and change how the bot behaves in a guild."""

from discord import app_commands

from cogs.base import GreenlightCog
from components.autocomplete import suggestions
from components.boundary import HasApp, Interaction
from components.pages.lines import answer_lines
from components.pages.turning import PagedList, answer_list
from components.replies import answer, think
from components.settings.parameters import details_text, reset_text, set_text, suggest_parameters, suggest_values
from facades.settings.describe_parameter import describe_parameter
from facades.settings.reset_parameter import reset_parameter
from facades.settings.set_parameter import set_parameter
from util.texts import Text


class ParameterCog(GreenlightCog):
    """The commands `/parameter …`."""

    parameter = app_commands.Group(name="parameter", description="Parameters: how the bot behaves on this server.")

    @parameter.command(name="describe")
    @app_commands.autocomplete(parameter=suggestions(suggest_parameters))
    async def describe(self, interaction: Interaction, parameter: str) -> None:
        """View details about a parameter.

        Answers with the parameter's purpose, type, present value and default.
        """
        actor = await self.actor(interaction)
        found = await describe_parameter(self.app, actor=actor, name=parameter)
        settings = await self.app.guild(actor.guild_id)
        title = settings.label(Text.PARAMETER_DESCRIBE_TITLE, actor.language, parameter=found.definition.key.value)
        await answer_lines(interaction, title, [details_text(found, settings, actor.language)])

    @parameter.command(name="list")
    async def list(self, interaction: Interaction) -> None:
        """List all available parameters.

        Answers with all parameters and their values.
        """
        await answer_list(interaction, await self.actor(interaction), PagedList.PARAMETERS)

    @parameter.command(name="reset")
    @app_commands.autocomplete(parameter=suggestions(suggest_parameters))
    async def reset(self, interaction: Interaction, parameter: str) -> None:
        """Reset a parameter's value to its default.

        Answers with the old value and the default, which holds from now on.
        """
        actor = await self.actor(interaction)
        changed = await reset_parameter(self.app, actor=actor, name=parameter)
        await answer(interaction, reset_text(changed, await self.app.guild(actor.guild_id), actor.language))

    @parameter.command(name="set")
    @app_commands.autocomplete(parameter=suggestions(suggest_parameters), new_value=suggestions(suggest_values))
    async def set(self, interaction: Interaction, parameter: str, new_value: str) -> None:
        """Update a parameter's value.

        Answers with the old and the new value, or why the value does not fit. The queue is closed and opened by its own
        commands.
        """
        actor = await self.actor(interaction)
        await think(interaction)
        changed = await set_parameter(self.app, actor=actor, name=parameter, typed=new_value)
        await answer(interaction, set_text(changed, await self.app.guild(actor.guild_id), actor.language))


async def setup(bot: HasApp) -> None:
    """Add the cog to the bot."""
    await bot.add_cog(ParameterCog(bot))  # pyright: ignore
