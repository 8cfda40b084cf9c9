"""What a person did wrong, said in that person's language: errors that name their text."""

from util.phrases import Phrase, Value
from util.texts import Text


class UserError(Exception):
    """Something the user can understand and act upon.

    Raised by facades; the one boundary of `components/boundary.py` (and the HTTP layer's) turns it into a localised reply.
    """

    def __init__(self, key: Text, **parameters: Value) -> None:
        super().__init__(key.value)
        self.phrase = Phrase(key, parameters)


class Forbidden(UserError):
    """The actor lacks a permission flag."""


class NotFound(UserError):
    """What was named does not exist in this guild."""


class Conflict(UserError):
    """Somebody (perhaps the same person) did it before."""


class Refused(UserError):
    """A rule of the community forbids it now."""


class BadInput(UserError):
    """A value cannot be understood or is out of range."""


class Unavailable(UserError):
    """An outside system does not answer; trying again later may help."""
