"""Texts in words: their list, their details and their changes."""

from collections.abc import Iterable
from typing import Any, Final

import discord

from components.autocomplete import Suggestion
from components.boundary import Interaction
from components.pages.lines import COLOUR, pages_of
from components.pages.turning import PagedList, Sheet, paged_list
from components.replies import answer
from config.guild_settings import GuildSettings
from config.texts import catalogue
from facades.app import App
from facades.settings.describe_text import TextDetails
from facades.settings.edit_text import EditedText
from facades.settings.list_texts import ListedText, list_texts
from util.actor import Actor
from util.identifiers import Flag
from util.markdown import code_block, shorten
from util.paging import Cursor
from util.phrases import Raw
from util.texts import Text

PAGE_SIZE: Final = 12
LINE_LENGTH: Final = 270
BLOCK_LENGTH: Final = 3900
CHANGE_LENGTH: Final = 2500
EMBEDS_TOTAL: Final = 5500
_SHOWN_LENGTH: Final = 100


@paged_list(PagedList.TEXTS)
async def text_list(app: App, actor: Actor, argument: str, cursor: Cursor) -> Sheet:
    """Render a page of `/text list`, grouped by the beginnings of the keys."""
    page = await list_texts(app, actor=actor, cursor=cursor, size=PAGE_SIZE)
    settings = await app.guild(actor.guild_id)
    lines: list[str] = []
    area = ""
    for row in page.rows:
        if row.area != area:
            area = row.area
            lines.append(settings.say(Text.TEXT_AREA_LINE, actor.language, area=Raw(area)))
        lines.append(shorten(_line(row, settings, actor.language), LINE_LENGTH))
    return Sheet(settings.label(Text.TEXT_LIST_TITLE, actor.language), tuple(lines), page)


def _line(row: ListedText, settings: GuildSettings, language: str) -> str:
    said = shorten(" ".join(row.shown.split()), _SHOWN_LENGTH)
    key = Raw(row.key.value)
    if not row.edited:
        return settings.say(Text.TEXT_DEFAULT_LINE, language, name=key, text=said)
    return settings.say(Text.TEXT_CHANGED_LINE, language, name=key, languages=", ".join(row.edited), text=said)


async def suggest_texts(app: App, actor: Actor, typed: str, filled: dict[str, Any]) -> Iterable[Suggestion]:
    """Suggest texts by key, by what they say and by what they are for. Raises `Forbidden`."""
    actor.require(Flag.ADMIN)
    settings = await app.guild(actor.guild_id)
    language = actor.language
    return [
        (
            key.value,
            f"{key.value} — {_one_line(settings.template(key, language))} — {catalogue().entry(key, language).description}",
        )
        for key in Text
    ]


def _one_line(text: str) -> str:
    return " ".join(text.split())


async def answer_details(interaction: Interaction, found: TextDetails, settings: GuildSettings, language: str) -> None:
    """Answer with all about a text, in as many messages as it takes."""
    title = settings.label(Text.TEXT_DESCRIBE_TITLE, language, name=found.key.value)
    pages = pages_of(_details(found, settings, language).split("\n"))
    embeds = [_embed(title, page) for page in pages]
    for version in found.versions:
        name = catalogue().entry(Text.LANGUAGE_NAME, version.language).text
        heading = Text.TEXT_CURRENT_TITLE if version.is_edited else Text.TEXT_UNCHANGED_TITLE
        embeds.append(_block(settings.label(heading, language, spoken=name), version.current))
        if version.is_edited:
            embeds.append(_block(settings.label(Text.TEXT_DEFAULT_TITLE, language, spoken=name), version.default))
    for batch in _batches(embeds):
        await answer(interaction, embeds=batch)


def _details(found: TextDetails, settings: GuildSettings, language: str) -> str:
    parameters = [
        settings.say(Text.TEXT_PARAMETER_LINE, language, name=Raw(f"{{{name}}}"), description=description)
        for name, description in found.entry.parameters.items()
    ]
    said = settings.say(
        Text.TEXT_DETAILS,
        language,
        description=found.entry.description,
        places=", ".join(settings.label(Text(f"text.place.{place.value}"), language) for place in found.places),
        limit=found.limit,
        parameters=Raw("\n".join(parameters)) if parameters else Text.TEXT_NO_PARAMETERS,
    )
    if found.forms is None:
        return said
    plural = Raw(f"{{{found.entry.plural}}}")
    return f"{said}\n\n{settings.say(Text.TEXT_PLURAL_LINE, language, parameter=plural, forms=Raw(found.forms))}"


def _embed(title: str, text: str) -> discord.Embed:
    return discord.Embed(title=shorten(title, 256), description=text, colour=COLOUR)


def _block(title: str, text: str, limit: int = BLOCK_LENGTH) -> discord.Embed:
    return _embed(title, code_block(shorten(text, limit))[:4096])


def _batches(embeds: Iterable[discord.Embed]) -> list[list[discord.Embed]]:
    """Deal embeds out to messages, within what Discord takes in one."""
    batches: list[list[discord.Embed]] = [[]]
    for embed in embeds:
        if batches[-1] and sum(map(len, batches[-1])) + len(embed) > EMBEDS_TOTAL:
            batches.append([])
        batches[-1].append(embed)
    return batches


async def answer_change(
    interaction: Interaction, said: Text, changed: EditedText, settings: GuildSettings, language: str
) -> None:
    """Answer what was changed, with the text before and after."""
    name = catalogue().entry(Text.LANGUAGE_NAME, changed.language).text
    content = settings.say(said, language, name=Raw(changed.key.value), spoken=name)
    if changed.in_commands is not None:
        key = Text.TEXT_COMMANDS_SHOWN if changed.in_commands else Text.TEXT_COMMANDS_LATER
        content = f"{content}\n{settings.say(key, language)}"
    embeds = [
        _block(settings.label(Text.TEXT_BEFORE_TITLE, language), changed.old, CHANGE_LENGTH),
        _block(settings.label(Text.TEXT_AFTER_TITLE, language), changed.new, CHANGE_LENGTH),
    ]
    await answer(interaction, content, embeds=embeds)
