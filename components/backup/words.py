"""Snapshots in words: what is in them, and how that compares with the present."""

from collections.abc import Mapping
from typing import Final

from config.guild_settings import GuildSettings
from facades.operations.backup_words import guilds_of, rows_of, size_of
from facades.operations.maintainers import name_in
from facades.operations.prepare_restore import RestoreQuestion
from facades.operations.restore import Restored, SafetyCopy
from facades.operations.save_backup import SavedBackup
from util.markdown import shorten
from util.phrases import Phrase, Raw, phrase
from util.splitting import MESSAGE_LIMIT
from util.texts import Text

LONGEST_BLOCK: Final = 900
PARTS: Final[Mapping[Text, tuple[str, ...]]] = {
    Text.BACKUP_PART_REQUESTS: ("request",),
    Text.BACKUP_PART_OPINIONS: ("opinion",),
    Text.BACKUP_PART_REVIEWS: ("review",),
    Text.BACKUP_PART_COOLDOWNS: ("cooldown",),
    Text.BACKUP_PART_SETTINGS: (
        "guild_module",
        "language_role",
        "parameter_override",
        "permission_binding",
        "preference",
        "route_override",
        "text_override",
    ),
    Text.BACKUP_PART_EVENTS: ("event",),
}
"""The tables that people have a name for; all others are counted together."""


def saved_text(saved: SavedBackup, settings: GuildSettings, language: str) -> str:
    """Say what was saved, and what became of the file when it could not be attached."""
    manifest = saved.manifest
    counted = _parts(manifest.rows)
    lines = [settings.say(Text.BACKUP_LINE_SAVED, language, name=name, count=count) for name, count in counted.items()]
    content = _block(lines)
    if manifest.guild_id is None:
        said = phrase(Text.BACKUP_SAVED_EVERYTHING, at=manifest.made_at, guilds=guilds_of(manifest), content=content)
    else:
        said = phrase(Text.BACKUP_SAVED_GUILD, at=manifest.made_at, content=content)
    told = [said] if saved.file is not None else [said, _kept(saved)]
    return shorten("\n".join(settings.say(one, language) for one in told), MESSAGE_LIMIT)


def question_text(asked: RestoreQuestion, settings: GuildSettings, language: str) -> str:
    """Say what would be replaced by what."""
    manifest = asked.manifest
    present, saved = _parts(asked.present), _parts(manifest.rows)
    lines = [
        settings.say(Text.BACKUP_LINE_COMPARED, language, name=name, present=present[name], saved=count)
        for name, count in saved.items()
    ]
    if manifest.guild_id is None:
        holds = phrase(Text.BACKUP_WHAT_EVERYTHING_OF, guilds=guilds_of(manifest))
    else:
        holds = phrase(Text.BACKUP_WHAT_GUILD, name=name_in(manifest))
    said = settings.say(
        Text.BACKUP_QUESTION,
        language,
        at=manifest.made_at,
        release=manifest.release,
        revision=manifest.revision,
        holds=holds,
        content=_block(lines),
    )
    return shorten(said, MESSAGE_LIMIT)


def restored_text(done: Restored, settings: GuildSettings, language: str) -> str:
    """Say what was loaded, and where the state before it is."""
    loaded = phrase(Text.BACKUP_LOADED, at=done.made_at, rows=rows_of(done.rows), cards=done.cards)
    before = _kept(done.safety) if done.safety.file is None else Text.BACKUP_SAFETY_ATTACHED
    left_out = [phrase(Text.BACKUP_LEFT_OUT, count=done.left_out)] if done.left_out else []
    return shorten("\n".join(settings.say(one, language) for one in (loaded, *left_out, before)), MESSAGE_LIMIT)


def _block(lines: list[str]) -> Raw:
    """Return lines as the value of a parameter; a guild may have written long ones."""
    return Raw(shorten("\n".join(lines), LONGEST_BLOCK))


def _kept(saved: SavedBackup | SafetyCopy) -> Phrase:
    return phrase(Text.BACKUP_TOO_LARGE, size=size_of(saved.size), most=size_of(saved.most), file=saved.name)


def _parts(rows: Mapping[str, int]) -> dict[Text, int]:
    """Return how many rows there are of what people have a name for."""
    named = {part: sum(rows.get(table, 0) for table in tables) for part, tables in PARTS.items()}
    return {**named, Text.BACKUP_PART_OTHER: sum(rows.values()) - sum(named.values())}
