"""How the bot logs: readable lines on a terminal, JSON elsewhere, and never a secret.

What libraries log through `logging` (discord.py, alembic, asyncio) takes the same way as our own structlog events.
"""

import logging
import sys
from collections.abc import Iterable
from typing import Any, TextIO
from urllib.parse import quote

import structlog
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError
from structlog.typing import Processor

from config.settings import Settings

HIDDEN = "[hidden]"
# These tell at INFO what belongs to DEBUG.
_QUIETER = ("aiohttp.access", "alembic", "asyncio")
_SHORTEST_SECRET = 4


def secrets_of(settings: Settings) -> tuple[str, ...]:
    """Return the texts that must never be logged: tokens and the database's password."""
    tokens = (settings.bot_token, settings.bot_token_test, settings.api_token)
    found = {token.get_secret_value().strip() for token in tokens if token is not None}
    try:
        password = make_url(settings.database).password
    except ArgumentError:
        password = None
    found |= {str(password), quote(str(password), safe="")} if password else set()
    # The longest first: a secret may contain another one. A very short "secret" would blot out ordinary words.
    return tuple(sorted((secret for secret in found if len(secret) >= _SHORTEST_SECRET), key=len, reverse=True))


class _SafeFormatter(structlog.stdlib.ProcessorFormatter):
    """Formats a line and then takes every secret out of it, wherever it came from."""

    def __init__(self, secrets: Iterable[str], **options: Any) -> None:
        super().__init__(**options)
        self._secrets = tuple(secrets)

    def format(self, record: logging.LogRecord) -> str:
        """Return the line for a record."""
        line = super().format(record)
        for secret in self._secrets:
            line = line.replace(secret, HIDDEN)
        return line


def set_up_logging(settings: Settings, stream: TextIO | None = None) -> None:
    """Send all logs to a stream (standard error by default) by `LOG_LEVEL` and `LOG_FORMAT`. May be called again."""
    target = stream or sys.stderr
    is_terminal = target.isatty()
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    if settings.log_format == "json" or (settings.log_format == "auto" and not is_terminal):
        ending: list[Processor] = [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
    else:
        # Plain tracebacks: the pretty ones show local variables, and with them what people wrote.
        ending = [structlog.dev.ConsoleRenderer(colors=is_terminal, exception_formatter=structlog.dev.plain_traceback)]
    handler = logging.StreamHandler(target)
    handler.setFormatter(
        _SafeFormatter(
            secrets_of(settings),
            foreign_pre_chain=[structlog.stdlib.PositionalArgumentsFormatter(), *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *ending],
        )
    )
    root = logging.getLogger()
    for before in root.handlers[:]:
        root.removeHandler(before)
    root.addHandler(handler)
    root.setLevel(settings.log_level)
    for name in _QUIETER:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
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
