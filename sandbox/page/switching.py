"""Operations on the switches."""

from __future__ import annotations

from sandbox.discord.errors import Json

from .fields import Fields
from .seat import Seat


def controls(seat: Seat, _fields: Fields) -> Json:
    """Say how the switches stand."""
    return {"controls": seat.house.controls.show()}


def fault(seat: Seat, fields: Fields) -> Json:
    """Turn a fault on or off."""
    name = fields.text("name")
    seat.house.controls.switch(name, name == "drop_gateway" or fields.flag("on"))
    seat.house.touch()
    return controls(seat, fields)


async def bot(seat: Seat, fields: Fields) -> Json:
    """Kill, start or restart the bot."""
    await seat.house.controls.command(fields.text("do"))
    return controls(seat, fields)
