"""Find out what keeps the bot from working, for `python main.py doctor`. Changes nothing and needs no running bot."""

import asyncio
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import DBAPIError

from config.settings import Settings, stage_parameters
from config.version import version
from db.engine import Database
from db.migrate import ForeignDatabase, UnknownRevision, current, head
from facades.operations.diagnose_api import diagnose_api
from facades.operations.diagnose_guild import diagnose_guilds
from facades.operations.diagnose_processes import diagnose_processes
from facades.operations.diagnose_snapshots import diagnose_snapshots
from facades.operations.findings import Diagnosis, Finding, fine, note, problem, warning
from services.charts.browser import find_browser
from services.discord_probe import DiscordProbe, Identity, ProbeFailed, TokenRefused
from services.geometry_dash import GeometryDash, GeometryDashUnavailable
from services.sentry import Sentry, SentryUnusable, is_installed
from util.texts import Text

# The first level that players uploaded. Whether a server has it does not matter, as long as it answers.
ASKED_LEVEL = 128


@dataclass(frozen=True)
class Examined:
    """What is to be examined. `probe` None: there is no token to ask with."""

    settings: Settings
    probe: DiscordProbe | None
    game: GeometryDash
    now: datetime


async def diagnose(examined: Examined) -> Diagnosis:
    """Return what was found; every part is looked at, whatever is wrong with the others."""
    identity, about_discord = await _discord(examined)
    about_game = await _game(examined)
    about_database, is_ready = await asyncio.to_thread(_database, examined.settings.database)
    findings = [*about_discord, about_game, about_database, _browser(), *_sentry(examined.settings)]
    stage = stage_parameters(examined.settings.stage)
    findings += [finding async for finding in diagnose_api(examined.settings, stage, database_is_ready=is_ready)]
    if is_ready:
        findings += [finding async for finding in _guilds(examined, identity)]
    return Diagnosis(tuple(findings))


async def _discord(examined: Examined) -> tuple[Identity | None, list[Finding]]:
    settings = examined.settings
    if examined.probe is None:
        return None, [problem(Text.DOCTOR_TOKEN_MISSING, Text.DOCTOR_TOKEN_MISSING_FIX, variable=settings.token_name)]
    try:
        identity = await examined.probe.identity()
    except TokenRefused:
        return None, [problem(Text.DOCTOR_TOKEN_REFUSED, Text.DOCTOR_TOKEN_REFUSED_FIX, variable=settings.token_name)]
    except ProbeFailed as error:
        return None, [
            problem(
                Text.DOCTOR_DISCORD_UNREACHABLE,
                Text.DOCTOR_DISCORD_UNREACHABLE_FIX,
                url=settings.discord_api_url,
                reason=str(error),
            )
        ]
    intents = fine(Text.DOCTOR_INTENTS_OK)
    if not identity.has_members_intent:
        intents = problem(Text.DOCTOR_INTENTS_MISSING, Text.DOCTOR_INTENTS_MISSING_FIX)
    return identity, [fine(Text.DOCTOR_TOKEN_OK, name=identity.name), intents]


async def _game(examined: Examined) -> Finding:
    try:
        await examined.game.level(ASKED_LEVEL)
    except GeometryDashUnavailable as error:
        return problem(
            Text.DOCTOR_GAME_UNREACHABLE,
            Text.DOCTOR_GAME_UNREACHABLE_FIX,
            url=examined.settings.gd_api_url,
            reason=error.reason.value.replace("_", " "),
        )
    return fine(Text.DOCTOR_GAME_OK)


def _database(address: str) -> tuple[Finding, bool]:
    """Return what is to be said of the database, and whether its tables can be read."""
    try:
        revision = current(address)
    except (UnknownRevision, ForeignDatabase) as error:
        return problem(Text.DOCTOR_DATABASE_UNUSABLE, Text.DOCTOR_DATABASE_UNUSABLE_FIX, reason=str(error)), False
    except DBAPIError as error:
        reason = " ".join(str(error.orig).split())
        return problem(Text.DOCTOR_DATABASE_UNUSABLE, Text.DOCTOR_DATABASE_UNUSABLE_FIX, reason=reason), False
    if revision is None:
        return warning(Text.DOCTOR_DATABASE_EMPTY, Text.DOCTOR_DATABASE_EMPTY_FIX), False
    if revision != head():
        behind = warning(Text.DOCTOR_DATABASE_BEHIND, Text.DOCTOR_DATABASE_BEHIND_FIX, revision=revision, newest=head())
        return behind, False
    return fine(Text.DOCTOR_DATABASE_OK, revision=revision), True


def _browser() -> Finding:
    found, named = find_browser(), os.environ.get("BROWSER_PATH")
    if found:
        return note(Text.DOCTOR_BROWSER_FOUND, path=found)
    if named:
        return warning(Text.DOCTOR_BROWSER_WRONG, Text.DOCTOR_BROWSER_WRONG_FIX, path=named)
    return warning(Text.DOCTOR_BROWSER_MISSING, Text.DOCTOR_BROWSER_MISSING_FIX)


def _sentry(settings: Settings) -> list[Finding]:
    """Return what is to be said of Sentry; nothing where nobody wants it."""
    if settings.sentry_dsn is None:
        return []
    if not is_installed():
        return [problem(Text.DOCTOR_SENTRY_PACKAGE, Text.DOCTOR_SENTRY_PACKAGE_FIX)]
    try:
        Sentry(settings.sentry_dsn.get_secret_value(), release=version(), environment=settings.stage.value).close()
    except SentryUnusable:
        return [problem(Text.DOCTOR_SENTRY_WRONG, Text.DOCTOR_SENTRY_WRONG_FIX)]
    return [fine(Text.DOCTOR_SENTRY_OK)]


async def _guilds(examined: Examined, identity: Identity | None) -> AsyncIterator[Finding]:
    database = Database(examined.settings.database)
    try:
        for finding in await diagnose_processes(database):
            yield finding
        for finding in await diagnose_snapshots(database, examined.now):
            yield finding
        async for finding in diagnose_guilds(database, examined.probe, identity, examined.now):
            yield finding
    finally:
        await database.close()
