"""Every way into the bot, with the flags that open it: the tables of the tests about permissions and forged interactions.

Commands come from the cogs themselves, their flags from `util.command_flags`; buttons, selects and forms stand in a table
here, which `test_permission_matrix` holds against the dispatcher's own register.
"""

import importlib
import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from discord import app_commands
from discord.ext import commands

from cogs import EXTENSIONS
from components.pages.turning import PagedList
from tests.e2e.steps import REVIEW
from util.command_flags import COMMAND_FLAGS
from util.identifiers import Flag
from util.paging import Where
from util.texts import Text

BUTTON, STRING_SELECT, ROLE_SELECT, CHANNEL_SELECT = 2, 3, 6, 8
FORM = 0
EVERYBODY: tuple[Flag, ...] = ()
REVIEWERS, MODERATORS, CURATORS, ADMINS = (Flag.REVIEWER,), (Flag.GD_MOD,), (Flag.TRAINEE_SUPERVISOR,), (Flag.ADMIN,)
LOGS, REPORTS = (Flag.LOG_VIEWER,), (Flag.REPORT_VIEWER,)
LIST_FLAGS = {
    PagedList.EVENTS: LOGS,
    PagedList.FILTERS: LOGS,
    PagedList.QUEUE_HISTORY: LOGS,
    PagedList.TEXTS: ADMINS,
    PagedList.PARAMETERS: ADMINS,
    PagedList.ROUTES: ADMINS,
    PagedList.USER_COOLDOWNS: COMMAND_FLAGS["usercd list"],
    PagedList.USER_COOLDOWN_HISTORY: COMMAND_FLAGS["usercd history"],
    PagedList.LEVEL_COOLDOWNS: COMMAND_FLAGS["levelcd list"],
    PagedList.LEVEL_COOLDOWN_HISTORY: COMMAND_FLAGS["levelcd history"],
    PagedList.REVIEWS_OF_LEVEL: COMMAND_FLAGS["reviews level"],
    PagedList.REVIEWS_OF_USER: COMMAND_FLAGS["reviews user"],
}
"""Who may turn the pages of a list."""


@dataclass(frozen=True)
class Entry:
    """Something that can be done with a component or form: its `custom_id` (with places to fill in), kind and input."""

    custom_id: str
    flags: tuple[Flag, ...]
    kind: int = BUTTON
    values: tuple[str, ...] = ()
    typed: tuple[tuple[str, str], ...] = ()


ENTRIES = (
    Entry("opinion:{request}:approve:0", REVIEWERS),
    Entry("opinion:{request}:reject:0", REVIEWERS),
    Entry("opinion:{request}:approve:1", REVIEWERS),
    Entry("opinion:{request}:reject:1", REVIEWERS),
    Entry("opinion_form:{request}:approve", REVIEWERS, FORM, typed=(("review", REVIEW),)),
    Entry("opinion_form:{request}:reject", REVIEWERS, FORM, typed=(("reason", "Too short"),)),
    Entry("resolve:{request}:legendary", MODERATORS),
    Entry("resolve:{request}:reject", MODERATORS),
    Entry("resolve_form:{request}:legendary", MODERATORS, FORM, typed=(("review", REVIEW), ("reason", "Great"))),
    Entry("resolve_form:{request}:reject", MODERATORS, FORM),
    Entry("assess:{review}:1", CURATORS),
    Entry("assess:{review}:0", CURATORS),
    Entry("assess_form:{review}:1", CURATORS, FORM, typed=(("feedback", "Well done"),)),
    Entry("assess_form:{review}:0", CURATORS, FORM),
    Entry("setup_go", ADMINS, STRING_SELECT, ("channels",)),
    Entry("setup_item:channels", ADMINS, STRING_SELECT, ("log",)),
    Entry("setup_channel:log", ADMINS, CHANNEL_SELECT, ("{channel}",)),
    Entry("setup_roles:admin", ADMINS, ROLE_SELECT, ("{role}",)),
    Entry("setup_ping", ADMINS, ROLE_SELECT, ("{role}",)),
    Entry("setup_language", ADMINS, STRING_SELECT, ("ru",)),
    Entry("setup_speakers:ru", ADMINS, ROLE_SELECT, ("{role}",)),
    Entry("setup_module:requests:0", ADMINS),
    Entry("setup_create", ADMINS),
    Entry("delete_request:{request}", ADMINS),
    Entry("restore:1:1", ADMINS),
    Entry("restore:1:0", ADMINS),
    Entry("log_replace:a:b:c", LOGS),
    Entry("log_delete:a:b", LOGS),
    Entry("text_again:request.created:en", ADMINS),
    Entry("text_form:request.created:en:state", ADMINS, FORM, typed=(("text", "Thanks"),)),
    *(Entry(f"page:{kind.value}:2003:{Where.FIRST.value}::1", flags) for kind, flags in LIST_FLAGS.items()),
    Entry("decide:{trainee}:{review}:1", CURATORS),
    Entry("decide:{trainee}:{review}:0", CURATORS),
    Entry("decide_later:1", EVERYBODY),
    Entry("report_csv:new_requests:739000:739001:day:0", REPORTS),
    Entry("report_csv:new_requests:0:99999999999:week:0", REPORTS),
    Entry("report_html:review_activity:739000:739001:week:0", REPORTS),
    # Whose question it was is the only one who can answer it.
    Entry("cooldown:1:1", EVERYBODY),
    Entry("cooldown:1:0", EVERYBODY),
    Entry("panel_token:1", ADMINS),
    Entry("log_keep", EVERYBODY),
    Entry("panel_keep", EVERYBODY),
    Entry("dismiss", EVERYBODY),
    # One's own; for others, admins (tests/e2e/commands/test_privacy.py).
    Entry("erase_member:1", EVERYBODY),
    Entry("continue:{level}", EVERYBODY),
    Entry("request:{level}", EVERYBODY, FORM),
)
GUARDED = [entry for entry in ENTRIES if entry.flags]
FORMS = [entry for entry in GUARDED if entry.kind == FORM]


def _walk(command: Any) -> Iterator[Any]:
    if isinstance(command, app_commands.Group):
        for inner in command.commands:
            yield from _walk(inner)
    else:
        yield command


def _commands() -> Iterator[Any]:
    for extension in EXTENSIONS:
        for _, cog in inspect.getmembers(importlib.import_module(extension), inspect.isclass):
            if issubclass(cog, commands.Cog):
                for top in getattr(cog, "__cog_app_commands__", ()):
                    yield from _walk(top)


def every_command() -> list[str]:
    """Return the full name of every slash command that a cog of the bot has."""
    return sorted({command.qualified_name for command in _commands()})


def every_suggestion() -> set[tuple[str, str]]:
    """Return every option of a command for which a cog suggests values."""
    return {
        (command.qualified_name, option.name) for command in _commands() for option in command.parameters if option.autocomplete
    }


COMMANDS = every_command()
GUARDED_COMMANDS = [name for name in COMMANDS if COMMAND_FLAGS[name]]
SUGGESTIONS: dict[tuple[str, str], tuple[Flag, ...]] = {
    ("log restrict_type", "event_type"): LOGS,
    ("log restrict_custom_field", "key"): LOGS,
    ("log restrict_custom_field", "value"): LOGS,
    ("log unrestrict_custom_field", "key"): LOGS,
    ("log save_filter", "name"): LOGS,
    ("log select_filter", "name"): LOGS,
    ("log delete_filter", "name"): LOGS,
    ("log describe_filter", "name"): LOGS,
    ("levelcd amend", "level_id"): (Flag.BAN_LEVELS,),
    ("levelcd update", "level_id"): (Flag.BAN_LEVELS,),
    ("levelcd describe", "level_id"): (Flag.BAN_LEVELS,),
    ("levelcd history", "level_id"): (Flag.BAN_LEVELS,),
    ("request delete", "request_id"): ADMINS,
    # The names of levels that are being reviewed, of which nobody makes a secret.
    ("request widgets", "level_id"): EVERYBODY,
    ("reviews level", "level_id"): EVERYBODY,
    ("parameter describe", "parameter"): ADMINS,
    ("parameter reset", "parameter"): ADMINS,
    ("parameter set", "parameter"): ADMINS,
    ("parameter set", "new_value"): ADMINS,
    ("text describe", "template_name"): ADMINS,
    ("text edit", "template_name"): ADMINS,
    ("text reset", "template_name"): ADMINS,
}
"""Who is shown the suggestions for an option of a command."""

NOT_FOUND = {
    "opinion": Text.REQUEST_NOT_FOUND,
    "opinion_form": Text.REQUEST_NOT_FOUND,
    "resolve": Text.REQUEST_NOT_FOUND,
    "resolve_form": Text.REQUEST_NOT_FOUND,
    "assess": Text.ASSESSMENT_REFUSED_UNKNOWN,
    "assess_form": Text.ASSESSMENT_REFUSED_UNKNOWN,
    "delete_request": Text.REQUEST_NOT_FOUND,
    "setup_channel": Text.ROUTE_CHANNEL_UNKNOWN,
    "setup_roles": Text.ERROR_NOT_FOUND,
    "setup_ping": Text.ERROR_VALUE_ROLE,
    "setup_speakers": Text.ERROR_NOT_FOUND,
}
"""How each entry point that takes an id says that there is nothing of that id here."""
WITH_IDS = [
    entry
    for entry in ENTRIES
    if "{" in entry.custom_id + "".join(entry.values)
    and "{level}" not in entry.custom_id
    and not entry.custom_id.startswith("decide")
]
