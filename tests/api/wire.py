"""What no client would send over HTTP, and what came back for it, byte by byte."""

import asyncio
import json
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from tests.api.routes import ROUTES

QUIET = 0.25
"""Seconds without an answer after which the server is taken to wait for more."""
LONGEST_WAIT = 10.0
PATHS = [call.path for call in ROUTES]
_BEFORE = (
    *("/", "//", "/.", "/./", "/../..", "/%2e%2e", "/%2E%2e%2f", "/%00", "/\\", "http://evil.example", "//evil.example"),
    *("*", ""),
)
_AFTER = (
    *("/", "//", "/..", "/../random", "%2f", "%2F..%2F", "%00", "%", "%zz", "%ff%fe", "%C0%AF", "%F0%9F%92%A9", "%0d%0aX:%20y"),
    *("?", "?x-key=1", "?a=%00&a=%ff&&=", "?" + "a=b&" * 500, "#x", ";v=1", "\\", ".json", "~", "$(id)", "{}", "\x00", "\t"),
    *(" x", "é", "\x7f", "/" * 3_000, "a" * 9_000, "a" * 70_000),
)
METHODS = (
    *("GET", "POST", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "PRI", "get", "Post", "QUERY"),
    *("", " GET", "G ET", "GET\x00", "G\u00c9T", "GET:", "\u202eTEG", "A" * 300, "A" * 20_000, "__class__", "%47ET", "\r\nGET"),
)
_VERSIONS = (
    *("HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.0", "HTTP/0.9", "HTTP/2.0", "HTTP/9.9", "http/1.1", "HTTP/1.1 ", "HTTP"),
    *("", "X/1"),
)
_LENGTHS = ("0", "1", "2", "17", "-1", "+5", "1e3", "0x10", "5, 5", "5, 6", "", "abc", "9" * 30, "٣", "262145", "1_0", " 7 ")
_ENCODINGS = (
    *("chunked", "Chunked", "chunked, chunked", "gzip, chunked", "identity", "gzip", "", "chunked;q=1"),
    *("\x0bchunked", "xchunked"),
)
_TYPES = (
    *("application/json", "application/json; charset=utf-16", "application/json;" * 50, "text/plain", "text/html", "", "/"),
    *("x" * 500, "multipart/form-data", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded"),
    *("application/xml", "\xff\xfe"),
)
_FORWARDED = (
    *("127.0.0.1", "::1", "nonsense", ", , ,", "1.2.3.4:80", "[::1]:5", "999.1.1.1", "a" * 4_000, "1," * 2_000, "\xff"),
    *("unknown", ""),
)
_AUTHORIZATIONS = (
    *("Bearer", "Bearer x", "Basic", "Basic !!!", "Basic Og==", "Basic /////w==", "Digest a=b", "\xff", "x" * 5_000),
    *("", "Negotiate ,"),
)
_KEYS = ("", " ", "wrong", "glp_", "x" * 129, "x" * 9_000, "\xff\xfe", "' OR 1=1 --", "null", "\t", "glp_" + "0" * 43)
_OTHERS = (
    *("Host: ", "Host: a\r\nHost: b", "Host: \xff", "Host: x@y:99999", "Expect: 100-continue", "Expect: nothing"),
    *("Connection: close", "Connection: upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: x"),
    *("Upgrade: h2c", "TE: trailers", "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAA"),
    *("Range: bytes=0-", "Cookie: " + "a=b; " * 900, "no colon", ": empty name", "Space : x", "a\x00b: c", "a: b\x00c"),
    *("a: b\r\n folded", "\xe9: x", "X: " + "y" * 70_000, "Origin: null", "X-HTTP-Method-Override: DELETE"),
    *("X-Original-URL: /metrics", "X-Rewrite-URL: /metrics", "Accept: */*;q=9", "Accept-Encoding: zip"),
    *("Content-Encoding: gzip", "If-Match: *", "X-Request-Id: ${jndi:ldap://x}", "Forwarded: for=;by=\x80"),
    *("Via: \x1b[31m", "Trailer: x-key"),
)
_BODIES = (
    *(b"", b"{}", b'{"request_id": 1}', b'{"text":"x"}', b"[]", b"[" * 5_000, b"\x00" * 20, b"\xff\xfe{", b"a=b&c"),
    *(b"--x\r\n\r\n", b"\r\n\r\n", b"0\r\n\r\n", b"2\r\n{}\r\n0\r\n\r\n", b"2\r\n{}\r\n0\r\nx-key: a\r\n\r\n", b"zz\r\n{}\r\n"),
    *(b"-1\r\n", b"ffffffffffffffffff\r\n{}", b"2;x=y\r\n{}", b"2\r\n{}XX", b"99\r\nshort", b"2\n{}\n0\n\n"),
    *(b"GET /request/random HTTP/1.1\r\nHost: x\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"),
)


@dataclass(frozen=True)
class Answered:
    """One answer. `body`: as text."""

    status: int
    headers: dict[str, str]
    body: str

    def holds(self) -> None:
        """Fail unless it is JSON, or figures that were asked for, and tells nothing of the program."""
        assert self.status in {200, 400, 401, 403, 404, 405, 408, 409, 413, 422, 429, 503}, self
        for inside in ("Traceback", 'File "', ".py", "starlette", "uvicorn", "h11"):
            assert inside not in self.body, self
        assert "server" not in self.headers
        kind = self.headers.get("content-type", "")
        if self.status == 200 and kind.startswith("text/plain"):
            assert self.body.startswith("# HELP")
            return
        assert kind == "application/json", self
        if self.body:
            said = json.loads(self.body)
            assert self.status == 200 or (self.status == 503 and "checks" in said) or {"error", "message"} <= set(said), self


def lines(token: str) -> st.SearchStrategy[str]:
    """Return header lines, of which one may have the right token."""

    def named(name: str, values: tuple[str, ...]) -> st.SearchStrategy[str]:
        return st.sampled_from([f"{name}: {value}" for value in values])

    return st.one_of(
        named("Content-Length", _LENGTHS),
        named("Transfer-Encoding", _ENCODINGS),
        named("Content-Type", _TYPES),
        named("X-Forwarded-For", _FORWARDED),
        named("Authorization", _AUTHORIZATIONS),
        named("x-key", _KEYS),
        named("X-KEY", (token,)),
        st.sampled_from(_OTHERS),
        st.text(max_size=40),
    )


def targets() -> st.SearchStrategy[str]:
    """Return what may be asked for: paths that there are, with what does not belong there, and any others."""
    before, path, after = st.sampled_from(_BEFORE), st.sampled_from(PATHS), st.sampled_from(_AFTER)
    return st.one_of(
        path,
        path,
        st.tuples(path, after).map("".join),
        st.tuples(before, path).map("".join),
        st.tuples(before, path, after).map("".join),
        path.map(lambda found: "".join(f"%{ord(letter):02x}" for letter in found)),
        path.map(str.upper),
        st.text(max_size=50),
    )


@st.composite
def requests(draw: st.DrawFn, token: str) -> list[bytes]:
    """Return the bytes of a request or of several, in one or two pieces, perhaps cut off."""
    sent = b""
    for _ in range(draw(st.sampled_from([1, 1, 1, 2]))):
        method, target = draw(st.sampled_from(METHODS[:2]) | st.sampled_from(METHODS)), draw(targets())
        head = [f"{method} {target} {draw(st.sampled_from(_VERSIONS))}"]
        head += draw(st.sampled_from([["Host: x"], ["Host: x", f"x-key: {token}"], []]))
        head += draw(st.lists(lines(token), max_size=4))
        end = draw(st.sampled_from(["\r\n", "\r\n", "\r\n", "\n"]))
        body = draw(st.sampled_from(_BODIES) | st.binary(max_size=60))
        if draw(st.booleans()):
            head.append(f"Content-Length: {len(body)}")
        sent += (end.join(head) + end * 2).encode("utf-8", "surrogateescape" if draw(st.booleans()) else "replace") + body
    cut = draw(st.one_of(st.none(), st.none(), st.integers(0, len(sent))))
    if cut is None:
        return [sent]
    return [sent[:cut], sent[cut:]] if draw(st.booleans()) else [sent[:cut]]


async def exchange(address: str, pieces: list[bytes]) -> list[Answered]:
    """Send bytes and return all answers until the server closes the connection, or waits for more; then hang up."""
    host, port = address.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    without_bodies = any(piece.lstrip().startswith(b"HEAD ") for piece in pieces)
    found: list[Answered] = []
    try:
        for piece in pieces:
            writer.write(piece)
            await asyncio.sleep(0)
        while (answer := await _answer(reader, without_body=without_bodies)) is not None:
            found.append(answer)
            if without_bodies:
                # Which of several answers has a body cannot be told any more.
                break
    except ConnectionError:
        pass
    finally:
        writer.close()
    return [answer for answer in found if answer.status != 100]


async def ask(address: str, sent: bytes) -> Answered:
    """Send a request that has to be answered, and return the answer."""
    host, port = address.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(sent)
    answer = await _answer(reader, without_body=False, patience=LONGEST_WAIT)
    writer.close()
    assert answer is not None, "there was no answer"
    return answer


async def _answer(reader: asyncio.StreamReader, *, without_body: bool, patience: float = QUIET) -> Answered | None:
    try:
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), patience)
    except (TimeoutError, asyncio.IncompleteReadError):
        return None
    first, *rest = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in rest if line)}
    length = 0 if without_body else int(headers.get("content-length", 0))
    body = await asyncio.wait_for(reader.readexactly(length), LONGEST_WAIT)
    return Answered(int(first.split(" ")[1]), headers, body.decode())


def plain(method: str, target: str, token: str, *more: str, body: bytes = b"") -> bytes:
    """Return the bytes of a well-made request."""
    head = [f"{method} {target} HTTP/1.1", "Host: x", f"x-key: {token}", *more]
    return ("\r\n".join(head) + "\r\n\r\n").encode() + body


def errors_of(metrics: Any) -> dict[str, float]:
    """Return the counts of what the bot reports to its maintainers."""
    return {
        str(sample.labels): sample.value
        for metric in metrics.errors.collect()
        for sample in metric.samples
        if sample.name.endswith("_total")
    }
