"""The doctor's look at the processes that share a PostgreSQL database: who serves what, and is anything left over."""

from collections.abc import Iterator

from db.engine import Database
from db.queries.processes import ProcessSeen, look_at_processes
from facades.operations.findings import Finding, note, problem
from facades.operations.hold_shards import PERIODS
from util.phrases import Raw
from util.texts import Text


async def diagnose_processes(database: Database) -> list[Finding]:
    """Return what is found about the processes; nothing for SQLite, which has one."""
    if database.is_sqlite:
        return []
    async with database.reading() as session:
        seen = await look_at_processes(session, PERIODS.lapsed)
    if not seen.processes:
        return [note(Text.DOCTOR_PROCESSES_NONE)]
    working = sum(1 for process in seen.processes if process.fences)
    waiting = len(seen.processes) - working
    found = [note(Text.DOCTOR_PROCESSES, working=working, waiting=waiting, count=seen.count)]
    found += [finding for process in seen.processes for finding in _about(process)]
    if seen.unserved:
        shards = ", ".join(map(str, seen.unserved))
        found.append(problem(Text.DOCTOR_PROCESSES_UNSERVED, Text.DOCTOR_PROCESSES_UNSERVED_FIX, shards=shards))
    return found


def _about(process: ProcessSeen) -> Iterator[Finding]:
    seconds = max(0, round(process.silent))
    if process.fences:
        shards = ", ".join(f"{shard} ({fence})" for shard, fence in process.fences.items())
        yield note(Text.DOCTOR_PROCESSES_PLACE, place=process.place, shards=Raw(shards), seconds=seconds)
    else:
        yield note(Text.DOCTOR_PROCESSES_STANDBY, place=process.place, seconds=seconds)
