"""What counts as an emoji: a picture of Unicode, or a guild's own in Discord's notation."""

import re
from typing import Final

_PICTURE = "[\u231a\u231b\u23e9-\u23fa\u25aa-\u25fe\u2600-\u27bf\u2b05-\u2b55\U0001f000-\U0001faff]"
_FLAG = "[\U0001f1e6-\U0001f1ff]{2}"
_KEYCAP = "[0-9#*]\ufe0f?\u20e3"
EMOJI: Final = (
    rf"(?:<a?:\w{{2,32}}:\d{{15,20}}>|{_FLAG}|{_KEYCAP}"
    rf"|{_PICTURE}\ufe0f?[\U0001f3fb-\U0001f3ff]?(?:\u200d{_PICTURE}\ufe0f?)*)"
)
"""A pattern of one emoji; a picture may be several joined ones."""
_WHOLE = re.compile(EMOJI)


def is_emoji(text: str) -> bool:
    """Tell whether a text is one emoji and nothing else."""
    return _WHOLE.fullmatch(text) is not None
