"""What the routes of one server share."""

from dataclasses import dataclass
from typing import cast

from starlette.requests import HTTPConnection

from api.attempts import Attempts
from api.client_address import ClientAddresses
from facades.app import App


@dataclass(frozen=True)
class ApiState:
    """The bot's parts, and what is known about those who call."""

    app: App
    attempts: Attempts
    addresses: ClientAddresses
    calls: Attempts
    messages: Attempts


def state_of(request: HTTPConnection) -> ApiState:
    """Return what the request's server has."""
    return cast("ApiState", request.app.state.api)


def app_of(request: HTTPConnection) -> App:
    """Return the bot's parts."""
    return state_of(request).app
