"""Sends errors to Sentry, where somebody wants that. The package sentry-sdk is optional: nothing else knows it."""

import importlib.util
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from sentry_sdk.types import Event

PACKAGE = "sentry_sdk"
FLUSH_TIME = 1.0
"""Seconds that the end of the process waits for what is on its way."""


class SentryUnusable(Exception):
    """Errors cannot be sent as things are set up; the message is one sentence that tells what to change."""


def is_installed() -> bool:
    """Tell whether the optional package is there."""
    return importlib.util.find_spec(PACKAGE) is not None


class Sentry:
    """Sends errors from a thread of its own: nothing here waits for the network.

    It is given errors only by `send`: sentry-sdk's own hooks into logging, the loop and HTTP clients stay off, and with them
    everything that could carry what people wrote.
    """

    def __init__(self, dsn: str, *, release: str, environment: str) -> None:
        """Prepare it. Raises `SentryUnusable` when the package is missing or the address is not one of Sentry's."""
        if not is_installed():
            raise SentryUnusable(
                "SENTRY_DSN is set, but the package sentry-sdk is missing: run `pip install sentry-sdk`, or unset it."
            )
        import sentry_sdk
        from sentry_sdk.utils import BadDsn

        try:
            self._client = sentry_sdk.Client(
                dsn,
                release=release,
                environment=environment,
                server_name="greenlight",
                default_integrations=False,
                auto_enabling_integrations=False,
                send_default_pii=False,
                include_local_variables=False,
                max_breadcrumbs=0,
                shutdown_timeout=FLUSH_TIME,
            )
        except (BadDsn, ValueError) as error:
            raise SentryUnusable(
                "SENTRY_DSN is no address of a Sentry project: copy it again from the project's settings."
            ) from error

    def send(self, error: BaseException, tags: Mapping[str, str], clean: Callable[[str], str]) -> None:
        """Send an error. `clean` is applied to every text of it that is not ours."""
        import sentry_sdk
        from sentry_sdk.utils import event_from_exception

        event, hint = event_from_exception(error, client_options=self._client.options)
        scope = sentry_sdk.Scope()
        for name, value in tags.items():
            scope.set_tag(name, value)
        self._client.capture_event(cast("Event", _cleaned(event, clean)), hint, scope)

    def close(self) -> None:
        """Send what is on its way, at most for a second. Blocks: call it in a thread."""
        self._client.close(timeout=FLUSH_TIME)


def _cleaned(value: Any, clean: Callable[[str], str]) -> Any:
    match value:
        case str():
            return clean(value)
        case dict():
            return {key: _cleaned(item, clean) for key, item in cast("dict[str, Any]", value).items()}
        case list() | tuple():
            return [_cleaned(item, clean) for item in cast("list[Any]", value)]
        case _:
            return value
