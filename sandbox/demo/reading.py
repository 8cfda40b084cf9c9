"""Messages and modals as people read them: names for mentions, dates for timestamps, channels for links."""

from __future__ import annotations

import copy
import dataclasses
import re
import textwrap
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final, cast

from sandbox.discord import Guild, Message, Modal
from sandbox.discord.errors import Json
from sandbox.discord.transcript import render_message, render_modal

BAR: Final = "▌"
_WIDTH: Final = 88
_MENTION: Final = re.compile(r"<(@!?|@&|#)(\d{1,20})>")
_TIMESTAMP: Final = re.compile(r"<t:(-?\d{1,12})(?::([tTdDfFRsS]))?>")
_COMMAND: Final = re.compile(r"<(/[^:<>]+):\d+>")
_LINK: Final = re.compile(r"\[([^\]\n]+)\]\(<?([^)\s>]+)>?\)")
_PLACE: Final = re.compile(r"https?://[^\s/)]+/channels/\d+/(\d+)(?:/\d+)?")
_ESCAPE: Final = re.compile(r"\\([^\w\s])")
_FORMATS: Final = {"t": "%H:%M", "T": "%H:%M:%S", "d": "%d.%m.%Y", "D": "%d %B %Y", "F": "%A, %d %B %Y %H:%M"}
_UNITS: Final = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))


def readable(text: str, guild: Guild, now: datetime | None = None) -> str:
    """Return a text of Discord's markup with what its ids and numbers stand for."""
    text = _TIMESTAMP.sub(lambda found: _moment(int(found[1]), found[2] or "f", now or datetime.now(UTC)), text)
    text = _MENTION.sub(lambda found: _named(found[1], int(found[2]), guild), text)
    text = _COMMAND.sub(lambda found: found[1], text)
    text = _LINK.sub(lambda found: f"{found[1]} (→ {_place(found[2], guild)})", text)
    text = _PLACE.sub(lambda found: _place(found[0], guild), text)
    return _ESCAPE.sub(lambda found: found[1], text)


def _named(kind: str, number: int, guild: Guild) -> str:
    if kind == "#":
        channel = guild.channels.get(number)
        return f"#{channel.name if channel else 'unknown'}"
    if kind == "@&":
        role = guild.roles.get(number)
        return f"@{role.name if role else 'unknown role'}"
    member = guild.members.get(number)
    return f"@{member.display_name if member else 'unknown'}"


def _place(url: str, guild: Guild) -> str:
    found = _PLACE.fullmatch(url)
    channel = guild.channels.get(int(found[1])) if found else None
    return f"#{channel.name}" if channel else url


def _moment(seconds: int, form: str, now: datetime) -> str:
    try:
        when = datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return f"second {seconds}"
    if form == "R":
        return _distance(when - now)
    return when.strftime(_FORMATS.get(form, "%d %b %Y, %H:%M")).lstrip("0")


def _distance(span: timedelta) -> str:
    seconds = span.total_seconds()
    size = round(abs(seconds))
    # Three days minus a blink is "in 3 days".
    for length, name in _UNITS:
        if size >= 0.95 * length:
            count = round(size / length)
            words = f"{count} {name}{'' if count == 1 else 's'}"
            return f"in {words}" if seconds > 0 else f"{words} ago"
    return "now"


def _deep(value: Any, guild: Guild) -> Any:
    if isinstance(value, str):
        return readable(value, guild)
    if isinstance(value, list):
        return [_deep(item, guild) for item in cast("list[Any]", value)]
    if isinstance(value, dict):
        return {key: _deep(item, guild) for key, item in cast("dict[Any, Any]", value).items()}
    return value


def message_lines(message: Message, guild: Guild) -> list[str]:
    """Return a message's text, embeds and components as lines, without its author. Embeds have a bar before each line."""
    bare = dataclasses.replace(message, ephemeral_for=None, edited_timestamp=None, deleted=False, reference=None)
    text = dataclasses.replace(
        bare, content=readable(message.content, guild), embeds=[], components=[], attachments=[], thread=None
    )
    rest = dataclasses.replace(bare, content="", embeds=[], flags=0)
    # The first line names the author; the page's own header does that here.
    lines = [line.removeprefix("  ") for line in render_message(text)[1:]]
    for embed in message.embeds:
        lines += [f"{BAR} {line}".rstrip() for line in _embed_lines(_deep(embed, guild))]
    return lines + [line.removeprefix("  ") for line in render_message(rest)[1:]]


def _embed_lines(embed: Json) -> list[str]:
    lines = _wrapped(str(embed.get("title") or ""))
    lines += _wrapped(str(embed.get("description") or ""))
    short: list[str] = []
    fields: list[Json] = embed.get("fields") or []
    for field in fields:
        if field.get("inline") and "\n" not in str(field["value"]):
            short.append(f"{field['name']}: {field['value']}")
            continue
        lines += _row(short)
        lines += [f"{field['name']}:", *(f"  {line}" for line in _wrapped(str(field["value"])))]
    lines += _row(short)
    footer: Json = embed.get("footer") or {}
    return lines + _wrapped(str(footer.get("text") or ""))


def _row(short: list[str]) -> list[str]:
    """Return fields that Discord puts side by side in as few lines as they need, and forget them."""
    lines: list[str] = []
    for item in short:
        if lines and len(lines[-1]) + len(item) + 3 <= _WIDTH:
            lines[-1] += f" · {item}"
        else:
            lines.append(item)
    short.clear()
    return lines


def _wrapped(text: str) -> list[str]:
    return [part for line in text.splitlines() for part in textwrap.wrap(line, _WIDTH) or [""]]


def modal_lines(modal: Modal, typed: Mapping[str, str], guild: Guild) -> list[str]:
    """Return a modal as lines, with what was typed into the fields named by label or custom id."""
    components = copy.deepcopy(modal.components)
    for row in components:
        for item in [row["component"]] if row.get("component") else row.get("components") or []:
            for name in (item.get("custom_id"), row.get("label"), item.get("label")):
                if name is not None and name in typed:
                    item["value"] = typed[name]
            # A filled-in form: what Discord shows in an empty field was not typed.
            item.pop("placeholder", None)
    return render_modal(dataclasses.replace(modal, title=readable(modal.title, guild), components=components))


def all_text(message: Message, guild: Guild) -> str:
    """Return everything one can read in a message on single lines, to look for phrases in it."""
    parts = [message.content, *_strings(message.embeds), *labels(message.components)]
    return "\n".join(readable(part, guild) for part in parts if part)


def _strings(embeds: list[Json]) -> list[str]:
    found: list[str] = []
    for embed in embeds:
        found += [str(embed.get("title") or ""), str(embed.get("description") or "")]
        for field in cast("list[Json]", embed.get("fields") or []):
            found += [str(field["name"]), str(field["value"])]
        found += [
            str(cast("Json", embed.get(key) or {}).get(inner) or "") for key, inner in (("author", "name"), ("footer", "text"))
        ]
    return found


def labels(components: list[Json]) -> list[str]:
    """Return what one can read on components, in order."""
    found: list[str] = []
    for item in components:
        found += [shown for shown in (label_of(item), item.get("placeholder"), item.get("content")) if shown]
        inner: list[Json] = [*(item.get("components") or []), *([item["accessory"]] if item.get("accessory") else [])]
        found += labels(inner)
    return found


def label_of(component: Json) -> str:
    """Return what a button says, its emoji included."""
    emoji: Json = component.get("emoji") or {}
    return " ".join(str(part) for part in (emoji.get("name"), component.get("label")) if part)
