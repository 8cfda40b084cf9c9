"""The form of a level request, and the button that opens it when it could not be opened at once.

Form and button stand in one module because each leads to the other.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import discord

from components.actions import ButtonAction, ModalAction, text_field
from components.boundary import Interaction, app_of
from components.labels import FIELD_DESCRIPTION, FIELD_LABEL, button_label, form_title, short_label
from components.modals.giving_back import giving_back
from components.replies import NOBODY, answer, think, view_of
from config.guild_settings import GuildSettings
from facades.requests.prepare_request import PreparedRequest, prepare_request
from facades.requests.store_request import LONGEST_COMMENT, LONGEST_SHOWCASE
from facades.requests.submit_request import SubmittedRequest, submit_request
from facades.requests.wording import shown_name
from util.actor import Actor
from util.identifiers import Module
from util.texts import Text

SHOWCASE = "showcase"
COMMENT = "comment"
_EXAMPLE_LINK = "https://youtu.be/dQw4w9WgXcQ"


@dataclass(frozen=True)
class RequestForm(ModalAction, prefix="request"):
    """Submits a request for a level."""

    module: ClassVar[Module | None] = Module.REQUESTS
    level_id: int

    async def submit(self, interaction: Interaction, actor: Actor, texts: Mapping[str, str]) -> None:
        """Take the request; if that fails, give the texts back with a button that opens the form again."""
        # The game server may have to be asked again, which can take longer than Discord waits.
        await think(interaction)
        app = app_of(interaction)
        settings = await app.guild(actor.guild_id)
        showcase, comment = texts.get(SHOWCASE, ""), texts.get(COMMENT, "")
        again = view_of(
            [ContinueRequest(self.level_id).button(button_label(settings, Text.BUTTON_REQUEST_AGAIN, actor.language))]
        )
        async with giving_back(interaction, actor, showcase, comment, again=again):
            taken = await submit_request(app, actor=actor, level_id=self.level_id, showcase=showcase, comment=comment)
            await answer(interaction, _taken(settings, actor, taken))


@dataclass(frozen=True)
class ContinueRequest(ButtonAction, prefix="continue"):
    """Checks a level again and opens the form once the game server has answered."""

    module: ClassVar[Module | None] = Module.REQUESTS
    level_id: int

    async def act(self, interaction: Interaction, actor: Actor) -> None:
        """Open the form, or say on the same message that the game server is still silent."""
        app = app_of(interaction)
        prepared = await prepare_request(app, actor=actor, level_id=self.level_id)
        settings = await app.guild(actor.guild_id)
        if prepared.level_name is None:
            said = settings.say(Text.REQUEST_STILL_WAITING, actor.language, level_id=self.level_id, now=app.now())
            await interaction.response.edit_message(content=said, allowed_mentions=NOBODY)
        else:
            await interaction.response.send_modal(request_form(settings, actor, prepared, prepared.level_name))


async def open_request_form(interaction: Interaction, settings: GuildSettings, actor: Actor, prepared: PreparedRequest) -> None:
    """Answer with the form, or with a button that opens it later when the level is not known yet."""
    if prepared.level_name is not None:
        await interaction.response.send_modal(request_form(settings, actor, prepared, prepared.level_name))
        return
    label = button_label(settings, Text.BUTTON_REQUEST_CONTINUE, actor.language)
    view = view_of([ContinueRequest(prepared.level_id).button(label, discord.ButtonStyle.primary)])
    await answer(interaction, settings.say(Text.REQUEST_WAITING, actor.language, level_id=prepared.level_id), view=view)


def request_form(settings: GuildSettings, actor: Actor, prepared: PreparedRequest, level_name: str) -> discord.ui.Modal:
    """Make the form of a request for a level whose name is known."""
    language = actor.language
    hint = Text.FORM_SHOWCASE_REQUIRED if prepared.showcase_required else Text.FORM_SHOWCASE_OPTIONAL
    return RequestForm(prepared.level_id).modal(
        form_title(settings, Text.FORM_REQUEST_TITLE, language, level=level_name),
        text_field(
            SHOWCASE,
            short_label(settings, Text.FORM_SHOWCASE, language, FIELD_LABEL),
            description=short_label(settings, hint, language, FIELD_DESCRIPTION),
            required=prepared.showcase_required,
            longest=LONGEST_SHOWCASE,
            placeholder=_EXAMPLE_LINK,
        ),
        text_field(
            COMMENT,
            short_label(settings, Text.FORM_COMMENT, language, FIELD_LABEL),
            description=short_label(settings, Text.FORM_COMMENT_HINT, language, FIELD_DESCRIPTION),
            required=False,
            longest=LONGEST_COMMENT,
            paragraph=True,
        ),
    )


def _taken(settings: GuildSettings, actor: Actor, taken: SubmittedRequest) -> str:
    said = settings.say(
        Text.REQUEST_CREATED, actor.language, level=shown_name(taken.level_name), level_id=taken.level_id, id=taken.request_id
    )
    if actor.language_reliable:
        return said
    return f"{said}\n\n{settings.say(Text.LANGUAGE_OFFER, actor.language)}"
