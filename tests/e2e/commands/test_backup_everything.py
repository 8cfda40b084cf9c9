"""`/backup` for everything at once, files that are too large for Discord, and the daily snapshot."""

from facades.operations.daily_snapshot import daily_snapshot
from facades.operations.last_snapshot import last_snapshot
from facades.operations.snapshot_files import snapshot_folder
from sandbox.geometry_dash import catalogue
from tests.e2e.backups import confirm, followed, load, save, saved
from tests.e2e.steps import assert_told, log_entries, request, says
from tests.e2e.world import World
from util.identifiers import EventType, Flag, Route
from util.phrases import phrase
from util.texts import Text

LEVEL, SECOND = catalogue.UNRATED_EASY, catalogue.UNRATED_HARD


async def test_only_maintainers_save_and_load_everything(world: World) -> None:
    here, there = world.guild, await world.add_guild("Neighbours")
    ada = here.join("Ada", Flag.ADMIN)
    owner = here.sandbox.add_member(world.application.owner, roles=[here.roles[Flag.ADMIN]])
    assert_told(await save(here, ada, scope="everything"), Text.BACKUP_ONLY_MAINTAINERS)
    whole = await saved(here, owner, scope="everything")
    await request(world, here, here.join("Mira"), LEVEL)
    await request(world, there, there.join("Otto"), SECOND)
    asked = await load(here, owner, whole)
    assert_told(
        asked, Text.BACKUP_QUESTION, holds=phrase(Text.BACKUP_WHAT_EVERYTHING_OF, guilds=phrase(Text.BACKUP_GUILDS, count=2))
    )
    done = await followed(world, await confirm(owner, asked))
    assert says(done.content, Text.BACKUP_LOADED)
    assert done.ephemeral
    await world.settled()
    for guild in (here, there):
        assert guild.messages(Route.PENDING_REQUEST) == []
        assert len(log_entries(guild, EventType.SNAPSHOT_LOADED)) == 1
    last = await last_snapshot(world.app)
    assert last is not None
    assert not last.scheduled


async def test_a_file_too_large_for_discord_is_kept_and_the_maintainers_are_told(world: World) -> None:
    guild = world.guild
    ada = guild.join("Ada", Flag.ADMIN)
    owner = guild.sandbox.add_member(world.application.owner)
    data = await saved(guild, ada)
    world.discord.world.upload_limit = 1000
    answer = await save(guild, ada)
    shown = assert_told(answer, Text.BACKUP_TOO_LARGE, most=phrase(Text.BACKUP_SIZE_KILOBYTES, count=1))
    assert answer.message is not None
    assert answer.message.attachments == []
    [kept] = snapshot_folder(world.settings()).glob("*.greenlight")
    assert kept.name in shown
    assert str(kept) in (await owner.wait_for_dm()).content
    # The same with the state before a restore.
    done = await followed(world, await confirm(ada, await load(guild, ada, data)))
    assert says(done.content, Text.BACKUP_LOADED)
    assert says(done.content, Text.BACKUP_TOO_LARGE)
    [safety] = snapshot_folder(world.settings()).glob("*before-restore*")
    await owner.wait_for_dm(lambda message: str(safety) in message.content)


async def test_the_daily_snapshot_goes_to_the_owner_by_direct_message(world: World) -> None:
    owner = world.guild.sandbox.add_member(world.application.owner)
    await daily_snapshot(world.app)
    message = await owner.wait_for_dm()
    assert says(message.content, Text.BACKUP_DAILY)
    [file] = message.attachments
    assert (snapshot_folder(world.settings()) / file.filename).read_bytes() == file.data
    assert [shown for route in Route for shown in world.guild.messages(route)] == []
