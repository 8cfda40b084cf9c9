"""List all texts, by their keys, with those that a guild has changed marked."""

from dataclasses import dataclass

from config.texts import catalogue
from facades.app import App
from util.actor import Actor
from util.identifiers import Flag
from util.paging import Cursor, Page, page_of_all
from util.texts import Text


@dataclass(frozen=True)
class ListedText:
    """A text with what it says in the asker's language. `edited`: languages in which the guild has changed it."""

    key: Text
    shown: str
    edited: tuple[str, ...]

    @property
    def area(self) -> str:
        """The beginning of the key, by which the list is grouped."""
        return self.key.value.partition(".")[0]


async def list_texts(app: App, *, actor: Actor, cursor: Cursor, size: int) -> Page[ListedText]:
    """Return a page of all texts in the order of their keys. Raises `Forbidden`."""
    actor.require(Flag.ADMIN)
    settings = await app.guild(actor.guild_id)
    page = page_of_all(tuple(sorted(Text)), cursor, size, lambda key: key.value)

    def listed(key: Text) -> ListedText:
        edited = tuple(language for language in catalogue().languages if (key, language) in settings.texts)
        return ListedText(key, settings.template(key, actor.language), edited)

    return page.map(listed)
