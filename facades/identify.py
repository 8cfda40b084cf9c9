"""Find out who acts: the flags their roles grant, and the language they speak."""

from config.guild_settings import GuildSettings
from config.texts import FALLBACK_LANGUAGE, catalogue
from facades.app import App
from util.actor import Actor
from util.identifiers import Flag


def detect_language(settings: GuildSettings, *, user_id: int, role_ids: frozenset[int], locale: str | None) -> tuple[str, bool]:
    """Return a member's language and whether that is more than a guess: the specification's four steps, section Language."""
    chosen = settings.preferences.get(user_id)
    if chosen is not None and chosen in catalogue().languages:
        return chosen, True
    if locale is not None:
        # A locale that we have no texts for still tells that the person does not read, say, Russian by default.
        return catalogue().language_of_locale(locale) or FALLBACK_LANGUAGE, True
    for role_id in sorted(role_ids):
        language = settings.language_roles.get(role_id)
        if language is not None and language in catalogue().languages:
            return language, False
    return FALLBACK_LANGUAGE, False


def known_language(settings: GuildSettings, user_id: int) -> str:
    """Return the language that a member has chosen, else the guild's: for messages to somebody who is not acting now."""
    chosen = settings.preferences.get(user_id)
    return chosen if chosen is not None and chosen in catalogue().languages else settings.language


async def identify(
    app: App,
    *,
    guild_id: int,
    user_id: int,
    name: str,
    role_ids: frozenset[int],
    is_native_admin: bool,
    locale: str | None,
) -> Actor:
    """Return the actor behind a member of a guild.

    `is_native_admin`: the guild's owner or a holder of Discord's Administrator permission, who have `admin` from the start.
    `locale`: the member's Discord locale, None where Discord did not say it.
    """
    settings = await app.guild(guild_id)
    flags = settings.flags_of(role_ids)
    if is_native_admin:
        flags |= {Flag.ADMIN}
    language, reliable = detect_language(settings, user_id=user_id, role_ids=role_ids, locale=locale)
    return Actor(
        guild_id=guild_id,
        user_id=user_id,
        flags=flags,
        language=language,
        language_reliable=reliable,
        name=name,
        role_ids=role_ids,
        is_native_admin=is_native_admin,
    )
