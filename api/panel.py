"""The eight calls of the Control Panel. Each calls one facade, as the commands and buttons of Discord do."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.security import APIKeyHeader

from api.bodies import Batch, Creation, PanelRequest, PreApproval, Problem, Resolution, StreamEnd, StreamStart
from api.guarded_route import GuardedRoute
from api.state import app_of
from facades.app import App
from facades.panel.announce_stream import announce_stream
from facades.panel.conclude_stream import conclude_stream
from facades.panel.panel_caller import panel_actor
from facades.panel.pick_request import pick_oldest_request, pick_random_request
from facades.panel.put_off_request import put_off_request
from facades.panel.resolve_on_stream import resolve_on_stream
from facades.panel.take_requests import take_stream_request, take_stream_requests
from util.actor import Actor
from util.identifiers import Flag

_REFUSALS: dict[int | str, dict[str, Any]] = {
    401: {"model": Problem, "description": "The token is missing or wrong."},
    403: {"model": Problem, "description": "The token may not do this now: its server is not clear, or requests are off."},
    404: {"model": Problem, "description": "There is no such request or level in the token's server."},
    408: {"model": Problem, "description": "The body did not arrive in time."},
    409: {"model": Problem, "description": "It was done or decided before."},
    413: {"model": Problem, "description": "The body is too large."},
    422: {"model": Problem, "description": "The body does not fit, or a value in it is refused."},
    429: {
        "model": Problem,
        "description": "Too many wrong tokens from this address, or calls with this token; see Retry-After.",
    },
    500: {"model": Problem, "description": "An error of the bot; maintainers find it by error_id."},
    503: {"model": Problem, "description": "The game server or Discord does not answer; see Retry-After."},
}
key_header = APIKeyHeader(name="x-key", auto_error=False, description="The token of /panel token, or API_TOKEN.")
router = APIRouter(route_class=GuardedRoute, dependencies=[Depends(key_header)], responses=_REFUSALS)


class Acting:
    """Gives a route the app and the streamer account, who holds only the flag that the route's action asks for."""

    def __init__(self, flag: Flag) -> None:
        self._flag = flag

    async def __call__(self, request: Request) -> tuple[App, Actor]:
        """Return both. Raises `UserError`."""
        app = app_of(request)
        return app, await panel_actor(app, caller=request.state.caller, flag=self._flag)


AsReviewer = Annotated[tuple[App, Actor], Depends(Acting(Flag.REVIEWER))]
AsModerator = Annotated[tuple[App, Actor], Depends(Acting(Flag.GD_MOD))]
AsInserter = Annotated[tuple[App, Actor], Depends(Acting(Flag.INSERT_REQUESTS))]


@router.post("/message/stream_start")
async def stream_start(body: StreamStart, acting: AsModerator) -> None:
    """Announce that a stream has begun."""
    app, actor = acting
    await announce_stream(app, actor=actor, text=body.text)


@router.post("/message/stream_end")
async def stream_end(body: StreamEnd, acting: AsModerator) -> None:
    """Say goodbye, with the figures of the stream and a chart when anything was reviewed."""
    app, actor = acting
    await conclude_stream(app, actor=actor, text=body.text, figures=body.figures())


@router.get("/request/random")
async def random_request(acting: AsReviewer) -> PanelRequest | None:
    """Return any pending request that the streamer has not judged, or null."""
    app, actor = acting
    picked = await pick_random_request(app, actor=actor)
    return None if picked is None else PanelRequest.of(picked)


@router.get("/request/oldest")
async def oldest_request(acting: AsReviewer) -> PanelRequest | None:
    """Return the pending request that has waited longest of those that the streamer has not judged, or null."""
    app, actor = acting
    picked = await pick_oldest_request(app, actor=actor)
    return None if picked is None else PanelRequest.of(picked)


@router.post("/request/resolve")
async def resolve(body: Resolution, acting: AsModerator) -> bool:
    """Resolve a request; false when it was resolved already, and then nothing changes."""
    app, actor = acting
    return await resolve_on_stream(
        app, actor=actor, request_id=body.request_id, verdict=body.verdict(), stream_link=body.stream_link
    )


@router.post("/request/preapprove")
async def preapprove(body: PreApproval, acting: AsReviewer) -> None:
    """Put a request off with the streamer's approval."""
    app, actor = acting
    await put_off_request(app, actor=actor, request_id=body.request_id)


@router.post("/request/create")
async def create(body: Creation, acting: AsInserter) -> int:
    """Take a request made on stream; return its id, or that of the pending request for the level."""
    app, actor = acting
    return await take_stream_request(app, actor=actor, request=body.request())


@router.post("/request/create_batch")
async def create_batch(body: Batch, acting: AsInserter) -> list[int | None]:
    """Take what is left over after a stream; return the ids in the same order, null for what was refused."""
    app, actor = acting
    return await take_stream_requests(app, actor=actor, requests=[one.request() for one in body])
