"""The ways in which a call to Discord fails, told apart by what can be done about it."""


class DiscordError(Exception):
    """A call that Discord did not carry out. `code` is Discord's own error code, 0 where it gave none."""

    def __init__(self, detail: str, *, status: int = 0, code: int = 0) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code


class DiscordGone(DiscordError):
    """The channel, message, user or role does not exist (any more)."""


class DiscordForbidden(DiscordError):
    """The bot may not do that there, or the user takes no direct messages."""


class DiscordRefused(DiscordError):
    """Discord finds the call itself wrong; repeating it changes nothing."""


class DiscordUnavailable(DiscordError):
    """Discord cannot answer now; the same call may succeed later, and may even have succeeded already."""


NO_DIRECT_MESSAGES = 50007
UNKNOWN_CHANNEL = 10003
UNKNOWN_MESSAGE = 10008
NO_PERMISSION = 50013
THREAD_EXISTS = 160004
