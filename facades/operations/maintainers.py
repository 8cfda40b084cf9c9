"""Who maintains the bot: the users named in the stage parameters, else whoever owns the application."""

from pathlib import Path
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from db.models import Delivery
from db.snapshots import Manifest
from facades.app import App
from facades.operations.backup_words import size_of
from facades.operations.report_error import NO_GUILD
from facades.transaction import OWNERS, new_nonce
from services.discord import DiscordError
from util.errors import Unavailable
from util.identifiers import DeliveryKind
from util.texts import Text


async def is_maintainer(app: App, user_id: int) -> bool:
    """Tell whether a user maintains the bot. Raises `Unavailable` when Discord cannot say who owns the application."""
    if app.stage.maintainers:
        return user_id in app.stage.maintainers
    try:
        return user_id in await app.discord.owner_ids()
    except DiscordError as error:
        raise Unavailable(Text.BACKUP_OWNERS_UNKNOWN) from error


async def tell_where_it_lies(app: App, session: AsyncSession, manifest: Manifest, path: Path, size: int) -> None:
    """Owe the maintainers a message that names a snapshot which is too large for Discord."""
    settings = await app.guild(NO_GUILD)
    holds = Text.BACKUP_WHAT_EVERYTHING if manifest.guild_id is None else name_in(manifest)
    content = settings.say(Text.BACKUP_KEPT, settings.language, holds=holds, size=size_of(size), path=str(path))
    owe_to_maintainers(app, session, content=content)


def name_in(manifest: Manifest) -> str:
    """Return the name of the guild that a snapshot is of, else its id."""
    return next((guild.name for guild in manifest.guilds if guild.name), str(manifest.guild_id))


def owe_to_maintainers(app: App, session: AsyncSession, *, content: str, file: str | None = None, otherwise: str = "") -> None:
    """Owe each maintainer a direct message in a transaction; wake the worker after it.

    `file`: the name of a snapshot to send along; `otherwise`: what to say when Discord does not take the file.
    """
    for user_id in app.stage.maintainers or (OWNERS,):
        owe_file(app, session, {"user_id": user_id}, content=content, file=file, otherwise=otherwise)


def owe_file(
    app: App, session: AsyncSession, receiver: dict[str, Any], *, content: str, file: str | None, otherwise: str
) -> None:
    """Owe a message, with or without a file, to a user (`user_id`) or a channel (`channel_id`)."""
    now = app.now()
    session.add(
        Delivery(
            guild_id=NO_GUILD,
            stream=f"file:{next(iter(receiver.values()))}",
            kind=DeliveryKind.FILE,
            payload={**receiver, "content": content, "file": file, "otherwise": otherwise},
            nonce=new_nonce(),
            created_at=now,
            due_at=now,
        )  # pyright: ignore[reportCallIssue]
    )
