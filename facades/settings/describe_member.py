"""Tell which permission flags a member has and where they come from."""

from dataclasses import dataclass

from facades.app import App
from util.actor import Actor
from util.errors import Forbidden, NotFound
from util.identifiers import Flag
from util.phrases import user_mention
from util.texts import Text


@dataclass(frozen=True)
class MemberFlags:
    """A member's flags with the roles that grant each. `is_native_admin`: admin by Discord itself."""

    member_id: int
    granted: tuple[tuple[Flag, tuple[int, ...]], ...]
    is_native_admin: bool

    @property
    def is_admin(self) -> bool:
        """Tell whether the member is admin in any way, which grants every other flag but `trainee`."""
        return self.is_native_admin or any(flag is Flag.ADMIN for flag, _ in self.granted)


async def describe_member(
    app: App, *, actor: Actor, member_id: int, role_ids: frozenset[int] | None, is_native_admin: bool
) -> MemberFlags:
    """Return a member's flags. `role_ids` None: the user is not in the guild.

    Raises `Forbidden` unless the actor is an admin or the member, or `NotFound` for a user who is not in the guild.
    """
    if member_id != actor.user_id and not actor.has(Flag.ADMIN):
        raise Forbidden(Text.PERMISSION_ONLY_OWN)
    if role_ids is None:
        raise NotFound(Text.PERMISSION_NOT_A_MEMBER, member=user_mention(member_id))
    settings = await app.guild(actor.guild_id)
    sources = ((flag, tuple(role for role in settings.roles_of(flag) if role in role_ids)) for flag in Flag)
    return MemberFlags(member_id, tuple((flag, roles) for flag, roles in sources if roles), is_native_admin)
