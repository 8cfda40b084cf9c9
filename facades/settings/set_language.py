"""Let a member choose the language the bot speaks with them."""

from config.values import parse_value
from db.models import Preference
from db.upsert import upsert
from facades.app import App
from util.actor import Actor
from util.identifiers import EventType, ParameterType


async def set_language(app: App, *, actor: Actor, language: str) -> str:
    """Remember the actor's language and return its code. Raises `BadInput` for a language without texts."""
    chosen = str(parse_value(ParameterType.LANGUAGE, language))
    async with app.transaction(actor.guild_id) as tx:
        before = tx.settings.preferences.get(actor.user_id)
        key = {"guild_id": actor.guild_id, "user_id": actor.user_id}
        await upsert(tx.session, Preference, key, {"language": chosen})
        tx.settings_changed = True
        tx.log(EventType.PREFERENCE_SET, actor.user_id, preference="language", old_value=before, new_value=chosen)
    return chosen
