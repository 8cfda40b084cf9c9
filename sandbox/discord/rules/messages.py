"""Rules of a message's body, whether created, edited or given as an answer to an interaction."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import Any

from ..errors import ApiError, Json, empty_message
from ..models import LARGEST_FILE, MessageFlag
from .checks import Checker, Path, as_list
from .components import ComponentCheck, number
from .embeds import check_embeds
from .mentions import AllowedMentions, check_allowed

CONTENT = 2000
MOST_FILES = 10
NONCE = 25
SETTABLE = int(MessageFlag.SUPPRESS_EMBEDS | MessageFlag.EPHEMERAL | MessageFlag.SILENT | MessageFlag.COMPONENTS_V2)


@dataclass(frozen=True)
class Upload:
    """A file that comes with a request."""

    key: str
    filename: str
    data: bytes
    content_type: str


@dataclass
class Draft:
    """A checked message body; what is None was not given (an edit leaves it as it is)."""

    content: str | None = None
    embeds: list[Json] | None = None
    components: list[Json] | None = None
    flags: int | None = None
    allowed: AllowedMentions = field(default_factory=AllowedMentions)
    nonce: str | int | None = None
    enforce_nonce: bool = False
    tts: bool = False
    keep: list[int] | None = None
    descriptions: dict[str, str] = field(default_factory=dict[str, str])
    uploads: list[Upload] = field(default_factory=list[Upload])

    @property
    def second_version(self) -> bool:
        """Whether this message consists of components only."""
        return bool((self.flags or 0) & MessageFlag.COMPONENTS_V2)

    def anything(self) -> bool:
        """Tell whether there is something to show."""
        return bool(self.content or self.embeds or self.components or self.uploads or self.keep)


def check_message(
    body: Json, uploads: list[Upload], *, largest: int = LARGEST_FILE, path: Path = (), flags_before: int = 0
) -> Draft:
    """Check a body and return what it says. Raises 50035, or 40005 for a file of more than `largest` bytes."""
    checker = Checker()
    draft = Draft(uploads=uploads, tts=body.get("tts") is True)
    for upload in uploads:
        if len(upload.data) > largest:
            raise ApiError(413, 40005, "Request entity too large")
    checker.text((*path, "content"), body.get("content"), 0, CONTENT)
    if "content" in body:
        draft.content = str(body["content"] or "").strip()
    if "embeds" in body or "embed" in body:
        value = body["embeds"] if "embeds" in body else [body["embed"]]
        draft.embeds = check_embeds(checker, (*path, "embeds"), value)
    _flags(checker, path, body, draft)
    if "components" in body:
        second = bool(((draft.flags or 0) | flags_before) & MessageFlag.COMPONENTS_V2)
        ComponentCheck(checker).message((*path, "components"), body["components"], second_version=second)
        rows = copy.deepcopy(as_list(body["components"]) or [])
        draft.components = rows if checker.errors else number(rows)
    if draft.second_version:
        for key in ("content", "embeds", "poll", "stickers", "sticker_ids"):
            if body.get(key):
                message = f"The '{key}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2"
                checker.add((*path, key), "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", message)
    draft.allowed = check_allowed(checker, (*path, "allowed_mentions"), body.get("allowed_mentions"))
    _nonce(checker, path, body, draft)
    _attachments(checker, path, body, draft)
    checker.done()
    return draft


def _flags(checker: Checker, path: Path, body: Json, draft: Draft) -> None:
    value = body.get("flags")
    if value is not None and checker.integer((*path, "flags"), value, 0, (1 << 31) - 1):
        draft.flags = int(value) & SETTABLE


def _nonce(checker: Checker, path: Path, body: Json, draft: Draft) -> None:
    nonce = body.get("nonce")
    if nonce is None:
        return
    if isinstance(nonce, bool) or not isinstance(nonce, str | int):
        checker.add((*path, "nonce"), "NONCE_TYPE_INVALID", "This field must be a string or integer.")
        return
    if isinstance(nonce, str) and len(nonce) > NONCE:
        checker.add((*path, "nonce"), "NONCE_TYPE_TOO_LONG", f"Nonce must be {NONCE} or fewer in length.")
        return
    draft.nonce = nonce
    draft.enforce_nonce = body.get("enforce_nonce") is True


def _attachments(checker: Checker, path: Path, body: Json, draft: Draft) -> None:
    where = (*path, "attachments")
    value: Any = body.get("attachments")
    if value is None and "attachments" not in body:
        checker.count(where, draft.uploads, 0, MOST_FILES)
        return
    keep: list[int] = []
    fresh = {upload.key for upload in draft.uploads}
    for place, item in checker.objects(where, value):
        key = str(item.get("id"))
        if item.get("description"):
            checker.text((*place, "description"), item["description"], 0, 1024)
            draft.descriptions[key] = str(item["description"])
        if key not in fresh:
            found = checker.snowflake((*place, "id"), item.get("id"))
            if found:
                keep.append(found)
    checker.count(where, [*keep, *draft.uploads], 0, MOST_FILES)
    draft.keep = keep


def require_something(draft: Draft) -> None:
    """Refuse an empty new message. Raises 50006."""
    if not draft.anything():
        raise empty_message()
