"""Who acts: the one thing every facade is given about the person behind an interaction or an HTTP call."""

from dataclasses import dataclass, field

from util.errors import Forbidden
from util.identifiers import Flag
from util.phrases import Raw
from util.texts import Text

ADMIN_GRANTS = frozenset(Flag) - {Flag.TRAINEE}
"""Admins hold every flag except the one that marks somebody as learning: it limits, it does not allow."""


@dataclass(frozen=True)
class Actor:
    """A person (or the bot itself) acting in one guild.

    `language_reliable` is False when the language is only a guess (steps 3 and 4 of the specification's detection).
    `is_native_admin` is True for the guild's owner and holders of Discord's Administrator permission.
    """

    guild_id: int
    user_id: int
    flags: frozenset[Flag] = field(default_factory=frozenset[Flag])
    language: str = "en"
    language_reliable: bool = True
    name: str = ""
    role_ids: frozenset[int] = field(default_factory=frozenset[int])
    is_native_admin: bool = False

    def has(self, flag: Flag) -> bool:
        """Tell whether the actor holds a flag, by itself or through `admin`."""
        return flag in self.flags or (Flag.ADMIN in self.flags and flag in ADMIN_GRANTS)

    @property
    def is_trainee(self) -> bool:
        """Tell whether the actor is on probation: marked as trainee and not also a reviewer."""
        return Flag.TRAINEE in self.flags and not self.has(Flag.REVIEWER)

    def require(self, *flags: Flag) -> None:
        """Raise `Forbidden` unless the actor holds one of the flags."""
        if not any(self.has(flag) for flag in flags):
            raise Forbidden(Text.ERROR_FORBIDDEN, flags=Raw(", ".join(flag.value for flag in flags)))
