"""Messages in Discord's JSON form: what we send, and how we know our own messages again."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from util.datatypes import MessagePayload, Upload

SUPPRESS_EMBEDS = 1 << 2
LONGEST_DESCRIPTION = 1024


def allowed_mentions(payload: MessagePayload) -> dict[str, Any]:
    """Return the only pings that a message may cause."""
    return {
        "parse": ["everyone"] if payload.mention_everyone else [],
        "users": [str(user) for user in dict.fromkeys(payload.mention_users)],
        "roles": [str(role) for role in dict.fromkeys(payload.mention_roles)],
    }


def body_of(payload: MessagePayload, nonce: str | None = None) -> dict[str, Any]:
    """Return the JSON of a new message, or of an edit where there is no nonce: an edit also says what is now empty."""
    body: dict[str, Any] = {
        "content": payload.content,
        "embeds": list(payload.embeds),
        "components": list(payload.components),
        "allowed_mentions": allowed_mentions(payload),
    }
    if nonce is None:
        return body | {"flags": SUPPRESS_EMBEDS if payload.suppress_embeds else 0}
    body = {key: value for key, value in body.items() if value}
    if payload.uploads:
        body["attachments"] = [_described(number, upload) for number, upload in enumerate(payload.uploads)]
    if payload.suppress_embeds:
        body["flags"] = SUPPRESS_EMBEDS
    return body | {"nonce": nonce, "enforce_nonce": True}


def _described(number: int, upload: Upload) -> dict[str, Any]:
    said = {} if upload.description is None else {"description": upload.description[:LONGEST_DESCRIPTION]}
    return {"id": str(number), "filename": upload.filename, **said}


def form_of(body: dict[str, Any], uploads: tuple[Upload, ...]) -> list[dict[str, Any]]:
    """Return the fields of the multipart form that carries a message with files (Discord's reference, "Uploading Files")."""
    form: list[dict[str, Any]] = [{"name": "payload_json", "value": json.dumps(body), "content_type": "application/json"}]
    for number, upload in enumerate(uploads):
        kind = "application/octet-stream"
        form.append({"name": f"files[{number}]", "value": upload.data, "filename": upload.filename, "content_type": kind})
    return form


def snowflake_at(moment: datetime) -> int:
    """Return the smallest id that something made at a moment can have (Discord's reference, "Snowflakes")."""
    return max(0, int(moment.timestamp() * 1000) - 1_420_070_400_000) << 22


def is_same(message: Mapping[str, Any], payload: MessagePayload) -> bool:
    """Tell whether a posted message is the payload: by its buttons, which name what they act upon, else by all it shows."""
    wanted = set(_custom_ids(payload.components))
    if wanted:
        return wanted == set(_custom_ids(message.get("components") or ()))
    if not payload.content.strip() and not payload.embeds:
        return False
    shown = [_essence(embed) for embed in message.get("embeds") or () if embed.get("type", "rich") == "rich"]
    return message.get("content", "").strip() == payload.content.strip() and shown == [_essence(e) for e in payload.embeds]


def _custom_ids(components: Any) -> Iterator[str]:
    for component in components:
        if "custom_id" in component:
            yield component["custom_id"]
        yield from _custom_ids(component.get("components") or ())


def _essence(embed: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parts of an embed that Discord gives back as they were sent, but for white space at the ends."""
    essence: dict[str, Any] = {
        "title": _stripped(embed.get("title")),
        "description": _stripped(embed.get("description")),
        "color": embed.get("color") or 0,
        "author": _stripped(embed.get("author", {}).get("name")),
        "footer": _stripped(embed.get("footer", {}).get("text")),
        "fields": [(_stripped(one.get("name")), _stripped(one.get("value"))) for one in embed.get("fields") or ()],
    }
    return essence


def _stripped(text: Any) -> str:
    return str(text or "").strip()
