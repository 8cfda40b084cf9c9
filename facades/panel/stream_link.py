"""Links to streams, as the Control Panel sends them."""

import re
from urllib.parse import urlsplit

from facades.requests.typed import clean
from util.errors import BadInput
from util.texts import Text

LONGEST_LINK = 200
_LINK = re.compile(r"https?://[^\s<>\"`\\\x00-\x1f\x7f]+", re.IGNORECASE)
_STREAMING_HOSTS = frozenset({"twitch.tv", "www.twitch.tv", "m.twitch.tv"})


class LinkNotUnderstood(BadInput):
    """What should be the stream's link is none, or is too long."""

    def __init__(self) -> None:
        super().__init__(Text.PANEL_REFUSED_LINK, most=LONGEST_LINK)


def read_stream_link(typed: str | None) -> str | None:
    """Return a stream's link as it was given, None when there is none. Raises `LinkNotUnderstood`."""
    link = clean(typed or "")
    if not link:
        return None
    if len(link) > LONGEST_LINK or not _LINK.fullmatch(link) or not _host_of(link):
        raise LinkNotUnderstood
    return link


def is_stream_page(link: str) -> bool:
    """Tell whether a link leads to a streaming site other than YouTube, where it shows no single video."""
    return _host_of(link) in _STREAMING_HOSTS


def _host_of(link: str) -> str:
    try:
        return (urlsplit(link).hostname or "").lower()
    except ValueError:
        return ""
