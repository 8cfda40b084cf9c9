"""Making texts that people typed safe and tidy inside Discord's markdown."""

import re
from typing import Final

from util.splitting import safe_cut

ZERO_WIDTH_SPACE: Final = "\u200b"
ELLIPSIS: Final = "\N{HORIZONTAL ELLIPSIS}"

_LINE_BREAKS = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_SURROGATES = re.compile("[\ud800-\udfff]")

# Discord takes a bare address as one token, so a backslash inside would become part of the link. Only characters that mean
# nothing elsewhere are let through, and only behind a real-looking host.
_ADDRESS = r"https?://(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}(?::[0-9]{1,5})?(?:[/?#][A-Za-z0-9._~:/?#@!$&'+,;=%-]*)?"
_SPECIAL = re.compile(
    rf"(?P<address>{_ADDRESS})"
    r"|(?P<tag><(?=[^\s\d<]))"
    r"|(?P<everywhere>[\\*_~|`\[\]<]|:(?=[\w~+-]+:))"
    r"|(?P<line_start>(?m:^)[^\S\n]*)(?P<marker>[#>+-]|(?P<number>[0-9]+)(?=[.)]))",
)
_PING = re.compile(r"@(?=everyone|here|[!&]?[0-9])", re.IGNORECASE)
_INVITE = re.compile(
    r"(?P<scheme>https?:)?(?P<host>(?://)?(?:[\w-]+\.)*)(?P<name>discord(?:app)?)"
    r"(?=\.(?:gg|gift|new|com/(?:invite|template|gifts|events)))",
    re.IGNORECASE,
)
_LANGUAGE = re.compile(r"[\w+#.-]*", re.ASCII)


def plain(text: str) -> str:
    """Escape a text so that Discord shows it as it was typed, in a message or in an embed.

    No markdown, heading, list, quote, code, masked link, mention, command, timestamp, emoji code or invite in it takes
    effect, and control characters that turn or hide text are removed. Plain web addresses stay links. Shorten before, not after:
    a cut may fall between a backslash and what it escapes. Rules: Discord's reference on message formatting; a backslash
    escapes any punctuation, but pings are found before markdown is read, so those are broken by a zero-width space.
    """
    return _break_pings(_SPECIAL.sub(_escape, strip_controls(text)))


def strip_controls(text: str) -> str:
    """Remove control characters (also those of text direction) except tabs and line breaks, which become `\\n`.

    Enough by itself where Discord reads no markdown: footers, author lines, choices.
    """
    text = _LINE_BREAKS.sub("\n", text)
    return _SURROGATES.sub("\N{REPLACEMENT CHARACTER}", _CONTROLS.sub("", text))


def inline_code(text: str) -> str:
    """Show a text as code within a line; line breaks become spaces, and no backtick in it ends the code."""
    body = _break_pings(strip_controls(text).replace("\n", " "))
    if not body:
        return f"`{ZERO_WIDTH_SPACE}`"
    if "`" not in body:
        return f"`{body}`"
    return f"``{ZERO_WIDTH_SPACE}{body.replace('`', '`' + ZERO_WIDTH_SPACE)}``"


def code_block(text: str, language: str = "") -> str:
    """Show a text as a block of code which nothing in it can end. Raises `ValueError` for an impossible language."""
    if not _LANGUAGE.fullmatch(language):
        raise ValueError(f"{language!r} is no language of a code block")
    body = re.sub("`{3,}", lambda ticks: ZERO_WIDTH_SPACE.join(ticks[0]), _break_pings(strip_controls(text)))
    return f"```{language}\n{body or ZERO_WIDTH_SPACE}\n```"


def shorten(text: str, limit: int) -> str:
    """Cut a text to at most `limit` code points, the last of which is then an ellipsis.

    Raises `ValueError` for a limit below 1.
    """
    if limit < 1:
        raise ValueError(f"a text needs room for a character, not {limit}")
    if len(text) <= limit:
        return text
    return text[: safe_cut(text, limit - 1)].rstrip() + ELLIPSIS


def quote(text: str) -> str:
    """Show every line of a text as quoted. What people typed goes through `plain` first."""
    return "\n".join(f"> {line}" for line in text.split("\n"))


def _escape(match: re.Match[str]) -> str:
    if match["address"] is not None:
        return match["address"]
    if match["tag"] is not None:
        return f"\\<{ZERO_WIDTH_SPACE}"
    if match["everywhere"] is not None:
        return f"\\{match['everywhere']}"
    if match["number"] is not None:
        # The dot behind it makes the list, but only the number can be looked for at the line's start.
        return f"{match['line_start']}{match['number']}\\"
    return f"{match['line_start']}\\{match['marker']}"


def _break_pings(text: str) -> str:
    return _INVITE.sub(_break_invite, _PING.sub(f"@{ZERO_WIDTH_SPACE}", text))


def _break_invite(match: re.Match[str]) -> str:
    # The scheme is broken as well: browsers drop the invisible space from a host name, so the link would still lead there.
    scheme = f"{match['scheme']}{ZERO_WIDTH_SPACE}" if match["scheme"] else ""
    return f"{scheme}{match['host']}{match['name']}{ZERO_WIDTH_SPACE}"
