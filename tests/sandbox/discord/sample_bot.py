"""A small bot whose commands and components the tests of interactions use."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands, ui

from .conftest import Bot


class Form(ui.Modal, title="Submit a level"):
    """A modal with a text input, a select and a role select."""

    note: ui.Label[Any] = ui.Label(text="Note", component=ui.TextInput(min_length=3, max_length=20))
    grade: ui.Label[Any] = ui.Label(
        text="Grade",
        component=ui.Select(options=[discord.SelectOption(label="Epic", value="e"), discord.SelectOption(label="Rate")]),
    )
    ping: ui.Label[Any] = ui.Label(text="Ping", component=ui.RoleSelect(required=False, min_values=0))

    async def on_submit(self, interaction: discord.Interaction) -> None:
        """Say what was filled in."""
        roles = ", ".join(role.name for role in self.ping.component.values)
        text = f"{self.note.component.value}/{self.grade.component.values[0]}/{roles}"
        await interaction.response.send_message(text, ephemeral=True)


class Panel(ui.View):
    """A button that opens the form, one that edits, one that is dead, and a select."""

    def __init__(self) -> None:
        super().__init__(timeout=None)

    @ui.button(label="Open", custom_id="open")
    async def open(self, interaction: discord.Interaction, _: Any) -> None:
        """Open the form."""
        await interaction.response.send_modal(Form())

    @ui.button(label="Count", custom_id="count")
    async def tally(self, interaction: discord.Interaction, button: ui.Button[Any]) -> None:
        """Edit the message the button is on."""
        button.label = "Counted"
        await interaction.response.edit_message(content="1", view=self)

    @ui.button(label="Dead", custom_id="dead", disabled=True)
    async def dead(self, interaction: discord.Interaction, _: Any) -> None:
        """Never come here."""

    @ui.select(custom_id="who", cls=ui.UserSelect, placeholder="Who")
    async def who(self, interaction: discord.Interaction, select: ui.UserSelect[Any]) -> None:
        """Defer, then edit the message."""
        await interaction.response.defer()
        await interaction.edit_original_response(content=select.values[0].display_name)


def build() -> Bot:
    """Make a bot with the commands these tests use."""
    bot = Bot()
    _add_plain(bot)
    _add_late_and_silent(bot)
    _add_twice(bot)
    _add_group(bot)
    return bot


def _add_plain(bot: Bot) -> None:
    @bot.tree.command(description="Say hello")
    async def hello(interaction: discord.Interaction, name: app_commands.Range[str, 1, 10]) -> None:
        await interaction.response.send_message(f"Hello {name}")

    @bot.tree.command(description="Show the panel")
    async def panel(interaction: discord.Interaction, secret: bool = False) -> None:
        await interaction.response.send_message("Panel", view=Panel(), ephemeral=secret)


def _add_late_and_silent(bot: Bot) -> None:
    @bot.tree.command(description="Take long")
    async def slow(interaction: discord.Interaction) -> None:
        await interaction.response.defer(ephemeral=True)
        await interaction.followup.send("first")
        await interaction.followup.send("second")

    @bot.tree.command(description="Say nothing")
    async def silent(interaction: discord.Interaction) -> None:
        """Do nothing."""


def _add_twice(bot: Bot) -> None:
    @bot.tree.command(description="Answer twice")
    async def twice(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("one")
        try:
            data = {"type": 4, "data": {"content": "two"}}
            path = "/interactions/{webhook_id}/{webhook_token}/callback"
            route = discord.http.Route("POST", path, webhook_id=interaction.id, webhook_token=interaction.token)
            await bot.http.request(route, json=data)
        except discord.HTTPException as error:
            await interaction.edit_original_response(content=str(error.code))


def _add_group(bot: Bot) -> None:
    group = app_commands.Group(name="level", description="Levels")

    @group.command(description="Find a level")
    async def find(
        interaction: discord.Interaction, query: str, user: discord.Member, page: app_commands.Range[int, 1, 9] = 1
    ) -> None:
        callback = await interaction.response.send_message(f"{query} {user.display_name} {page} {interaction.locale}")
        await interaction.followup.send(str(callback.message_id == (await interaction.original_response()).id))

    @find.autocomplete("query")
    async def complete(_: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=current.upper(), value=current)]

    bot.tree.add_command(group)
