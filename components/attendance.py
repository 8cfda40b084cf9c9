"""What is done around every interaction, in one place: it is named in the log, timed, counted, and waited for at the end."""

import asyncio
import time

import structlog
from discord import InteractionType

from components.answering import use_persistent_answers
from components.boundary import ERROR_ID, OUTCOME, Interaction, answer_error, app_of
from util.errors import Refused
from util.metrics import UNKNOWN, Outcome
from util.texts import Text

log = structlog.get_logger()

_BUTTON = 2


async def admit(interaction: Interaction, name: str) -> bool:
    """Take charge of the task at hand, which serves an interaction, until it ends.

    `name`: the command or action, one of ours. Returns False when nothing new is begun because the process is ending, or may
    not act for the guild; the person has been told then.
    """
    use_persistent_answers()
    app = app_of(interaction)
    kind, begun = _kind(interaction), time.perf_counter()
    structlog.contextvars.bind_contextvars(guild=interaction.guild_id, command=name, interaction=interaction.id)

    def ended(task: asyncio.Task[object]) -> None:
        app.serving.discard(task)
        seconds = time.perf_counter() - begun
        cut_short = task.cancelled() or task.exception() is not None
        outcome = Outcome.ERROR if cut_short else interaction.extras.get(OUTCOME, Outcome.OK)
        app.metrics.interactions.labels(kind, name, outcome.value).inc()
        app.metrics.interaction_seconds.labels(kind, name).observe(seconds)
        known = {ERROR_ID: interaction.extras[ERROR_ID]} if ERROR_ID in interaction.extras else {}
        log.debug("served", kind=kind, outcome=outcome.value, seconds=round(seconds, 3), **known)

    task = asyncio.current_task()
    if task is not None:
        app.serving.add(task)
        task.add_done_callback(ended)
    # What a frozen process finds when it wakes up has been answered by another one, or is too old.
    if not app.stopping and app.shards.is_ours(interaction.guild_id or 0):
        return True
    if interaction.type is not InteractionType.autocomplete:
        await answer_error(interaction, name, Refused(Text.STATUS_RESTARTING))
    return False


def command_name(interaction: Interaction) -> str:
    """Return the full name of the command that is used or typed."""
    return interaction.command.qualified_name if interaction.command else UNKNOWN


def _kind(interaction: Interaction) -> str:
    match interaction.type:
        case InteractionType.application_command:
            return "command"
        case InteractionType.autocomplete:
            return "suggestions"
        case InteractionType.modal_submit:
            return "form"
        case _:
            return "button" if dict(interaction.data or {}).get("component_type") == _BUTTON else "select"
