"""Tell Discord a guild's commands again after it did not take them."""

from datetime import timedelta

from db.queries.jobs import schedule_job
from facades.app import App
from services.discord import DiscordUnavailable

NAME = "resync_commands"
FIRST_PAUSE = timedelta(minutes=1)


async def schedule_resync(app: App, *, guild_id: int) -> None:
    """Put the job into the table; one that is there stays as it is, with its growing pauses."""
    async with app.database.transaction() as session:
        await schedule_job(session, NAME, guild_id, app.now() + FIRST_PAUSE, keep=True)


async def resync_commands(app: App, guild_id: int) -> None:
    """Sync a guild's commands. Raises `DiscordUnavailable` when Discord still does not take them, so that the job is repeated.

    The guild's settings are read anew: another process may have loaded a snapshot.
    """
    app.guilds.drop(guild_id)
    if not await app.commands_changed(guild_id):
        raise DiscordUnavailable("Discord did not take the commands")
