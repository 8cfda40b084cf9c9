"""Take out of a text what must not be written down: tokens, passwords, and what somebody typed."""

import json
import re
from collections.abc import Iterable

SECRET = "[secret]"
TYPED = "[typed]"
SHORTEST_TYPED = 4
"""Characters; shorter texts would blot out ordinary words all over."""
_SECRETS = re.compile(
    r"(?P<path>/(?:webhooks|interactions)/\d+/)[\w.-]{20,}"
    r"|\b[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}"
    r"|\bglp_[\w-]{20,}"
    r"|(?P<login>://[^\s:/@\"]+:)[^\s@\"]+(?=@)"
)


def redact(text: str, *known: str | None) -> str:
    """Take tokens and passwords out of a text: the known ones and whatever looks like one."""
    for secret in known:
        if secret:
            text = text.replace(secret, SECRET)
    return _SECRETS.sub(lambda found: f"{found['path'] or found['login'] or ''}{SECRET}", text)


def without_typed(text: str, typed: Iterable[str]) -> str:
    """Take what somebody typed out of a text, also where it stands there as Python or JSON write it.

    A text of fewer than four characters is left: who wrote what cannot be told from it.
    """
    for written in sorted(typed, key=len, reverse=True):
        if len(written.strip()) < SHORTEST_TYPED:
            continue
        for form in sorted(_forms(written) | _forms(written.strip()), key=len, reverse=True):
            text = text.replace(form, TYPED)
    return text


def _forms(written: str) -> set[str]:
    return {written, repr(written)[1:-1], json.dumps(written)[1:-1], json.dumps(written, ensure_ascii=False)[1:-1]}
