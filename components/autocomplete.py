"""Suggestions while a person types an option, with the same error boundary as everything else."""

from collections.abc import Awaitable, Callable, Coroutine, Iterable
from typing import Any, TypeAlias

from discord import app_commands

from components.boundary import OUTCOME, Interaction, actor_of, app_of, typed_by
from components.command_payload import module_of
from facades.app import App
from facades.operations.report_error import report_error
from util.actor import Actor
from util.errors import UserError
from util.identifiers import Module
from util.markdown import shorten, strip_controls
from util.metrics import Outcome

MOST_CHOICES = 25
CHOICE_LENGTH = 100
Suggestion: TypeAlias = tuple[str, str]
Suggest: TypeAlias = Callable[[App, Actor, str, dict[str, Any]], Awaitable[Iterable[Suggestion]]]
Autocomplete: TypeAlias = Callable[[Interaction, str], Coroutine[Any, Any, list[app_commands.Choice[Any]]]]


def rank(typed: str, suggestions: Iterable[Suggestion]) -> list[Suggestion]:
    """Keep the suggestions (value, name) that contain every typed word, anywhere; those that begin with the text come first."""
    words = typed.casefold().split()
    whole = typed.casefold().strip()
    fitting = [item for item in suggestions if all(word in f"{item[0]} {item[1]}".casefold() for word in words)]

    def order(item: Suggestion) -> tuple[bool, bool]:
        return (not item[0].casefold().startswith(whole), whole not in item[0].casefold())

    return sorted(fitting, key=order)[:MOST_CHOICES]


def suggestions(suggest: Suggest, kind: Callable[[str], Any] = str) -> Autocomplete:
    """Turn a function that suggests values into an autocompletion of an option.

    `suggest` is given app, actor, what was typed so far and the options filled in already, and returns pairs of value and
    name, best first; they are filtered by what was typed. `kind` is `int` for whole-number options. Whoever may not use the
    command gets none, and nobody does while its module is off.
    """

    async def complete(interaction: Interaction, current: str) -> list[app_commands.Choice[Any]]:
        app = app_of(interaction)
        try:
            actor = await actor_of(interaction, _module(interaction))
            # It says that it has every attribute, `keys` too, which would mislead `dict`.
            filled = dict(iter(interaction.namespace))
            found = rank(current, await suggest(app, actor, current, filled))
        except UserError:
            return []
        except Exception as error:  # noqa: BLE001 - the boundary: an autocompletion cannot show an error
            interaction.extras[OUTCOME] = Outcome.ERROR
            name = interaction.command.qualified_name if interaction.command else "?"
            await report_error(
                app,
                error,
                where=f"autocomplete of {name}",
                guild_id=interaction.guild_id,
                user_id=interaction.user.id,
                options={"typed": current},
                typed=typed_by(interaction) | {current},
            )
            return []
        return [app_commands.Choice(name=_choice_name(name), value=kind(value)) for value, name in found]

    return complete


def _module(interaction: Interaction) -> Module | None:
    command = interaction.command
    return module_of(command) if isinstance(command, app_commands.Command) else None


def _choice_name(name: str) -> str:
    return shorten(strip_controls(name), CHOICE_LENGTH) or "\N{HORIZONTAL ELLIPSIS}"
