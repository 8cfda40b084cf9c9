"""The lists of the log that are turned page by page."""

from components.boundary import Interaction
from components.log.events import event_entries
from components.log.filters import filter_summary
from components.pages.turning import PagedList, Sheet, answer_list, paged_list
from config.guild_settings import GuildSettings
from facades.app import App
from facades.operations.list_log_filters import list_log_filters
from facades.operations.log_pages import LogPage
from facades.operations.open_log import OpenedLog
from facades.operations.view_log import view_log
from facades.requests.list_queue_history import list_queue_history
from util.actor import Actor
from util.paging import Cursor, Where
from util.phrases import user_mention
from util.texts import Text


@paged_list(PagedList.EVENTS)
async def events_sheet(app: App, actor: Actor, argument: str, cursor: Cursor) -> Sheet:
    """Render a page of the log through the active filter; `argument` tells that filter from others."""
    viewed = await view_log(app, actor=actor, content=argument, cursor=cursor)
    settings = await app.guild(actor.guild_id)
    title = settings.label(Text.LOG_TITLE, actor.language)
    empty = Text.LOG_EMPTY if viewed.filter.is_empty else Text.LOG_EMPTY_FILTERED
    if viewed.filter.is_empty:
        return _sheet(viewed.log, settings, actor.language, title, empty)
    summary = filter_summary(viewed.filter, settings, actor.language)
    heading = settings.say(Text.LOG_THROUGH, actor.language, filter=summary)
    return _sheet(viewed.log, settings, actor.language, title, empty, heading)


@paged_list(PagedList.QUEUE_HISTORY)
async def queue_history_sheet(app: App, actor: Actor, argument: str, cursor: Cursor) -> Sheet:
    """Render a page of the closings and openings of the queue."""
    log = await list_queue_history(app, actor=actor, cursor=cursor)
    settings = await app.guild(actor.guild_id)
    title = settings.label(Text.QUEUE_HISTORY_TITLE, actor.language)
    return _sheet(log, settings, actor.language, title, Text.QUEUE_HISTORY_NONE)


@paged_list(PagedList.FILTERS)
async def filters_sheet(app: App, actor: Actor, argument: str, cursor: Cursor) -> Sheet:
    """Render a page of the guild's saved filters."""
    page = await list_log_filters(app, actor=actor, cursor=cursor)
    settings = await app.guild(actor.guild_id)
    entries = tuple(
        settings.say(
            Text.LOG_FILTERS_LINE,
            actor.language,
            name=kept.name,
            user=user_mention(kept.saved_by),
            at=kept.saved_at,
            filter=filter_summary(kept.filter, settings, actor.language),
        )
        for kept in page.rows
    )
    empty = settings.say(Text.LOG_FILTERS_NONE, actor.language)
    return Sheet(settings.label(Text.LOG_FILTERS_TITLE, actor.language), entries, page, empty)


async def answer_events(interaction: Interaction, actor: Actor, opened: OpenedLog) -> None:
    """Answer `/log view` with the page at which the log was opened."""
    await answer_list(interaction, actor, PagedList.EVENTS, opened.content, cursor=opened.cursor)


async def answer_queue_history(interaction: Interaction, actor: Actor) -> None:
    """Answer `/queue history` with the page that ends with the newest change."""
    await answer_list(interaction, actor, PagedList.QUEUE_HISTORY, cursor=Cursor(Where.LAST))


def _sheet(log: LogPage, settings: GuildSettings, language: str, title: str, empty: Text, heading: str | None = None) -> Sheet:
    """Put the events of a page between the line about the filter and the one about how far it has looked."""
    entries = event_entries(log, settings, language)
    if not entries and log.searched_to is None and (log.page.has_before or log.page.has_after):
        empty = Text.LOG_EMPTY_HERE
    around = [heading] if heading else []
    beyond = [settings.say(Text.LOG_SEARCHED_TO, language, at=log.searched_to)] if log.searched_to else []
    shown = [*around, *(entries or [settings.say(empty, language)]), *beyond]
    return Sheet(title, tuple(shown), log.page)
