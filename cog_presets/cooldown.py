"""What the groups `/usercd` and `/levelcd` share: each of their commands does the same for another kind of subject."""

from collections.abc import Iterable
from typing import Any

from discord import app_commands

from components.boundary import Interaction
from components.buttons.overwrite_cooldown import update_answer
from components.choices import choices_of
from components.pages.cooldowns import ENDLESS, HISTORIES, LISTS, TEMPORARY, description_text, lifted_text
from components.pages.turning import answer_list
from components.replies import answer
from facades.app import App
from facades.requests.amend_cooldown import amend_cooldown
from facades.requests.describe_cooldown import describe_cooldown
from facades.requests.suggest_cooldown_levels import suggest_cooldown_levels
from facades.requests.typed import LONGEST_REASON, SHORTEST_REASON
from facades.requests.update_cooldown import update_cooldown
from util.actor import Actor
from util.identifiers import CooldownKind

Reason = app_commands.Range[str, SHORTEST_REASON, LONGEST_REASON]
LISTING_TYPES = choices_of((TEMPORARY, ENDLESS))


class CooldownCommands:
    """The commands of one group, for users or for levels."""

    def __init__(self, app: App, kind: CooldownKind) -> None:
        self._app = app
        self._kind = kind

    async def amend(self, interaction: Interaction, actor: Actor, entity_id: int, reason: str | None) -> None:
        """Lift a cooldown."""
        done = await amend_cooldown(self._app, actor=actor, kind=self._kind, entity_id=entity_id, reason=reason)
        settings = await self._app.guild(actor.guild_id)
        await answer(interaction, lifted_text(done, settings, actor.language))

    async def update(self, interaction: Interaction, actor: Actor, entity_id: int, duration: str, reason: str | None) -> None:
        """Cast or change a cooldown, or ask whether another's shall be overwritten."""
        done = await update_cooldown(
            self._app, actor=actor, kind=self._kind, entity_id=entity_id, duration=duration, reason=reason
        )
        said, view = update_answer(done, await self._app.guild(actor.guild_id), actor.language)
        await answer(interaction, said, view=view)

    async def describe(self, interaction: Interaction, actor: Actor, entity_id: int) -> None:
        """Tell all about a cooldown."""
        described = await describe_cooldown(self._app, actor=actor, kind=self._kind, entity_id=entity_id)
        settings = await self._app.guild(actor.guild_id)
        await answer(interaction, description_text(described, settings, actor.language))

    async def list(self, interaction: Interaction, actor: Actor, listing_type: str) -> None:
        """List the cooldowns that hold now."""
        await answer_list(interaction, actor, LISTS[self._kind], listing_type)

    async def history(self, interaction: Interaction, actor: Actor, entity_id: int) -> None:
        """List the cooldowns that there have been."""
        await answer_list(interaction, actor, HISTORIES[self._kind], str(entity_id))


async def held_levels(app: App, actor: Actor, typed: str, filled: dict[str, Any]) -> Iterable[tuple[str, str]]:
    """Suggest levels on cooldown."""
    return _named(await suggest_cooldown_levels(app, actor=actor, typed=typed, pending=False))


async def held_and_pending_levels(app: App, actor: Actor, typed: str, filled: dict[str, Any]) -> Iterable[tuple[str, str]]:
    """Suggest levels on cooldown and levels being reviewed."""
    return _named(await suggest_cooldown_levels(app, actor=actor, typed=typed, pending=True))


def _named(levels: Iterable[tuple[int, str | None]]) -> Iterable[tuple[str, str]]:
    return [(str(level_id), f"{name} ({level_id})" if name else str(level_id)) for level_id, name in levels]
