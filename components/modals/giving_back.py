"""A form that is refused gives back what was typed: nobody shall write a long text twice."""

import contextlib
from collections.abc import AsyncGenerator

import discord

from components.boundary import Interaction, app_of
from components.replies import answer
from util.actor import Actor
from util.errors import UserError
from util.markdown import code_block, shorten
from util.texts import Text

_DESCRIPTION = 4096
_FENCES = 30
_EMBEDS_TOTAL = 5900


@contextlib.asynccontextmanager
async def giving_back(
    interaction: Interaction, actor: Actor, *typed: str, again: discord.ui.View | None = None
) -> AsyncGenerator[None]:
    """Answer a `UserError` of the block with its words and a copyable block of each text that was typed.

    `again`: buttons that open the form anew. Anything else goes on to the boundary, after the texts were given back.
    """
    try:
        yield
    except UserError as error:
        settings = await app_of(interaction).guild(actor.guild_id)
        said = settings.say(error.phrase, actor.language)
        embeds = typed_blocks(typed)
        if embeds:
            said = f"{said}\n{settings.say(Text.FORM_GIVEN_BACK, actor.language)}"
        await answer(interaction, said[:2000], embeds=embeds, view=again)
    except discord.DiscordException:
        # The form was taken; only the answer did not arrive.
        raise
    except Exception:
        settings = await app_of(interaction).guild(actor.guild_id)
        embeds = typed_blocks(typed)
        if embeds:
            with contextlib.suppress(discord.HTTPException):
                await answer(interaction, settings.say(Text.FORM_GIVEN_BACK, actor.language), embeds=embeds, view=again)
        raise


def typed_blocks(typed: tuple[str, ...]) -> list[discord.Embed]:
    """Return an embed with a copyable block for each text that is not blank, all of them within Discord's limits."""
    left = _EMBEDS_TOTAL
    made: list[discord.Embed] = []
    for text in typed:
        room = min(_DESCRIPTION, left) - _FENCES
        if not text.strip() or room < 1:
            continue
        block = code_block(text)
        if len(block) > room + _FENCES:
            block = code_block(shorten(text, room // 2))
        made.append(discord.Embed(description=block))
        left -= len(block)
    return made
