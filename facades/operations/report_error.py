"""Report an error that is nobody's fault but ours: into the log, to the maintainers by direct message, to Sentry if wanted.

Maintainers get the options of a command, to see what happened. What somebody wrote is kept out of the log and of tracebacks.
"""

import asyncio
import json
import secrets
import traceback
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import structlog

from config.logging import secrets_of
from config.paths import ROOT
from db.models import Delivery
from facades.app import App
from facades.transaction import OWNERS, new_nonce
from util.datatypes import MessagePayload
from util.identifiers import DeliveryKind
from util.markdown import code_block, inline_code
from util.redaction import TYPED, redact, without_typed
from util.splitting import MESSAGE_LIMIT

log = structlog.get_logger()

NOT_AGAIN_WITHIN = timedelta(minutes=1)
NO_GUILD = 0
"""The guild of what is owed to maintainers: it belongs to none."""
LONGEST_OPTIONS = 400
_BACKGROUND: set[asyncio.Task[None]] = set()


@dataclass(frozen=True)
class ErrorReport:
    """What maintainers read about an error. `logged_options`: the options without what somebody wrote."""

    error_id: str
    where: str
    guild_id: int | None
    user_id: int | None
    options: str
    summary: str
    trace: str
    logged_options: str = ""


async def report_error(
    app: App,
    error: BaseException,
    *,
    where: str,
    guild_id: int | None,
    user_id: int | None,
    options: Mapping[str, Any],
    typed: Collection[str] = (),
) -> str:
    """Log an error and owe the maintainers a message about it; return the id by which it can be found again.

    `typed`: what somebody wrote, to be left out of the log. Never raises and waits for nothing. Maintainers hear of the same
    error (type, innermost line of ours) once a minute at most.
    """
    error_id = secrets.token_hex(4)
    try:
        app.metrics.errors.labels(where.partition(":")[0] if ":" in where else "interaction").inc()
        report = _describe(app, error, error_id, where, guild_id, user_id, options, typed)
        log.error(
            "error",
            error_id=error_id,
            where=where,
            guild=guild_id,
            user=user_id,
            options=report.logged_options,
            error=report.summary,
            traceback=report.trace,
        )
        if app.tracker is not None:
            app.tracker.send(error, {"error_id": error_id, "where": where, "guild": str(guild_id)}, _cleaner(app, typed))
        # In a process that was frozen much goes wrong that is nobody's mistake.
        if app.shards.is_fresh() and _is_news(app, error):
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


def _describe(
    app: App,
    error: BaseException,
    error_id: str,
    where: str,
    guild_id: int | None,
    user_id: int | None,
    options: Mapping[str, Any],
    typed: Collection[str],
) -> ErrorReport:
    clean = _cleaner(app, typed)
    secrets_known = secrets_of(app.settings)

    def shown(values: Any) -> str:
        return redact(json.dumps(values, ensure_ascii=False, default=str), *secrets_known)

    return ErrorReport(
        error_id=error_id,
        where=where,
        guild_id=guild_id,
        user_id=user_id,
        options=shown(options),
        summary=clean(f"{type(error).__name__}: {error}"),
        trace=clean("".join(traceback.format_exception(error))),
        logged_options=shown(_blanked(options, typed)),
    )


def _cleaner(app: App, typed: Collection[str]) -> Callable[[str], str]:
    """Return what takes secrets, what somebody wrote and the path of the project out of a text."""
    known = secrets_of(app.settings)
    return lambda text: without_typed(redact(text, *known), typed).replace(f"{ROOT}/", "")


def _blanked(value: Any, typed: Collection[str]) -> Any:
    """Return options without what somebody wrote, however short it is."""
    match value:
        case str() if value in typed:
            return TYPED
        case Mapping():
            return {key: _blanked(item, typed) for key, item in cast("Mapping[str, Any]", value).items()}
        case list() | tuple():
            return [_blanked(item, typed) for item in cast("list[Any]", value)]
        case _:
            return value


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
        await app.shards.tell_others(session, NO_GUILD)
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
