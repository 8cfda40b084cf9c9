"""What a database says of itself."""

from pathlib import Path

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession


async def schema_revision(session: AsyncSession) -> str:
    """Return the revision of the schema."""
    return str((await session.execute(text("SELECT version_num FROM alembic_version"))).scalar_one())  # pyright: ignore[reportDeprecated]


async def postgres_size(session: AsyncSession) -> int:
    """Return the bytes that a PostgreSQL database takes."""
    return int((await session.execute(text("SELECT pg_database_size(current_database())"))).scalar_one())  # pyright: ignore[reportDeprecated]


def sqlite_size(path: str) -> int:
    """Return the bytes of a SQLite file with what SQLite keeps beside it."""
    files = [Path(path), Path(f"{path}-wal")]
    return sum(file.stat().st_size for file in files if file.exists())
