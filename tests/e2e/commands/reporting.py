"""What the end-to-end tests of `/report` share: a short history, somebody who paints, and how answers are read."""

import asyncio
import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from db.models import Opinion, Request, Review
from sandbox.discord.actors import SandboxUser
from sandbox.discord.answers import Answer
from sandbox.discord.models import Attachment
from services.charts import Chart, ChartUnavailable
from tests.db.factories import a_request, a_review, an_opinion
from tests.e2e.world import Guild, World
from util.identifiers import RequestStatus, Verdict

LANGUAGES = pytest.mark.parametrize(("locale", "language"), [("en-US", "en"), ("ru", "ru")])
PNG = b"\x89PNG\r\n\x1a\nA picture"
HTML = b"<!doctype html><title>A chart</title>"
TODAY = datetime.now(UTC).date()
COMMANDS = ("report new_requests", "report pending_requests", "report review_activity", "report reviewer_opinions")


class Painter:
    """Stands in for the charts of the running bot and keeps what it was asked to draw."""

    def __init__(self) -> None:
        self.seen: list[Chart] = []
        self.broken = False
        self.without_files = False
        self.may_draw = asyncio.Event()
        self.may_draw.set()

    async def picture(self, chart: Chart) -> bytes:
        self.seen.append(chart)
        await self.may_draw.wait()
        if self.broken:
            raise ChartUnavailable("the browser was killed: secret detail")
        return PNG

    async def interactive(self, chart: Chart) -> bytes:
        self.seen.append(chart)
        if self.without_files:
            raise ChartUnavailable("secret detail")
        return HTML


def at(days_ago: int) -> datetime:
    """Return a moment on a day before today."""
    return datetime.combine(TODAY - timedelta(days=days_ago), datetime.min.time(), UTC)


async def history(world: World, guild: Guild, rhea: SandboxUser) -> None:
    """Write three requests, three days and one day ago, two of them resolved, with reviews of Rhea's."""
    async with world.app.database.transaction() as session:
        for number, (made, resolved, verdict) in enumerate(
            ((3, 1, Verdict.APPROVE), (3, 1, Verdict.REJECT), (1, None, Verdict.APPROVE))
        ):
            status = RequestStatus.PENDING if resolved is None else RequestStatus.RESOLVED
            when = None if resolved is None else at(resolved)
            request: Request = a_request(
                guild_id=guild.id, level_id=500 + number, created_at=at(made), resolved_at=when, status=status
            )
            session.add(request)
            await session.flush()
            values: dict[str, Any] = {"guild_id": guild.id, "author_id": rhea.id, "verdict": verdict, "created_at": at(made)}
            opinion: Opinion = an_opinion(request.id, **values)
            session.add(opinion)
            await session.flush()
            review: Review = a_review(request.id, opinion.id, **values)
            session.add(review)


def options(command: str, rhea: SandboxUser, **more: Any) -> dict[str, Any]:
    """Return the options that a command needs, and more."""
    return ({"reviewer": rhea} if command.endswith("opinions") else {}) | more


async def told(answer: Answer) -> str:
    """Return what the asker alone is told in the end, whatever was shown before."""
    answer = await answer.final()
    shown = answer.followups[-1] if answer.followups else answer.message
    assert shown is not None
    assert shown.ephemeral
    return shown.content


def file(answer: Answer) -> Attachment:
    """Return the only file of an answer."""
    assert answer.message is not None
    [found] = answer.message.attachments
    return found


def table_of(found: Attachment) -> list[list[str]]:
    """Read a CSV file back."""
    assert found.data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(found.data.decode("utf-8-sig"), newline="")))
