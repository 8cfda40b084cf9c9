"""What a guild may make of a text: it must fit wherever the bot uses it, and fill in only what the bot gives it."""

import re
from typing import Final

from babel import Locale

from config.templates import PARAMETER, BadEscape, parameters_of, unescape
from config.text_usage import LIMITS, ONE_LINE, SHORTENED, Place, limit_of, places_of, worst_length
from config.texts import FALLBACK_LANGUAGE, TextEntry, catalogue, plural_forms
from util.emojis import is_emoji
from util.errors import BadInput
from util.markdown import shorten, strip_controls
from util.texts import Text

LONGEST: Final = 4000
OPTION_NAME: Final = re.compile(r"[-_'\w]{1,32}")
"""What Discord takes as an option's name, in lower case."""
_LONGEST_SHOWN: Final = 200
_BRACES = re.compile(r"\{\s*([^\W\d][\w.]{0,60})\s*\}")
_FORM_MARK = re.compile(r"^\[(\w+)\]", re.MULTILINE)


def read_typed(typed: str) -> str:
    """Return the text that typed escape codes mean. Raises `BadInput` for a backslash that begins none."""
    try:
        return unescape(typed)
    except BadEscape as error:
        raise BadInput(Text.TEXT_REFUSED_ESCAPE, sequence=error.sequence) from error


def check_text(key: Text, language: str, value: str) -> str:
    """Return a new text of a guild, tidied. Raises `BadInput` with the reason why it cannot be used."""
    entry = catalogue().entry(key, language)
    value = strip_controls(value)
    if not value.strip():
        raise BadInput(Text.TEXT_REFUSED_EMPTY)
    if len(value) > LONGEST:
        raise BadInput(Text.TEXT_REFUSED_LONG, length=len(value), limit=LONGEST, place=_name(limit_of(key)[0]))
    _check_parameters(entry, value)
    for form in _forms(entry, language, value):
        _check_form(key, language, form)
    return value


def _check_parameters(entry: TextEntry, value: str) -> None:
    named = dict.fromkeys(_BRACES.findall(value))
    unknown = [name for name in named if name not in entry.parameters]
    # Spaces or capitals would make the bot leave a name as it is written.
    unknown += [name for name in named if name in entry.parameters and name not in parameters_of(value)]
    if not unknown:
        return
    shown = shorten(", ".join(f"{{{name}}}" for name in unknown), _LONGEST_SHOWN)
    if not entry.parameters:
        raise BadInput(Text.TEXT_REFUSED_NO_PARAMETERS, names=shown)
    known = ", ".join(f"{{{name}}}" for name in entry.parameters)
    raise BadInput(Text.TEXT_REFUSED_PARAMETERS, names=shown, known=known)


def _forms(entry: TextEntry, language: str, value: str) -> list[str]:
    """Return the texts of which one is shown: each plural form, or the text itself."""
    if entry.plural is None:
        return [value]
    needed = marks_of(language)
    try:
        forms = plural_forms(value)
    except ValueError as error:
        raise BadInput(Text.TEXT_REFUSED_PLURAL, forms=needed, parameter=f"{{{entry.plural}}}") from error
    marks = _FORM_MARK.findall(value)
    known = tags_of(language)
    foreign = [form for form in forms if form not in known]
    if foreign:
        shown = " ".join(f"[{form}]" for form in foreign)
        raise BadInput(Text.TEXT_REFUSED_PLURAL_FORM, form=shown, forms=needed)
    repeated = next((form for form in forms if marks.count(form) > 1), None)
    if repeated is not None:
        raise BadInput(Text.TEXT_REFUSED_PLURAL_TWICE, form=f"[{repeated}]")
    blank = next((form for form, text in forms.items() if not text.strip()), None)
    if blank is not None:
        raise BadInput(Text.TEXT_REFUSED_PLURAL_EMPTY, form=f"[{blank}]")
    return list(forms.values())


def tags_of(language: str) -> tuple[str, ...]:
    """Return the plural forms of a language in the order in which grammars list them."""
    known = {"other", *Locale.parse(language, sep="-").plural_form.tags}
    return tuple(tag for tag in ("zero", "one", "two", "few", "many", "other") if tag in known)


def marks_of(language: str) -> str:
    """Write the plural forms of a language as a text with plural forms marks them."""
    return " ".join(f"[{tag}]" for tag in tags_of(language))


def _check_form(key: Text, language: str, text: str) -> None:
    places = places_of(key)
    place, limit = limit_of(key)
    if Place.OPTION_NAME in places:
        _check_option_name(language, text)
    if Place.EMOJI in places and not is_emoji(text.strip()):
        raise BadInput(Text.TEXT_REFUSED_EMOJI, value=shorten(text, _LONGEST_SHOWN))
    if "\n" in text.strip() and any(one in ONE_LINE for one in places):
        raise BadInput(Text.TEXT_REFUSED_LINES, place=_name(next(one for one in places if one in ONE_LINE)))
    own = len(_without_parameters(key, text))
    if own > limit:
        raise BadInput(Text.TEXT_REFUSED_LONG, length=own, limit=limit, place=_name(place))
    for one in places:
        filled = worst_case(key, text)
        if one not in SHORTENED and filled > LIMITS[one]:
            raise BadInput(Text.TEXT_REFUSED_LONG_FILLED, length=filled, limit=LIMITS[one], place=_name(one))


def _check_option_name(language: str, text: str) -> None:
    if language == FALLBACK_LANGUAGE:
        raise BadInput(Text.TEXT_REFUSED_OPTION_FIXED)
    if not OPTION_NAME.fullmatch(text) or text != text.lower():
        raise BadInput(Text.TEXT_REFUSED_OPTION_NAME, value=shorten(text, _LONGEST_SHOWN))


def _without_parameters(key: Text, text: str) -> str:
    known = catalogue().entry(key, FALLBACK_LANGUAGE).parameters
    return PARAMETER.sub(lambda match: "" if match[1] in known else match[0], text)


def worst_case(key: Text, text: str) -> int:
    """Return how long a text can become once the bot has filled in its parameters."""
    known = catalogue().entry(key, FALLBACK_LANGUAGE).parameters
    used = [name for name in PARAMETER.findall(text) if name in known]
    return len(_without_parameters(key, text)) + sum(worst_length(key, name) for name in used)


def _name(place: Place) -> Text:
    return Text(f"text.place.{place.value}")
