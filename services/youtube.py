"""Links to YouTube videos, judged by their form alone: nothing is asked of YouTube."""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, parse_qs, urlsplit

_SHORT_HOST = "youtu.be"
_HOSTS: Final = frozenset(
    {
        "youtube.com",
        "www.youtube.com",
        "m.youtube.com",
        "music.youtube.com",
        "youtube-nocookie.com",
        "www.youtube-nocookie.com",
    },
)
_SCHEME = re.compile(r"(?i)https?://")
_VIDEO_ID = re.compile(r"[A-Za-z0-9_-]{11}")
_VIDEO_PATH = re.compile(r"/(?:shorts|live|embed|v)/([^/]+)/?")
_SHORT_PATH = re.compile(r"/([^/]+)/?")
# Words of the embedded player that happen to have the length of a video's id.
_NOT_VIDEOS: Final = frozenset({"videoseries", "live_stream"})
_FORBIDDEN = re.compile(r"[\s\x00-\x1f\x7f\\<>]")
_SECONDS = re.compile(r"([0-9]{1,6})s?")
_HOURS_MINUTES_SECONDS = re.compile(r"(?:([0-9]{1,3})h)?(?:([0-9]{1,4})m)?(?:([0-9]{1,6})s)?")


@dataclass(frozen=True, slots=True)
class VideoLink:
    """A video, and the second it should start at."""

    video_id: str
    start: int | None = None

    @property
    def url(self) -> str:
        """The canonical address, the same for every way of writing the link."""
        start = f"&t={self.start}s" if self.start else ""
        return f"https://www.youtube.com/watch?v={self.video_id}{start}"


def parse_video_link(text: str) -> VideoLink | None:
    """Read a link to one YouTube video, None when it is anything else.

    Takes watch, short (`youtu.be`), shorts, live and embed addresses, with or without `https://`, with any further
    parameters. Only the exact hosts of YouTube count: no user part, no port, no look-alike.
    """
    address = text.strip()
    if _FORBIDDEN.search(address):
        return None
    if not _SCHEME.match(address):
        address = f"https://{address}"
    try:
        parts = urlsplit(address)
        query = parse_qs(parts.query)
    except ValueError:
        return None
    video_id = _find_video_id(parts, query)
    if video_id is None or not _VIDEO_ID.fullmatch(video_id) or video_id in _NOT_VIDEOS:
        return None
    return VideoLink(video_id, _find_start(parts, query))


def _find_video_id(parts: SplitResult, query: dict[str, list[str]]) -> str | None:
    # The whole authority is compared, so that a user part or a port can never pass as a host.
    host = parts.netloc.lower() if parts.netloc.isascii() else ""
    if host in {_SHORT_HOST, f"www.{_SHORT_HOST}"}:
        match = _SHORT_PATH.fullmatch(parts.path)
        return match[1] if match else None
    if host not in _HOSTS:
        return None
    if parts.path.rstrip("/") == "/watch":
        named = set(query.get("v", ()))
        return named.pop() if len(named) == 1 else None
    match = _VIDEO_PATH.fullmatch(parts.path)
    return match[1] if match else None


def _find_start(parts: SplitResult, query: dict[str, list[str]]) -> int | None:
    fragment = parse_qs(parts.fragment)
    for values in (query.get("t"), query.get("start"), fragment.get("t")):
        if values:
            return _parse_start(values[0])
    return None


def _parse_start(text: str) -> int | None:
    if match := _SECONDS.fullmatch(text):
        return int(match[1])
    match = _HOURS_MINUTES_SECONDS.fullmatch(text)
    if match is None or not text:
        return None
    hours, minutes, seconds = (int(amount or 0) for amount in match.groups())
    return hours * 3_600 + minutes * 60 + seconds
