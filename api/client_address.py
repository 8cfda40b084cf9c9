"""From which address a request comes, also behind reverse proxies."""

from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

import structlog
from starlette.requests import HTTPConnection

Network = IPv4Network | IPv6Network
log = structlog.get_logger()
UNKNOWN = "unknown"


def parse_proxies(listed: str) -> tuple[Network, ...]:
    """Read addresses and networks separated by commas. Raises ValueError."""
    return tuple(ip_network(one.strip(), strict=False) for one in listed.split(",") if one.strip())


class ClientAddresses:
    """Tells addresses apart. Only the trusted proxies may say for whom they speak (`X-Forwarded-For`)."""

    def __init__(self, trusted: Iterable[Network]) -> None:
        self._trusted = tuple(trusted)
        self._warned = False

    def of(self, request: HTTPConnection) -> str:
        """Return the address of whoever a trusted proxy speaks for, else that of the connection."""
        peer = request.client.host if request.client else UNKNOWN
        hops = [hop.strip() for value in request.headers.getlist("x-forwarded-for") for hop in value.split(",")]
        if not hops:
            return peer
        if not self._is_trusted(peer):
            self._warn(peer)
            return peer
        # Each proxy adds whom it heard at the end; what stands before the last untrusted hop may be invented.
        found = peer
        for hop in reversed(hops):
            if not _is_address(hop):
                break
            found = hop
            if not self._is_trusted(hop):
                break
        return found

    def _is_trusted(self, address: str) -> bool:
        return _is_address(address) and any(ip_address(address) in network for network in self._trusted)

    def _warn(self, peer: str) -> None:
        """Say once that a proxy's word is not taken: all its clients share one limit on wrong tokens."""
        if not self._warned:
            self._warned = True
            log.warning("proxy_not_trusted", client=peer, setting="API_TRUSTED_PROXIES")


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
