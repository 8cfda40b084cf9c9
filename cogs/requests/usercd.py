"""`/usercd`: cooldowns and bans of users."""

from typing import ClassVar

import discord
from discord import app_commands

from cog_presets.cooldown import LISTING_TYPES, CooldownCommands, Reason
from cogs.base import GreenlightCog
from components.boundary import HasApp, Interaction
from util.identifiers import CooldownKind, Module

User = discord.Member | discord.User
"""Also somebody who has left: a ban may outlast the membership."""


class UserCooldownCog(GreenlightCog):
    """The group `/usercd`."""

    module: ClassVar[Module | None] = Module.REQUESTS
    usercd = app_commands.Group(name="usercd", description="Cooldowns and bans of users", guild_only=True)

    def __init__(self, bot: HasApp) -> None:
        super().__init__(bot)
        self._commands = CooldownCommands(bot.app, CooldownKind.USER)

    @usercd.command(name="amend")
    async def amend(self, interaction: Interaction, user: User, reason: Reason | None = None) -> None:
        """Remove current cooldown for user.

        Answers which cooldown of the user was lifted. Another's cooldown needs the flag `remove_other_user_bans`.
        """
        await self._commands.amend(interaction, await self.actor(interaction), user.id, reason)

    @usercd.command(name="update")
    async def update(self, interaction: Interaction, user: User, duration: str, reason: Reason | None = None) -> None:
        """Put a user on a cooldown or modify the cooldown this user currently has.

        Answers with the old and the new end. Asks first before it overwrites another's cooldown, which needs the flag
        `remove_other_user_bans`.
        """
        await self._commands.update(interaction, await self.actor(interaction), user.id, duration, reason)

    @usercd.command(name="describe")
    async def describe(self, interaction: Interaction, user: User) -> None:
        """Describe the given user's current cooldown.

        Answers until when the user is on cooldown, who cast it and why, and links the request it came from.
        """
        await self._commands.describe(interaction, await self.actor(interaction), user.id)

    @usercd.command(name="list")
    @app_commands.choices(cooldown_listing_type=LISTING_TYPES)
    async def list(self, interaction: Interaction, cooldown_listing_type: app_commands.Choice[str]) -> None:
        """List users currently on cooldown.

        Answers with the users on cooldown, those that end first at the top, or with those banned, page by page.
        """
        await self._commands.list(interaction, await self.actor(interaction), cooldown_listing_type.value)

    @usercd.command(name="history")
    async def history(self, interaction: Interaction, user: User) -> None:
        """Show a cooldown history for a certain user.

        Answers with every cooldown cast on the user or lifted, from the event log, page by page.
        """
        await self._commands.history(interaction, await self.actor(interaction), user.id)


async def setup(bot: HasApp) -> None:
    """Add the cog to the bot."""
    await bot.add_cog(UserCooldownCog(bot))  # pyright: ignore
