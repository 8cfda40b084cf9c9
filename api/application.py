"""The HTTP application: the Control Panel API, and what operators look at."""

import json

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from api import health, panel
from api.access import AccessLog
from api.answers import ApiError
from api.attempts import MOST_CALLS, MOST_MESSAGES, Attempts
from api.client_address import ClientAddresses
from api.guarded_route import NOWHERE
from api.state import ApiState
from config.texts import FALLBACK_LANGUAGE
from facades.app import App
from util.networks import parse_networks
from util.texts import Text

VERSION = "1"
DESCRIPTION = "What streamers use from the Control Panel. Every answer is JSON; what is refused has `error` and `message`."


def make_api(app: App) -> FastAPI:
    """Make the application of a running bot."""
    api = _routes()
    addresses = ClientAddresses(parse_networks(app.settings.api_trusted_proxies))
    now = app.clock.monotonic
    calls, messages = Attempts(now, most=MOST_CALLS), Attempts(now, most=MOST_MESSAGES)
    api.state.api = ApiState(app, Attempts(now), addresses, calls, messages)
    return api


def openapi_document() -> str:
    """Return the OpenAPI document; the same for the same release, whatever the surroundings."""
    return json.dumps(_routes().openapi(), ensure_ascii=False, indent=2, sort_keys=True)


def _routes() -> FastAPI:
    # The pages with documentation load scripts from elsewhere, and the document is printed by `python main.py openapi`.
    api = FastAPI(
        title="Greenlight",
        description=DESCRIPTION,
        version=VERSION,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    api.include_router(panel.router)
    api.include_router(health.router)
    api.add_exception_handler(HTTPException, _refuse)
    api.add_middleware(AccessLog)
    return api


async def _refuse(request: Request, error: Exception) -> Response:
    """Answer what the routing itself refuses: unknown paths and methods."""
    assert isinstance(error, HTTPException)
    match error.status_code:
        case 404:
            refusal = ApiError(404, "unknown_path", Text.PANEL_ERROR_PATH)
        case 405:
            refusal = ApiError(405, "unknown_method", Text.PANEL_ERROR_METHOD, error.headers)
        case _:
            refusal = ApiError(error.status_code, "refused", Text.PANEL_ERROR_REFUSED, error.headers)
    return refusal.answer(NOWHERE, FALLBACK_LANGUAGE)
