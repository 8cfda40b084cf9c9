"""The one boundary between people and the code: who acts is found here, and every error becomes an answer here."""

from collections.abc import Awaitable, Callable, Iterator
from typing import Any, Final, Protocol, TypeAlias, cast

import discord
import structlog
from discord import app_commands

from components.answering import NOT_REACHED
from components.replies import answer
from facades.app import App
from facades.identify import identify
from facades.operations.report_error import report_error
from util.actor import Actor
from util.errors import Refused, UserError
from util.identifiers import Module
from util.metrics import Outcome
from util.phrases import Phrase
from util.texts import Text

Interaction: TypeAlias = discord.Interaction[Any]
log = structlog.get_logger()

NOBODY_THERE: Final = frozenset({10003, 10015, 10062})
"""Discord's codes for an answer that came too late: the channel, the answer's token or the interaction is gone."""
OUTCOME, ERROR_ID = "outcome", "error_id"
"""Where an interaction keeps how it ended, when that was not well, and the error's id."""


class HasApp(Protocol):
    """What the bot's client offers to cogs and components."""

    app: App


def app_of(interaction: Interaction) -> App:
    """Return the running bot's parts."""
    return cast("HasApp", interaction.client).app


async def actor_of(interaction: Interaction, module: Module | None = None) -> Actor:
    """Return who is behind an interaction.

    Raises `Refused` outside guilds, while a snapshot of the guild is being loaded, or when `module` is switched off there.
    """
    if interaction.guild_id is None or not isinstance(interaction.user, discord.Member):
        raise Refused(Text.ERROR_GUILD_ONLY)
    app = app_of(interaction)
    if app.actions.is_shut(interaction.guild_id):
        raise Refused(Text.BACKUP_BEING_RESTORED)
    member = interaction.user
    guild = interaction.guild
    actor = await identify(
        app,
        guild_id=interaction.guild_id,
        user_id=member.id,
        name=member.display_name,
        role_ids=frozenset(role.id for role in member.roles),
        is_native_admin=(guild is not None and guild.owner_id == member.id) or interaction.permissions.administrator,
        locale=interaction.locale.value,
    )
    if module is not None and not (await app.guild(actor.guild_id)).is_on(module):
        raise Refused(Text.ERROR_MODULE_OFF)
    return actor


async def guarded(interaction: Interaction, name: str, run: Callable[[], Awaitable[None]]) -> None:
    """Run what an interaction asks for; whatever it raises becomes an answer. `name` says in the log what was run."""
    try:
        await run()
    except Exception as error:  # noqa: BLE001 - the boundary: nothing may pass it
        await answer_error(interaction, name, error)


async def answer_error(interaction: Interaction, name: str, error: Exception) -> None:
    """Tell the person behind an interaction what went wrong, in their language, visible to them alone.

    A `UserError` says it itself; of anything else the person gets an id, and the maintainers the details. Where the person
    cannot be answered any more, there is nothing to tell anybody.
    """
    if isinstance(error, discord.NotFound) and error.code in NOBODY_THERE:
        interaction.extras[OUTCOME] = Outcome.ERROR
        log.warning("interaction_gone", command=name, reason=str(error))
        return
    if isinstance(error, UserError):
        interaction.extras.setdefault(OUTCOME, Outcome.USER_ERROR)
        said = error.phrase
    else:
        interaction.extras[OUTCOME] = Outcome.ERROR
        error_id = await report_error(
            app_of(interaction),
            error,
            where=name,
            guild_id=interaction.guild_id,
            user_id=interaction.user.id,
            options=_shown_options(interaction),
            typed=typed_by(interaction),
        )
        interaction.extras[ERROR_ID] = error_id
        structlog.contextvars.bind_contextvars(error_id=error_id)
        said = Phrase(Text.ERROR_INTERNAL, {"error_id": error_id})
    try:
        await answer(interaction, await _localised(interaction, said))
    except (discord.HTTPException, *NOT_REACHED) as refusal:
        # The token has run out, the answer was taken already, or Discord is not reached: there is nobody left to tell.
        log.warning("error_not_told", command=name, error=said.key.value, reason=str(refusal) or type(refusal).__name__)


async def _localised(interaction: Interaction, said: Phrase) -> str:
    app = app_of(interaction)
    settings = await app.guild(interaction.guild_id or 0)
    try:
        language = (await actor_of(interaction)).language
    except Refused:
        language = interaction.locale.value.partition("-")[0]
    return settings.say(said, language)


def _shown_options(interaction: Interaction) -> dict[str, Any]:
    """Return what was asked, without what was typed into forms: maintainers need not read it."""
    data: dict[str, Any] = dict(interaction.data or {})
    return {key: data[key] for key in ("name", "options", "custom_id", "values") if key in data}


def typed_by(interaction: Interaction) -> frozenset[str]:
    """Return what a person wrote: texts of forms, and options of commands that are not picked from a fixed list."""
    data: dict[str, Any] = dict(interaction.data or {})
    command = interaction.command
    parameters = command.parameters if isinstance(command, app_commands.Command) else []
    picked = {parameter.name for parameter in parameters if parameter.choices}
    texts = {value for name, value in _text_options(data.get("options", [])) if name not in picked}
    return frozenset(texts | set(_form_texts(data.get("components", []))))


def _text_options(options: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    for option in options:
        yield from _text_options(option.get("options", []))
        if isinstance(value := option.get("value"), str) and option.get("type") == discord.AppCommandOptionType.string.value:
            yield option["name"], value


def _form_texts(components: list[dict[str, Any]]) -> Iterator[str]:
    for component in components:
        inner = [component["component"]] if "component" in component else []
        yield from _form_texts([*component.get("components", []), *inner])
        if isinstance(value := component.get("value"), str):
            yield value
