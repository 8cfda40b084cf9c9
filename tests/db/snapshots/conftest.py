"""A snapshot of everything and one of a guild, made once."""

import asyncio
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from db.engine import Database
from db.snapshots import save_snapshot
from tests.db.snapshots.content import HERE, NOW, THERE, guild_rows, put


@dataclass(frozen=True)
class Samples:
    """Files that nobody changes. `database`: where they come from."""

    database: Path
    whole: Path
    guild: Path


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory, migrated_file: Path) -> Samples:
    """Return snapshots of a database with two guilds."""
    folder = tmp_path_factory.mktemp("samples")
    made = Samples(folder / "source.db", folder / "whole.greenlight", folder / "guild.greenlight")
    shutil.copy(migrated_file, made.database)

    async def make() -> None:
        database = Database(f"sqlite:///{made.database}")
        await put(database, guild_rows(HERE), guild_rows(THERE, 10))
        await save_snapshot(database, made.whole, guild_id=None, now=NOW, release="0.1.0")
        await save_snapshot(database, made.guild, guild_id=HERE, now=NOW, release="0.1.0")
        await database.close()

    asyncio.run(make())
    return made
