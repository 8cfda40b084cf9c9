"""Where each text is used, and so what Discord lets it be: the places, their limits, and which text goes where.

A text's place follows from its key: `command.…`, `button.…`, `…_title` and so on; what a key does not tell is listed. Texts that
follow no rule are said in messages. `tests/config/test_text_usage.py` holds this against the code and against what Discord gets.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final

from util.texts import Text


class Place(StrEnum):
    """A kind of place in which a text is shown; its words are the text `text.place.<value>`."""

    COMMAND = "command"
    OPTION = "option"
    OPTION_NAME = "option_name"
    CHOICE = "choice"
    BUTTON = "button"
    FORM_TITLE = "form_title"
    FORM_LABEL = "form_label"
    FORM_HINT = "form_hint"
    LIST_HINT = "list_hint"
    LIST_ENTRY = "list_entry"
    TITLE = "title"
    FOOTER = "footer"
    FIELD_NAME = "field_name"
    FIELD_VALUE = "field_value"
    MESSAGE = "message"
    LINE = "line"
    PARAGRAPH = "paragraph"
    ADDITION = "addition"
    PHRASE = "phrase"
    EMOJI = "emoji"
    PAGE = "page"
    CATEGORY = "category"
    TOPIC = "topic"
    AUDIT_LOG = "audit_log"
    REPORT = "report"
    CHART = "chart"


LIMITS: Final[Mapping[Place, int]] = {
    Place.COMMAND: 100,
    Place.OPTION: 100,
    Place.OPTION_NAME: 32,
    Place.CHOICE: 100,
    Place.BUTTON: 80,
    Place.FORM_TITLE: 45,
    Place.FORM_LABEL: 45,
    Place.FORM_HINT: 100,
    Place.LIST_HINT: 100,
    Place.LIST_ENTRY: 100,
    Place.TITLE: 256,
    Place.FOOTER: 2048,
    Place.FIELD_NAME: 256,
    Place.FIELD_VALUE: 1024,
    Place.MESSAGE: 2000,
    Place.LINE: 2000,
    Place.PARAGRAPH: 400,
    Place.ADDITION: 1000,
    Place.PHRASE: 200,
    Place.EMOJI: 60,
    Place.PAGE: 4000,
    Place.CATEGORY: 100,
    Place.TOPIC: 1024,
    Place.AUDIT_LOG: 512,
    Place.REPORT: 4000,
    Place.CHART: 200,
}
"""The most characters with everything filled in.

`PARAGRAPH`, `ADDITION` and `PHRASE` are ours: such texts stand inside others, which count on it."""

ONE_LINE: Final = frozenset(
    {
        Place.COMMAND,
        Place.OPTION,
        Place.OPTION_NAME,
        Place.CHOICE,
        Place.BUTTON,
        Place.FORM_TITLE,
        Place.FORM_LABEL,
        Place.FORM_HINT,
        Place.LIST_HINT,
        Place.LIST_ENTRY,
        Place.TITLE,
        Place.FIELD_NAME,
        Place.EMOJI,
        Place.CATEGORY,
        Place.AUDIT_LOG,
        Place.CHART,
    }
)
"""Places in which a line break is refused or lost."""
WITHOUT_MARKDOWN: Final = ONE_LINE - {Place.FIELD_NAME} | {Place.FOOTER}
"""Places in which Discord shows markdown and mentions as the characters they are written with."""
SHORTENED: Final = frozenset(
    {Place.BUTTON, Place.FORM_TITLE, Place.FORM_LABEL, Place.FORM_HINT, Place.TITLE, Place.FIELD_NAME, Place.FOOTER}
)
"""Places for which the bot shortens the values that it fills in; only the text's own words must fit."""


@dataclass(frozen=True)
class Rule:
    """Texts whose keys begin (or, `at_end`, end) so, and where they are used."""

    part: str
    places: tuple[Place, ...]
    at_end: bool = False

    def fits(self, key: str) -> bool:
        """Tell whether the rule is about a key."""
        return key.endswith(self.part) if self.at_end else key.startswith(self.part)


_EXACT: Final[Mapping[Text, tuple[Place, ...]]] = {
    Text.LANGUAGE_NAME: (Place.PHRASE, Place.LIST_ENTRY),
    Text.FORM_GIVEN_BACK: (Place.MESSAGE,),
    Text.SETUP_CATEGORY: (Place.CATEGORY,),
    Text.SETUP_REASON: (Place.AUDIT_LOG,),
    Text.SETUP_UNDO_REASON: (Place.AUDIT_LOG,),
    Text.SETUP_GO_PLACEHOLDER: (Place.LIST_HINT,),
    Text.SETUP_NONE: (Place.PHRASE,),
    Text.SETUP_CREATED: (Place.MESSAGE,),
    Text.SETUP_NOTHING_MISSING: (Place.MESSAGE,),
    Text.SETUP_CANNOT_CREATE: (Place.MESSAGE,),
    Text.SETUP_FAILED: (Place.MESSAGE,),
    Text.SETUP_FAILED_LEFTOVERS: (Place.MESSAGE,),
    Text.SETUP_LANGUAGE_OF_EVERYONE: (Place.MESSAGE,),
    Text.PAGE_NOT_YOURS: (Place.MESSAGE,),
    Text.CARD_MORE: (Place.PHRASE,),
    Text.DELIVERY_FAILED: (Place.MESSAGE,),
    Text.DELIVERY_FAILED_MORE: (Place.LINE,),
    Text.HELP_COMMAND_LINE: (Place.LINE,),
    Text.HELP_AREA_HEADING: (Place.LINE,),
    Text.QUEUE_INFO: (Place.MESSAGE,),
    Text.STATUS_RESTARTING: (Place.MESSAGE,),
    Text.LOG_ENTRY: (Place.LINE,),
    Text.LOG_BOT: (Place.PHRASE,),
    Text.FORMER_MEMBER: (Place.PHRASE, Place.FIELD_VALUE),
    Text.LOG_KEEP: (Place.BUTTON,),
    Text.TEXT_EDIT_FIELD: (Place.FORM_LABEL,),
    Text.TEXT_NO_PARAMETERS: (Place.PHRASE,),
    Text.PANEL_SUMMARY_FIGURES: (Place.PAGE,),
    Text.PANEL_TOKEN_REPLACED: (Place.ADDITION,),
    Text.PANEL_TOKEN_UNREACHABLE: (Place.ADDITION,),
    Text.PANEL_TOKEN_NO_ADDRESS: (Place.PHRASE,),
}

_RULES: Final = (
    Rule("report.chart.", (Place.CHART, Place.PHRASE)),
    Rule("report.average.", (Place.PHRASE,)),
    Rule("report.closes", (Place.PHRASE,)),
    Rule("report.reopens", (Place.PHRASE,)),
    Rule("report.week_of", (Place.PHRASE,)),
    Rule("report.figures.pending_now", (Place.PHRASE,)),
    Rule("report.figures.pending_then", (Place.PHRASE,)),
    Rule("report.figures.", (Place.LINE,)),
    Rule("report.without_picture", (Place.LINE,)),
    Rule("backup.part.", (Place.PHRASE,)),
    Rule("backup.what_", (Place.PHRASE,)),
    Rule("backup.guilds", (Place.PHRASE,)),
    Rule("backup.rows", (Place.PHRASE,)),
    Rule("backup.size_", (Place.PHRASE,)),
    Rule("backup.line_", (Place.LINE,)),
    Rule("backup.too_large", (Place.ADDITION,)),
    Rule("backup.left_out", (Place.ADDITION,)),
    Rule("backup.safety_", (Place.ADDITION,)),
    Rule("option.", (Place.OPTION_NAME,)),
    Rule("choice.", (Place.CHOICE,)),
    Rule("emoji.", (Place.EMOJI,)),
    Rule("doctor.", (Place.REPORT,)),
    Rule("button.", (Place.BUTTON,)),
    Rule("page.button.", (Place.BUTTON,)),
    Rule("page.", (Place.FOOTER,)),
    Rule("setup.page.", (Place.TITLE, Place.LIST_ENTRY)),
    Rule("setup.pick_", (Place.LIST_HINT,)),
    Rule("setup.module_switch_", (Place.BUTTON,)),
    Rule("card.field.", (Place.FIELD_NAME,)),
    Rule("card.value.", (Place.FIELD_VALUE,)),
    Rule("card.opinion_", (Place.FIELD_VALUE,)),
    Rule("card.opinion", (Place.FIELD_VALUE,)),
    Rule("card.footer", (Place.FOOTER,)),
    Rule("verdict.", (Place.PHRASE,)),
    Rule("grade.", (Place.PHRASE,)),
    Rule("difficulty.", (Place.PHRASE,)),
    Rule("length.", (Place.PHRASE,)),
    Rule("duration.", (Place.PHRASE,)),
    Rule("value.", (Place.PHRASE,)),
    Rule("module.", (Place.PHRASE,)),
    Rule("event.field.", (Place.PHRASE,)),
    Rule("help.area.", (Place.PHRASE,)),
    Rule("discord_permission.", (Place.PHRASE,)),
    Rule("text.place.", (Place.PHRASE,)),
    Rule("queue.info.", (Place.PHRASE,)),
    Rule("status.title.", (Place.TITLE,)),
    Rule("status.field.", (Place.FIELD_NAME,)),
    Rule("status.game.reason.", (Place.PHRASE,)),
    Rule("status.", (Place.FIELD_VALUE,)),
    Rule("delivery.", (Place.PHRASE,)),
    Rule("privacy.held_", (Place.PARAGRAPH,)),
    Rule("privacy.review_", (Place.PHRASE,)),
    Rule("request.detail.", (Place.ADDITION,)),
    Rule("decision.notice.comment", (Place.ADDITION,)),
    Rule("decision.notice.reason", (Place.ADDITION,)),
    Rule("text.commands_", (Place.ADDITION,)),
    Rule("parameter.type.", (Place.PHRASE,)),
    Rule("parameter.value.", (Place.PHRASE,)),
    Rule("route.state.", (Place.PHRASE,)),
    Rule("route.channel.", (Place.PHRASE,)),
    Rule("route.access.", (Place.LINE,)),
    Rule(".description", (Place.PARAGRAPH,), at_end=True),
    Rule(".details", (Place.PAGE,), at_end=True),
    Rule(".name", (Place.PHRASE, Place.LIST_ENTRY), at_end=True),
    Rule("_placeholder", (Place.LIST_HINT,), at_end=True),
    Rule("_button", (Place.BUTTON,), at_end=True),
    Rule("_yes", (Place.BUTTON,), at_end=True),
    Rule(".button", (Place.BUTTON,), at_end=True),
    Rule("form.title", (Place.FORM_TITLE,)),
    Rule("form.resolve.", (Place.FORM_TITLE,)),
    Rule("form.assess_", (Place.FORM_TITLE,)),
    Rule("form.request_title", (Place.FORM_TITLE,)),
    Rule("_form_title", (Place.FORM_TITLE,), at_end=True),
    Rule("_hint", (Place.FORM_HINT,), at_end=True),
    Rule("form.showcase_", (Place.FORM_HINT,)),
    Rule("form.", (Place.FORM_LABEL,)),
    Rule("_title", (Place.TITLE,), at_end=True),
    Rule(".title", (Place.TITLE,), at_end=True),
    Rule("_heading", (Place.TITLE,), at_end=True),
    Rule("_line", (Place.LINE,), at_end=True),
    Rule("setup.", (Place.LINE,)),
    # What requests keep as a reason or comment.
    Rule("panel.reason.", (Place.PARAGRAPH,)),
    Rule("panel.comment", (Place.PARAGRAPH,)),
    Rule("panel.summary.", (Place.PHRASE,)),
)
"""The first that fits holds."""

_NUMBER, _MENTION, _MOMENT, _NAME, _LINK, _LIST = 20, 30, 40, 200, 250, 700
_WORST: Final[Mapping[str, int]] = {
    **dict.fromkeys(
        ("approvals", "rejections", "count", "pending", "id", "level_id", "least", "most", "number", "stars"), _NUMBER
    ),
    **dict.fromkeys(("error_id", "length", "limit", "position", "total"), _NUMBER),
    **dict.fromkeys(("who", "role", "channel", "ping", "trainee", "actor", "user", "at_least"), _MENTION),
    **dict.fromkeys(("when", "since", "until", "now", "at", "left"), _MOMENT),
    **dict.fromkeys(("level", "author", "member"), _NAME),
    "url": _LINK,
    "emoji": LIMITS[Place.EMOJI],
    **dict.fromkeys(("permissions", "flags", "roles", "channels", "leftovers", "names", "parameters"), _LIST),
    **dict.fromkeys(("subject", "detail"), _NUMBER),
    **dict.fromkeys(("day", "first", "last", "today", "zone", "digits", "years", "share"), _MOMENT),
    "note": LIMITS[Place.ADDITION],
    "description": LIMITS[Place.PARAGRAPH],
    "state": LIMITS[Place.PARAGRAPH],
    **dict.fromkeys(("words", "typed"), 60),
    "reason": 400,
}
"""The most characters that a parameter comes to, by its name; any other is at most a phrase."""
_WORST_OF_TEXT: Final[Mapping[tuple[str, str], int]] = {
    ("decision.notice.comment", "note"): 800,
    ("decision.notice.reason", "note"): 800,
    ("request.detail.reason", "reason"): 800,
    ("request.refused.", "reason"): LIMITS[Place.ADDITION],
    ("request.refused.", "request"): 500,
    ("backup.", "content"): 900,
    ("backup.what_", "guilds"): 60,
    ("backup.what_", "name"): 160,
    ("backup.", "path"): 400,
    ("card.opinion", "reason"): 300,
    ("card.opinion", "review"): 300,
    ("delivery.", "member"): _MENTION,
    ("panel.token.issued", "replaced"): 600,
    ("queue.info", "since"): LIMITS[Place.PHRASE],
    ("report.average.", "average"): _NUMBER,
    ("report.", "name"): 80,
}
"""Where it is otherwise: by the beginning of the key and the parameter."""


@cache
def places_of(key: Text) -> tuple[Place, ...]:
    """Return where a text is used; one that no rule knows is said in messages."""
    if key in _EXACT:
        return _EXACT[key]
    if key.value.startswith("command."):
        return (Place.OPTION,) if _describes_option(key) else (Place.COMMAND,)
    return next((rule.places for rule in _RULES if rule.fits(key.value)), (Place.MESSAGE,))


def _describes_option(key: Text) -> bool:
    """Tell an option's description (`command.<group>.<name>.<option>`, `command.<name>.<option>`) from a command's."""
    parent = key.value.rpartition(".")[0]
    return key.value.count(".") == 3 or parent in _COMMANDS_WITHOUT_GROUP


_COMMANDS_WITHOUT_GROUP: Final = frozenset({"command.language", "command.setup"})


def worst_length(key: Text, parameter: str) -> int:
    """Return the most characters that a parameter of a text comes to."""
    for (beginning, name), length in _WORST_OF_TEXT.items():
        if name == parameter and key.value.startswith(beginning):
            return length
    return _WORST.get(parameter, LIMITS[Place.PHRASE])


def limit_of(key: Text) -> tuple[Place, int]:
    """Return the tightest place of a text and how long it may be there."""
    return min(((place, LIMITS[place]) for place in places_of(key)), key=lambda one: one[1])


def concerns_commands(key: Text) -> bool:
    """Tell whether Discord's list of commands shows a text."""
    return key.value.startswith(("command.", "option.", "choice."))
