"""From which address a request comes, also behind reverse proxies."""

from collections.abc import Iterable
from ipaddress import ip_address

import structlog
from starlette.requests import HTTPConnection

from util.networks import Network, is_address

log = structlog.get_logger()
UNKNOWN = "unknown"


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
            if not is_address(hop):
                break
            found = hop
            if not self._is_trusted(hop):
                break
        return found

    def _is_trusted(self, address: str) -> bool:
        return is_address(address) and any(ip_address(address) in network for network in self._trusted)

    def _warn(self, peer: str) -> None:
        """Say once that a proxy's word is not taken: all its clients share one limit on wrong tokens."""
        if not self._warned:
            self._warned = True
            log.warning("proxy_not_trusted", client=peer, setting="API_TRUSTED_PROXIES")
