"""Operations that act on the bot: commands, menus, buttons, selects and forms, with what came of them."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any, Final, cast

from sandbox.discord import Answer, Channel, Message, Modal, User
from sandbox.discord.errors import Json
from sandbox.discord.options import Resolved, find_command
from sandbox.discord.rules.components import FILE_UPLOAD, SELECTS, STRING_SELECT, walk

from .commands import choices_in, declared, menu_kind, option_values, thing_of_id
from .fields import Fields, Refusal
from .messages import failure
from .people import applications_in
from .refusals import check_form, fields_of
from .seat import Place, Seat

# Kinds of selects (left) by what stands in the values they send, in the numbers of options.
_OPTION_KIND: Final = {5: 6, 6: 8, 7: 9, 8: 7}


async def slash(seat: Seat, fields: Fields) -> Json:
    """Use a slash command."""
    place = Place(seat, fields)
    channel, command = place.channel(), fields.text("command")
    values = option_values(place, declared(place, channel, command), fields.mapping("options"))
    return _shown(place, await place.person.slash(channel, command, **values))


async def autocomplete(seat: Seat, fields: Fields) -> Json:
    """Give the bot's suggestions for an option while it is typed."""
    place = Place(seat, fields)
    channel, command, focused = place.channel(), fields.text("command"), fields.text("focused")
    options = declared(place, channel, command)
    given = fields.mapping("options")
    typed = given.get(focused)
    others = {name: value for name, value in given.items() if name != focused}
    values = option_values(place, options, others)
    values[focused] = "" if typed is None else str(typed)
    choices = await place.person.autocomplete(channel, command, **({"focused": focused} | values))
    return {"choices": choices_in(choices, place.person.user.locale)}


async def menu(seat: Seat, fields: Fields) -> Json:
    """Use a command of a context menu."""
    place = Place(seat, fields)
    channel, name = place.channel(), fields.text("name")
    target: User | Message
    if menu_kind(fields) == 2:
        target = place.user(fields.id("target_id"))
    else:
        target = place.message("target_id")
    find_command(applications_in(place.person.guild), place.person.guild, name, menu_kind(fields))
    return _shown(place, await place.person.context_menu(channel, name, target))


async def press(seat: Seat, fields: Fields) -> Json:
    """Press a button."""
    place = Place(seat, fields)
    message = place.message()
    return await _on_message(place, message, place.person.press(message, fields.text("custom_id")))


async def select(seat: Seat, fields: Fields) -> Json:
    """Choose in a select menu."""
    place = Place(seat, fields)
    message, custom_id = place.message(), fields.text("custom_id")
    kinds = {item["custom_id"]: item["type"] for item in walk(message.components) if "custom_id" in item}
    values = [_choice(place, kinds.get(custom_id, STRING_SELECT), value) for value in fields.values("values")]
    return await _on_message(place, message, place.person.select(message, custom_id, values))


def _choice(place: Place, kind: int, value: Any) -> Any:
    if kind in _OPTION_KIND:
        return thing_of_id(place, _OPTION_KIND[kind], value)
    if kind == FILE_UPLOAD:
        prepared = place.upload(value)
        return place.person.upload(prepared.filename, prepared.data)
    if not isinstance(value, str):
        raise Refusal("Values of a select are texts.", "malformed")
    return value


async def _on_message(place: Place, message: Message, act: Awaitable[Answer]) -> Json:
    place.memory.failed_on.discard(message.id)
    answer = await act
    if answer.kind == "failed":
        place.memory.failed_on.add(message.id)
    place.house.touch()
    return _shown(place, answer, message)


async def submit(seat: Seat, fields: Fields) -> Json:
    """Send a form. When the bot does not answer it stays open, as in Discord, and can be sent again."""
    place = Place(seat, fields)
    modal_id = fields.text("modal_id")
    modal = place.memory.modal(modal_id)
    if modal.submitted:
        raise Refusal("This form is being sent already.", "busy")
    kinds = fields_of(modal)
    values = {name: _typed(place, kinds.get(name, {}), value) for name, value in fields.mapping("values").items()}
    channel = modal.interaction.channel
    guild = None if channel.is_dm else place.person.guild
    check_form(modal, values, Resolved(guild, viewer=place.person.user))
    answer = await place.person.submit(modal, values)
    if answer.kind == "failed":
        modal.submitted = False
        return _plain(answer, channel, None)
    place.memory.modals.pop(modal_id, None)
    return _shown(place, answer, modal.interaction.message)


def _typed(place: Place, item: Json, value: Any) -> Any:
    kind = item.get("type")
    if kind in (*SELECTS, FILE_UPLOAD):
        values = cast("list[Any]", value) if isinstance(value, list) else [] if value in (None, "") else [value]
        try:
            return [_choice(place, int(kind), entry) for entry in values]
        except Refusal as refusal:
            places: list[Json] = [{"path": item["custom_id"], "text": refusal.text, "code": "choice"}]
            raise Refusal(refusal.text, refusal.code, places) from refusal
    if isinstance(value, dict):
        raise Refusal("This is no value of a field.", "malformed")
    return value


def close(seat: Seat, fields: Fields) -> Json:
    """Take a form off the screen."""
    Place(seat, fields).memory.modals.pop(fields.text("modal_id"), None)
    return {}


def _shown(place: Place, answer: Answer, message: Message | None = None) -> Json:
    """Return what came of an act; a command that failed leaves a message that says so."""
    interaction = answer.interaction
    if answer.kind == "failed" and message is None:
        place.memory.fail(_failed(place, answer))
        place.house.touch()
    found = _plain(answer, interaction.channel, answer.message or message)
    if answer.modal is not None:
        found["modal"] = _form(place, answer.modal)
    return found


def _failed(place: Place, answer: Answer) -> Json:
    interaction = answer.interaction
    message_id = place.house.discord.world.ids.make()
    return failure(message_id, interaction.channel, interaction.application.user, interaction.full_name, place.person)


def _plain(answer: Answer, channel: Channel, message: Message | None) -> Json:
    seconds = answer.ack_seconds
    return {
        "kind": answer.kind,
        "channel_id": str(channel.id),
        "message_id": None if message is None else str(message.id),
        "ephemeral": answer.ephemeral,
        "seconds": None if seconds is None else round(seconds, 3),
    }


def _form(place: Place, modal: Modal) -> Json:
    return {"id": place.memory.keep_modal(modal), "title": modal.title, "components": modal.components}
