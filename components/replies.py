"""Answers to interactions, whatever state the interaction is in."""

import io
from collections.abc import Iterable
from typing import Any

import discord

from util.datatypes import Upload

NOBODY = discord.AllowedMentions.none()


def view_of(*rows: Iterable[discord.ui.Item[Any]]) -> discord.ui.View:
    """Make a view of rows of components that discord.py does not keep: clicks come through `components.actions.dispatch`."""
    view = discord.ui.View(timeout=None)
    for number, row in enumerate(rows):
        for item in row:
            item.row = number
            view.add_item(item)
    view.stop()
    return view


async def answer(
    interaction: discord.Interaction[Any],
    content: str | None = None,
    *,
    embed: discord.Embed | None = None,
    embeds: list[discord.Embed] | None = None,
    view: discord.ui.View | None = None,
    uploads: Iterable[Upload] = (),
    ephemeral: bool = True,
) -> None:
    """Answer an interaction: the first answer, the end of a deferral, or one message more. Pings nobody.

    An ephemeral answer after everybody was shown "thinking…" takes that away first: it would be seen by all in its place.
    """
    options: dict[str, Any] = {"allowed_mentions": NOBODY}
    if embed is not None or embeds:
        options["embeds"] = embeds or [embed]
    if view is not None:
        options["view"] = view
    files = [discord.File(io.BytesIO(one.data), one.filename, description=one.description) for one in uploads]
    if files:
        options["files"] = files
    if not interaction.response.is_done():
        await interaction.response.send_message(content, ephemeral=ephemeral, **options)
    elif interaction.response.type is discord.InteractionResponseType.deferred_channel_message and not was_finished(interaction):
        interaction.extras["finished"] = True
        if ephemeral and interaction.extras.get("thinks_openly"):
            await interaction.delete_original_response()
            await interaction.followup.send(content or discord.utils.MISSING, ephemeral=True, **options)
            return
        if files:
            options["attachments"] = options.pop("files")
        await interaction.edit_original_response(content=content, **options)
    else:
        await interaction.followup.send(content or discord.utils.MISSING, ephemeral=ephemeral, **options)


def was_finished(interaction: discord.Interaction[Any]) -> bool:
    """Tell whether a deferred interaction has got its answer."""
    return bool(interaction.extras.get("finished"))


async def think(interaction: discord.Interaction[Any], *, ephemeral: bool = True) -> None:
    """Show "thinking…" at once; `answer` replaces it. Not ephemeral: to everybody in the channel."""
    interaction.extras["thinks_openly"] = not ephemeral
    await interaction.response.defer(ephemeral=ephemeral, thinking=True)
