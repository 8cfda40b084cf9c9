"""What a card shows of a level."""

from typing import Any

from components.cards.embed import Card
from config.guild_settings import GuildSettings
from facades.requests.request_view import RequestView
from facades.requests.wording import text_for
from util.phrases import Raw, Value
from util.plain_text import fit_plain
from util.texts import Text

_SHORT = 80
SONG_PAGE = "https://www.newgrounds.com/audio/listen/"


def add_level_fields(card: Card, request: RequestView, settings: GuildSettings) -> None:
    """Add the fields of a request's level, in the guild's language; what the game server did not tell is left out."""
    level = request.level
    _add(card, settings, Text.CARD_FIELD_ID, Text.CARD_VALUE_ID, value=request.level_id)
    if level.get("creator_name"):
        _add(card, settings, Text.CARD_FIELD_CREATOR, Text.CARD_VALUE_PLAIN, value=_typed(level["creator_name"]))
    for field, area, key in (
        (Text.CARD_FIELD_DIFFICULTY, "difficulty", "difficulty"),
        (Text.CARD_FIELD_LENGTH, "length", "length"),
        (Text.CARD_FIELD_GRADE, "grade", "grade"),
    ):
        _add_named(card, settings, field, area, str(level.get(key, "")))
    for field, key in (
        (Text.CARD_FIELD_STARS, "stars_requested"),
        (Text.CARD_FIELD_COINS, "coins"),
        (Text.CARD_FIELD_DOWNLOADS, "downloads"),
        (Text.CARD_FIELD_LIKES, "likes"),
    ):
        _add(card, settings, field, Text.CARD_VALUE_PLAIN, value=_number(level, key))
    if level.get("game_version"):
        _add(card, settings, Text.CARD_FIELD_VERSION, Text.CARD_VALUE_PLAIN, value=_typed(level["game_version"]))
    song = _number(level, "song_id")
    if song:
        _add(card, settings, Text.CARD_FIELD_SONG, Text.CARD_VALUE_SONG, value=song, url=Raw(f"{SONG_PAGE}{song}"))
    copied = _number(level, "copied_id")
    if copied:
        _add(card, settings, Text.CARD_FIELD_COPIED, Text.CARD_VALUE_ID, value=copied)


def _add(card: Card, settings: GuildSettings, field: Text, shown: Text, **parameters: Value) -> None:
    value = settings.say(shown, settings.language, **parameters)
    card.field(settings.label(field, settings.language), value[: _SHORT * 2], inline=True)


def _add_named(card: Card, settings: GuildSettings, field: Text, area: str, value: str) -> None:
    """Add a field whose value has a name and an emoji; a value of another release is left out."""
    try:
        name, emoji = text_for(area, value), text_for(f"emoji.{area}", value)
    except ValueError:
        return
    _add(card, settings, field, Text.CARD_VALUE_NAMED, value=name, emoji=emoji)


def _typed(text: Any) -> Raw:
    return Raw(fit_plain(str(text), _SHORT))


def _number(level: dict[str, Any], key: str) -> int:
    value = level.get(key)
    return value if isinstance(value, int) else 0
