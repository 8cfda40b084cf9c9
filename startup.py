"""What every start of the program needs: settings, what cannot work in one sentence, and an end that comes in time."""

import asyncio
import contextlib
import os
import signal
import threading
from collections.abc import Callable, Coroutine, Generator
from typing import Any

import click
import structlog
from pydantic import ValidationError
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from config.errors import ConfigError
from config.settings import DeploymentStage, Settings, stage_parameters

log = structlog.get_logger()

LAST_MOMENT = 9.0
"""Seconds after which the process ends even if something hangs: service managers kill after ten."""
LAST_MOMENT_IN_A_HURRY = 4.0
"""The same after a second signal."""


class CannotStart(click.ClickException):
    """The program cannot do its work as things are set up; the message is one sentence that tells what to change."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        """Print the sentence, and nothing else, to standard error."""
        click.echo(self.format_message(), err=True)


def load_settings(stage: DeploymentStage | None) -> Settings:
    """Read the settings; `stage` None leaves it to the environment. Raises `CannotStart`."""
    try:
        return Settings() if stage is None else Settings(GREENLIGHT_STAGE=stage)  # pyright: ignore[reportCallIssue]
    except ValidationError as error:
        # The value itself is not shown: it may be a secret in the wrong place.
        said = [f"{'.'.join(map(str, item['loc'])).upper()} {item['msg']}" for item in error.errors(include_input=False)]
        raise CannotStart(f"The environment or .env has a wrong value: {'; '.join(said)}.") from error
    except UnicodeDecodeError as error:
        raise CannotStart("The file .env cannot be read: save it as UTF-8.") from error


@contextlib.contextmanager
def one_sentence(settings: Settings) -> Generator[None]:
    """Turn what is wrong with configs or the database into `CannotStart`, so that nobody has to read a traceback."""
    # Imports stand inside functions here: `--help` need not wait for all of them, and a wrong config shows while importing.
    from db.file_lock import FileInUse, NoFileLocks
    from db.leases import OthersAtWork
    from db.migrate import ForeignDatabase, UnknownRevision

    try:
        yield
    except (FileInUse, NoFileLocks, OthersAtWork) as error:
        raise CannotStart(f"{error}.") from error
    except ConfigError as error:
        raise CannotStart(f"The configuration is wrong: {error}.") from error
    except (UnknownRevision, ForeignDatabase) as error:
        raise CannotStart(f"Cannot use {_shown_address(settings)}: {error}.") from error
    except DBAPIError as error:
        raise CannotStart(f"Cannot open {_shown_address(settings)}: {' '.join(str(error.orig).split())}.") from error


def check_database_address(settings: Settings) -> None:
    """Raise `CannotStart` for an address that is no database of ours."""
    from db.engine import async_url

    try:
        async_url(settings.database)
    except ArgumentError as error:
        raise CannotStart("DATABASE_URL is no database address; write sqlite:///path or postgresql://user@host/name.") from error
    except ValueError as error:
        raise CannotStart(f"{error}; write sqlite:///path or postgresql://user@host/name.") from error


def _shown_address(settings: Settings) -> str:
    return f"the database {make_url(settings.database).render_as_string(hide_password=True)}"


def run_until_stopped(work: Coroutine[Any, Any, None], at_signal: Callable[[int], None] | None = None) -> None:
    """Run something until it ends, or until SIGINT or SIGTERM asks it to: then it is cancelled and may tidy up.

    `at_signal` is called at each signal, with its number in order.
    """

    async def watch() -> None:
        task = asyncio.ensure_future(work)
        asked: list[str] = []

        def stop(name: str) -> None:
            asked.append(name)
            log.info("stopping", signal=name)
            if at_signal is not None:
                at_signal(len(asked))
            task.cancel()

        for number in (signal.SIGINT, signal.SIGTERM):
            # Windows has no such handlers; there, asyncio itself turns Ctrl+C into a cancellation.
            with contextlib.suppress(NotImplementedError):
                asyncio.get_running_loop().add_signal_handler(number, stop, number.name)
        try:
            await task
        except asyncio.CancelledError:
            if not asked:
                raise

    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(watch())


def run(settings: Settings) -> None:
    """Run the bot until it is asked to stop. Raises `CannotStart`."""
    if settings.token is None:
        raise CannotStart(
            f"{settings.token_name} is not set: put the bot's token into .env or the environment, "
            "or run `make demo` to try the bot without a Discord account."
        )
    check_database_address(settings)
    check_shards(settings)
    with one_sentence(settings), contextlib.ExitStack() as stack:
        from bot import run_bot
        from config.definitions import definitions
        from config.texts import catalogue
        from db.alone import only_process
        from db.engine import is_sqlite
        from facades.operations.bring_up_to_date import bring_up_to_date

        definitions()
        catalogue()
        stage_parameters(settings.stage)
        stack.enter_context(only_process(settings.database))
        # Of PostgreSQL's processes, each may be the first of a new release.
        bring_up_to_date(settings.database, alone=is_sqlite(settings.database))
        kept = stack.pop_all()
    with kept, refusals_of_discord(settings):
        run_until_stopped(run_bot(settings, settings.token), leave_in_time)


def check_shards(settings: Settings) -> None:
    """Raise `CannotStart` for settings of shards that do not go together."""
    if settings.shards_per_process is not None and settings.database.startswith("sqlite"):
        raise CannotStart(
            "SHARDS_PER_PROCESS is for several processes, which need PostgreSQL: set DATABASE_URL, or leave it out."
        )


def leave_in_time(signals: int) -> None:
    """See that the process is gone in time after a signal, or after a second one: what hangs may be a thread or a library.

    Nothing is lost by it: what was not finished is in the database, whole or not at all.
    """

    def leave() -> None:
        log.warning("stopping_cut_short")
        os._exit(0)

    timer = threading.Timer(LAST_MOMENT if signals == 1 else LAST_MOMENT_IN_A_HURRY, leave)
    timer.daemon = True
    timer.start()


@contextlib.contextmanager
def refusals_of_discord(settings: Settings) -> Generator[None]:
    """Turn what keeps the bot from connecting at all into `CannotStart`."""
    from aiohttp import ClientError
    from discord import LoginFailure, PrivilegedIntentsRequired

    from services.listening import CannotListen
    from services.sentry import SentryUnusable

    try:
        yield
    except LoginFailure as error:
        said = f"Discord does not accept the token in {settings.token_name}: copy it again from the developer portal."
        raise CannotStart(said) from error
    except PrivilegedIntentsRequired as error:
        said = "Switch on the Server Members Intent of the application, on the page Bot of the developer portal."
        raise CannotStart(said) from error
    except CannotListen as error:
        said = f"The Control Panel API cannot start: {error}; choose another address with API_HOST and API_PORT."
        raise CannotStart(said) from error
    except SentryUnusable as error:
        raise CannotStart(str(error)) from error
    except ClientError as error:
        raise CannotStart(f"Discord does not answer at {settings.discord_api_url}: {error}.") from error
