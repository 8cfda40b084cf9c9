"""List who or what is on a cooldown now, page by page."""

from db.keyset import BadKey
from db.queries.cooldowns import cooldown_page
from db.queries.levels import level_names
from facades.app import App
from facades.requests.cooldown_rules import BASE_FLAGS, CooldownView, Subject
from util.actor import Actor
from util.errors import NotFound
from util.identifiers import CooldownKind
from util.paging import Cursor, Page
from util.texts import Text

PAGE_SIZE = 10


async def list_cooldowns(app: App, *, actor: Actor, kind: CooldownKind, endless: bool, cursor: Cursor) -> Page[CooldownView]:
    """Return a page of the cooldowns that hold: those for ever, or the others, the soonest to end first.

    Raises `Forbidden` without the flag, or `NotFound` for a place that no page was given.
    """
    actor.require(BASE_FLAGS[kind])
    async with app.reading() as session:
        try:
            page = await cooldown_page(session, actor.guild_id, kind, app.now(), cursor, endless=endless, size=PAGE_SIZE)
        except BadKey as error:
            raise NotFound(Text.ERROR_UNKNOWN_ACTION) from error
        names: dict[int, str] = {}
        if kind is CooldownKind.LEVEL:
            names = await level_names(session, actor.guild_id, [row.entity_id for row in page.rows])
    return page.map(
        lambda row: CooldownView(
            Subject(kind, row.entity_id, names.get(row.entity_id)),
            row.cast_at,
            row.ends_at,
            row.cast_by,
            row.reason,
            row.request_id,
        )
    )
