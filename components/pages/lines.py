"""A list of any length as embeds: lines are never cut in the middle, and long lists go on in further messages."""

from collections.abc import Iterable
from typing import Final

import discord

from components.boundary import Interaction
from components.replies import answer
from util.markdown import shorten

EMBED_DESCRIPTION_LENGTH: Final = 4000
TITLE_LENGTH: Final = 256
COLOUR: Final = 0x5865F2


def pages_of(lines: Iterable[str], limit: int = EMBED_DESCRIPTION_LENGTH) -> list[str]:
    """Join lines into pages of at most `limit` characters; a line longer than a page is shortened."""
    pages: list[str] = []
    page = ""
    for line in lines:
        line = shorten(line, limit)
        if page and len(page) + 1 + len(line) > limit:
            pages.append(page)
            page = line
        else:
            page = f"{page}\n{line}" if page else line
    return [*pages, page] if page else pages


async def answer_lines(interaction: Interaction, title: str, lines: Iterable[str]) -> None:
    """Answer with a titled list, visible to the asker alone, in as many messages as it takes."""
    for number, page in enumerate(pages_of(lines)):
        heading = shorten(title, TITLE_LENGTH) if number == 0 else None
        await answer(interaction, embed=discord.Embed(title=heading, description=page, colour=COLOUR))
