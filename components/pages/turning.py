"""Turn the pages of a list: the buttons, and the registry of lists that can be turned.

A list is a coroutine function that renders one page; it is called again for every turn, with everything it needs in the
buttons' custom ids, so pages can be turned after a restart, and rights are checked anew each time.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

import discord

from components.actions import LARGEST_ID, ButtonAction, UnknownAction
from components.boundary import Interaction, app_of
from components.replies import answer, view_of
from config.guild_settings import GuildSettings
from facades.app import App
from util.actor import Actor
from util.errors import Forbidden, NotFound
from util.paging import FIRST_PAGE, Cursor, Page, Where
from util.texts import Text

COLOUR = 0x5865F2


class PagedList(StrEnum):
    """The lists that are turned page by page; short values, because they stand in custom ids."""

    EVENTS = "ev"
    FILTERS = "fl"
    USER_COOLDOWNS = "uc"
    LEVEL_COOLDOWNS = "lc"
    USER_COOLDOWN_HISTORY = "uh"
    LEVEL_COOLDOWN_HISTORY = "lh"
    QUEUE_HISTORY = "qh"
    REVIEWS_OF_LEVEL = "rl"
    REVIEWS_OF_USER = "ru"
    TEXTS = "tx"
    PARAMETERS = "pa"
    ROUTES = "ro"


@dataclass(frozen=True)
class Sheet:
    """A rendered page: its title, its entries as paragraphs, and the page of rows behind it. `empty`: said when there is none.

    `continued`: the rest of an only entry that is too long for one embed (4,096 characters; a message's embeds hold 6,000).
    """

    title: str
    entries: tuple[str, ...]
    page: Page[Any]
    empty: str = ""
    separator: str = "\n"
    continued: str = ""


Render: TypeAlias = Callable[[App, Actor, str, Cursor], Awaitable[Sheet]]
_LISTS: dict[PagedList, Render] = {}


def paged_list(kind: PagedList) -> Callable[[Render], Render]:
    """Register the function that renders a list: it is given app, actor, the list's argument and the cursor."""

    def register(render: Render) -> Render:
        if kind in _LISTS:
            raise TypeError(f"{kind!r} is rendered by two functions")
        _LISTS[kind] = render
        return render

    return register


@dataclass(frozen=True)
class PageButton(ButtonAction, prefix="page"):
    """Turns to another page. `number` counts pages from the front (1 is the first) or, below zero, from the end."""

    kind: PagedList
    argument: str
    where: Where
    key: str
    number: int

    async def act(self, interaction: Interaction, actor: Actor) -> None:
        """Show the page in place of the one that is shown. Raises `Forbidden` for anybody but the one who asked for the list."""
        message = interaction.message
        asked_by = message.interaction_metadata if message else None
        if asked_by is not None and asked_by.user.id != actor.user_id:
            raise Forbidden(Text.PAGE_NOT_YOURS)
        embeds, view = await _draw(app_of(interaction), actor, self)
        await interaction.response.edit_message(embeds=embeds, view=view)


async def answer_list(
    interaction: Interaction, actor: Actor, kind: PagedList, argument: str = "", *, cursor: Cursor = FIRST_PAGE
) -> None:
    """Answer a command with the first page of a list (or the one at a cursor), visible to the asker alone."""
    place = PageButton(kind, argument, cursor.where, cursor.key, 1 if cursor.where is Where.FIRST else 0)
    embeds, view = await _draw(app_of(interaction), actor, place)
    await answer(interaction, embeds=embeds, view=view)


def id_in(argument: str) -> int:
    """Return the id that the argument of a list is. Raises `UnknownAction` for what the bot never wrote there."""
    if not (argument.isascii() and argument.isdigit()) or len(argument) > 19 or int(argument) > LARGEST_ID:
        raise UnknownAction
    return int(argument)


async def _draw(app: App, actor: Actor, place: PageButton) -> tuple[list[discord.Embed], discord.ui.View]:
    settings = await app.guild(actor.guild_id)
    render = _LISTS.get(place.kind)
    if render is None:
        raise NotFound(Text.ERROR_UNKNOWN_ACTION)
    sheet = await render(app, actor, place.argument, Cursor(place.where, place.key))
    embeds = [discord.Embed(title=sheet.title[:256], description=_body(sheet), colour=COLOUR)]
    if sheet.continued:
        embeds.append(discord.Embed(description=sheet.continued, colour=COLOUR))
    if sheet.page.has_before or sheet.page.has_after:
        embeds[-1].set_footer(text=_position(settings, actor.language, place, sheet.page))
        return embeds, view_of(_buttons(settings, actor.language, place, sheet.page))
    return embeds, view_of()


def _body(sheet: Sheet) -> str:
    if not sheet.entries:
        return sheet.empty
    return sheet.separator.join(sheet.entries)[:4096]


def _number(place: PageButton, page: Page[Any]) -> int:
    """Return the number of the page that is shown; the ends of a list are known even where the way there was not."""
    if not page.has_before:
        return 1
    if not page.has_after:
        return -1
    return place.number


def _position(settings: GuildSettings, language: str, place: PageButton, page: Page[Any]) -> str:
    number = _number(place, page)
    if number == -1:
        return settings.label(Text.PAGE_LAST, language)
    if number < 0:
        return settings.label(Text.PAGE_FROM_END, language, number=-number)
    return settings.label(Text.PAGE_NUMBER, language, number=number) if number else settings.label(Text.PAGE_INSIDE, language)


def _buttons(settings: GuildSettings, language: str, place: PageButton, page: Page[Any]) -> list[discord.ui.Button[Any]]:
    number = _number(place, page)
    forward = number + 1 if number not in {0, -1} else number
    back = number - 1 if number not in {0, 1} else number
    turns = (
        (Where.FIRST, "", 1, page.has_before, Text.PAGE_BUTTON_FIRST),
        (Where.BEFORE, page.first_key, back, page.has_before, Text.PAGE_BUTTON_PREVIOUS),
        (Where.AFTER, page.last_key, forward, page.has_after, Text.PAGE_BUTTON_NEXT),
        (Where.LAST, "", -1, page.has_after, Text.PAGE_BUTTON_LAST),
    )
    return [
        PageButton(place.kind, place.argument, where, key, turned).button(settings.label(label, language), disabled=not possible)
        for where, key, turned, possible, label in turns
    ]
