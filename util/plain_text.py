"""Texts that people typed, escaped and made to fit: escaping first and cutting after would cut an escape in two."""

from typing import Final

from util.markdown import ZERO_WIDTH_SPACE, plain, shorten, strip_controls
from util.splitting import split_message

_FENCE: Final = "```"
_BROKEN_FENCE: Final = ZERO_WIDTH_SPACE.join(_FENCE)


def fit_plain(text: str, limit: int) -> str:
    """Escape a text and shorten it so that the result has at most `limit` code points. Raises `ValueError` below 8."""
    if limit < 8:
        raise ValueError(f"an escaped text needs more room than {limit}")
    allowed = limit
    while len(shown := plain(shorten(text, allowed))) > limit:
        allowed = max(1, min(allowed - 1, allowed * limit // len(shown)))
    return shown


def split_plain(text: str, first: int, rest: int) -> list[str]:
    """Split a text into escaped parts: the first of at most `first` code points, the others of at most `rest`.

    A blank text has no parts. Raises `ValueError` for a limit below 8.
    """
    if min(first, rest) < 8:
        raise ValueError("escaped parts need more room")
    # Escaped ticks make no code block, so there is none to be closed and opened again at a split.
    left = strip_controls(text).replace(_FENCE, _BROKEN_FENCE).strip()
    parts: list[str] = []
    while left:
        limit = first if not parts else rest
        raw, shown = _first_part(left, limit)
        parts.append(shown)
        left = left[len(raw) :].lstrip()
    return parts


def _first_part(text: str, limit: int) -> tuple[str, str]:
    """Return the longest good part at the start of a text without leading space, as typed and escaped."""
    allowed = limit
    while True:
        # A little more than what fits is enough to see where the split falls.
        raw = split_message(text[: allowed * 2 + 50], allowed)[0]
        shown = plain(raw)
        if len(shown) <= limit:
            return raw, shown
        allowed = max(1, min(allowed - 1, allowed * limit // len(shown)))
