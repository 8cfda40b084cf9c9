"""The question before somebody's data are erased, the button that says yes, and what is told then."""

from dataclasses import dataclass

import discord

from components.actions import ButtonAction
from components.boundary import Interaction, app_of
from components.buttons.dismiss import DismissButton
from components.labels import button_label
from components.replies import NOBODY, answer, view_of
from config.guild_settings import GuildSettings
from facades.privacy.erase_member import ErasedMember, erase_member
from facades.privacy.prepare_erasure import Erasable
from util.actor import Actor
from util.phrases import Raw, Value, former_member, phrase
from util.texts import Text


@dataclass(frozen=True)
class EraseMemberButton(ButtonAction, prefix="erase_member"):
    """Erases what is stored of somebody."""

    user_id: int

    async def act(self, interaction: Interaction, actor: Actor) -> None:
        """Erase it and say so in place of the question. Much of it takes longer than Discord waits."""
        app = app_of(interaction)
        await interaction.response.defer()
        erased = await erase_member(app, actor=actor, user_id=self.user_id)
        said = erased_text(erased, await app.guild(actor.guild_id), actor)
        await interaction.edit_original_response(content=said, view=None, allowed_mentions=NOBODY)


async def ask_erasure(interaction: Interaction, settings: GuildSettings, actor: Actor, found: Erasable) -> None:
    """Answer with the question and its two buttons."""
    yes = EraseMemberButton(found.user_id).button(
        button_label(settings, Text.PRIVACY_ERASE_YES, actor.language), discord.ButtonStyle.danger
    )
    no = DismissButton().button(button_label(settings, Text.BUTTON_DISMISS, actor.language))
    await answer(interaction, question_text(found, settings, actor), view=view_of([yes, no]))


def question_text(found: Erasable, settings: GuildSettings, actor: Actor) -> str:
    """Say what would be erased, what would stay and why."""
    values: dict[str, Value] = {
        "pending": found.pending,
        "resolved": found.resolved,
        "opinions": found.opinions,
        "reviews": found.reviews,
        "grades": found.grades,
        "events": found.events,
        "held": _held(found),
    }
    if found.user_id == actor.user_id:
        return settings.say(Text.PRIVACY_QUESTION, actor.language, **values)
    return settings.say(Text.PRIVACY_QUESTION_OTHER, actor.language, who=Raw(f"<@{found.user_id}>"), **values)


def _held(found: Erasable) -> Value:
    if not found.is_held_back:
        return ""
    if found.held_until is None:
        return Text.PRIVACY_HELD_FOREVER
    return phrase(Text.PRIVACY_HELD_UNTIL, until=found.held_until)


def erased_text(erased: ErasedMember, settings: GuildSettings, actor: Actor) -> str:
    """Say what was erased, and what became of the queue and of cooldowns."""
    values: dict[str, Value] = {
        "former": former_member(erased.pseudonym),
        "withdrawn": erased.withdrawn,
        "reviews": erased.reviews,
    }
    if erased.user_id == actor.user_id:
        said = [settings.say(Text.PRIVACY_ERASED, actor.language, **values)]
    else:
        said = [settings.say(Text.PRIVACY_ERASED_OTHER, actor.language, who=Raw(f"<@{erased.user_id}>"), **values)]
    if erased.is_held_back:
        said.append(settings.say(Text.PRIVACY_ERASED_HELD, actor.language))
    if erased.queue_opened:
        said.append(settings.say(Text.PRIVACY_ERASED_OPENED, actor.language))
    return "\n".join(said)
