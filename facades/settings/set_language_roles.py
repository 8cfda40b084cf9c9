"""Choose the roles whose holders speak a language."""

from collections.abc import Iterable

from sqlalchemy import delete
from sqlmodel import col, select

from config.values import parse_value
from db.models import LanguageRole
from db.upsert import upsert
from facades.app import App
from util.actor import Actor
from util.errors import NotFound, Refused
from util.identifiers import EventType, Flag, ParameterType
from util.texts import Text


async def set_language_roles(app: App, *, actor: Actor, language: str, role_ids: Iterable[int]) -> None:
    """Let exactly these roles of the actor's guild stand for a language; one that stood for another language changes over.

    Raises `Forbidden`, `BadInput` for a language without texts, `NotFound` for a role that is not in the guild, or
    `Refused` for @everyone, which tells nothing about anybody.
    """
    actor.require(Flag.ADMIN)
    spoken = str(parse_value(ParameterType.LANGUAGE, language))
    wanted = frozenset(role_ids)
    shape = app.discord.guild_shape(actor.guild_id)
    if actor.guild_id in wanted:
        raise Refused(Text.SETUP_LANGUAGE_OF_EVERYONE)
    if any(shape.role(role_id) is None for role_id in wanted):
        raise NotFound(Text.ERROR_NOT_FOUND)
    async with app.transaction(actor.guild_id) as tx:
        of_language = (col(LanguageRole.guild_id) == actor.guild_id, col(LanguageRole.language) == spoken)
        bound = frozenset((await tx.session.exec(select(LanguageRole.role_id).where(*of_language))).all())
        if bound == wanted:
            return
        await tx.session.exec(delete(LanguageRole).where(*of_language))
        for role_id in sorted(wanted):
            key = {"guild_id": actor.guild_id, "role_id": role_id}
            await upsert(tx.session, LanguageRole, key, {"language": spoken})
        tx.settings_changed = True
        tx.log(
            EventType.SETUP_CHANGED,
            actor.user_id,
            changed="language_roles",
            language=spoken,
            old_roles=_listed(bound),
            new_roles=_listed(wanted),
        )


def _listed(role_ids: Iterable[int]) -> str:
    return ", ".join(str(role_id) for role_id in sorted(role_ids))
