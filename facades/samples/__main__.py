"""`python -m facades.samples < description.json` fills a server's empty history for a demonstration. Never do that to a real one.

The database is DATABASE_URL's. `facades/samples/description.py` says what a description holds. The bot must not be running.
"""

import asyncio
import sys

from pydantic import ValidationError
from sqlalchemy.exc import ArgumentError, DBAPIError

from config.settings import Settings
from db.engine import Database
from db.migrate import current, head, upgrade
from facades.samples.description import Description
from facades.samples.write_history import CannotWrite, WrittenHistory, write_history


def main() -> int:
    """Read a description from standard input, write its history and return the exit code."""
    try:
        description = Description.model_validate_json(sys.stdin.read())
        address = Settings().database
        _bring_up_to_date(address)
        written = asyncio.run(_write(address, description))
    except ValidationError as error:
        # The values themselves are not shown: settings hold secrets.
        said = [f"{'.'.join(map(str, item['loc'])) or 'all of it'}: {item['msg']}" for item in error.errors(include_input=False)]
        return _refuse(f"The description cannot be used: {'; '.join(said)}")
    except CannotWrite as error:
        return _refuse(str(error))
    except (ArgumentError, ValueError) as error:
        return _refuse(f"DATABASE_URL cannot be used: {error}")
    except DBAPIError as error:
        return _refuse(f"The database cannot be written: {' '.join(str(error.orig).split())}")
    sys.stdout.write(f"Wrote {written.rows['request']} requests and {written.rows['event']} events.\n")
    return 0


def _bring_up_to_date(address: str) -> None:
    """Make a database where there is none. Raises `CannotWrite` for one of another release."""
    present = current(address)
    if present is None:
        upgrade(address)
    elif present != head():
        raise CannotWrite("The database has another revision; run `python main.py migrate` first")


async def _write(address: str, description: Description) -> WrittenHistory:
    database = Database(address)
    try:
        return await write_history(database, description)
    finally:
        await database.close()


def _refuse(said: str) -> int:
    sys.stderr.write(f"{said}.\n")
    return 2


if __name__ == "__main__":
    sys.exit(main())
