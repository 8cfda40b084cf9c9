"""Look up what a text says, before somebody edits it in a form."""

import hashlib
from dataclasses import dataclass

from config.text_rules import marks_of
from config.texts import catalogue
from facades.app import App
from facades.settings.describe_text import find_text
from util.actor import Actor
from util.identifiers import Flag
from util.texts import Text


@dataclass(frozen=True)
class PreparedText:
    """A text as it is now. `state` tells it from what it may say later; `forms`: marks of its plural forms, if it has any."""

    key: Text
    language: str
    current: str
    state: str
    parameters: tuple[str, ...]
    forms: str | None


async def prepare_text_edit(app: App, *, actor: Actor, name: str, language: str) -> PreparedText:
    """Return a text of the actor's guild for a form. Raises `Forbidden` or `NotFound`."""
    actor.require(Flag.ADMIN)
    key = find_text(name)
    current = (await app.guild(actor.guild_id)).template(key, language)
    entry = catalogue().entry(key, language)
    forms = None if entry.plural is None else marks_of(language)
    return PreparedText(key, language, current, state_of(current), tuple(entry.parameters), forms)


def state_of(text: str) -> str:
    """Return a short mark by which a text is told from another."""
    return hashlib.sha256(text.encode()).hexdigest()[:8]
