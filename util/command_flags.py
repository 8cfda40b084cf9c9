"""Which permission flags open which command, for the help, the documentation and the tests.

The facades do the real check. A command needs any one of its flags (`admin` stands for all but `trainee`); with none listed
everybody may use it. Sources: the specification's sections on each feature.
"""

from typing import Final

from util.identifiers import Flag

EVERYBODY: Final[tuple[Flag, ...]] = ()
ADMIN: Final = (Flag.ADMIN,)
LEVEL_BANS: Final = (Flag.BAN_LEVELS,)
USER_BANS: Final = (Flag.BAN_USERS,)
LOGS: Final = (Flag.LOG_VIEWER,)
REPORTS: Final = (Flag.REPORT_VIEWER,)
CURATORS: Final = (Flag.TRAINEE_SUPERVISOR,)

COMMAND_FLAGS: Final[dict[str, tuple[Flag, ...]]] = {
    "language": EVERYBODY,
    "setup": ADMIN,
    "backup load": ADMIN,
    "backup save": ADMIN,
    "help commands": EVERYBODY,
    "help duration": EVERYBODY,
    "help timestamp": EVERYBODY,
    "levelcd amend": LEVEL_BANS,
    "levelcd describe": LEVEL_BANS,
    "levelcd history": LEVEL_BANS,
    "levelcd list": LEVEL_BANS,
    "levelcd update": LEVEL_BANS,
    "log clear_custom_field_restrictions": LOGS,
    "log clear_filter": LOGS,
    "log delete_filter": LOGS,
    "log describe_filter": LOGS,
    "log list_filters": LOGS,
    "log restrict_custom_field": LOGS,
    "log restrict_type": LOGS,
    "log restrict_user": LOGS,
    "log save_filter": LOGS,
    "log select_filter": LOGS,
    "log unrestrict_custom_field": LOGS,
    "log unrestrict_type": LOGS,
    "log unrestrict_user": LOGS,
    "log view": LOGS,
    "panel token": ADMIN,
    "parameter describe": ADMIN,
    "parameter list": ADMIN,
    "parameter reset": ADMIN,
    "parameter set": ADMIN,
    "permission bind": ADMIN,
    "permission clear": ADMIN,
    # About oneself; about others only for admins.
    "permission describe_member": EVERYBODY,
    "permission list_flags": ADMIN,
    "permission list_roles": ADMIN,
    "permission unbind": ADMIN,
    # About oneself; admins also erase for somebody who asked them to.
    "privacy delete": EVERYBODY,
    "privacy export": EVERYBODY,
    "queue close": ADMIN,
    "queue history": LOGS,
    "queue info": EVERYBODY,
    "queue open": ADMIN,
    "report new_requests": REPORTS,
    "report pending_requests": REPORTS,
    "report review_activity": REPORTS,
    "report reviewer_opinions": REPORTS,
    "request create": EVERYBODY,
    "request delete": ADMIN,
    "request ignored": (Flag.REVIEWER, Flag.TRAINEE),
    "request insert": (Flag.INSERT_REQUESTS,),
    "request unresolved": (Flag.GD_MOD,),
    "request widgets": EVERYBODY,
    "reviews level": EVERYBODY,
    # Trainees' reviews are among them, which are not for the public.
    "reviews user": (Flag.REVIEWER, Flag.GD_MOD, Flag.TRAINEE_SUPERVISOR),
    "route describe": ADMIN,
    "route disable": ADMIN,
    "route enable": ADMIN,
    "route list": ADMIN,
    "route reset_channel": ADMIN,
    "route update_channel": ADMIN,
    "status": ADMIN,
    "text describe": ADMIN,
    "text edit": ADMIN,
    "text list": ADMIN,
    "text reset": ADMIN,
    "trainee expel": CURATORS,
    "trainee pick": (Flag.TRAINEE,),
    "trainee promote": CURATORS,
    "usercd amend": USER_BANS,
    "usercd describe": USER_BANS,
    "usercd history": USER_BANS,
    "usercd list": USER_BANS,
    "usercd update": USER_BANS,
}
