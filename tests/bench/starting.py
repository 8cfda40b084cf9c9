"""How long a start takes with commands in place and unchanged hashes, how much memory the bot holds at rest, what it imports."""

import asyncio
import subprocess
import sys
import time

from config.paths import ROOT
from tests.bench.figures import Row, Section, compared, shown
from tests.bench.stage import MeasuredBot, Stage, stage

GUILDS, QUICK_GUILDS = 1_000, 50
STARTS = 2
REST = 3.0
LATE = ("pandas", "plotly", "kaleido", "alembic", "schemathesis", "sentry_sdk", "prometheus_client", "fastapi", "uvicorn")
"""What a start may do without, but for the last three, which answer monitoring and the Control Panel."""


async def measure(quick: bool) -> list[Section]:
    """Start with one guild and with many."""
    section = Section("Start and memory at rest")
    for guilds in (1, QUICK_GUILDS if quick else GUILDS):
        async with stage(guilds=guilds) as place:
            section.rows += await _started(place, guilds)
    section.rows.append(_imports())
    return [section]


async def _started(place: Stage, guilds: int) -> list[Row]:
    for guild in place.world.guilds:
        guild.sandbox.add_bot(place.bare_application)
    began = time.perf_counter()
    await place.real.start()
    first = time.perf_counter() - began
    real: list[float] = []
    bare: list[float] = []
    for _ in range(STARTS):
        place.real.signal()
        await place.real.ended()
        await place.bare.close()
        await place.quiet()
        bare.append(await place.bare.start())
        place.real = MeasuredBot(place.world)
        began = time.perf_counter()
        await place.real.launch()
        await place.real.logged("ready")
        real.append(time.perf_counter() - began)
    await asyncio.sleep(REST)
    named = f"{guilds:,} guild{'s' if guilds > 1 else ''}"
    held, least = place.real.memory / 2**20, place.bare.memory / 2**20
    return [
        Row(f"first start, {named}: commands sent", shown(first)),
        compared(f"start to ready, {named}", min(real), min(bare), None, "bare"),
        Row(f"memory at rest, {named}", f"{held:.0f} MB", f"{least:.0f} MB bare", held / least),
    ]


def imported(module: str) -> list[str]:
    """Return which of the libraries that a start may do without are loaded with a module."""
    script = f"import {module}, sys; print(*(name for name in {LATE!r} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True, capture_output=True, text=True)
    return done.stdout.split()


def _imports() -> Row:
    found = imported("bot")
    heavy = [name for name in found if name in LATE[:3]]
    said = ", ".join(found) or "none of them"
    return Row(f"of {', '.join(LATE)}: imported at the start", said, target="no pandas, plotly", met=not heavy)
