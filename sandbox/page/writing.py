"""Operations with which a person writes, reacts and changes settings by hand."""

from __future__ import annotations

from sandbox.discord.errors import Json
from sandbox.discord.rules.commands import LOCALES
from sandbox.discord.rules.messages import CONTENT, MOST_FILES, Upload

from .fields import Fields, Refusal
from .seat import Place, Seat


def send(seat: Seat, fields: Fields) -> Json:
    """Write a message."""
    place = Place(seat, fields)
    uploads = [place.upload(item) for item in fields.values("uploads")]
    if len(uploads) > MOST_FILES:
        raise Refusal(f"A message carries at most {MOST_FILES} files.", "too_many_files")
    files = [Upload(str(index), item.filename, item.data, item.content_type) for index, item in enumerate(uploads)]
    reply_to = place.maybe_message("reply_to")
    channel = place.channel()
    message = place.person.send(channel, fields.text("content", longest=100_000), reply_to=reply_to, files=files)
    place.memory.read(channel)
    return {"message_id": str(message.id)}


def edit(seat: Seat, fields: Fields) -> Json:
    """Change an own message."""
    place = Place(seat, fields)
    content = fields.text("content", longest=100_000).strip()
    if not 0 < len(content) <= CONTENT:
        raise Refusal(f"A message has 1 to {CONTENT} characters", "message_length")
    place.person.edit(place.message(), content)
    return {}


def delete(seat: Seat, fields: Fields) -> Json:
    """Delete an own message, or another's as a moderator."""
    place = Place(seat, fields)
    place.person.delete_message(place.message())
    return {}


def react(seat: Seat, fields: Fields) -> Json:
    """React to a message."""
    place = Place(seat, fields)
    place.person.react(place.message(), _emoji(fields))
    return {}


def unreact(seat: Seat, fields: Fields) -> Json:
    """Take a reaction back."""
    place = Place(seat, fields)
    place.person.unreact(place.message(), _emoji(fields))
    return {}


def _emoji(fields: Fields) -> str:
    emoji = fields.text("emoji", longest=100)
    if not emoji.strip():
        raise Refusal("The request needs an emoji.", "malformed")
    return emoji


def dm(seat: Seat, fields: Fields) -> Json:
    """Open the direct messages with somebody."""
    place = Place(seat, fields)
    other = place.user(fields.id("user_id"))
    if other is place.person.user:
        raise Refusal("Nobody writes direct messages to themselves.", "unknown")
    channel = place.house.discord.world.dm_channel(place.person.user, other)
    place.house.touch()
    return {"channel_id": str(channel.id)}


def locale(seat: Seat, fields: Fields) -> Json:
    """Change the language of the person's Discord."""
    place = Place(seat, fields)
    value = fields.text("value", longest=10)
    if value not in LOCALES:
        raise Refusal("Discord has no such language.", "unknown")
    place.person.set_locale(value)
    place.house.touch()
    return {}


def roles(seat: Seat, fields: Fields) -> Json:
    """Give and take roles by hand, as staff do in a member's settings."""
    place = Place(seat, fields)
    member = place.house.person(fields.id("user_id"))
    known = place.house.guild.guild.roles
    for wanted, change in (("add", place.house.guild.give_role), ("remove", place.house.guild.take_role)):
        for role_id in fields.ids(wanted):
            role = known.get(role_id)
            if role is None or role.managed or role.id == place.house.guild.id:
                raise Refusal("This role cannot be given or taken by hand.", "unknown")
            change(member, role)
    return {}
