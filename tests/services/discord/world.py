"""What the tests of the Discord wrapper work with."""

from dataclasses import dataclass

import discord

from sandbox.discord import Application, Message, SandboxDiscord, SandboxGuild
from services.discord import DiscordService


@dataclass
class ServiceWorld:
    """A sandbox with one guild, the connected client and the wrapper around it."""

    server: SandboxDiscord
    guild: SandboxGuild
    application: Application
    client: discord.AutoShardedClient
    service: DiscordService

    @property
    def channel_id(self) -> int:
        """The guild's first channel."""
        return self.guild.general.id

    def messages(self, channel_id: int | None = None) -> list[Message]:
        """Return the messages that stand in a channel."""
        return list(self.server.world.channels[channel_id or self.channel_id].messages.values())
