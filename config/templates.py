"""The small language of texts: `{name}` is replaced by a parameter, a backslash escapes as in the specification.

Nothing else is interpreted: a guild may write any text, and `str.format` would let it read attributes of our objects.
"""

import re
from collections.abc import Mapping

PARAMETER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_PLACE = re.compile(r"(?<!`)`\{(?P<code>[a-z][a-z0-9_]*)\}`(?!`)|\{(?P<name>[a-z][a-z0-9_]*)\}")
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.|$)", re.DOTALL)
_SIMPLE = {"n": "\n", "t": "\t", "\\": "\\", '"': '"', "'": "'", "r": ""}


class BadEscape(ValueError):
    """A backslash is followed by something that has no meaning; `sequence` is the offending part."""

    def __init__(self, sequence: str) -> None:
        super().__init__(sequence)
        self.sequence = sequence


def parameters_of(template: str) -> frozenset[str]:
    """Return the names of the parameters that a template uses."""
    return frozenset(PARAMETER.findall(template))


def substitute(template: str, values: Mapping[str, str], code: Mapping[str, str] | None = None) -> str:
    """Replace every `{name}` that has a value in one pass; what a value contains is never interpreted again.

    `code`: what takes the place of a name together with the backticks right around it. Discord shows escapes inside code as
    they are, so a value needs another form there.
    """

    def value(match: re.Match[str]) -> str:
        name = match["code"]
        if name is None:
            return values.get(match["name"], match[0])
        if code is not None and name in code:
            return code[name]
        return f"`{values[name]}`" if name in values else match[0]

    return _PLACE.sub(value, template)


def unescape(typed: str) -> str:
    r"""Turn `\n`, `\t`, `\\`, quotes and `\uXXXX` of a typed text into the characters they mean.

    Raises `BadEscape` for any other sequence, so that a lone backslash is noticed and not lost.
    """

    def meaning(match: re.Match[str]) -> str:
        sequence = match[1]
        if sequence in _SIMPLE:
            return _SIMPLE[sequence]
        if len(sequence) == 5:
            character = chr(int(sequence[1:], 16))
            if not 0xD800 <= ord(character) <= 0xDFFF:
                return character
        raise BadEscape(match[0])

    return _ESCAPE.sub(meaning, typed)


def escape(text: str) -> str:
    """Turn a text into what a person would type for it: the reverse of `unescape`."""
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t")
