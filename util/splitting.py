"""Splitting of long texts into messages that Discord accepts."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

MESSAGE_LIMIT: Final = 2_000
"""Characters Discord takes in the content of one message."""

LONGEST_WHOLE_WORD: Final = 20
"""A word up to this length is never cut (the specification of review notifications)."""

_PARAGRAPH = re.compile(r"\n[^\S\n]*\n")
_FENCED = re.compile(r"```(?:([\w+#-]{0,20})\n)?.*?```", re.DOTALL)
_FENCE = "```"
_CLOSING = f"\n{_FENCE}"
# Below this a repeated fence would take a good part of the message for itself.
_SMALLEST_LIMIT_FOR_FENCES = 100
_LONGEST_CLUSTER = 32
_ZERO_WIDTH_JOINER = "\u200d"


@dataclass(frozen=True, slots=True)
class _Fence:
    """A code block of the text: where it starts and ends, and where its content does."""

    start: int
    content_start: int
    content_end: int
    end: int
    opening: str


def split_message(text: str, limit: int = MESSAGE_LIMIT) -> list[str]:
    """Split `text` into parts of at most `limit` code points, none of them blank.

    Splits between paragraphs, else between lines, else between words. A word is cut only when it is longer than
    `LONGEST_WHOLE_WORD` (or than the limit) and stands at the splitting point. Nothing but white space at the splits is lost. A
    code block that has to be split is closed and opened again. A blank text has no parts. Raises `ValueError` for a
    limit below 1.
    """
    if limit < 1:
        raise ValueError(f"a message needs room for a character, not {limit}")
    fences = _find_fences(text) if limit >= _SMALLEST_LIMIT_FOR_FENCES else []
    parts: list[str] = []
    start = 0 if len(text) <= limit else _skip_space(text, 0, None)
    while text[start:].strip():
        opened = _fence_around(fences, start)
        prefix = opened.opening if opened else ""
        room = limit - len(prefix)
        if len(text) - start <= room:
            parts.append(prefix + text[start:])
            break
        end = _find_end(text, start, room, fences)
        closed = _fence_around(fences, end)
        parts.append(prefix + text[start:end].rstrip() + (_CLOSING if closed else ""))
        start = _skip_space(text, end, closed)
    return parts


def safe_cut(text: str, at: int, lowest: int = 0) -> int:
    """Return the position at or before `at` where a cut leaves combining marks, joined emoji and flags whole.

    Looks back over no more than a few code points and never to `lowest` or below; when there is no better place, returns `at`.
    """
    for position in range(at, max(lowest, at - _LONGEST_CLUSTER), -1):
        if not _is_inside_cluster(text, position):
            return position
    return at


def _find_end(text: str, start: int, room: int, fences: list[_Fence]) -> int:
    end = _cut(text, start, room)
    fence = _fence_around(fences, end)
    if fence is not None:
        end = _cut(text, start, room - len(_CLOSING))
        fence = _fence_around(fences, end)
    if fence is not None and end <= fence.content_start and fence.start > start and text[start : fence.start].strip():
        # Only the opening line would stay behind, as an empty block.
        return fence.start
    return end


def _cut(text: str, start: int, room: int) -> int:
    """Return where the part that begins at `start` ends; the text is known to be longer than `room`."""
    last = start + room
    enough = start + room // 2
    for end in (_last_paragraph(text, start, last), text.rfind("\n", start, last + 1)):
        if end >= enough and text[start:end].strip():
            return end
    space = next((at for at in range(last, start, -1) if text[at].isspace()), start)
    if text[start:space].strip() and (space >= enough or _word_length(text, space + 1) <= LONGEST_WHOLE_WORD):
        return space
    return safe_cut(text, last, start)


def _last_paragraph(text: str, start: int, last: int) -> int:
    return max((match.start() for match in _PARAGRAPH.finditer(text, start, last + 2)), default=-1)


def _word_length(text: str, start: int) -> int:
    word = re.compile(r"\S*").match(text, start)
    return len(word[0]) if word else 0


def _skip_space(text: str, end: int, fence: _Fence | None) -> int:
    start = end
    while start < len(text) and text[start].isspace():
        start += 1
    if fence is None:
        return start
    if start == fence.content_end:
        # The block was closed by the part before; opening it again would leave an empty one.
        return fence.end
    line_start = text.rfind("\n", end, start) + 1
    return line_start if line_start > end and start - line_start <= LONGEST_WHOLE_WORD else start


def _find_fences(text: str) -> list[_Fence]:
    return [
        _Fence(
            start=match.start(),
            content_start=match.start() + len(_FENCE) + (0 if match[1] is None else len(match[1]) + 1),
            content_end=match.end() - len(_FENCE),
            end=match.end(),
            opening=f"{_FENCE}{match[1] or ''}\n",
        )
        for match in _FENCED.finditer(text)
    ]


def _fence_around(fences: list[_Fence], position: int) -> _Fence | None:
    return next((fence for fence in fences if fence.start < position < fence.end), None)


def _is_inside_cluster(text: str, position: int) -> bool:
    if not 0 < position < len(text):
        return False
    before, after = text[position - 1], text[position]
    if before == _ZERO_WIDTH_JOINER or after == _ZERO_WIDTH_JOINER or _extends(after):
        return True
    if "\ud800" <= before <= "\udbff" and "\udc00" <= after <= "\udfff":
        return True
    return _is_regional(after) and _regionals_before(text, position) % 2 == 1


def _extends(char: str) -> bool:
    is_skin_tone = "\U0001f3fb" <= char <= "\U0001f3ff"
    is_tag = "\U000e0020" <= char <= "\U000e007f"
    return is_skin_tone or is_tag or unicodedata.category(char) in {"Mn", "Me", "Mc"}


def _is_regional(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def _regionals_before(text: str, position: int) -> int:
    count = 0
    while position - count > 0 and _is_regional(text[position - count - 1]):
        count += 1
    return count
