"""Files that members give to commands: downloaded from Discord's own servers, up to a size and within a time."""

from collections.abc import AsyncGenerator
from typing import Final

import aiohttp
import discord
import yarl
from discord.http import Route

from services.discord.calls import Caller
from services.discord.errors import DiscordError, DiscordGone, DiscordRefused, DiscordUnavailable

CDN_HOSTS: Final = frozenset({"cdn.discordapp.com", "media.discordapp.net"})
OWN_API: Final = "https://discord.com/api/v10"
PIECE: Final = 1 << 16
DIRECT_MESSAGE_LIMIT: Final = 10 * 1024 * 1024
"""Bytes that a file in a direct message may have (Discord's reference, "Uploading Files")."""


class FileTooLarge(DiscordError):
    """A file has more bytes than allowed, whatever was said of its size before."""


class FileAccess:
    """What the bot does with files on Discord beside sending them."""

    call: Caller

    def upload_limit(self, channel_id: int) -> int:
        """Return how many bytes a file may have in a channel, as far as the bot knows it."""
        channel = self.call.client.get_channel(channel_id)
        guild = getattr(channel, "guild", None)
        return guild.filesize_limit if isinstance(guild, discord.Guild) else DIRECT_MESSAGE_LIMIT

    async def download(self, url: str, *, most: int, seconds: float) -> AsyncGenerator[bytes]:
        """Yield a file piece by piece; close it (`contextlib.aclosing`) when not all of it is read.

        Raises `DiscordRefused` for an address that is not Discord's, `FileTooLarge` past `most` bytes, `DiscordGone` when it is
        no longer there and `DiscordUnavailable` when it does not come within so many seconds.
        """
        address = checked_address(url)
        # aiohttp looks at the time only while it reads: a limit around the whole would end whoever writes the pieces down.
        within = aiohttp.ClientTimeout(total=seconds)
        try:
            # What a server claims to be compressed would grow past the limit while it is read.
            async with (
                aiohttp.ClientSession(auto_decompress=False, timeout=within) as session,
                session.get(address, allow_redirects=False) as response,
            ):
                _check_status(response.status)
                size = 0
                async for piece in response.content.iter_chunked(PIECE):
                    size += len(piece)
                    if size > most:
                        raise FileTooLarge(f"the file has more than {most} bytes")
                    yield piece
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise DiscordUnavailable(f"the file does not come: {type(error).__name__}") from error


def checked_address(url: str) -> yarl.URL:
    """Return an address that is of Discord's own files. Raises `DiscordRefused` for any other."""
    try:
        address = yarl.URL(url)
        if address.user is None and _is_of_discord(address):
            return address
    except ValueError:
        # It has no host, or is no address at all.
        pass
    raise DiscordRefused("not an address of Discord's files")


def _is_of_discord(address: yarl.URL) -> bool:
    if Route.BASE == OWN_API:
        return address.scheme == "https" and address.host in CDN_HOSTS and address.explicit_port in (None, 443)
    # A server that is compatible with Discord keeps its files itself.
    return address.origin() == yarl.URL(Route.BASE).origin()


def _check_status(status: int) -> None:
    if status == 200:
        return
    if status in (403, 404, 410):
        raise DiscordGone("the file is no longer there", status=status)
    raise DiscordUnavailable(f"the file does not come: {status}", status=status)
