"""Find out for which guild a token of the Control Panel API speaks, and as whom its holder acts."""

from dataclasses import dataclass

from sqlmodel import col, select

from config.settings import Settings
from db.models import Guild, PanelToken
from facades.app import App
from facades.identify import known_language
from facades.panel.token_hash import LONGEST_TOKEN, hash_of, is_hash_of
from services.discord import DiscordError
from util.actor import Actor
from util.errors import Forbidden, Unavailable
from util.identifiers import Flag, Module, Parameter
from util.phrases import is_former
from util.texts import Text

MANY = 1000
"""Guilds among which the stage's are looked for."""


class ServerNotConnected(Unavailable):
    """Neither this process nor another one is connected to the token's guild now."""

    def __init__(self) -> None:
        super().__init__(Text.PANEL_REFUSED_NOT_CONNECTED)


class TokenWithoutGuild(Forbidden):
    """The environment's token is right, but it is not clear for which guild it speaks."""

    def __init__(self) -> None:
        super().__init__(Text.PANEL_REFUSED_NO_GUILD)


@dataclass(frozen=True)
class PanelCaller:
    """Whose token it is. `issuer_id` None: the token of the environment, which nobody of the guild issued."""

    guild_id: int
    issuer_id: int | None


async def find_panel_caller(app: App, *, token: str) -> PanelCaller | None:
    """Return for whom a token speaks, None for a wrong one. Raises `TokenWithoutGuild` or `ServerNotConnected`."""
    token = token.strip()
    if not token or len(token) > LONGEST_TOKEN:
        return None
    token_hash = hash_of(token)
    async with app.reading() as session:
        row = (await session.exec(select(PanelToken).where(col(PanelToken.token_hash) == token_hash))).first()
    of_environment = _environment_hash(app.settings)
    if of_environment is not None and is_hash_of(token_hash, of_environment):
        return PanelCaller(await guild_of_environment_token(app), None)
    if row is not None and is_hash_of(token_hash, row.token_hash):
        return PanelCaller(row.guild_id, row.issued_by)
    return None


def _environment_hash(settings: Settings) -> str | None:
    token = settings.api_token.get_secret_value().strip() if settings.api_token else ""
    return hash_of(token) if token else None


async def guild_of_environment_token(app: App) -> int:
    """Return the guild named in the stage parameters, else the only one that the bot serves, in whichever process.

    Raises `TokenWithoutGuild` where there are several or none.
    """
    if app.stage.control_panel_guild is not None:
        return app.stage.control_panel_guild
    try:
        known = app.discord.guild_ids()
    except DiscordError as error:
        raise ServerNotConnected from error
    if app.shards.state() is not None:
        async with app.reading() as session:
            known = (await session.exec(select(Guild.guild_id).where(col(Guild.left_at).is_(None)).limit(MANY))).all()
    served = [guild_id for guild_id in known if not app.stage.guilds or guild_id in app.stage.guilds]
    if len(served) != 1:
        raise TokenWithoutGuild
    return served[0]


async def panel_actor(app: App, *, caller: PanelCaller, flag: Flag) -> Actor:
    """Return the streamer account as it acts through the panel: with the one flag that the action asks for, and no other.

    The token is what allows the action, whatever the account may do on Discord. Raises `Forbidden` where requests are switched
    off in the guild, or `ServerNotConnected`.
    """
    settings = await app.guild(caller.guild_id)
    if not app.discord.is_serving(caller.guild_id):
        async with app.reading() as session:
            if not await app.shards.is_served_elsewhere(session, caller.guild_id):
                raise ServerNotConnected
    if not settings.is_on(Module.REQUESTS):
        raise Forbidden(Text.ERROR_MODULE_OFF)
    account = settings.value(Parameter.STREAM_ACCOUNT)
    user_id = account if isinstance(account, int) else await _stand_in(app, caller)
    language = known_language(settings, user_id)
    return Actor(guild_id=caller.guild_id, user_id=user_id, flags=frozenset({flag}), language=language)


async def _stand_in(app: App, caller: PanelCaller) -> int:
    """Return as whom a panel acts where no streamer account is set: the token's issuer, else the guild's owner."""
    if caller.issuer_id is not None and not is_former(caller.issuer_id):
        return caller.issuer_id
    try:
        return await app.discord.guild_owner(caller.guild_id)
    except DiscordError as error:
        raise ServerNotConnected from error
