"""What the people in a report are called: plain text, no two the same."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

import structlog

from config.guild_settings import GuildSettings
from facades.app import App
from services.discord import DiscordError
from util.markdown import shorten, strip_controls
from util.phrases import former_member, is_former
from util.texts import Text

LONGEST_NAME: Final = 32
PATIENCE: Final = 3.0
"""Seconds that names are waited for; a report without some of them is better than none."""
MOST_MEMBERS: Final = 100
MOST_FORMER: Final = 10
"""Users who have left are asked for one by one."""
_DIGITS: Final = 4
log = structlog.get_logger()


async def names_of(app: App, settings: GuildSettings, user_ids: Sequence[int], language: str) -> Mapping[int, str]:
    """Return a name for each user: in the guild, else on Discord, else the end of the id. Ask for the important ones first."""
    known: dict[int, str] = {}
    try:
        async with asyncio.timeout(PATIENCE):
            await _ask(app, settings.guild_id, [user_id for user_id in user_ids if not is_former(user_id)], known)
    except TimeoutError:
        log.warning("names_missing", guild=settings.guild_id, missing=len(set(user_ids) - known.keys()))
    named = {user_id: _name(settings, user_id, known.get(user_id, ""), language) for user_id in user_ids}
    uses = Counter(named.values())
    return {
        user_id: name
        if uses[name] == 1
        else settings.label(Text.REPORT_CHART_NAMESAKE, language, name=name, digits=_digits(user_id))
        for user_id, name in named.items()
    }


async def _ask(app: App, guild_id: int, user_ids: Sequence[int], known: dict[int, str]) -> None:
    """Put into `known` what Discord tells."""
    asked = user_ids[:MOST_MEMBERS]
    try:
        known.update(await app.discord.member_names(guild_id, asked))
        for user_id in [one for one in asked if one not in known][:MOST_FORMER]:
            known[user_id] = await _user_name(app, user_id)
    except DiscordError as error:
        log.warning("names_missing", guild=guild_id, missing=len(set(asked) - known.keys()), reason=str(error))


async def _user_name(app: App, user_id: int) -> str:
    try:
        return await app.discord.user_name(user_id)
    except DiscordError:
        return ""


def _name(settings: GuildSettings, user_id: int, told: str, language: str) -> str:
    if is_former(user_id):
        return settings.label(former_member(user_id), language)
    name = " ".join(strip_controls(told).split())
    if not name:
        return settings.label(Text.REPORT_CHART_MEMBER, language, digits=_digits(user_id))
    return shorten(name, LONGEST_NAME)


def _digits(user_id: int) -> str:
    return str(user_id)[-_DIGITS:]
