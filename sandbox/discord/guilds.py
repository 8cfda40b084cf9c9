"""A handle on a guild: who joins, which roles and channels exist, and what staff do to them by hand."""

from __future__ import annotations

from typing import Any

from .actors import SandboxUser
from .changes import channels as channel_changes
from .changes import guilds as changes
from .changes import messages as message_changes
from .errors import SandboxMisuse
from .models import Application, Channel, ChannelType, Guild, Member, Message, Overwrite, Role, User
from .permissions import Permission, channel_permissions
from .world import World


class SandboxGuild:
    """One guild and everything one can do to it without being asked for permissions."""

    def __init__(self, world: World, name: str, owner: str | User, locale: str) -> None:
        self._world = world
        account = world.add_user(owner, locale=locale) if isinstance(owner, str) else owner
        self.guild: Guild = changes.create_guild(world, name, account, locale)
        self.owner = SandboxUser(world, account, self.guild)
        self.general = self.add_channel("general")

    @classmethod
    def of(cls, world: World, guild: Guild) -> SandboxGuild:
        """Return the handle on a guild that exists; `general` is its first text channel."""
        made = cls.__new__(cls)
        made._world = world
        made.guild = guild
        made.owner = SandboxUser(world, world.users[guild.owner_id], guild)
        texts = [channel for channel in guild.channels.values() if channel.type == ChannelType.TEXT]
        made.general = texts[0] if texts else made.add_channel("general")
        return made

    @property
    def id(self) -> int:
        """The guild's id."""
        return self.guild.id

    @property
    def name(self) -> str:
        """The guild's name."""
        return self.guild.name

    @property
    def everyone(self) -> Role:
        """The role every member has."""
        return self.guild.everyone

    def add_member(
        self, who: str | User | SandboxUser, *, roles: list[Role] | None = None, locale: str = "en-US", accepts_dms: bool = True
    ) -> SandboxUser:
        """Let someone join: a new account by name, or one that exists."""
        if isinstance(who, str):
            account = self._world.add_user(who, locale=locale)
            account.accepts_dms = accepts_dms
        else:
            account = who if isinstance(who, User) else who.user
        changes.add_member(self._world, self.guild, account, [role.id for role in roles or []])
        return SandboxUser(self._world, account, self.guild)

    def add_bot(self, application: Application, *, permissions: int = Permission.ADMINISTRATOR) -> Member:
        """Let a bot join with a managed role of its own on top; connected, it gets GUILD_CREATE."""
        return changes.add_bot(self._world, self.guild, application, int(permissions))

    def member(self, who: User | Member | int) -> SandboxUser:
        """Return the handle on a member. Raises `SandboxMisuse` when there is none."""
        user_id = who if isinstance(who, int) else who.user.id if isinstance(who, Member) else who.id
        if user_id not in self.guild.members:
            raise SandboxMisuse(f"{user_id} is not a member of {self.guild.name}")
        return SandboxUser(self._world, self._world.users[user_id], self.guild)

    def members(self) -> list[SandboxUser]:
        """Return handles on all members, bots included."""
        return [SandboxUser(self._world, member.user, self.guild) for member in self.guild.members.values()]

    def role(self, name: str) -> Role:
        """Return a role by name. Raises `SandboxMisuse` when there is none."""
        for role in self.guild.roles.values():
            if role.name == name:
                return role
        raise SandboxMisuse(f"No role {name!r} in {self.guild.name}")

    def channel(self, name: str) -> Channel:
        """Return a channel or thread by name. Raises `SandboxMisuse` when there is none."""
        for channel in self.guild.channels.values():
            if channel.name == name:
                return channel
        raise SandboxMisuse(f"No channel {name!r} in {self.guild.name}")

    def add_role(self, name: str, *, permissions: int = 0, mentionable: bool = False, position: int = 1) -> Role:
        """Create a role."""
        fields = {"permissions": int(permissions), "mentionable": mentionable, "position": position}
        return changes.create_role(self._world, self.guild, name, **fields)

    def edit_role(self, role: Role, **fields: Any) -> None:
        """Change a role's name, permissions, position, mentionable, color or hoist."""
        changes.edit_role(self._world, self.guild, role, **fields)

    def delete_role(self, role: Role) -> None:
        """Delete a role."""
        changes.delete_role(self._world, self.guild, role)

    def give_role(self, member: SandboxUser, role: Role) -> None:
        """Give a member a role."""
        found = self.guild.members[member.user.id]
        changes.set_roles(self._world, self.guild, found, [*found.role_ids, role.id])

    def take_role(self, member: SandboxUser, role: Role) -> None:
        """Take a role from a member."""
        found = self.guild.members[member.user.id]
        changes.set_roles(self._world, self.guild, found, [item for item in found.role_ids if item != role.id])

    def add_channel(
        self, name: str, *, kind: int = ChannelType.TEXT, parent: Channel | None = None, overwrites: list[Overwrite] | None = None
    ) -> Channel:
        """Create a channel."""
        fields: dict[str, Any] = {"overwrites": {item.id: item for item in overwrites or []}}
        if parent is not None:
            fields["parent_id"] = parent.id
        return channel_changes.create_channel(self._world, self.guild, name, int(kind), **fields)

    def edit_channel(self, channel: Channel, **fields: Any) -> None:
        """Change a channel's name, topic or position, or a thread's archived and locked."""
        channel_changes.edit_channel(self._world, channel, **fields)

    def delete_channel(self, channel: Channel) -> None:
        """Delete a channel with its threads."""
        channel_changes.delete_channel(self._world, self.guild, channel)

    def set_overwrite(self, channel: Channel, target: Role | SandboxUser | User, *, allow: int = 0, deny: int = 0) -> None:
        """Put an overwrite for a role or member on a channel."""
        kind = 0 if isinstance(target, Role) else 1
        channel_changes.set_overwrite(self._world, channel, Overwrite(target.id, kind, int(allow), int(deny)))

    def remove_overwrite(self, channel: Channel, target: Role | SandboxUser | User) -> None:
        """Take the overwrite for a role or member off a channel."""
        channel_changes.remove_overwrite(self._world, channel, target.id)

    def delete_message(self, message: Message) -> None:
        """Delete a message by hand."""
        message_changes.delete(self._world, [message])

    def kick(self, who: SandboxUser | User) -> None:
        """Remove a member, or a bot."""
        changes.remove_member(self._world, self.guild, self._world.users[who.id])

    def rename(self, name: str) -> None:
        """Change the guild's name."""
        changes.edit_guild(self._world, self.guild, name=name)

    def set_owner(self, member: SandboxUser) -> None:
        """Hand the guild to another member."""
        changes.edit_guild(self._world, self.guild, owner_id=member.user.id)

    def set_locale(self, locale: str) -> None:
        """Change the guild's preferred language."""
        changes.edit_guild(self._world, self.guild, preferred_locale=locale)

    def permissions(self, who: SandboxUser | User, channel: Channel) -> Permission:
        """Return a member's permissions in a channel."""
        return Permission(channel_permissions(self.guild, self.guild.members[who.id], channel))
