"""Who may talk to the page's server, and what the page may load."""

from __future__ import annotations

from typing import Final

from aiohttp import web

_METHODS_THAT_ACT: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})


def own_hosts(port: int) -> frozenset[str]:
    """Return the names under which the page is reached. Any other is another site's, made to lead here."""
    return frozenset({f"127.0.0.1:{port}", f"localhost:{port}"})


def check(request: web.BaseRequest, hosts: frozenset[str]) -> None:
    """Raise 403 for a request that does not come from the page itself or from the address bar."""
    host = request.headers.get("Host", "").lower()
    if host not in hosts:
        raise web.HTTPForbidden(text="This address is not the page's own.")
    acts = request.method in _METHODS_THAT_ACT or "Upgrade" in request.headers
    if acts and request.headers.get("Origin", "").lower() != f"http://{host}":
        raise web.HTTPForbidden(text="Only the page itself may do this.")


def protect(response: web.StreamResponse, hosts: frozenset[str]) -> None:
    """Put headers on an answer that let the page load nothing from elsewhere and nobody frame it."""
    # Some browsers do not count a web socket of the same place as 'self'.
    sockets = " ".join(f"ws://{host}" for host in sorted(hosts))
    rules = (
        "default-src 'self'",
        "img-src 'self' data: blob:",
        f"connect-src 'self' {sockets}",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
    response.headers.setdefault("Content-Security-Policy", "; ".join(rules))
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers.setdefault("Cache-Control", "no-cache")
