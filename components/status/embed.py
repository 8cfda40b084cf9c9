"""How the bot does, as an embed: its colour and title tell it at a glance, its fields part by part."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import discord

from components.cards.embed import FIELD_VALUE, Card
from components.setup.words import permission_name, route_line
from config.guild_settings import GuildSettings
from facades.operations.backup_words import size_of
from facades.operations.describe_status import Charts, Deliveries, GameServer, Gateway, Status
from util.phrases import Phrase, Raw, Value, phrase
from util.texts import Text
from util.timestamps import discord_timestamp

GOOD: Final = 0x2E9E44
FAIR: Final = 0xD9A016
BAD: Final = 0xC93535
ROOM_FOR_MORE: Final = 80
"""Characters that the line about what is not shown may take."""


def status_embed(status: Status, settings: GuildSettings, language: str) -> discord.Embed:
    """Show how the bot does."""
    title, colour = Text.STATUS_TITLE_OK, GOOD
    if status.does_not_work:
        title, colour = Text.STATUS_TITLE_PROBLEM, BAD
    elif status.needs_a_look:
        title, colour = Text.STATUS_TITLE_WARNING, FAIR
    card = Card(colour=colour, title=settings.label(title, language))

    def field(name: Text, *said: Value, inline: bool = True) -> None:
        shown = "\n".join(settings.say(one, language) for one in said if isinstance(one, Phrase | Text))
        card.field(settings.label(name, language), shown, inline=inline)

    # What is broken is read first, and never left out for want of room.
    missing = _permissions(status, settings, language)
    card.field(settings.label(Text.STATUS_FIELD_PERMISSIONS, language), missing)
    field(Text.STATUS_FIELD_GATEWAY, _gateway(status.gateway))
    field(Text.STATUS_FIELD_GAME, _game(status.game))
    field(Text.STATUS_FIELD_DELIVERIES, *_deliveries(status.deliveries, is_late=status.deliveries_are_late))
    field(Text.STATUS_FIELD_CHARTS, _charts(status.charts, with_reason=status.process is not None))
    field(Text.STATUS_FIELD_SNAPSHOT, _snapshot(status))
    kind = Raw("SQLite" if status.is_sqlite else "PostgreSQL")
    field(Text.STATUS_FIELD_DATABASE, phrase(Text.STATUS_DATABASE, kind=kind, revision=status.schema))
    field(Text.STATUS_FIELD_VERSION, _version(status))
    if (process := status.process) is not None:
        memory: Value = Text.VALUE_NONE if process.memory is None else size_of(process.memory)
        figures = {"count": process.guilds, "waiting": process.waiting, "size": size_of(process.database_size), "memory": memory}
        said = [phrase(Text.STATUS_PROCESS, **figures)]
        if process.shards is not None:
            shards = ", ".join(f"{shard} ({fence})" for shard, fence in sorted(process.shards.fences.items()))
            said.append(phrase(Text.STATUS_SHARDS, shards=Raw(shards), count=process.shards.count or 0))
        field(Text.STATUS_FIELD_PROCESS, *said, inline=False)
    card.time(status.now)
    return discord.Embed.from_dict(card.payload())


def _ago(moment: datetime) -> Raw:
    return Raw(discord_timestamp(moment, "R"))


def _attention(what: Phrase | Text) -> Phrase:
    return phrase(Text.STATUS_ATTENTION, state=what)


def _permissions(status: Status, settings: GuildSettings, language: str) -> str:
    """Name what is missing, as much as there is room for."""
    lines: list[str] = []
    if status.lacking:
        names = ", ".join(permission_name(name, settings, language) for name in status.lacking)
        lines.append(settings.say(_attention(phrase(Text.STATUS_PERMISSIONS_GUILD, permissions=names)), language))
    lines += [route_line(one, settings, language) for one in status.routes]
    if not lines:
        return settings.say(Text.STATUS_PERMISSIONS_OK, language)
    shown = _fitting(lines, FIELD_VALUE)
    if len(shown) < len(lines):
        shown = _fitting(lines, FIELD_VALUE - ROOM_FOR_MORE)
        shown.append(settings.say(Text.STATUS_PERMISSIONS_MORE, language, count=len(lines) - len(shown)))
    return "\n".join(shown)[:FIELD_VALUE]


def _fitting(lines: Sequence[str], room: int) -> list[str]:
    """Return the first lines that fit."""
    shown: list[str] = []
    for line in lines:
        room -= len(line) + 1
        if room < 0:
            break
        shown.append(line)
    return shown


def _gateway(gateway: Gateway) -> Phrase | Text:
    if not gateway.is_connected:
        return _attention(Text.STATUS_GATEWAY_GONE)
    if gateway.latency is None:
        return Text.STATUS_GATEWAY_UNMEASURED
    return phrase(Text.STATUS_GATEWAY_OK, count=round(gateway.latency * 1000))


def _game(game: GameServer) -> Phrase | Text:
    if game.asked_at is None:
        return Text.STATUS_GAME_IDLE
    if game.failure is None:
        return phrase(Text.STATUS_GAME_OK, when=_ago(game.asked_at))
    reason = Text(f"status.game.reason.{game.failure}")
    if game.resumes_at is not None:
        return _attention(phrase(Text.STATUS_GAME_PAUSED, reason=reason, until=_ago(game.resumes_at)))
    return _attention(phrase(Text.STATUS_GAME_FAILING, reason=reason, when=_ago(game.asked_at)))


def _deliveries(deliveries: Deliveries, *, is_late: bool) -> list[Phrase | Text]:
    said: list[Phrase | Text] = [Text.STATUS_DELIVERIES_NONE]
    if deliveries.oldest is not None:
        waiting = phrase(Text.STATUS_DELIVERIES_WAITING, count=deliveries.waiting, when=_ago(deliveries.oldest))
        said = [_attention(waiting) if is_late else waiting]
    if deliveries.failed_at is not None:
        failed = phrase(Text.STATUS_DELIVERIES_FAILED, count=deliveries.failed, when=_ago(deliveries.failed_at))
        said.append(_attention(failed))
    return said


def _charts(charts: Charts, *, with_reason: bool) -> Phrase | Text:
    if charts.is_possible and not charts.failed:
        return Text.STATUS_CHARTS_OK
    said: Phrase | Text = Text.STATUS_CHARTS_FAILED if charts.is_possible else Text.STATUS_CHARTS_IMPOSSIBLE
    if with_reason and charts.reason:
        said = phrase(Text.STATUS_CHARTS_REASON, state=said, detail=charts.reason[:200])
    return _attention(said)


def _snapshot(status: Status) -> Phrase | Text:
    said: Phrase | Text = Text.STATUS_SNAPSHOT_NONE
    if status.snapshot_at is not None:
        said = phrase(Text.STATUS_SNAPSHOT_AT, when=_ago(status.snapshot_at))
    return _attention(said) if status.snapshot_is_missed else said


def _version(status: Status) -> Phrase:
    shown = f"{status.version} ({status.revision})" if status.revision else status.version
    return phrase(Text.STATUS_VERSION, version=Raw(f"`{shown}`"), since=_ago(status.started_at))
