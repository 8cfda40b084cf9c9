"""Change a text in a guild, in one language."""

from dataclasses import dataclass

from config.text_rules import check_text, read_typed
from config.text_usage import concerns_commands
from config.texts import catalogue
from db.models import TextOverride
from db.upsert import upsert
from facades.app import App
from facades.settings.describe_text import find_text
from facades.settings.prepare_text_edit import state_of
from facades.transaction import Transaction
from util.actor import Actor
from util.errors import Conflict
from util.identifiers import EventType, Flag
from util.phrases import Raw
from util.texts import Text


@dataclass(frozen=True)
class EditedText:
    """A text's change. `in_commands`: Discord's list of commands shows it now; False: it will later; None: it never does."""

    key: Text
    language: str
    old: str
    new: str
    in_commands: bool | None


async def edit_text(
    app: App, *, actor: Actor, name: str, language: str, value: str, has_escapes: bool = False, state: str | None = None
) -> EditedText:
    """Change a text and return the change; where commands show it, Discord is told.

    `has_escapes`: escape codes in the value are to be read, as a command's option has no line breaks. `state`: of the text
    that the editor saw (`prepare_text_edit`). Raises `Forbidden`, `NotFound`, `BadInput` for a value that cannot be used,
    or `Conflict` when it says so already, or when somebody changed it since it was seen.
    """
    actor.require(Flag.ADMIN)
    key = find_text(name)
    new = check_text(key, language, read_typed(value) if has_escapes else value)
    async with app.transaction(actor.guild_id) as tx:
        old = await current_text(tx, key, language)
        if old == new:
            raise Conflict(Text.TEXT_UNCHANGED, name=Raw(key.value), spoken=language_name(language))
        if state is not None and state != state_of(old):
            raise Conflict(Text.TEXT_CHANGED_MEANWHILE, name=Raw(key.value), spoken=language_name(language))
        row_key = {"guild_id": actor.guild_id, "key": key.value, "language": language}
        await upsert(tx.session, TextOverride, row_key, {"value": new})
        tx.settings_changed = True
        tx.log(EventType.TEXT_EDITED, actor.user_id, template=key.value, language=language, old_value=old, new_value=new)
    return EditedText(key, language, old, new, await show_in_commands(app, actor.guild_id, key))


async def current_text(tx: Transaction, key: Text, language: str) -> str:
    """Return a text as the transaction sees it: the cached one may be a moment old."""
    row = await tx.session.get(TextOverride, (tx.guild_id, key.value, language))
    return catalogue().entry(key, language).text if row is None else row.value


async def show_in_commands(app: App, guild_id: int, key: Text) -> bool | None:
    """Let Discord show a changed text where it belongs to commands; see `EditedText.in_commands`."""
    return await app.commands_changed(guild_id) if concerns_commands(key) else None


def language_name(language: str) -> Raw:
    """Return a language's own name."""
    return Raw(catalogue().entry(Text.LANGUAGE_NAME, language).text)
