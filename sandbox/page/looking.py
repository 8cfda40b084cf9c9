"""Operations that show something: who there is, the state, messages."""

from __future__ import annotations

from sandbox.discord.errors import Json

from .fields import Fields
from .seat import Place, Seat
from .viewer import Viewer

VERSION = 1


def hello(seat: Seat, _fields: Fields) -> Json:
    """Say who can be played, and how things stand."""
    house = seat.house
    return {
        "people": house.people(),
        "guild": {"id": str(house.guild.id), "name": house.guild.name},
        "controls": house.controls.show(),
        "backlog": house.backlog,
        "version": VERSION,
    }


def be(seat: Seat, fields: Fields) -> Json:
    """Take a person's seat."""
    person = seat.house.person(fields.id("user_id"))
    seat.viewer = Viewer(seat.house.discord, person, seat.house.memory(person.id))
    return {"state": seat.viewer.state()}


def open_channel(seat: Seat, fields: Fields) -> Json:
    """Give a page of messages and follow the channel from then on."""
    place = Place(seat, fields)
    found = place.viewer.page(place.channel(), fields.maybe_id("before"))
    place.house.touch()
    return found


def close_channel(seat: Seat, fields: Fields) -> Json:
    """Stop following a channel."""
    Place(seat, fields).viewer.close(fields.id("channel_id"))
    return {}


def read(seat: Seat, fields: Fields) -> Json:
    """Take a channel as read."""
    place = Place(seat, fields)
    place.memory.read(place.channel())
    place.house.touch()
    return {}


def dismiss(seat: Seat, fields: Fields) -> Json:
    """Take a message that only this person sees off the screen; as in Discord, the bot does not hear of it."""
    place = Place(seat, fields)
    wanted = fields.id("message_id")
    if place.memory.failures.pop(wanted, None) is None:
        message = place.message()
        if message.ephemeral:
            place.memory.dismissed.add(message.id)
    place.house.touch()
    return {}


def traffic(seat: Seat, fields: Fields) -> Json:
    """Begin or end following what goes between bot and Discord."""
    seat.follow_traffic(fields.flag("on"))
    return {}
