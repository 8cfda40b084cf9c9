"""Switch a module of the bot on or off in a guild."""

from db.models import GuildModule
from db.upsert import upsert
from facades.app import App
from util.actor import Actor
from util.identifiers import EventType, Flag, Module


async def set_module(app: App, *, actor: Actor, module: Module, enabled: bool) -> bool:
    """Switch a module on or off, sync the guild's commands and return whether anything changed. Raises `Forbidden`."""
    actor.require(Flag.ADMIN)
    async with app.transaction(actor.guild_id) as tx:
        row = await tx.session.get(GuildModule, (actor.guild_id, module))
        if (row is None or row.enabled) == enabled:
            return False
        await upsert(tx.session, GuildModule, {"guild_id": actor.guild_id, "module": module}, {"enabled": enabled})
        tx.settings_changed = True
        tx.log(EventType.MODULE_TOGGLED, actor.user_id, module=module.value, enabled=enabled)
    await app.commands_changed(actor.guild_id)
    return True
