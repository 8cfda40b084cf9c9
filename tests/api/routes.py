"""Every HTTP call, with the flag that its action asks for: the table of the tests about who may do what."""

from dataclasses import dataclass
from typing import Any

from util.identifiers import Flag


@dataclass(frozen=True)
class Call:
    """A call with a body that fits. `flag` None: it is open to everybody."""

    method: str
    path: str
    flag: Flag | None
    body: Any = None

    def naming(self, request_id: int) -> Any:
        """Return the body with a request's id where it has one."""
        return self.body | {"request_id": request_id} if isinstance(self.body, dict) and "request_id" in self.body else self.body


_ITEM = {"level_id": 2003, "creator_name": "A", "language": "eng", "showcase_yt_link": ""}
ROUTES = (
    Call("POST", "/message/stream_start", Flag.GD_MOD, {"text": "Hello"}),
    Call(
        "POST",
        "/message/stream_end",
        Flag.GD_MOD,
        {"text": "Bye", "not_reviewed": 0, "approved": 0, "rejected": 0, "later": 0},
    ),
    Call("GET", "/request/random", Flag.REVIEWER),
    Call("GET", "/request/oldest", Flag.REVIEWER),
    Call("POST", "/request/resolve", Flag.GD_MOD, {"request_id": 1, "sent_for": None, "stream_link": None}),
    Call("POST", "/request/preapprove", Flag.REVIEWER, {"request_id": 1}),
    Call("POST", "/request/create", Flag.INSERT_REQUESTS, _ITEM),
    Call("POST", "/request/create_batch", Flag.INSERT_REQUESTS, [_ITEM]),
    Call("GET", "/healthz", None),
    Call("GET", "/readyz", None),
    Call("GET", "/metrics", None),
)
GUARDED = [call for call in ROUTES if call.flag is not None]
OPEN = [call for call in ROUTES if call.flag is None]
