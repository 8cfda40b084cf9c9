"""Why a snapshot is refused."""

from enum import StrEnum


class Refusal(StrEnum):
    """What is wrong with a file that should be a snapshot. Nothing has been changed when one of these is told."""

    NOT_A_FILE = "not_a_file"
    """There is no such file, or it is a folder, a link or a device."""
    NOT_OURS = "not_ours"
    """It does not begin as a snapshot does."""
    DAMAGED = "damaged"
    """It is cut off, or its content does not fit its checksums or itself."""
    TOO_LARGE = "too_large"
    """It, what it unpacks to, or one of its values is larger than what is taken."""
    NEWER = "newer"
    """A newer release made it."""
    FOREIGN_SCHEMA = "foreign_schema"
    """It holds other tables, views, triggers or indexes than a snapshot of its revision."""
    WRONG_VALUE = "wrong_value"
    """A value is none that the bot would have written."""
    OTHER_GUILD = "other_guild"
    """It is another guild's, or holds rows of another guild."""
    WHOLE_DATABASE = "whole_database"
    """It holds all guilds, where one guild's was asked for."""
    ONE_GUILD = "one_guild"
    """It holds one guild, where all were asked for."""
    TOO_SLOW = "too_slow"
    """Checking it took longer than any real snapshot takes."""
    NO_ROOM = "no_room"
    """The disk has no room to unpack it."""


class BadSnapshot(Exception):
    """A file is refused as a snapshot. `detail` is for maintainers, in English; it names places and no values."""

    def __init__(self, reason: Refusal, detail: str) -> None:
        super().__init__(f"{reason.value}: {detail}")
        self.reason = reason
        self.detail = detail


class DatabaseBusy(Exception):
    """Others kept writing to the tables, so that nothing could be loaded; nothing was changed."""
