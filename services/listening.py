"""Open the socket on which the bot's HTTP side listens."""

import asyncio
import errno
import os
import socket


class CannotListen(Exception):
    """Nothing can listen there; the message is one sentence without a full stop. `in_use`: because somebody else does."""

    def __init__(self, message: str, *, in_use: bool = False) -> None:
        super().__init__(message)
        self.in_use = in_use


def open_socket(host: str, port: int) -> socket.socket:
    """Return a listening socket; port 0 takes any that is free. Raises `CannotListen`."""
    where = address_of(host, port)
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        opened = socket.socket(family, kind, protocol)
    except OSError as error:
        raise CannotListen(f"{where} is no address of this machine") from error
    try:
        if socket.has_ipv6 and family == socket.AF_INET6:
            opened.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        # A port that was used a moment ago may be taken again, but on Windows this would share it with another program.
        if os.name != "nt":
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind(address)
        opened.listen()
        opened.setblocking(False)
    except OSError as error:
        opened.close()
        raise _refusal(error, where) from error
    return opened


async def is_ours(host: str, port: int, patience: float = 2.0) -> bool:
    """Tell whether what listens there answers health checks as this program does."""
    try:
        async with asyncio.timeout(patience):
            reader, writer = await asyncio.open_connection(_reachable(host), port)
            try:
                writer.write(b"GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n")
                answer = await reader.read(4096)
            finally:
                writer.close()
    except (OSError, TimeoutError):
        return False
    head, _, body = answer.partition(b"\r\n\r\n")
    return b" 200 " in head.split(b"\r\n")[0] and b'"status"' in body


def _reachable(host: str) -> str:
    """Return where to ask for what listens on all addresses."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)


def _refusal(error: OSError, where: str) -> CannotListen:
    if error.errno == errno.EADDRINUSE:
        return CannotListen(f"another program listens on {where} already", in_use=True)
    if error.errno in {errno.EACCES, errno.EPERM}:
        return CannotListen(f"this user may not listen on {where}")
    return CannotListen(f"nothing can listen on {where} ({error.strerror})")


def address_of(host: str, port: int) -> str:
    """Return host and port as one writes them in an address."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def port_of(opened: socket.socket) -> int:
    """Return the port on which a socket really listens."""
    return int(opened.getsockname()[1])
