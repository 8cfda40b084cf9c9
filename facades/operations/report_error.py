"""Report an error that is nobody's fault but ours: into the log, and to the maintainers by direct message."""

import asyncio
import json
import re
import secrets
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import structlog

from config.paths import ROOT
from db.models import Delivery
from facades.app import App
from facades.transaction import OWNERS, new_nonce
from util.datatypes import MessagePayload
from util.identifiers import DeliveryKind
from util.markdown import code_block, inline_code
from util.splitting import MESSAGE_LIMIT

log = structlog.get_logger()

NOT_AGAIN_WITHIN = timedelta(minutes=1)
NO_GUILD = 0
"""The guild of what is owed to maintainers: it belongs to none."""
LONGEST_OPTIONS = 400
_BACKGROUND: set[asyncio.Task[None]] = set()
_SECRETS = re.compile(
    r"(?P<path>/(?:webhooks|interactions)/\d+/)[\w.-]{20,}"
    r"|\b[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}"
    r"|(?P<login>://[^\s:/@]+:)[^\s@]+(?=@)"
)


@dataclass(frozen=True)
class ErrorReport:
    """What maintainers read about an error."""

    error_id: str
    where: str
    guild_id: int | None
    user_id: int | None
    options: str
    summary: str
    trace: str


async def report_error(
    app: App,
    error: BaseException,
    *,
    where: str,
    guild_id: int | None,
    user_id: int | None,
    options: Mapping[str, Any],
) -> str:
    """Log an error and owe the maintainers a message about it; return the id by which it can be found again.

    Never raises and waits for nothing. Maintainers hear of the same error (type, innermost line of ours) once a minute at most.
    """
    error_id = secrets.token_hex(4)
    try:
        report = _describe(app, error, error_id, where, guild_id, user_id, options)
        log.error(
            "error",
            error_id=error_id,
            where=where,
            guild=guild_id,
            user=user_id,
            options=report.options,
            error=report.summary,
            traceback=report.trace,
        )
        if _is_news(app, error):
            task = asyncio.get_running_loop().create_task(_tell_maintainers(app, report))
            _BACKGROUND.add(task)
            task.add_done_callback(_BACKGROUND.discard)
    except Exception:
        log.exception("error_not_reported", error_id=error_id, where=where)
    return error_id


async def reports_written() -> None:
    """Wait until what is owed to maintainers has been written down: before the process ends, and in tests."""
    while _BACKGROUND:
        await asyncio.gather(*_BACKGROUND, return_exceptions=True)


def redact(text: str, *known: str | None) -> str:
    """Take tokens and passwords out of a text: the known ones and whatever looks like one."""
    for secret in known:
        if secret:
            text = text.replace(secret, "[secret]")
    return _SECRETS.sub(lambda found: f"{found['path'] or found['login'] or ''}[secret]", text)


def _describe(
    app: App,
    error: BaseException,
    error_id: str,
    where: str,
    guild_id: int | None,
    user_id: int | None,
    options: Mapping[str, Any],
) -> ErrorReport:
    tokens = [secret.get_secret_value() for secret in _secrets_of(app) if secret is not None]

    def clean(text: str) -> str:
        return redact(text, *tokens).replace(f"{ROOT}/", "")

    return ErrorReport(
        error_id=error_id,
        where=where,
        guild_id=guild_id,
        user_id=user_id,
        options=clean(json.dumps(options, ensure_ascii=False, default=str)),
        summary=clean(f"{type(error).__name__}: {error}"),
        trace=clean("".join(traceback.format_exception(error))),
    )


def _secrets_of(app: App) -> tuple[Any, ...]:
    return app.settings.bot_token, app.settings.bot_token_test, app.settings.api_token


def _is_news(app: App, error: BaseException) -> bool:
    key, now = _key(error), app.now()
    for known, at in list(app.reported_errors.items()):
        if now - at >= NOT_AGAIN_WITHIN:
            del app.reported_errors[known]
    if key in app.reported_errors:
        return False
    app.reported_errors[key] = now
    return True


def _key(error: BaseException) -> str:
    """Return what makes an error the same as another: its type and the innermost line of ours."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if _is_ours(frame.filename)]
    place = (ours or frames)[-1:]
    return ":".join([type(error).__qualname__, *(f"{frame.filename}:{frame.lineno}" for frame in place)])


def _is_ours(filename: str) -> bool:
    path = Path(filename)
    return path.is_relative_to(ROOT) and "site-packages" not in path.parts


async def _tell_maintainers(app: App, report: ErrorReport) -> None:
    readers, content = app.stage.maintainers or (OWNERS,), write_report(report)
    try:
        await _owe(app, readers, content)
    except Exception:
        # The database itself may be what fails: say it now or never.
        log.exception("error_report_not_owed", error_id=report.error_id)
        await _send_now(app, readers, content, report.error_id)


async def _owe(app: App, readers: tuple[int, ...], content: str) -> None:
    now = app.now()
    async with app.database.transaction() as session:
        for user_id in readers:
            session.add(
                Delivery(
                    guild_id=NO_GUILD,
                    stream=f"dm:{user_id}",
                    kind=DeliveryKind.DIRECT_MESSAGE,
                    payload={"user_id": user_id, "content": content},
                    nonce=new_nonce(),
                    created_at=now,
                    due_at=now,
                )  # pyright: ignore[reportCallIssue]
            )
    app.deliveries_due.set()


async def _send_now(app: App, readers: tuple[int, ...], content: str, error_id: str) -> None:
    try:
        for user_id in await app.discord.owner_ids() if readers == (OWNERS,) else readers:
            channel_id = await app.discord.open_direct_channel(user_id)
            await app.discord.send(channel_id, MessagePayload(content=content), new_nonce())
    except Exception:
        log.exception("error_report_not_sent", error_id=error_id)


def write_report(report: ErrorReport) -> str:
    """Write a report as one message; of a long traceback the innermost part is kept."""
    lines = [
        f"**{report.error_id}** · {inline_code(report.where[:100])}",
        f"guild {inline_code(str(report.guild_id))} · user {inline_code(str(report.user_id))}",
        inline_code(report.options[:LONGEST_OPTIONS]),
    ]
    head, trace = "\n".join(lines), report.trace
    while True:
        message = f"{head}\n{code_block(trace, 'py')}"
        excess = len(message) - MESSAGE_LIMIT
        if excess <= 0:
            return message
        trace = trace[excess + 1 :]
