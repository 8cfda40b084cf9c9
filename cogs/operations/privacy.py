"""`/privacy`: what is stored of a member, as a file, and its erasure."""

import discord
from discord import app_commands

from cogs.base import GreenlightCog
from components.boundary import HasApp, Interaction
from components.privacy.erasure import ask_erasure
from components.replies import answer, think
from facades.privacy.export_member import export_member
from facades.privacy.prepare_erasure import prepare_erasure
from util.texts import Text


class PrivacyCog(GreenlightCog):
    """The group `/privacy`."""

    privacy = app_commands.Group(name="privacy", description="Your data", guild_only=True)

    @privacy.command(name="export")
    async def export(self, interaction: Interaction) -> None:
        """Get what is stored of you on this server as a file.

        Answers with a JSON file, compressed where it would be too large for Discord. Nobody else sees it.
        """
        actor = await self.actor(interaction)
        await think(interaction)
        made = await export_member(self.app, actor=actor, limit=interaction.filesize_limit)
        settings = await self.app.guild(actor.guild_id)
        if made.file is None:
            await answer(interaction, settings.say(Text.PRIVACY_EXPORT_NOTHING, actor.language))
            return
        said = settings.say(Text.PRIVACY_EXPORTED, actor.language, rows=made.rows)
        await answer(interaction, said, uploads=[made.file])

    @privacy.command(name="delete")
    async def delete(self, interaction: Interaction, member: discord.Member | discord.User | None = None) -> None:
        """Have what is stored of you on this server erased.

        Answers what would be erased, what would stay without a name, and asks first. Admins can do it for a member, or for
        somebody who has left, who asked for it.
        """
        actor = await self.actor(interaction)
        await think(interaction)
        found = await prepare_erasure(self.app, actor=actor, user_id=actor.user_id if member is None else member.id)
        await ask_erasure(interaction, await self.app.guild(actor.guild_id), actor, found)


async def setup(bot: HasApp) -> None:
    """Add the cog to the bot."""
    await bot.add_cog(PrivacyCog(bot))  # pyright: ignore
