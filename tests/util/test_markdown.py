"""Escaping of what people typed."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from util.markdown import ELLIPSIS, ZERO_WIDTH_SPACE, code_block, inline_code, plain, quote, shorten, strip_controls

hostile = st.text("\\*_~|`[]()<>@#:/!&-+. \n\t0123456789eabhrtyvon\u202e\u200f", max_size=60) | st.text()
LIVE_MENTION = re.compile(r"<(?:@[!&]?|#|/[^>]*|a?:[^>]*|t:|id:)[0-9A-Za-z]")
BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def shown(text):
    """What a reader sees: Discord drops a backslash before punctuation, and zero-width spaces do not show."""
    return re.sub(r"\\([^0-9A-Za-z\s])", r"\1", text).replace(ZERO_WIDTH_SPACE, "")


@given(hostile)
def test_a_reader_sees_what_was_typed(text):
    if "http" not in text and ZERO_WIDTH_SPACE not in text:
        assert shown(plain(text)) == strip_controls(text)


@given(hostile)
def test_no_special_character_stays_unescaped(text):
    escaped = re.sub(r"\\[^0-9A-Za-z\s]", "E", plain(text))
    if "http" not in text:
        assert not re.search(r"[*_~|`\[\]<\\]", escaped)
    assert not re.search(r"(?m)^[^\S\n]*(?:[#>+-]|[0-9]+\.)", escaped)


@given(hostile)
def test_no_ping_mention_or_direction_control_survives(text):
    result = plain(text)
    assert not re.search(r"(?i)@(?:everyone|here|[!&]?[0-9])", result)
    assert not LIVE_MENTION.search(result)
    assert not BIDI.search(result)


@pytest.mark.parametrize(
    ("typed", "escaped"),
    [
        ("hello, world", "hello, world"),
        ("**bold**", r"\*\*bold\*\*"),
        ("snake_case", r"snake\_case"),
        ("~~gone~~", r"\~\~gone\~\~"),
        ("||spoiler||", r"\|\|spoiler\|\|"),
        ("`code`", r"\`code\`"),
        ("\\*", r"\\\*"),
        ("[good](http://evil.example)", r"\[good\](http://evil.example)"),
        ("# big", r"\# big"),
        ("  ## big", r"  \## big"),
        ("-# small", r"\-# small"),
        ("- item\n+ item", "\\- item\n\\+ item"),
        ("1. item\n2) item", "1\\. item\n2\\) item"),
        ("> quote\n>>> more", "\\> quote\n\\>>> more"),
        ("a - b > c # d", "a - b > c # d"),
        ("I <3 this", r"I \<3 this"),
        ("12:30", "12:30"),
        (":smile: now", r"\:smile: now"),
        ("a@b.example", "a@b.example"),
    ],
)
def test_markdown_is_escaped_and_ordinary_text_left_readable(typed, escaped):
    assert plain(typed) == escaped


@pytest.mark.parametrize(
    "typed",
    ["@everyone", "@HERE", "<@123>", "<@!123>", "<@&123>", "@\u202eeveryone", "https://a.example/@everyone", "<#5>", "</ban:1>"],
)
def test_mentions_are_broken(typed):
    assert ZERO_WIDTH_SPACE in plain(typed)


@pytest.mark.parametrize("typed", ["<t:0:R>", "<:emoji:123456789012345678>", "<a:emoji:123456789012345678>", "<id:customize>"])
def test_timestamps_emoji_and_guild_links_are_broken(typed):
    assert plain(typed).startswith(f"\\<{ZERO_WIDTH_SPACE}")


@pytest.mark.parametrize(
    "typed",
    [
        "discord.gg/abc",
        "https://discord.gg/abc",
        "DISCORD.com/invite/abc",
        "https://canary.discordapp.com/invite/abc",
        "discord.gift/abc",
        "https://discord.new/abc",
    ],
)
def test_invites_are_broken_as_links_and_as_cards(typed):
    result = plain(typed)
    assert not re.search(r"(?i)discord(?:app)?\.", result)
    assert "://" not in result


def test_plain_web_addresses_stay_as_they_are():
    for address in (
        "https://youtu.be/__ab-cd_EF~?t=1&x=%20#y",
        "http://sub.a-b.example:8080/x_y",
        "https://www.youtube.com/@gd_x",
    ):
        assert plain(address) == address


def test_special_characters_behind_an_address_are_escaped():
    assert plain("https://a.example/x**b**") == r"https://a.example/x\*\*b\*\*"


def test_control_characters_go_and_line_breaks_become_one_kind():
    assert strip_controls("a\x00b\u202ec\r\nd\u2028e\tf\ud800") == "abc\nd\ne\tf\N{REPLACEMENT CHARACTER}"


def test_a_heading_behind_a_strange_line_break_is_escaped():
    assert plain("x\r# big") == "x\n\\# big"


@given(hostile)
def test_inline_code_cannot_be_ended_from_inside(text):
    result = inline_code(text)
    fence = "``" if result.startswith("``") else "`"
    inside = result[len(fence) : -len(fence)]
    assert fence not in inside
    assert inside
    assert not inside.startswith("`")
    assert not inside.endswith("`")
    assert "\n" not in result


def test_inline_code_of_ordinary_text_is_bare():
    assert inline_code("1q2m4d") == "`1q2m4d`"


@given(hostile)
def test_a_code_block_cannot_be_ended_from_inside(text):
    result = code_block(text + "```", "py")
    assert result.startswith("```py\n")
    assert result.endswith("\n```")
    assert "```" not in result[3:-3]


def test_a_language_that_would_break_out_of_a_code_block_is_refused():
    with pytest.raises(ValueError, match="language"):
        code_block("x", "py\n```")


@given(st.text(), st.integers(1, 40))
def test_a_shortened_text_fits(text, limit):
    result = shorten(text, limit)
    assert len(result) <= limit
    assert result == text or result.endswith(ELLIPSIS)


def test_shortening_keeps_joined_characters_together():
    assert shorten("ab👩\u200d👧 and more", 5) == f"ab{ELLIPSIS}"
    assert shorten("one two", 5) == f"one{ELLIPSIS}"
    with pytest.raises(ValueError, match="room"):
        shorten("x", 0)


def test_every_line_of_a_quote_is_quoted():
    assert quote("a\n\nb") == "> a\n> \n> b"
