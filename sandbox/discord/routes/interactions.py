"""Routes with which a bot answers interactions: the callback and the follow-ups."""

from __future__ import annotations

from typing import Any

from ..calls import Call, Route
from ..changes import messages as changes
from ..changes.messages import Origin
from ..errors import Json, unknown
from ..interactions import (
    AUTOCOMPLETE,
    CHOICES,
    COMMAND,
    COMPONENT,
    DEFERRED_MESSAGE,
    DEFERRED_UPDATE,
    MESSAGE,
    MODAL,
    MODAL_SUBMIT,
    PONG,
    UPDATE,
    Interaction,
    for_callback,
    for_followup,
)
from ..models import Message, MessageFlag
from ..payloads import message_payload
from ..rules.checks import Checker, as_object
from ..rules.commands import check_choices
from ..rules.components import number
from ..rules.messages import Draft, check_message, require_something
from ..rules.modals import check_modal

ALLOWED: dict[int, tuple[int, ...]] = {
    COMMAND: (MESSAGE, DEFERRED_MESSAGE, MODAL),
    COMPONENT: (MESSAGE, DEFERRED_MESSAGE, DEFERRED_UPDATE, UPDATE, MODAL),
    AUTOCOMPLETE: (CHOICES,),
    MODAL_SUBMIT: (MESSAGE, DEFERRED_MESSAGE, DEFERRED_UPDATE, UPDATE),
}


def _callback(call: Call) -> Any:
    interaction = for_callback(call.world, call.id("interaction_id", 10062), call.ids["token"])
    body = call.json
    kind = body.get("type")
    allowed = ALLOWED[interaction.type]
    checker = Checker()
    if kind == PONG or not checker.one_of(("type",), kind, allowed, required=True):
        if not checker.errors:
            checker.one_of(("type",), kind, allowed)
        checker.done()
    if interaction.guild is not None and interaction.channel.id not in call.world.channels:
        raise unknown(10003)
    data = as_object(body.get("data")) or {}
    _ANSWERS[int(kind or 0)](call, interaction, data)
    interaction.callback = int(kind or 0)
    interaction.acknowledged_after = call.world.clock() - interaction.started
    call.world.notify()
    if call.query.get("with_response", "").lower() in ("1", "true"):
        return _response(interaction)
    return None


def _response(interaction: Interaction) -> Json:
    about: Json = {"id": str(interaction.id), "type": interaction.type}
    resource: Json = {"type": interaction.callback}
    message = interaction.original
    if message is not None and interaction.callback in (MESSAGE, DEFERRED_MESSAGE, UPDATE, DEFERRED_UPDATE):
        about["response_message_id"] = str(message.id)
        about["response_message_loading"] = message.loading
        about["response_message_ephemeral"] = message.ephemeral
        if interaction.callback in (MESSAGE, UPDATE):
            resource["message"] = message_payload(message, interaction.application)
    return {"interaction": about, "resource": resource}


def _origin(interaction: Interaction, *, ephemeral: bool, loading: bool = False, followup: bool = False) -> Origin:
    component = interaction.type == COMPONENT or (interaction.type == MODAL_SUBMIT and interaction.message is not None)
    reference = interaction.message if component else None
    kind = 20 if interaction.type in (COMMAND, MODAL_SUBMIT) and not component else 0
    if followup:
        reference = interaction.original if interaction.original is not None and not interaction.original.deleted else None
    if reference is not None:
        kind = 19
    return Origin(
        type=kind,
        reference=reference,
        application_id=interaction.application.id,
        interaction_metadata=interaction.metadata(),
        ephemeral_for=interaction.user.id if ephemeral else None,
        extra_flags=MessageFlag.LOADING if loading else 0,
    )


def _draft(call: Call, data: Json, path: tuple[str, ...], flags_before: int = 0) -> Draft:
    return check_message(data, call.uploads, largest=call.world.upload_limit, path=path, flags_before=flags_before)


def _message(call: Call, interaction: Interaction, data: Json) -> None:
    draft = _draft(call, data, ("data",))
    require_something(draft)
    ephemeral = bool((draft.flags or 0) & MessageFlag.EPHEMERAL)
    origin = _origin(interaction, ephemeral=ephemeral)
    interaction.original = changes.create(call.world, interaction.channel, interaction.application.user, draft, origin)


def _defer(call: Call, interaction: Interaction, data: Json) -> None:
    draft = _draft(call, {"flags": data.get("flags")}, ("data",))
    ephemeral = bool((draft.flags or 0) & MessageFlag.EPHEMERAL)
    origin = _origin(interaction, ephemeral=ephemeral, loading=True)
    interaction.original = changes.create(call.world, interaction.channel, interaction.application.user, Draft(), origin)
    interaction.awaiting_first = True


def _defer_update(call: Call, interaction: Interaction, data: Json) -> None:
    if interaction.message is None:
        # A modal that a command opened has no message to update (discord-api-docs#7774).
        raise unknown(10008)
    interaction.original = interaction.message


def _update(call: Call, interaction: Interaction, data: Json) -> None:
    message = interaction.message
    if message is None or message.deleted:
        raise unknown(10008)
    changes.edit(call.world, message, _draft(call, data, ("data",), message.flags))
    interaction.original = message


def _choices(call: Call, interaction: Interaction, data: Json) -> None:
    checker = Checker()
    kind = _focused_type(interaction.data.get("options") or [])
    choices = checker.objects(("data", "choices"), data.get("choices"))
    check_choices(checker, ("data", "choices"), choices, kind)
    checker.done()
    interaction.choices = [choice for _, choice in choices]


def _focused_type(options: list[Json]) -> int:
    for option in options:
        if option.get("focused"):
            return int(option["type"])
        found = _focused_type(option.get("options") or [])
        if found:
            return found
    return 0


def _modal(call: Call, interaction: Interaction, data: Json) -> None:
    checker = Checker()
    check_modal(checker, ("data",), data)
    checker.done()
    number(data["components"])
    interaction.modal = data


_ANSWERS = {
    MESSAGE: _message,
    DEFERRED_MESSAGE: _defer,
    DEFERRED_UPDATE: _defer_update,
    UPDATE: _update,
    CHOICES: _choices,
    MODAL: _modal,
}


def _interaction(call: Call) -> Interaction:
    return for_followup(call.world, call.id("application_id", 10015), call.ids["token"])


def _followup(call: Call) -> Json:
    interaction = _interaction(call)
    if interaction.callback in (CHOICES, MODAL):
        raise unknown(10015)
    if interaction.channel.id not in call.world.channels:
        raise unknown(10003)
    draft = _draft(call, call.json, ())
    require_something(draft)
    original = interaction.original
    if interaction.awaiting_first and original is not None and not original.deleted:
        # The first follow-up after a deferral takes the place of "is thinking" and keeps its visibility.
        return _filled(call, interaction, original, draft)
    ephemeral = bool((draft.flags or 0) & MessageFlag.EPHEMERAL)
    origin = _origin(interaction, ephemeral=ephemeral, followup=True)
    message = changes.create(call.world, interaction.channel, interaction.application.user, draft, origin)
    interaction.followups.append(message)
    call.world.notify()
    return message_payload(message, interaction.application)


def _filled(call: Call, interaction: Interaction, message: Message, draft: Draft) -> Json:
    first = message.loading
    changes.edit(call.world, message, draft, first=first)
    interaction.awaiting_first = False
    call.world.notify()
    return message_payload(message, interaction.application)


def _found(call: Call, interaction: Interaction) -> Message:
    text = call.ids["message_id"]
    if text == "@original":
        message = interaction.original
    else:
        message_id = call.id("message_id", 10008)
        mine = [interaction.original, *interaction.followups]
        message = next((item for item in mine if item is not None and item.id == message_id), None)
        if message is None:
            message = interaction.channel.messages.get(message_id)
            if message is not None and message.application_id != interaction.application.id:
                message = None
    if message is None or message.deleted:
        raise unknown(10008)
    return message


def _get(call: Call) -> Json:
    interaction = _interaction(call)
    return message_payload(_found(call, interaction), interaction.application)


def _edit(call: Call) -> Json:
    interaction = _interaction(call)
    message = _found(call, interaction)
    draft = _draft(call, call.json, (), message.flags)
    if message is interaction.original and message.loading:
        return _filled(call, interaction, message, draft)
    return message_payload(changes.edit(call.world, message, draft), interaction.application)


def _delete(call: Call) -> None:
    interaction = _interaction(call)
    changes.delete(call.world, [_found(call, interaction)])


_TOKEN = "/webhooks/{application_id}/{token}"
ROUTES = [
    Route("POST", "/interactions/{interaction_id}/{token}/callback", _callback),
    Route("POST", _TOKEN, _followup),
    Route("GET", _TOKEN + "/messages/{message_id}", _get),
    Route("PATCH", _TOKEN + "/messages/{message_id}", _edit),
    Route("DELETE", _TOKEN + "/messages/{message_id}", _delete),
]
