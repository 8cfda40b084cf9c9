"""One HTTP call to the Geometry Dash server."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Final

import aiohttp

from services.geometry_dash.errors import GeometryDashUnavailable, UnavailableReason

MOST_IDS: Final = 10
"""Levels one page of an answer holds; private servers may know nothing larger."""

_PATH = "/database/getGJLevels21.php"
_SECRET = "Wmfd2893gb7"
_LIST_OF_IDS = "19"
# The front-end refuses every client that names itself.
_HEADERS: Final = {"User-Agent": ""}
_LARGEST_BODY = 1 << 20
_LONGEST_DETAIL = 80


class Transport:
    """Asks the server over a session of its own, or over one that was lent."""

    def __init__(self, base_url: str, *, session: aiohttp.ClientSession | None, timeout: float) -> None:
        self._url = base_url.rstrip("/") + _PATH
        self._session = session
        self._owns_session = session is None
        self._timeout = aiohttp.ClientTimeout(total=timeout)

    async def fetch(self, level_ids: Sequence[int]) -> str:
        """Return what the server says about up to `MOST_IDS` levels. Raises `GeometryDashUnavailable`."""
        form = {"secret": _SECRET, "type": _LIST_OF_IDS, "str": ",".join(map(str, level_ids))}
        if self._session is None:
            self._session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
        try:
            async with self._session.post(
                self._url, data=form, headers=_HEADERS, timeout=self._timeout, allow_redirects=False
            ) as response:
                body = await _read_body(response)
        except TimeoutError:
            raise GeometryDashUnavailable(UnavailableReason.TIMEOUT, f"no answer in {self._timeout.total} s") from None
        except (aiohttp.ClientError, OSError) as error:
            raise GeometryDashUnavailable(UnavailableReason.CONNECTION, repr(error)) from error
        _check_status(response.status, body)
        return body

    async def close(self) -> None:
        """Close the session, unless it was lent."""
        if self._owns_session and self._session is not None:
            await self._session.close()


async def _read_body(response: aiohttp.ClientResponse) -> str:
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > _LARGEST_BODY:
            raise GeometryDashUnavailable(UnavailableReason.GARBAGE, f"an answer of more than {_LARGEST_BODY} bytes")
    # Names of songs are not always UTF-8, and they do not matter here.
    return body.decode("utf-8", errors="replace")


def _check_status(status: int, body: str) -> None:
    if status == HTTPStatus.OK:
        return
    reason = UnavailableReason.SERVER_ERROR if status >= HTTPStatus.INTERNAL_SERVER_ERROR else UnavailableReason.REFUSED
    raise GeometryDashUnavailable(reason, f"HTTP {status}: {body[:_LONGEST_DETAIL]!r}")
