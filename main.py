"""The program: `python main.py` runs the bot; see `python main.py --help` for the rest."""

import asyncio
import contextlib
import os
import signal
import sys
import threading
from collections.abc import Callable, Coroutine, Generator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import structlog
from pydantic import ValidationError
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from config.errors import ConfigError
from config.logging import log_uncaught, set_up_logging
from config.settings import DeploymentStage, Settings, stage_parameters

if TYPE_CHECKING:
    from facades.operations.findings import Diagnosis

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


def _run(settings: Settings) -> None:
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


@click.group(invoke_without_command=True)
@click.option("--debug", is_flag=True, help="Run the testing stage: the same as --stage test.")
@click.option("--stage", type=click.Choice([stage.value for stage in DeploymentStage]), help="Which stage to run.")
@click.pass_context
def main(context: click.Context, debug: bool, stage: str | None) -> None:
    """Greenlight, a Discord bot for Geometry Dash communities. Without a command it runs the bot."""
    if debug and stage not in {None, DeploymentStage.TEST.value}:
        raise click.UsageError("--debug is the testing stage; leave one of --debug and --stage out.")
    chosen = DeploymentStage.TEST if debug else DeploymentStage(stage) if stage else None
    settings = load_settings(chosen)
    set_up_logging(settings)
    context.obj = settings
    if context.invoked_subcommand is None:
        _run(settings)


@main.command()
@click.option("--tour", is_flag=True, help="Play the whole flow, print what everyone saw, and stop.")
@click.option("--empty", is_flag=True, help="Start with an empty server.")
@click.option("--port", type=click.IntRange(1, 65535), help="Where the page listens; 8765 or any free port otherwise.")
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    help="Keep the server in this folder, and go on with it next time.",
)
def demo(tour: bool, empty: bool, port: int | None, data: Path | None) -> None:
    """Run the bot on a Discord server of its own, on this machine, and play it in a browser. No account is needed."""
    if tour and empty:
        raise click.UsageError("--tour brings its own server; leave one of --tour and --empty out.")
    if tour and (data is not None or port is not None):
        raise click.UsageError("--tour is played in the terminal on a server of its own, without --data and --port.")
    from sandbox.demo.main import run_demo

    with contextlib.suppress(KeyboardInterrupt):
        sys.exit(asyncio.run(run_demo(tour=tour, empty=empty, port=port, data=data)))


@main.command()
@click.option("--revision", default="head", show_default=True, help="Go to this revision; an older one goes back.")
@click.pass_obj
def migrate(settings: Settings, revision: str) -> None:
    """Bring the database to the newest schema, or to a given one. The bot does the former by itself when it starts."""
    from db.alone import no_bot
    from db.migrate import current, downgrade, is_older, known_revisions, upgrade
    from db.safety_copy import copy_before_change

    check_database_address(settings)
    with one_sentence(settings):
        if revision not in {"head", "base"} | known_revisions():
            raise CannotStart(f"There is no revision {revision}; known are base, {', '.join(sorted(known_revisions()))}.")
        before = current(settings.database)
        with no_bot(settings.database):
            copy = copy_before_change(settings.database, revision)
            if copy is not None:
                click.echo(f"Copied the database to {copy}.")
            if is_older(revision, before):
                downgrade(settings.database, revision)
            else:
                upgrade(settings.database, revision)
        click.echo(f"The database went from {before or 'empty'} to {current(settings.database) or 'empty'}.")


@main.command()
def reference() -> None:
    """Write docs/commands.md anew from the command tree."""
    from bot import loaded_tree
    from components.command_reference import command_reference
    from config.paths import ROOT

    async def text() -> str:
        async with loaded_tree() as tree:
            return command_reference(tree)

    (ROOT / "docs" / "commands.md").write_text(asyncio.run(text()), "utf-8")
    click.echo("Wrote docs/commands.md.")


@main.command()
def openapi() -> None:
    """Print the OpenAPI document of the Control Panel API."""
    from api.application import openapi_document

    click.echo(openapi_document())


@main.command()
@click.option("--language", default="en", show_default=True, help="The language of the findings.")
@click.pass_obj
def doctor(settings: Settings, language: str) -> None:
    """Check token, intents, channels, permissions, database and game server; each finding comes with its fix."""
    check_database_address(settings)
    with one_sentence(settings):
        from config.guild_settings import GuildSettings
        from util.texts import Text

        diagnosis = asyncio.run(_diagnose(settings))
        nowhere = GuildSettings(guild_id=0)
        for finding in diagnosis.findings:
            level = nowhere.label(Text(f"doctor.level_{finding.severity.value}"), language)
            fix = f" {nowhere.label(finding.fix, language)}" if finding.fix else ""
            click.echo(f"{level}: {nowhere.label(finding.said, language)}{fix}")
    sys.exit(0 if diagnosis.is_healthy else 1)


async def _diagnose(settings: Settings) -> "Diagnosis":
    from facades.operations.diagnose import Examined, diagnose
    from services.clock import Clock
    from services.discord_probe import DiscordProbe
    from services.geometry_dash import GeometryDash

    async with contextlib.AsyncExitStack() as stack:
        game = GeometryDash(settings.gd_api_url)
        stack.push_async_callback(game.close)
        probe = None
        if settings.token is not None:
            probe = await stack.enter_async_context(DiscordProbe(settings.discord_api_url, settings.token))
        return await diagnose(Examined(settings, probe, game, Clock().now()))


GUILD_OPTION = click.option("--guild", type=click.IntRange(min=1), help="Only this guild (its id).")


@main.group()
def snapshot() -> None:
    """Save everything, or one guild, into a file; load such a file; move from SQLite to PostgreSQL or back."""


@snapshot.command()
@click.argument("file", type=click.Path(path_type=Path))
@GUILD_OPTION
@click.pass_obj
def save(settings: Settings, file: Path, guild: int | None) -> None:
    """Save a snapshot into a new FILE. The bot may be running."""
    check_database_address(settings)
    with one_sentence(settings):
        from facades.operations.save_snapshot_file import CannotSave, save_snapshot_file
        from facades.operations.snapshot_words import described

        try:
            manifest = asyncio.run(save_snapshot_file(settings, file, guild_id=guild, now=datetime.now(UTC)))
        except CannotSave as error:
            raise CannotStart(f"{error}.") from error
        click.echo(f"Saved {file}: {described(manifest)}.")


@snapshot.command()
@click.argument("file", type=click.Path(path_type=Path))
def inspect(file: Path) -> None:
    """Show what FILE says about itself. Its content is checked when it is loaded."""
    from db.snapshots import BadSnapshot, read_manifest
    from facades.operations.snapshot_words import inspected

    try:
        click.echo("\n".join(inspected(read_manifest(file))))
    except BadSnapshot as error:
        raise CannotStart(f"{file} is no usable snapshot: {error.detail}.") from error


@snapshot.command("load")
@click.argument("file", type=click.Path(path_type=Path))
@GUILD_OPTION
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def load_file(settings: Settings, file: Path, guild: int | None, yes: bool) -> None:
    """Put what FILE holds in the place of the present state, which is saved before. Stop the bot first."""
    check_database_address(settings)
    with one_sentence(settings):
        from db.alone import no_bot
        from db.snapshots import BadSnapshot, DatabaseBusy, read_manifest
        from facades.operations.bring_up_to_date import bring_up_to_date
        from facades.operations.load_snapshot_file import Replacement, load_snapshot_file
        from facades.operations.snapshot_words import compared, outcome

        def confirm(planned: Replacement) -> bool:
            click.echo("\n".join(compared(planned)))
            try:
                return yes or click.confirm("Is the bot stopped, and shall this be replaced?")
            except click.Abort:
                click.echo()
                return False

        try:
            # Before a database is made for a file that is none.
            read_manifest(file)
            with no_bot(settings.database):
                bring_up_to_date(settings.database, alone=True)
                work = load_snapshot_file(settings, file, guild_id=guild, now=datetime.now(UTC), confirm=confirm)
                done = asyncio.run(work)
        except BadSnapshot as error:
            raise CannotStart(f"{file} was not loaded: {error.detail}. Nothing was changed.") from error
        except DatabaseBusy as error:
            raise CannotStart("Somebody keeps writing to the database; stop the bot first. Nothing was changed.") from error
        if done is None:
            raise CannotStart("Nothing was changed.")
        click.echo("\n".join(outcome(done)))


if __name__ == "__main__":
    sys.excepthook = log_uncaught
    main()
