"""`/levelcd`: cooldowns and bans of levels."""

from typing import ClassVar

from discord import app_commands

from cog_presets.cooldown import LISTING_TYPES, CooldownCommands, Reason, held_and_pending_levels, held_levels
from cogs.base import GreenlightCog
from components.autocomplete import suggestions
from components.boundary import HasApp, Interaction
from facades.requests.request_rules import LEAST_LEVEL_ID, MOST_LEVEL_ID
from util.identifiers import CooldownKind, Module

LevelId = app_commands.Range[int, LEAST_LEVEL_ID, MOST_LEVEL_ID]


class LevelCooldownCog(GreenlightCog):
    """The group `/levelcd`."""

    module: ClassVar[Module | None] = Module.REQUESTS
    levelcd = app_commands.Group(name="levelcd", description="Cooldowns and bans of levels", guild_only=True)

    def __init__(self, bot: HasApp) -> None:
        super().__init__(bot)
        self._commands = CooldownCommands(bot.app, CooldownKind.LEVEL)

    @levelcd.command(name="amend")
    @app_commands.autocomplete(level_id=suggestions(held_levels, int))
    async def amend(self, interaction: Interaction, level_id: LevelId, reason: Reason | None = None) -> None:
        """Remove current cooldown for level.

        Answers which cooldown of the level was lifted. Another's cooldown needs the flag `remove_other_level_bans`.
        """
        await self._commands.amend(interaction, await self.actor(interaction), level_id, reason)

    @levelcd.command(name="update")
    @app_commands.autocomplete(level_id=suggestions(held_and_pending_levels, int))
    async def update(self, interaction: Interaction, level_id: LevelId, duration: str, reason: Reason | None = None) -> None:
        """Put a level on a cooldown or modify the cooldown this level currently has.

        Answers with the old and the new end. Asks first before it overwrites another's cooldown, which needs the flag
        `remove_other_level_bans`.
        """
        await self._commands.update(interaction, await self.actor(interaction), level_id, duration, reason)

    @levelcd.command(name="describe")
    @app_commands.autocomplete(level_id=suggestions(held_levels, int))
    async def describe(self, interaction: Interaction, level_id: LevelId) -> None:
        """Describe the given level's current cooldown.

        Answers until when the level is on cooldown, who cast it and why, and links the request it came from.
        """
        await self._commands.describe(interaction, await self.actor(interaction), level_id)

    @levelcd.command(name="list")
    @app_commands.choices(cooldown_listing_type=LISTING_TYPES)
    async def list(self, interaction: Interaction, cooldown_listing_type: app_commands.Choice[str]) -> None:
        """List levels currently on cooldown.

        Answers with the levels on cooldown, those that end first at the top, or with those banned, page by page.
        """
        await self._commands.list(interaction, await self.actor(interaction), cooldown_listing_type.value)

    @levelcd.command(name="history")
    @app_commands.autocomplete(level_id=suggestions(held_and_pending_levels, int))
    async def history(self, interaction: Interaction, level_id: LevelId) -> None:
        """Show a cooldown history for a certain level.

        Answers with every cooldown cast on the level or lifted, from the event log, page by page.
        """
        await self._commands.history(interaction, await self.actor(interaction), level_id)


async def setup(bot: HasApp) -> None:
    """Add the cog to the bot."""
    await bot.add_cog(LevelCooldownCog(bot))  # pyright: ignore
