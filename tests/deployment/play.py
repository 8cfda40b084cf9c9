"""What the image must do, played against the sandbox: start, be healthy, draw, stop, migrate, refuse."""

import asyncio
import contextlib
import os
import socket
import sqlite3
import time
from collections.abc import AsyncGenerator
from pathlib import Path

from sandbox.demo.playground import Playground, open_playground
from sandbox.demo.process import BotProcess
from tests.deployment.rehearse import Rehearsal, say


class Failed(Exception):
    """The image did not do what it must."""


def check(holds: bool, what: str) -> None:
    """Say that something holds. Raises `Failed` when it does not."""
    if not holds:
        raise Failed(what)
    say(f"ok: {what}")


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.asynccontextmanager
async def running(place: Playground, rehearsal: Rehearsal, environment: dict[str, str]) -> AsyncGenerator[BotProcess]:
    """Start the image and wait until its commands are known."""
    place.bot = BotProcess({}, rehearsal.entrypoint(**environment))
    try:
        await place.start_bot()
        yield place.bot
    finally:
        await place.bot.stop()


async def finished(command: list[str]) -> tuple[int, str]:
    """Run a command to its end; return its exit code and what it said."""
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT)
    said, _ = await asyncio.wait_for(process.communicate(), 60)
    return process.returncode or 0, said.decode()


async def play_all(rehearsal: Rehearsal) -> None:
    """Go through everything. Raises `Failed`."""
    var = rehearsal.root(rehearsal.image) / "app" / "var"
    database = var / "greenlight.db"
    for left in var.glob("greenlight*"):
        left.unlink()
    async with open_playground() as place:
        environment = {
            "BOT_TOKEN": place.application.token,
            "DISCORD_API_URL": place.discord.api_url,
            "GD_API_URL": place.game.base_url,
            "API_HOST": "127.0.0.1",
            "API_PORT": str(free_port()),
        }
        async with running(place, rehearsal, environment) as bot:
            check(database.exists(), "the first start makes the database in the volume")
            check(process_owner(bot) == 10001, "the process does not run as root")
            code, said = await finished(rehearsal.health_check(**environment))
            check(code == 0, f"the health check passes {said}")
            await draws(rehearsal)
            code, _ = await finished(rehearsal.command(["touch", "/app/main.py"]))
            check(code != 0, "the user cannot change the program")
        begun = time.monotonic()
        async with running(place, rehearsal, environment) as bot:
            say(f"started again after {time.monotonic() - begun:.1f} s")
            begun = time.monotonic()
            await bot.stop()
            check(time.monotonic() - begun < 10, "SIGTERM ends it within 10 s")
            check(bot.exit_code == 0, "and it ends with 0")
        await migrates(place, rehearsal, environment, var)
        await refuses(rehearsal, environment, database)


def process_owner(bot: BotProcess) -> int:
    """Return the user id under which the image's process runs."""
    return os.stat(f"/proc/{bot.pid}").st_uid  # noqa: PTH116 - what a path's owner() gives is a name of this machine


DRAWING = """
import asyncio, datetime, sys
from services.charts import Bars, ChartService

async def main():
    charts = ChartService()
    day = datetime.date(2026, 1, 1)
    picture = await charts.picture(Bars("Отчёт", "", (day,), (3,), "заявки"))
    await charts.close()
    sys.exit(not picture.startswith(b"\\x89PNG"))

asyncio.run(main())
"""


async def draws(rehearsal: Rehearsal) -> None:
    """Draw a chart as the image's user, with the image's browser and fonts."""
    code, said = await finished(rehearsal.command(["python", "-c", DRAWING]))
    check(code == 0, f"the browser of the image draws a chart {said[-2000:] if code else ''}")


async def migrates(place: Playground, rehearsal: Rehearsal, environment: dict[str, str], var: Path) -> None:
    """Go back one revision and start: the database is copied, then brought up to date."""
    code, said = await finished(rehearsal.entrypoint("migrate", "--revision", "0003", **environment))
    check(code == 0, f"the database goes back to an older revision {said if code else ''}")
    copies = set((var / "snapshots").iterdir())
    async with running(place, rehearsal, environment):
        check(len(set((var / "snapshots").iterdir()) - copies) == 1, "the start copies the database before it migrates")


async def refuses(rehearsal: Rehearsal, environment: dict[str, str], database: Path) -> None:
    """Pretend that a newer release has migrated the database."""
    with contextlib.closing(sqlite3.connect(database)) as connection:
        [before] = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
        code, said = await finished(rehearsal.entrypoint(**environment))
        check(code == 2 and "9999" in said, f"a newer schema is refused: {said.strip().splitlines()[-1]}")
        connection.execute("UPDATE alembic_version SET version_num = ?", (before,))
        connection.commit()


def play(rehearsal: Rehearsal) -> None:
    """Go through everything and say so."""
    asyncio.run(play_all(rehearsal))
    say("The image does what it must.")
