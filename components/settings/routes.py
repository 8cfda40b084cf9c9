"""Routes in words: their list, their details and their changes."""

from typing import Final

from components.choices import choices_of
from components.pages.turning import PagedList, Sheet, paged_list
from components.setup.words import permission_name, route_line, route_name
from config.guild_settings import GuildSettings
from facades.app import App
from facades.settings.describe_route import RouteDetails
from facades.settings.list_routes import list_routes
from facades.settings.set_route import SetRoute
from util.actor import Actor
from util.identifiers import Route
from util.paging import Cursor, page_of_all
from util.phrases import Raw, Value, channel_mention, phrase
from util.texts import Text

PAGE_SIZE: Final = 12
ROUTE_CHOICES: Final = choices_of(route.value for route in Route)


@paged_list(PagedList.ROUTES)
async def route_list(app: App, actor: Actor, argument: str, cursor: Cursor) -> Sheet:
    """Render a page of `/route list`."""
    found = await list_routes(app, actor=actor)
    settings = await app.guild(actor.guild_id)
    page = page_of_all(found, cursor, PAGE_SIZE, lambda one: one.route.value)
    lines = tuple(
        settings.say(
            Text.ROUTE_LIST_LINE,
            actor.language,
            state=Raw(route_line(one, settings, actor.language)),
            key=Raw(one.route.value),
        )
        for one in page.rows
    )
    return Sheet(settings.label(Text.ROUTE_LIST_TITLE, actor.language), lines, page)


def details_title(route: Route, settings: GuildSettings, language: str) -> str:
    """Return the title over a route's details."""
    return settings.label(Text.ROUTE_DESCRIBE_TITLE, language, key=route.value, route=route_name(route))


def details_text(found: RouteDetails, settings: GuildSettings, language: str) -> str:
    """Say all about a route."""
    return settings.say(
        Text.ROUTE_DETAILS,
        language,
        description=Text(f"route.{found.route.value}.description"),
        state=Text.ROUTE_STATE_ON if found.enabled else Text.ROUTE_STATE_OFF,
        channel=_channel(found.channel_id, is_gone=found.is_gone),
        default=_channel(found.default_channel_id, is_gone=found.is_default_gone),
        access=_access(found, settings, language),
    )


def _channel(channel_id: int | None, *, is_gone: bool = False) -> Value:
    if channel_id is None:
        return Text.ROUTE_CHANNEL_NONE
    return Text.ROUTE_CHANNEL_GONE if is_gone else channel_mention(channel_id)


def _access(found: RouteDetails, settings: GuildSettings, language: str) -> Value:
    if found.channel_id is None or found.is_gone:
        return Text.ROUTE_ACCESS_NOWHERE
    if not found.lacking:
        return Text.ROUTE_ACCESS_FINE
    names = ", ".join(permission_name(name, settings, language) for name in found.lacking)
    return phrase(Text.ROUTE_ACCESS_LACKS, permissions=names)


def set_text(changed: SetRoute, settings: GuildSettings, language: str) -> str:
    """Say what `/route update_channel` changed."""
    return _change(Text.ROUTE_SET, changed, settings, language)


def reset_text(changed: SetRoute, settings: GuildSettings, language: str) -> str:
    """Say what `/route reset_channel` changed."""
    return _change(Text.ROUTE_RESET, changed, settings, language)


def _change(key: Text, changed: SetRoute, settings: GuildSettings, language: str) -> str:
    new, old = channel_mention(changed.new), _channel(changed.old)
    return settings.say(key, language, route=route_name(changed.route), new=new, old=old)


def toggled_text(route: Route, channel_id: int | None, settings: GuildSettings, language: str, *, enabled: bool) -> str:
    """Say what `/route enable` or `/route disable` changed."""
    name = route_name(route)
    if not enabled:
        return settings.say(Text.ROUTE_TURNED_OFF, language, route=name)
    if channel_id is None:
        return settings.say(Text.ROUTE_TURNED_ON_NOWHERE, language, route=name)
    return settings.say(Text.ROUTE_TURNED_ON, language, route=name, channel=channel_mention(channel_id))
