"""What people ask of a server with a long history, beside servers with a month of it, an hour and none, all asked in turn."""

import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sandbox.discord.actors import SandboxUser
from tests.bench.figures import Row, Section, compared, median, shown
from tests.bench.history import GUILD, PACE, database
from tests.bench.stage import Stage, answered, stage, timed
from util.identifiers import Flag

REQUESTS, QUICK_REQUESTS = 1_000_000, 20_000
MONTH = int(timedelta(days=32) / PACE)
FEW = 20
"""Requests whose events just fill some pages of the log."""
ROUNDS, QUICK_ROUNDS = 60, 15
WARMING = 3
MOST = 1.3
WITHOUT_BROWSER = {"BROWSER_PATH": "/nonexistent"}
"""Drawing takes most of a report and is the same everywhere."""

Act = Callable[[Stage, SandboxUser], Awaitable[Any]]


def _slash(command: str, **options: Any) -> Act:
    return lambda place, member: answered(member.slash(place.guild.home, command, **options))


def _typing(command: str, focused: str, typed: str) -> Act:
    return lambda place, member: member.autocomplete(place.guild.home, command, focused=focused, **{focused: typed})


def _report(kind: str, days: int) -> Act:
    since = (datetime.now(UTC) - timedelta(days=days)).strftime("%Y-%m-%d")
    return _slash(f"report {kind}", date_from=since, private=True)


YESTERDAY = (datetime.now(UTC) - timedelta(days=1)).strftime("%Y-%m-%d")
QUESTIONS: dict[str, Act] = {
    "`/queue info`": _slash("queue info"),
    "`/request create`, all checks": _slash("request create", level_id=777),
    "`/request unresolved`": _slash("request unresolved"),
    "`/request ignored`": _slash("request ignored"),
    "`/log view`": _slash("log view"),
    "`/log view` from yesterday on": _slash("log view", timestamp=YESTERDAY),
    "suggestions of requests": _typing("request delete", "request_id", "99"),
    "suggestions of levels": _typing("request widgets", "level_id", "99"),
}
FULL_PAGES = ("`/log view`", "`/log view` from yesterday on")
"""A log that is empty has nothing to write in ten paragraphs: the page is compared with one that is as full."""
REPORTS: dict[str, Act] = {
    f"`/report {kind}`, {days} days": _report(kind, days)
    for kind in ("new_requests", "pending_requests", "review_activity")
    for days in (7, 28)
}


async def measure(quick: bool) -> list[Section]:
    """Ask the same of four bots on four databases."""
    size, rounds = (QUICK_REQUESTS, QUICK_ROUNDS) if quick else (REQUESTS, ROUNDS)
    async with contextlib.AsyncExitStack() as stack:
        places = {
            name: await stack.enter_async_context(_place(path))
            for name, path in (("long", database(size)), ("month", database(MONTH)), ("few", database(FEW)), ("none", None))
        }
        times = await _rounds(places, rounds)
        years = await _long_reports(places["long"], rounds // 3)
    section = Section(f"{size:,} requests with {5 * size:,} events")
    for name in QUESTIONS:
        long, none = median(times[name, "long"]), median(times[name, "none"])
        section.rows.append(compared(name, long, none, None if name in FULL_PAGES else MOST, "with none"))
        if name in FULL_PAGES:
            few = median(times[name, "few"])
            section.rows.append(compared(f"{name}, pages as full", long, few, MOST, f"with {FEW}"))
    for name in REPORTS:
        long, month = median(times[name, "long"]), median(times[name, "month"])
        section.rows.append(compared(name, long, month, MOST, f"with {MONTH:,}"))
    section.rows += [Row(name, shown(seconds)) for name, seconds in years.items()]
    return [section]


async def _rounds(places: dict[str, tuple[Stage, SandboxUser]], count: int) -> dict[tuple[str, str], list[float]]:
    times: dict[tuple[str, str], list[float]] = {}
    for number in range(WARMING + count):
        for name, act in (QUESTIONS | REPORTS).items():
            # Whoever comes first finds other caches than the last one.
            for where, (place, member) in sorted(places.items(), reverse=bool(number % 2)):
                if where not in _compared(name):
                    continue
                seconds = await timed(partial(act, place, member))
                if number >= WARMING:
                    times.setdefault((name, where), []).append(seconds)
    return times


def _compared(name: str) -> tuple[str, ...]:
    """Return the databases of which something is asked."""
    if name in REPORTS:
        return ("long", "month")
    return ("long", "none", "few") if name in FULL_PAGES else ("long", "none")


async def _long_reports(where: tuple[Stage, SandboxUser], count: int) -> dict[str, float]:
    """Ask for longer and longer reports of the long history."""
    found: dict[str, float] = {}
    for days in (28, 28 * 4, 28 * 16):
        act = partial(_report("new_requests", days), *where)
        found[f"`/report new_requests`, {days} days"] = median([await timed(act) for _ in range(count)])
    return found


@contextlib.asynccontextmanager
async def _place(path: Path | None) -> AsyncGenerator[tuple[Stage, SandboxUser]]:
    flags = (Flag.LOG_VIEWER, Flag.REPORT_VIEWER, Flag.GD_MOD, Flag.REVIEWER, Flag.NO_REQUEST_COOLDOWN, Flag.ADMIN)
    async with stage(database=path, guild_id=GUILD, **WITHOUT_BROWSER) as place:
        await place.real.start()
        yield place, place.guild.join("Mira", *flags)
