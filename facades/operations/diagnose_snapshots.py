"""The doctor's look at the daily snapshot: is it made, and does it reach whoever gets it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import col, select

from db.engine import Database
from db.models import FailedDelivery, Job
from facades.operations import daily_snapshot
from facades.operations.findings import Finding, fine, note, warning
from facades.operations.last_snapshot import LastSnapshot, find_last_snapshot
from facades.operations.report_error import NO_GUILD
from util.identifiers import DeliveryKind
from util.texts import Text

TOO_OLD: Final = timedelta(days=2)


async def diagnose_snapshots(database: Database, now: datetime) -> list[Finding]:
    """Return what is found about the snapshots of everything."""
    async with database.reading() as session:
        last = await find_last_snapshot(session)
        job = await session.get(Job, (daily_snapshot.NAME, NO_GUILD))
        not_sent = select(FailedDelivery.reason).where(
            col(FailedDelivery.guild_id) == NO_GUILD, col(FailedDelivery.kind) == DeliveryKind.FILE
        )
        reasons = (await session.exec(not_sent.order_by(col(FailedDelivery.failed_at).desc()))).all()
    found = list(_age(last, now))
    if job is not None and job.attempts:
        found.append(warning(Text.DOCTOR_SNAPSHOT_FAILING, Text.DOCTOR_SNAPSHOT_FAILING_FIX, count=job.attempts))
    if reasons:
        fix = Text.DOCTOR_SNAPSHOT_NOT_SENT_FIX
        found.append(warning(Text.DOCTOR_SNAPSHOT_NOT_SENT, fix, count=len(reasons), reason=reasons[0]))
    return found


def _age(last: LastSnapshot | None, now: datetime) -> Iterator[Finding]:
    if last is None:
        yield note(Text.DOCTOR_SNAPSHOT_NONE)
    elif now - last.saved_at > TOO_OLD:
        yield warning(Text.DOCTOR_SNAPSHOT_OLD, Text.DOCTOR_SNAPSHOT_OLD_FIX, at=last.saved_at)
    else:
        yield fine(Text.DOCTOR_SNAPSHOT_OK, at=last.saved_at)
