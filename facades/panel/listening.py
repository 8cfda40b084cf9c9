"""Whether and where the HTTP side of the bot listens."""

import socket

from sqlmodel import select

from db.models import PanelToken
from facades.app import App
from services.listening import CannotListen, address_of, open_socket, port_of

__all__ = ["CannotListen", "is_listening_wanted", "open_listening_socket"]

DEFAULT_PORT = 5000


async def is_listening_wanted(app: App) -> bool:
    """Tell whether anybody could use the HTTP side: there is a token, or a port was named on purpose (for health checks)."""
    if app.settings.api_token is not None or app.settings.api_port is not None:
        return True
    async with app.reading() as session:
        return (await session.exec(select(PanelToken.guild_id).limit(1))).first() is not None


def open_listening_socket(app: App) -> tuple[socket.socket, str]:
    """Return the socket and its address for people, as in `http://127.0.0.1:5000`. Raises `CannotListen`."""
    settings = app.settings
    opened = open_socket(settings.api_host, DEFAULT_PORT if settings.api_port is None else settings.api_port)
    return opened, f"http://{address_of(settings.api_host, port_of(opened))}"
