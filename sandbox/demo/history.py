"""What happened in the demo's guild before: a year of it, made up by the bot's side for people who are described here."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from sandbox.discord import SandboxUser

from .cast import ADA, BORIS, MIRA, MO, RHEA, THEO, Part
from .playground import Playground
from .process import run_module

_MODULE: Final = "facades.samples"
_AGO: Final = timedelta(minutes=5)
"""The history ends a moment before the demo begins."""
_SEED: Final = 4


@dataclass(frozen=True)
class Past:
    """What somebody did in the guild, from and until so many days ago."""

    tasks: tuple[str, ...]
    first_day: float = 365
    last_day: float = 0


@dataclass(frozen=True)
class Regular:
    """Somebody besides the cast. `role`: what makes the person more than a member."""

    name: str
    past: Past
    locale: str = "en-US"
    role: str | None = None


CAST_BEFORE: Final[tuple[tuple[Part, Past], ...]] = (
    (ADA, Past(("administrate", "review"))),
    (RHEA, Past(("review", "teach"))),
    (MO, Past(("decide", "review"))),
    (THEO, Past(("learn",), first_day=52)),
    # They request something at once, so nothing may hold them back.
    (MIRA, Past(("request",), first_day=340, last_day=6)),
    (BORIS, Past(("request",), first_day=190, last_day=5)),
)
_FORMER_STAFF: Final = (
    Regular("Selma", Past(("review", "teach"), last_day=168)),
    Regular("Vera", Past(("decide",), last_day=112)),
    Regular("Ines", Past(("review", "request"), first_day=270, last_day=75)),
    Regular("Pip", Past(("learn",), first_day=215, last_day=160)),
)
_REGULARS: Final = (
    Regular("Jonas", Past(("learn", "review"), first_day=330), role="Reviewer"),
    Regular("Yuki", Past(("review", "request"), first_day=150), role="Reviewer"),
    Regular("Kai", Past(("request",))),
    Regular("Pia", Past(("request",), first_day=300)),
    Regular("Саша", Past(("request",), first_day=240), "ru"),
    Regular("Nils", Past(("request",), first_day=90)),
    Regular("Wren", Past(("misbehave",), first_day=120)),
)
_PASSERS_BY: Final = (
    "Alba", "Bruno", "Ciro", "Della", "Enno", "Freya", "Gustav", "Hedda", "Ivo", "Jette", "Костя", "Lotte", "Marek", "Нина",
    "Otis", "Paula", "Quinn", "Рома", "Svea", "Tilda", "Ugo", "Vito", "Wanda", "Ярик", "Zita", "Anouk", "Bela", "Cleo", "Drago",
    "Esme", "Falk", "Greta", "Hugo", "Ilse",
)  # fmt: skip
"""Members who were there for a while."""


async def write_history(playground: Playground, until: datetime | None = None) -> list[tuple[SandboxUser, str]]:
    """Let people join and have a past; return who of them gets a role, with its name. The bot must not run yet.

    The past ends at `until`, or a moment ago. Raises `BotEnded` when the bot's side cannot write it.
    """
    people = [_described(playground.actor(part).id, part.locale, past) for part, past in CAST_BEFORE]
    given: list[tuple[SandboxUser, str]] = []
    for one in _REGULARS:
        member = playground.guild.add_member(one.name, locale=one.locale)
        people.append(_described(member.id, one.locale, one.past))
        if one.role is not None:
            given.append((member, one.role))
    for one in (*_FORMER_STAFF, *_passers_by()):
        account = playground.discord.world.add_user(one.name, locale=one.locale)
        people.append(_described(account.id, one.locale, one.past))
    ends_at = (until or datetime.now(UTC) - _AGO).isoformat()
    description = {"guild_id": playground.guild.id, "ends_at": ends_at, "seed": _SEED, "people": people}
    await run_module(_MODULE, playground.environment, json.dumps(description))
    return given


def _described(user_id: int, locale: str, past: Past) -> dict[str, object]:
    days = {"first_day": past.first_day, "last_day": past.last_day}
    return {"user_id": user_id, "language": locale.partition("-")[0], "tasks": list(past.tasks), **days}


def _passers_by() -> list[Regular]:
    """Spread them over the year: some early, some late, some for long."""
    found: list[Regular] = []
    for number, name in enumerate(_PASSERS_BY):
        first = 365 if number % 3 == 0 else 365 - (number * 37) % 330
        last = 4 if number % 4 == 0 else first * (0.1 + 0.12 * (number % 5))
        task = "misbehave" if number % 7 == 3 else "request"
        found.append(Regular(name, Past((task,), first, last), "ru" if name[0] > "z" else "en-US"))
    return found
