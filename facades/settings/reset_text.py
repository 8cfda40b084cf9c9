"""Put a text of a guild back to its default, in one language."""

from config.texts import catalogue
from db.models import TextOverride
from facades.app import App
from facades.settings.describe_text import find_text
from facades.settings.edit_text import EditedText, language_name, show_in_commands
from util.actor import Actor
from util.errors import Conflict
from util.identifiers import EventType, Flag
from util.phrases import Raw
from util.texts import Text


async def reset_text(app: App, *, actor: Actor, name: str, language: str) -> EditedText:
    """Put a text back to its default and return the change; where commands show it, Discord is told.

    Raises `Forbidden`, `NotFound`, or `Conflict` when the guild has not changed it.
    """
    actor.require(Flag.ADMIN)
    key = find_text(name)
    new = catalogue().entry(key, language).text
    async with app.transaction(actor.guild_id) as tx:
        row = await tx.session.get(TextOverride, (actor.guild_id, key.value, language))
        if row is None:
            raise Conflict(Text.TEXT_RESET_ALREADY, name=Raw(key.value), spoken=language_name(language))
        old = row.value
        await tx.session.delete(row)
        tx.settings_changed = True
        tx.log(EventType.TEXT_RESET, actor.user_id, template=key.value, language=language, old_value=old, new_value=new)
    return EditedText(key, language, old, new, await show_in_commands(app, actor.guild_id, key))
