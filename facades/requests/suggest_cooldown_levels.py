"""Suggest levels while somebody types one for a cooldown: those on cooldown, and those being reviewed."""

from db.queries.cooldowns import ids_beginning_with, soonest_ids
from db.queries.levels import level_names
from facades.app import App
from facades.requests.cooldown_rules import BASE_FLAGS
from facades.requests.request_rules import MOST_LEVEL_ID
from facades.requests.suggest_requests import suggest_pending
from util.actor import Actor
from util.identifiers import CooldownKind

NEAREST = 100
"""Among so many levels on cooldown of each sort a part of a name is looked for: no index can find that."""
MOST_SUGGESTIONS = 25


async def suggest_cooldown_levels(app: App, *, actor: Actor, typed: str, pending: bool) -> list[tuple[int, str | None]]:
    """Return levels with their names, where known. `pending`: those being reviewed too. Raises `Forbidden`."""
    kind = CooldownKind.LEVEL
    actor.require(BASE_FLAGS[kind])
    digits = typed.strip()
    async with app.reading() as session:
        found: list[int] = []
        longest = len(str(MOST_LEVEL_ID))
        if digits.isascii() and digits.isdecimal() and not digits.startswith("0") and len(digits) <= longest:
            found = await ids_beginning_with(
                session, actor.guild_id, kind, digits, app.now(), longest=longest, most=MOST_SUGGESTIONS
            )
        found += await soonest_ids(session, actor.guild_id, kind, app.now(), most=NEAREST)
        held = list(dict.fromkeys(found))
        names = await level_names(session, actor.guild_id, held)
    levels: dict[int, str | None] = {level_id: names.get(level_id) for level_id in held}
    if pending:
        levels |= {one.level_id: one.level_name for one in await suggest_pending(app, actor=actor)}
    return list(levels.items())
