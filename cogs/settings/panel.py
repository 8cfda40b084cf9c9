"""`/panel`: connect the Control Panel, with which streamers work through requests."""

from discord import app_commands

from cogs.base import GreenlightCog
from components.boundary import HasApp, Interaction
from components.panel.token import token_answer
from components.replies import answer, think
from facades.panel.issue_token import issue_token
from facades.panel.revoke_token import revoke_token
from util.texts import Text

ISSUE, REVOKE = "issue", "revoke"


class PanelCog(GreenlightCog):
    """The commands `/panel …`."""

    panel = app_commands.Group(name="panel", description="The Control Panel of streamers.")

    @panel.command(name="token")
    @app_commands.choices(action=[app_commands.Choice(name=name, value=name) for name in (ISSUE, REVOKE)])
    async def token(self, interaction: Interaction, action: app_commands.Choice[str]) -> None:
        """Issue or revoke the token of the Control Panel API.

        Answers with the token, which is shown this once, and the address for the panel. Where there is a token already, it asks
        before replacing it. The API is described in docs/api.md.
        """
        actor = await self.actor(interaction)
        settings = await self.app.guild(actor.guild_id)
        if action.value == REVOKE:
            await revoke_token(self.app, actor=actor)
            await answer(interaction, settings.say(Text.PANEL_TOKEN_REVOKED, actor.language))
            return
        # The first token makes the bot listen, for which much has to be loaded.
        await think(interaction)
        said, view = token_answer(await issue_token(self.app, actor=actor), settings, actor.language)
        await answer(interaction, said, view=view)


async def setup(bot: HasApp) -> None:
    """Add the cog to the bot."""
    await bot.add_cog(PanelCog(bot))  # pyright: ignore
