"""`/backup`: snapshots of what the bot has stored, saved and taken back."""

import discord
from discord import app_commands

from cogs.base import GreenlightCog
from components.backup.restoring import ask_restore
from components.backup.words import saved_text
from components.boundary import HasApp, Interaction
from components.choices import choices_of
from components.replies import answer, think
from facades.operations.prepare_restore import prepare_restore
from facades.operations.save_backup import save_backup
from util.identifiers import SnapshotScope


class BackupCog(GreenlightCog):
    """The group `/backup`."""

    backup = app_commands.Group(name="backup", description="Snapshots", guild_only=True)

    @backup.command(name="save")
    @app_commands.choices(scope=choices_of(SnapshotScope))
    async def save(self, interaction: Interaction, scope: app_commands.Choice[str] | None = None) -> None:
        """Save a snapshot at once.

        Answers with the snapshot of this server as a file and what is in it; a maintainer of the bot can save everything.
        A file that is too large for Discord is kept, and the maintainers are told where.
        """
        await think(interaction)
        actor = await self.actor(interaction)
        wanted = SnapshotScope.GUILD if scope is None else SnapshotScope(scope.value)
        saved = await save_backup(self.app, actor=actor, scope=wanted, most=interaction.filesize_limit)
        settings = await self.app.guild(actor.guild_id)
        uploads = () if saved.file is None else (saved.file,)
        await answer(interaction, saved_text(saved, settings, actor.language), uploads=uploads)

    @backup.command(name="load")
    async def load(self, interaction: Interaction, file: discord.Attachment) -> None:
        """Put a snapshot in the place of the present state, after asking.

        Answers with why the file is not taken, or with what would be replaced by what; after a yes, with what was loaded
        and the state before as a file.
        """
        await think(interaction)
        actor = await self.actor(interaction)
        asked = await prepare_restore(self.app, actor=actor, url=file.url, size=file.size)
        await ask_restore(interaction, await self.app.guild(actor.guild_id), actor, asked)


async def setup(bot: HasApp) -> None:
    """Add the cog to the bot."""
    await bot.add_cog(BackupCog(bot))  # pyright: ignore
