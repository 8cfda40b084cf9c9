"""Limits of embeds, as Discord's documentation lists them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ..errors import Json
from .checks import Checker, Path, as_list, as_object, discord_length

TOTAL = 6000
MOST = 10
FIELDS = 25


def check_embeds(checker: Checker, path: Path, value: Any) -> list[Json]:
    """Check a message's embeds and return them cleaned."""
    if value is None:
        return []
    embeds = checker.objects(path, value)
    checker.count(path, as_list(value) or [], 0, MOST)
    total = 0
    cleaned: list[Json] = []
    for where, embed in embeds:
        total += _check_embed(checker, where, embed)
        cleaned.append(_clean(embed))
    if total > TOTAL:
        checker.add(path, "MAX_EMBED_SIZE_EXCEEDED", f"Embed size exceeds maximum size of {TOTAL}")
    return cleaned


def _check_embed(checker: Checker, path: Path, embed: Json) -> int:
    checker.text((*path, "title"), embed.get("title"), 0, 256)
    checker.text((*path, "description"), embed.get("description"), 0, 4096)
    checker.url((*path, "url"), embed.get("url") or None)
    checker.integer((*path, "color"), embed.get("color"), 0, 0xFFFFFF)
    _check_time(checker, (*path, "timestamp"), embed.get("timestamp"))
    footer = as_object(embed.get("footer")) or {}
    author = as_object(embed.get("author")) or {}
    checker.text((*path, "footer", "text"), footer.get("text"), 0, 2048)
    checker.url((*path, "footer", "icon_url"), footer.get("icon_url") or None, schemes=("http", "https", "attachment"))
    checker.text((*path, "author", "name"), author.get("name"), 0 if not author else 1, 256, required=bool(author))
    checker.url((*path, "author", "url"), author.get("url") or None)
    checker.url((*path, "author", "icon_url"), author.get("icon_url") or None, schemes=("http", "https", "attachment"))
    for key in ("image", "thumbnail"):
        media = as_object(embed.get(key)) or {}
        checker.url((*path, key, "url"), media.get("url") or None, schemes=("http", "https", "attachment"))
    texts = [embed.get("title"), embed.get("description"), footer.get("text"), author.get("name")]
    fields = checker.objects((*path, "fields"), embed.get("fields"))
    checker.count((*path, "fields"), fields, 0, FIELDS)
    for where, field in fields:
        checker.text((*where, "name"), field.get("name"), 1, 256, required=True)
        checker.text((*where, "value"), field.get("value"), 1, 1024, required=True)
        texts += [field.get("name"), field.get("value")]
    return sum(discord_length(text) for text in texts if isinstance(text, str))


def _check_time(checker: Checker, path: Path, value: Any) -> None:
    if value is None:
        return
    try:
        datetime.fromisoformat(str(value))
    except ValueError:
        checker.add(path, "DATE_TIME_TYPE_PARSE", f"Could not parse {value}. Should be ISO8601.")


def _clean(embed: Json) -> Json:
    cleaned: Json = {key: value for key, value in embed.items() if value is not None and value != ""}
    cleaned["type"] = "rich"
    for media in ("image", "thumbnail"):
        found = as_object(cleaned.get(media))
        if found is not None:
            cleaned[media] = {"proxy_url": found.get("url"), "width": 0, "height": 0, **found}
    fields = as_list(cleaned.get("fields"))
    if fields is not None:
        cleaned["fields"] = [
            {"name": item["name"], "value": item["value"], "inline": bool(item.get("inline"))}
            for item in fields
            if as_object(item) and "name" in item and "value" in item
        ]
    return cleaned
