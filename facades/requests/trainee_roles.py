"""Which roles a trainee's promotion or expulsion gives and takes, and why it may be impossible."""

from dataclasses import dataclass

from config.guild_settings import GuildSettings
from facades.app import App
from services.discord import DiscordError, DiscordGone, GuildShape
from util.actor import Actor
from util.errors import NotFound, Refused, Unavailable
from util.identifiers import Flag
from util.phrases import Raw, role_mention, user_mention
from util.texts import Text

MANAGE_ROLES = "manage_roles"


class TraineeLeft(NotFound):
    """The trainee is not in the guild any more."""

    def __init__(self, trainee_id: int) -> None:
        super().__init__(Text.PERMISSION_NOT_A_MEMBER, member=user_mention(trainee_id))


class NotATrainee(Refused):
    """The member has no role that marks trainees."""

    def __init__(self, trainee_id: int) -> None:
        super().__init__(Text.TRAINEE_REFUSED_NO_TRAINEE, trainee=user_mention(trainee_id))


class FlagHasNoRole(Refused):
    """No role that could be given or taken is bound to a flag."""

    def __init__(self, flag: Flag) -> None:
        super().__init__(Text.TRAINEE_REFUSED_NO_ROLE, flag=Raw(flag.value))


class CannotManageRoles(Refused):
    """The bot may not give or take any role."""

    def __init__(self) -> None:
        super().__init__(Text.TRAINEE_REFUSED_NO_PERMISSION)


class RoleTooHigh(Refused):
    """The bot's own role does not stand above a role, or an integration manages that one."""

    def __init__(self, role_id: int) -> None:
        super().__init__(Text.TRAINEE_REFUSED_ROLE_TOO_HIGH, role=role_mention(role_id))


class DiscordSilent(Unavailable):
    """Discord cannot say which roles the member has."""

    def __init__(self) -> None:
        super().__init__(Text.TRAINEE_REFUSED_DISCORD)


@dataclass(frozen=True)
class RoleChange:
    """Roles to give to and to take from a member. `guild_name`: what the guild is called now."""

    add: tuple[int, ...]
    remove: tuple[int, ...]
    guild_name: str


async def plan_role_change(app: App, *, actor: Actor, trainee_id: int, promote: bool) -> RoleChange:
    """Return what ends a probation: the trainee roles go, and with a promotion a reviewer role comes.

    Raises `TraineeLeft`, `NotATrainee`, `FlagHasNoRole`, `CannotManageRoles`, `RoleTooHigh` or `DiscordSilent`.
    """
    settings = await app.guild(actor.guild_id)
    marks = settings.roles_of(Flag.TRAINEE)
    if not marks:
        raise FlagHasNoRole(Flag.TRAINEE)
    try:
        held = await app.discord.member_roles(actor.guild_id, trainee_id)
        shape = app.discord.guild_shape(actor.guild_id)
    except DiscordGone as error:
        raise TraineeLeft(trainee_id) from error
    except DiscordError as error:
        raise DiscordSilent from error
    remove = tuple(role_id for role_id in marks if role_id in held)
    if not remove:
        raise NotATrainee(trainee_id)
    _check_assignable(shape, remove)
    add = _reviewer_role(settings, shape, actor, held) if promote else ()
    return RoleChange(add, remove, shape.name)


def _check_assignable(shape: GuildShape, role_ids: tuple[int, ...]) -> None:
    if MANAGE_ROLES not in shape.permissions:
        raise CannotManageRoles
    for role_id in role_ids:
        if not _is_assignable(shape, role_id):
            raise RoleTooHigh(role_id)


def _reviewer_role(settings: GuildSettings, shape: GuildShape, actor: Actor, held: frozenset[int]) -> tuple[int, ...]:
    """Return the reviewer role to give: the one with the lowest id that the bot can give, none to who has one already.

    A role that makes an admin too comes last, and only an admin gives it.
    """
    admin_roles = settings.roles_of(Flag.ADMIN)
    bound = [
        role_id
        for role_id in sorted(settings.roles_of(Flag.REVIEWER), key=lambda role_id: (role_id in admin_roles, role_id))
        if role_id not in settings.roles_of(Flag.TRAINEE)
    ]
    if any(role_id in held for role_id in bound):
        return ()
    candidates = [
        role_id for role_id in bound if shape.role(role_id) is not None and (role_id not in admin_roles or actor.has(Flag.ADMIN))
    ]
    if not candidates:
        raise FlagHasNoRole(Flag.REVIEWER)
    chosen = next((role_id for role_id in candidates if _is_assignable(shape, role_id)), None)
    if chosen is None:
        raise RoleTooHigh(candidates[0])
    return (chosen,)


def _is_assignable(shape: GuildShape, role_id: int) -> bool:
    role = shape.role(role_id)
    return role is not None and role.assignable
