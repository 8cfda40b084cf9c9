"""What the tests of cooldowns by hand share: the staff, and a shorter way to cast one."""

from datetime import timedelta

from facades.requests.update_cooldown import CooldownUpdate, update_cooldown
from tests.facades.requests.world import MEMBER, OTHER_GUILD, RequestWorld, person
from util.actor import Actor
from util.identifiers import CooldownKind, Flag

USER, LEVELS = CooldownKind.USER, CooldownKind.LEVEL
STAFF = person(60, Flag.BAN_USERS, Flag.BAN_LEVELS)
OTHER_STAFF = person(61, Flag.BAN_USERS, Flag.BAN_LEVELS)
SENIOR = person(62, Flag.BAN_USERS, Flag.BAN_LEVELS, Flag.REMOVE_OTHER_USER_BANS, Flag.REMOVE_OTHER_LEVEL_BANS)
FAR_STAFF = person(60, Flag.BAN_USERS, guild_id=OTHER_GUILD)
DAY = timedelta(days=1)


async def update(
    world: RequestWorld,
    duration: str,
    *,
    actor: Actor = STAFF,
    kind: CooldownKind = USER,
    entity_id: int = MEMBER.user_id,
    reason: str | None = None,
) -> CooldownUpdate:
    """Cast or change a cooldown."""
    return await update_cooldown(world.app, actor=actor, kind=kind, entity_id=entity_id, duration=duration, reason=reason)
