"""Limits of messages, embeds, components, modals and commands, one case each, at the edge and over it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.discord import ApiError
from sandbox.discord.rules.checks import Checker
from sandbox.discord.rules.commands import check_commands, valid_name
from sandbox.discord.rules.emoji import looks_like_emoji
from sandbox.discord.rules.messages import check_message
from sandbox.discord.rules.modals import check_modal

Json = dict[str, Any]


def errors_of_message(**body: Any) -> Json:
    """Return the field errors of a message body."""
    try:
        check_message(body, [])
    except ApiError as error:
        return (error.errors or {}) if error.code == 50035 else {"code": error.code}
    return {}


def errors_of(check: Callable[[Checker], None]) -> Json:
    """Return what a check notes."""
    checker = Checker()
    check(checker)
    return checker.errors


def button(**fields: Any) -> Json:
    """Make a good button, with changes."""
    return {"type": 2, "style": 1, "label": "x", "custom_id": "x", **fields}


def row(*items: Json) -> Json:
    """Make an action row."""
    return {"type": 1, "components": list(items)}


def select(count: int, **fields: Any) -> Json:
    """Make a string select with numbered options."""
    return {"type": 3, "custom_id": "s", "options": [{"label": str(i), "value": str(i)} for i in range(count)], **fields}


BUTTONS = [[button(custom_id=f"{r}-{c}") for c in range(5)] for r in range(6)]

GOOD: list[Json] = [
    {"content": "x" * 2000},
    {"content": "я" * 2000},
    {"embeds": [{"title": "x" * 256}] * 10},
    {"embeds": [{"description": "x" * 4096}, {"footer": {"text": "x" * 1904}}]},
    {"embeds": [{"fields": [{"name": "n", "value": "v"}] * 25}]},
    {"embeds": [{"fields": [{"name": "x" * 256, "value": "x" * 1024}], "author": {"name": "x" * 256}}]},
    {"components": [row(*items) for items in BUTTONS[:5]]},
    {"components": [row(select(25, max_values=25))]},
    {"components": [row(button(label="x" * 80, custom_id="x" * 100))]},
    {"components": [row({"type": 2, "style": 5, "label": "site", "url": "https://example.org"})]},
    {"components": [row(button(label=None, emoji={"name": "👍"}), button(custom_id="2", emoji={"name": "x", "id": "123456"}))]},
    {"components": [{"type": 10, "content": "x" * 4000}], "flags": 1 << 15},
    {"components": [{"type": 17, "components": [{"type": 10, "content": "x"}, {"type": 14}, row(button())]}], "flags": 1 << 15},
    {"content": "x", "nonce": "x" * 25},
    {"content": "x", "allowed_mentions": {"parse": ["roles"], "users": ["123"]}},
]

BAD: list[tuple[str, Json]] = [
    ("content", {"content": "x" * 2001}),
    ("content", {"content": 5}),
    ("embeds", {"embeds": [{"title": "x"}] * 11}),
    ("embeds.0.title", {"embeds": [{"title": "x" * 257}]}),
    ("embeds.0.description", {"embeds": [{"description": "x" * 4097}]}),
    ("embeds", {"embeds": [{"description": "x" * 4096}, {"footer": {"text": "x" * 1905}}]}),
    ("embeds.0.fields", {"embeds": [{"fields": [{"name": "n", "value": "v"}] * 26}]}),
    ("embeds.0.fields.0.name", {"embeds": [{"fields": [{"name": "", "value": "v"}]}]}),
    ("embeds.0.fields.0.value", {"embeds": [{"fields": [{"name": "n"}]}]}),
    ("embeds.0.fields.0.value", {"embeds": [{"fields": [{"name": "n", "value": "x" * 1025}]}]}),
    ("embeds.0.footer.text", {"embeds": [{"footer": {"text": "x" * 2049}}]}),
    ("embeds.0.author.name", {"embeds": [{"author": {"name": "x" * 257}}]}),
    ("embeds.0.url", {"embeds": [{"title": "x", "url": "ftp://x"}]}),
    ("embeds.0.color", {"embeds": [{"title": "x", "color": 0x1000000}]}),
    ("components", {"components": [row(*items) for items in BUTTONS]}),
    ("components.0.components", {"components": [row(*BUTTONS[0], button(custom_id="6"))]}),
    ("components.0.components", {"components": [row()]}),
    ("components.0.components.1.custom_id", {"components": [row(button(), button())]}),
    ("components.0.components.0.label", {"components": [row(button(label="x" * 81))]}),
    ("components.0.components.0.custom_id", {"components": [row(button(custom_id="x" * 101))]}),
    ("components.0.components.0.custom_id", {"components": [row(button(custom_id=""))]}),
    ("components.0.components.0", {"components": [row(button(label=None))]}),
    ("components.0.components.0", {"components": [row({"type": 2, "style": 5, "label": "x"})]}),
    ("components.0.components.0.emoji.name", {"components": [row(button(emoji={"name": "smile"}))]}),
    ("components.0.components", {"components": [row(button(), select(2))]}),
    ("components.0.components.0.options", {"components": [row(select(26))]}),
    ("components.0.components.0.options", {"components": [row(select(0))]}),
    ("components.0.components.0.options", {"components": [row(select(2, max_values=3))]}),
    ("components.0.components.0.placeholder", {"components": [row(select(2, placeholder="x" * 151))]}),
    (
        "components.0.components.0.options.0.label",
        {"components": [row(select(0) | {"options": [{"label": "x" * 101, "value": "x"}]})]},
    ),
    (
        "components.0.components.0.options.1.value",
        {"components": [row(select(0) | {"options": [{"label": "x", "value": "x"}] * 2})]},
    ),
    ("components.0.type", {"components": [button()]}),
    ("components.0.type", {"components": [{"type": 10, "content": "needs the flag"}]}),
    ("content", {"content": "x", "components": [{"type": 10, "content": "x"}], "flags": 1 << 15}),
    ("components", {"components": [{"type": 10, "content": "x" * 2001}] * 2, "flags": 1 << 15}),
    ("nonce", {"content": "x", "nonce": "x" * 26}),
    ("allowed_mentions", {"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["123"]}}),
    ("allowed_mentions.parse.0", {"content": "x", "allowed_mentions": {"parse": ["all"]}}),
]


def at(errors: Json, path: str) -> Json:
    """Return the part of the errors under a dotted path."""
    for step in path.split("."):
        errors = errors[step]
    return errors


@pytest.mark.parametrize("body", GOOD)
def test_a_message_within_the_limits_passes(body: Json) -> None:
    assert errors_of_message(**body) == {}


@pytest.mark.parametrize(("path", "body"), BAD)
def test_a_message_over_a_limit_is_refused_under_its_path(path: str, body: Json) -> None:
    assert "_errors" in at(errors_of_message(**body), path)


def label(component: Json, **fields: Any) -> Json:
    """Make a label around an input."""
    return {"type": 18, "label": "x", "component": component, **fields}


def text(**fields: Any) -> Json:
    """Make a good text input, with changes."""
    return {"type": 4, "custom_id": "t", "style": 1, **fields}


def modal(*rows: Json, **fields: Any) -> Json:
    """Make a modal."""
    return {"custom_id": "m", "title": "M", "components": list(rows), **fields}


@pytest.mark.parametrize(
    "data",
    [
        modal(label(text(min_length=1, max_length=4000, placeholder="x" * 100)), title="x" * 45),
        modal(row(text(label="x" * 45))),
        modal(*[label(text(custom_id=str(i))) for i in range(5)]),
        modal(label(select(3, required=False, min_values=0)), {"type": 10, "content": "hint"}),
        modal(label({"type": 6, "custom_id": "r"}, label="x" * 45, description="x" * 100)),
        modal(label(text(value="abc", min_length=3))),
    ],
)
def test_a_modal_within_the_limits_passes(data: Json) -> None:
    assert errors_of(lambda checker: check_modal(checker, (), data)) == {}


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("title", modal(label(text()), title="x" * 46)),
        ("title", modal(label(text()), title="")),
        ("custom_id", modal(label(text()), custom_id="x" * 101)),
        ("components", modal()),
        ("components", modal(*[label(text(custom_id=str(i))) for i in range(6)])),
        ("components.0.label", modal(label(text(), label="x" * 46))),
        ("components.0.description", modal(label(text(), description="x" * 101))),
        ("components.0.component.max_length", modal(label(text(max_length=4001)))),
        ("components.0.component.placeholder", modal(label(text(placeholder="x" * 101)))),
        ("components.0.component.min_length", modal(label(text(min_length=5, max_length=4)))),
        ("components.0.component.value", modal(label(text(value="ab", min_length=3)))),
        ("components.0.component.label", modal(label(text(label="twice")))),
        ("components.1.component.custom_id", modal(label(text()), label(text()))),
        ("components.0.components.0.label", modal(row(text()))),
        ("components.0.type", modal(button())),
    ],
)
def test_a_modal_over_a_limit_is_refused_under_its_path(path: str, data: Json) -> None:
    assert "_errors" in at(errors_of(lambda checker: check_modal(checker, (), data)), path)


def command(**fields: Any) -> Json:
    """Make a good command, with changes."""
    return {"name": "x", "description": "x", **fields}


def option(**fields: Any) -> Json:
    """Make a good string option, with changes."""
    return {"type": 3, "name": "o", "description": "x", **fields}


@pytest.mark.parametrize(
    "given",
    [
        command(name="запрос", name_localizations={"ru": "заявка"}, description_localizations={"uk": "x"}),
        command(options=[option(name=f"o{i}") for i in range(25)]),
        command(options=[option(choices=[{"name": "x" * 100, "value": str(i)} for i in range(25)])]),
        command(options=[option(required=True), option(name="p")]),
        command(
            options=[{"type": 2, "name": "g", "description": "x", "options": [{"type": 1, "name": "s", "description": "x"}]}]
        ),
        {"type": 3, "name": "Any Name", "description": ""},
    ],
)
def test_a_command_within_the_limits_passes(given: Json) -> None:
    assert errors_of(lambda checker: check_commands(checker, [given])) == {}


@pytest.mark.parametrize(
    ("path", "given"),
    [
        ("0.name", command(name="Upper")),
        ("0.name", command(name="two words")),
        ("0.name", command(name="x" * 33)),
        ("0.description", command(description="")),
        ("0.description", command(description="x" * 101)),
        ("0.name_localizations.ru-RU", command(name_localizations={"ru-RU": "x"})),
        ("0.name_localizations.ru", command(name_localizations={"ru": "Большая"})),
        ("0.description_localizations.ru", command(description_localizations={"ru": "x" * 101})),
        ("0.options", command(options=[option(name=f"o{i}") for i in range(26)])),
        ("0.options.1", command(options=[option(), option(name="p", required=True)])),
        ("0.options.1", command(options=[option(), option()])),
        ("0.options.0.choices", command(options=[option(choices=[{"name": "x", "value": str(i)} for i in range(26)])])),
        ("0.options.0.choices.0.name", command(options=[option(choices=[{"name": "x" * 101, "value": "x"}])])),
        ("0.options.0", command(options=[option(autocomplete=True, choices=[{"name": "x", "value": "x"}])])),
        ("0.options", command(options=[option(), {"type": 1, "name": "s", "description": "x"}])),
        (
            "0",
            command(
                options=[
                    option(name=f"o{i}", choices=[{"name": "x" * 100, "value": f"{n}"} for n in range(25)]) for i in range(4)
                ]
            ),
        ),
    ],
)
def test_a_command_over_a_limit_is_refused_under_its_path(path: str, given: Json) -> None:
    assert "_errors" in at(errors_of(lambda checker: check_commands(checker, [given])), path)


def test_names_follow_discords_pattern() -> None:
    assert all(valid_name(name) for name in ("a", "a-b_c'd", "запрос", "คำสั่ง", "हिन्दी", "リクエスト", "x1"))
    assert not any(valid_name(name) for name in ("", "A", "a b", "a.b", "/a", "👍"))


def test_emoji_are_told_from_other_signs() -> None:
    assert all(looks_like_emoji(text) for text in ("👍", "👍🏽", "❤️", "✔️", "1️⃣", "🇩🇪", "👩‍🚀", "ℹ️", "⭐", "⏭️", "🏴󠁧󠁢󠁥󠁮󠁧󠁿"))
    assert not any(looks_like_emoji(text) for text in ("", "x", "✓", "→", "👍👍", "smile", ":x:", "1"))
