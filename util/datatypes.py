"""Plain values that pass between layers."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Upload:
    """A file to send. `description` is what screen readers say of a picture."""

    filename: str
    data: bytes
    description: str | None = None


@dataclass(frozen=True)
class MessagePayload:
    """A Discord message ready to send, in Discord's JSON form.

    Only the users and roles named here are pinged, whatever the content says.
    """

    content: str = ""
    embeds: tuple[dict[str, Any], ...] = ()
    components: tuple[dict[str, Any], ...] = ()
    mention_users: tuple[int, ...] = ()
    mention_roles: tuple[int, ...] = ()
    mention_everyone: bool = False
    suppress_embeds: bool = False
    uploads: tuple[Upload, ...] = ()


@dataclass(frozen=True)
class MessageRef:
    """Where a message stands."""

    channel_id: int
    message_id: int
