"""Messages, modals and answers as plain text, for a tour in a terminal."""

from __future__ import annotations

import textwrap

from .actors import SandboxUser
from .answers import Answer, Modal
from .errors import Json
from .models import Message, User
from .rules.components import BUTTON, CONTAINER, SECTION, SELECTS, TEXT_DISPLAY

WIDTH = 96
_STYLES = {1: "primary", 2: "", 3: "green", 4: "red", 5: "link", 6: "premium"}


def render_message(message: Message, viewer: SandboxUser | User | None = None) -> list[str]:
    """Return a message as lines of text, as a viewer sees it (names of that viewer's guild when it is a member)."""
    guild = viewer.guild if isinstance(viewer, SandboxUser) else None
    member = guild.members.get(message.author.id) if guild is not None else None
    name = member.display_name if member is not None else message.author.display_name
    head = f"{name}{' [BOT]' if message.author.bot else ''}"
    if message.reference is not None and message.type == 19:
        head += f"  (to {message.reference.author.display_name})"
    if message.edited_timestamp is not None:
        head += "  (edited)"
    if message.deleted:
        head += "  (deleted)"
    lines = [head]
    if message.loading:
        lines.append("  … is thinking")
    lines += _wrapped(message.content, "  ")
    for embed in message.embeds:
        lines += _embed(embed)
    lines += _components(message.components, "  ")
    lines += [f"  [file] {item.filename} ({len(item.data)} bytes)" for item in message.attachments]
    if message.reactions:
        lines.append("  " + "  ".join(f"{key} {len(users)}" for key, users in message.reactions.items()))
    if message.thread is not None:
        lines.append(f"  [thread] {message.thread.name}")
    if message.ephemeral:
        lines.append("  (only visible to you)")
    if viewer is not None and viewer.id in message.pinged:
        lines.append(f"  (pings {viewer.name})")
    return lines


def render_modal(modal: Modal) -> list[str]:
    """Return a modal as lines of text."""
    lines = [f"+-- {modal.title} --"]
    for row in modal.components:
        inner: list[Json] = [row["component"]] if row.get("component") else row.get("components") or [{}]
        item = inner[0]
        label = row.get("label") or item.get("label")
        if label:
            required = " *" if item.get("required", True) and item.get("type") != 23 else ""
            lines.append(f"| {label}{required}")
        if row.get("description"):
            lines.append(f"|   {row['description']}")
        if row.get("type") == TEXT_DISPLAY:
            lines += _wrapped(row["content"], "| ")
        elif item.get("options"):
            lines += [f"|   ( ) {option['label']}" for option in item["options"]]
        elif item:
            lines.append(f"|   [{item.get('value') or item.get('placeholder') or ''}]")
    return [*lines, "+-- Submit --"]


def render_answer(answer: Answer, viewer: SandboxUser | User | None = None) -> list[str]:
    """Return what a member sees after an act as lines of text."""
    if answer.modal is not None:
        return render_modal(answer.modal)
    if answer.kind == "autocomplete":
        return [f"  > {choice['name']}" for choice in answer.choices]
    if answer.message is None or answer.kind == "failed":
        return [f"({answer.content or 'acknowledged'})"]
    lines = render_message(answer.message, viewer)
    for message in answer.followups:
        lines += render_message(message, viewer)
    return lines


def _wrapped(text: str | None, indent: str) -> list[str]:
    found: list[str] = []
    for line in (text or "").splitlines():
        found += textwrap.wrap(line, WIDTH, initial_indent=indent, subsequent_indent=indent) or [indent.rstrip()]
    return found


def _embed(embed: Json) -> list[str]:
    lines: list[str] = []
    author: Json = embed.get("author") or {}
    footer: Json = embed.get("footer") or {}
    if author.get("name"):
        lines.append(f"  | {author['name']}")
    if embed.get("title"):
        link = f" <{embed['url']}>" if embed.get("url") else ""
        lines.append(f"  | ** {embed['title']} **{link}")
    lines += _wrapped(embed.get("description"), "  | ")
    fields: list[Json] = embed.get("fields") or []
    for field in fields:
        lines.append(f"  | {field['name']}:")
        lines += _wrapped(field["value"], "  |   ")
    for key in ("image", "thumbnail"):
        if embed.get(key):
            lines.append(f"  | [{key}] {embed[key].get('url')}")
    if footer.get("text"):
        lines.append(f"  | -- {footer['text']}")
    return lines


def _components(components: list[Json], indent: str) -> list[str]:
    lines: list[str] = []
    for item in components:
        kind = item.get("type")
        inner: list[Json] = item.get("components") or []
        if kind == 1 and all(child.get("type") == BUTTON for child in inner):
            lines.append(indent + " ".join(_button(child) for child in inner))
        elif kind == BUTTON:
            lines.append(indent + _button(item))
        elif kind in SELECTS:
            options: list[Json] = item.get("options") or []
            shown = ", ".join(option["label"] for option in options)
            lines.append(f"{indent}<{item.get('placeholder') or 'Choose'}{f': {shown}' if shown else ''}>")
        elif kind == TEXT_DISPLAY:
            lines += _wrapped(item.get("content"), indent)
        elif kind == SECTION:
            lines += _components([*inner, item.get("accessory") or {}], indent)
        else:
            lines += _components(inner, indent + ("| " if kind == CONTAINER else ""))
    return lines


def _button(button: Json) -> str:
    emoji: Json = button.get("emoji") or {}
    label = " ".join(str(part) for part in (emoji.get("name"), button.get("label")) if part)
    notes = [part for part in (_STYLES.get(button.get("style") or 2), "disabled" if button.get("disabled") else "") if part]
    return f"[{label}{' | ' + ', '.join(notes) if notes else ''}]"
