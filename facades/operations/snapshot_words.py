"""What the command line says about snapshots. What stands in a file may be anything: nothing of it controls the terminal."""

from collections.abc import Iterator

from db.snapshots import Manifest
from facades.operations.load_snapshot_file import LoadedFile, Replacement

_MEGABYTE = 1_000_000


def printable(text: str) -> str:
    """Return a text with question marks for whatever is no character that one sees."""
    return "".join(character if character.isprintable() else "?" for character in text)


def described(manifest: Manifest) -> str:
    """Return what a snapshot holds, in half a sentence."""
    what = "everything" if manifest.guild_id is None else f"guild {manifest.guild_id}"
    count = len(manifest.guilds)
    return f"{what}, {count} guild{'' if count == 1 else 's'}, {manifest.total_rows} rows"


def inspected(manifest: Manifest) -> Iterator[str]:
    """Yield what a snapshot says about itself, line by line."""
    yield f"holds      {described(manifest)}"
    yield f"made       {manifest.made_at:%Y-%m-%d %H:%M:%S} UTC by Greenlight {printable(manifest.release) or '(unknown)'}"
    yield f"schema     {manifest.revision}"
    yield f"unpacked   {manifest.size / _MEGABYTE:.1f} MB"
    for guild in manifest.guilds:
        yield f"guild      {guild.guild_id:<20} {guild.rows:>9} rows  {printable(guild.name)}"
    for table, rows in sorted(manifest.rows.items()):
        yield f"table      {table:<20} {rows:>9} rows"


def compared(planned: Replacement) -> Iterator[str]:
    """Yield what loading would replace, line by line."""
    manifest = planned.manifest
    what = "all guilds" if planned.guild_id is None else f"guild {planned.guild_id}"
    yield f"The snapshot of {manifest.made_at:%Y-%m-%d %H:%M:%S} UTC is sound. It would replace what there is of {what}:"
    yield f"{'':<22}{'now':>10}{'in the file':>14}"
    for table in sorted(planned.present):
        now, given = planned.present[table], planned.given[table]
        if now or given:
            yield f"{table:<22}{now:>10}{given:>14}"
    yield "The bot must be stopped meanwhile: it remembers settings, and would go on with the old ones."


def outcome(done: LoadedFile) -> Iterator[str]:
    """Yield what was done, line by line."""
    loaded = done.loaded
    if done.safety_copy is not None:
        yield f"The state before is saved in {done.safety_copy}."
    yield f"Loaded {loaded.rows} rows of {len(loaded.guilds)} guild{'' if len(loaded.guilds) == 1 else 's'}."
    if loaded.renumbered:
        yield "Requests, reviews and events have new numbers: others have theirs here."
    if loaded.left_out:
        yield f"Left out what cannot be used here: {loaded.left_out} parameters, texts, routes or filters."
    if loaded.cards:
        yield f"The bot will bring {len(loaded.cards)} cards up to date when it is started."
