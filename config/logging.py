"""How the bot logs: readable lines on a terminal, JSON elsewhere, and never a secret or what somebody wrote.

What libraries log through `logging` (discord.py, uvicorn, alembic, asyncio) takes the same way as our own structlog events. Lines
carry what was bound around the work at hand (`structlog.contextvars`): guild, command, interaction, job and so on.
"""

import logging
import sys
from collections.abc import Iterable
from types import TracebackType
from typing import Any, TextIO
from urllib.parse import quote, urlsplit

import structlog
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError
from structlog.typing import Processor

from config.settings import Settings
from util.redaction import redact

OURS = (
    "__main__",
    "api",
    "bot",
    "cog_presets",
    "cogs",
    "components",
    "config",
    "db",
    "facades",
    "main",
    "services",
    "startup",
    "util",
)
"""Only these tell what belongs to DEBUG: there, libraries write down whole messages, statements and tokens."""
_QUIETER = ("aiohttp.access", "alembic", "asyncio", "uvicorn.access")
"""These tell at INFO what belongs to DEBUG."""
_SHORTEST_SECRET = 4


def secrets_of(settings: Settings) -> tuple[str, ...]:
    """Return the texts that must never be logged: tokens, the database's password and the key of Sentry."""
    tokens = (settings.bot_token, settings.bot_token_test, settings.api_token, settings.sentry_dsn)
    found = {token.get_secret_value().strip() for token in tokens if token is not None}
    try:
        password = make_url(settings.database).password
    except ArgumentError:
        password = None
    found |= {str(password), quote(str(password), safe="")} if password else set()
    found |= _key_of(settings)
    # The longest first: a secret may contain another one. A very short "secret" would blot out ordinary words.
    return tuple(sorted((secret for secret in found if len(secret) >= _SHORTEST_SECRET), key=len, reverse=True))


def _key_of(settings: Settings) -> set[str]:
    if settings.sentry_dsn is None:
        return set()
    try:
        return {urlsplit(settings.sentry_dsn.get_secret_value()).username or ""}
    except ValueError:
        return set()


class _SafeFormatter(structlog.stdlib.ProcessorFormatter):
    """Formats a line and then takes every secret out of it, wherever it came from."""

    def __init__(self, secrets: Iterable[str], **options: Any) -> None:
        super().__init__(**options)
        self._secrets = tuple(secrets)

    def format(self, record: logging.LogRecord) -> str:
        """Return the line for a record."""
        return redact(super().format(record), *self._secrets)


def set_up_logging(settings: Settings, stream: TextIO | None = None) -> None:
    """Send all logs to a stream (standard error by default) by `LOG_LEVEL` and `LOG_FORMAT`. May be called again."""
    target = stream or sys.stderr
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    handler = logging.StreamHandler(target)
    handler.setFormatter(
        _SafeFormatter(
            secrets_of(settings),
            foreign_pre_chain=[structlog.stdlib.PositionalArgumentsFormatter(), *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_ending(settings, target)],
        )
    )
    root = logging.getLogger()
    for before in root.handlers[:]:
        root.removeHandler(before)
    root.addHandler(handler)
    _set_levels(logging.getLevelNamesMapping()[settings.log_level])
    logging.captureWarnings(capture=True)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.PositionalArgumentsFormatter(),
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def _ending(settings: Settings, target: TextIO) -> list[Processor]:
    """Return what turns an event into a line."""
    is_terminal = target.isatty()
    if settings.log_format == "json" or (settings.log_format == "auto" and not is_terminal):
        return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False, default=str)]
    # Plain tracebacks: the pretty ones show local variables, and with them what people wrote.
    return [structlog.dev.ConsoleRenderer(colors=is_terminal, exception_formatter=structlog.dev.plain_traceback)]


def _set_levels(level: int) -> None:
    root = logging.getLogger()
    root.setLevel(max(logging.INFO, level))
    for name in OURS:
        logging.getLogger(name).setLevel(level)
    for name in _QUIETER:
        logging.getLogger(name).setLevel(max(logging.WARNING, level))


def log_uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Log what ends the process, in place of Python's own traceback (`sys.excepthook`): it is a line like all others then."""
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    structlog.get_logger("main").critical("crashed", exc_info=(kind, error, trace))
