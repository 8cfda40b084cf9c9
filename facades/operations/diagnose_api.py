"""The doctor's look at the HTTP side: does anybody need it, can it listen, and for whom does its token speak."""

from collections.abc import AsyncIterator, Sequence

from sqlmodel import col, select

from config.settings import Settings, StageParameters
from db.engine import Database
from db.models import Guild, PanelToken
from facades.operations.findings import Finding, fine, note, problem, warning
from facades.panel.listening import DEFAULT_PORT
from services.listening import CannotListen, address_of, is_ours, open_socket
from util.texts import Text

SHORTEST_TOKEN = 24
"""Characters; a shorter one can be guessed, or was made up by a person."""
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


async def diagnose_api(settings: Settings, stage: StageParameters, *, database_is_ready: bool) -> AsyncIterator[Finding]:
    """Yield what is found about the Control Panel API."""
    guilds, tokens = await _stored(settings, stage) if database_is_ready else ((), 0)
    if settings.api_token is None and settings.api_port is None and not tokens:
        yield note(Text.DOCTOR_API_OFF)
        return
    yield await _listening(settings)
    if settings.api_host not in LOOPBACK:
        yield note(Text.DOCTOR_API_OPEN, address=settings.api_host)
    if settings.api_token is None:
        return
    if len(settings.api_token.get_secret_value().strip()) < SHORTEST_TOKEN:
        yield warning(Text.DOCTOR_API_WEAK, Text.DOCTOR_API_WEAK_FIX, least=SHORTEST_TOKEN)
    if database_is_ready and not _has_guild(stage, guilds):
        yield problem(Text.DOCTOR_API_WITHOUT_GUILD, Text.DOCTOR_API_WITHOUT_GUILD_FIX)


async def _stored(settings: Settings, stage: StageParameters) -> tuple[Sequence[int], int]:
    """Return the guilds that this stage serves, and how many of all have a token."""
    database = Database(settings.database)
    try:
        async with database.reading() as session:
            present = (await session.exec(select(Guild.guild_id).where(col(Guild.left_at).is_(None)))).all()
            tokens = (await session.exec(select(PanelToken.guild_id))).all()
    finally:
        await database.close()
    return [guild_id for guild_id in present if not stage.guilds or guild_id in stage.guilds], len(tokens)


def _has_guild(stage: StageParameters, guilds: Sequence[int]) -> bool:
    """Tell whether the environment's token speaks for a guild; `facades.panel.panel_caller` decides it in the running bot."""
    return stage.control_panel_guild in guilds if stage.control_panel_guild is not None else len(guilds) == 1


async def _listening(settings: Settings) -> Finding:
    port = DEFAULT_PORT if settings.api_port is None else settings.api_port
    address = f"http://{address_of(settings.api_host, port)}"
    try:
        open_socket(settings.api_host, port).close()
    except CannotListen as error:
        if not error.in_use:
            return problem(Text.DOCTOR_API_CANNOT_LISTEN, Text.DOCTOR_API_CANNOT_LISTEN_FIX, address=address, reason=str(error))
        if await is_ours(settings.api_host, port):
            return fine(Text.DOCTOR_API_ANSWERS, address=address)
        return problem(Text.DOCTOR_API_TAKEN, Text.DOCTOR_API_CANNOT_LISTEN_FIX, address=address)
    return fine(Text.DOCTOR_API_FREE, address=address)
