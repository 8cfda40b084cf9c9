"""The program: `python main.py` runs the bot; see `python main.py --help` for the rest."""

import asyncio
import contextlib
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from config.logging import log_uncaught, set_up_logging
from config.settings import DeploymentStage, Settings
from startup import CannotStart, check_database_address, load_settings, one_sentence, run

if TYPE_CHECKING:
    from facades.operations.findings import Diagnosis


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
        run(settings)


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
    # What only one command needs is imported by it, as in startup.py.
    from sandbox.demo.main import run_demo

    with contextlib.suppress(KeyboardInterrupt):
        sys.exit(asyncio.run(run_demo(tour=tour, empty=empty, port=port, data=data)))


@main.command()
@click.option("--revision", default="head", show_default=True, help="Go to this revision; an older one goes back.")
@click.pass_obj
def migrate(settings: Settings, revision: str) -> None:
    """Bring the database to the newest schema, or to a given one. The bot does the former by itself when it starts."""
    from db.alone import no_bot
    from db.engine import is_sqlite
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
            elif before is not None and not is_sqlite(settings.database):
                click.echo("Made no copy: of PostgreSQL, `pg_dump` makes one.")
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
