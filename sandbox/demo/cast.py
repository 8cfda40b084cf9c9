"""Who plays: six people, by name, with what they do in the guild and the language they speak."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

GUILD_NAME: Final = "Level Lovers"


@dataclass(frozen=True)
class Part:
    """One part of the play. `roles`: the guild's roles that make somebody this; members and the owner need none."""

    key: str
    name: str
    what: str
    locale: str
    roles: tuple[str, ...] = ()


ADA: Final = Part("ada", "Ada", "admin, the server's owner", "en-US")
MIRA: Final = Part("mira", "Mira", "member, speaks English", "en-US")
BORIS: Final = Part("boris", "Борис", "member, speaks Russian", "ru")
RHEA: Final = Part("rhea", "Rhea", "reviewer, trains Theo", "en-US", ("Reviewer", "Trainee Curator"))
THEO: Final = Part("theo", "Theo", "trainee reviewer", "en-GB", ("Trainee Reviewer",))
MO: Final = Part("mo", "Mo", "moderator", "en-US", ("GD Moderator", "Reviewer"))

CAST: Final = (ADA, MIRA, BORIS, RHEA, THEO, MO)
