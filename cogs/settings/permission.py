"""`/permission`: bind permissions to roles and see who has which."""

import discord
from discord import app_commands

from cogs.base import GreenlightCog
from components.boundary import HasApp, Interaction
from components.choices import choices_of
from components.members import is_native_admin, role_ids_of
from components.pages.lines import answer_lines
from components.permission_pages import bound_text, flag_lines, flags_text, member_lines, role_lines
from components.replies import answer
from facades.settings.bind_role import bind_role
from facades.settings.clear_role import clear_role
from facades.settings.describe_member import describe_member
from facades.settings.list_flags import list_flags
from facades.settings.list_roles import list_roles
from facades.settings.unbind_role import unbind_role
from util.identifiers import Flag
from util.phrases import Raw, role_mention
from util.texts import Text

FLAG_CHOICES = choices_of(flag.value for flag in Flag)


class PermissionCog(GreenlightCog):
    """The commands `/permission …`."""

    permission = app_commands.Group(name="permission", description="Permissions and the roles that grant them.")

    @permission.command(name="bind")
    @app_commands.choices(permission=FLAG_CHOICES)
    async def bind(self, interaction: Interaction, permission: app_commands.Choice[str], role: discord.Role) -> None:
        """Bind the permission to the role.

        Answers what the role grants now, with a warning where several roles share a flag or the bot cannot give the
        role. Refused for flags that @everyone must not have.
        """
        actor = await self.actor(interaction)
        flag = Flag(permission.value)
        bound = await bind_role(self.app, actor=actor, flag=flag, role_id=role.id, assignable=role.is_assignable())
        await answer(interaction, bound_text(bound, await self.app.guild(actor.guild_id), actor.language))

    @permission.command(name="unbind")
    @app_commands.choices(permission=FLAG_CHOICES)
    async def unbind(self, interaction: Interaction, permission: app_commands.Choice[str], role: discord.Role) -> None:
        """Unbind the permission from the role.

        Answers what the role no longer grants. Refused when the asker would lose their own last way to be admin.
        """
        actor = await self.actor(interaction)
        flag = Flag(permission.value)
        await unbind_role(self.app, actor=actor, flag=flag, role_id=role.id)
        settings = await self.app.guild(actor.guild_id)
        said = settings.say(Text.PERMISSION_UNBOUND, actor.language, role=role_mention(role.id), flag=Raw(flag.value))
        await answer(interaction, said)

    @permission.command(name="clear")
    async def clear(self, interaction: Interaction, role: discord.Role) -> None:
        """Unbind all the permissions from the role.

        Answers which flags the role no longer grants. Refused when the asker would lose their own last way to be admin.
        """
        actor = await self.actor(interaction)
        flags = await clear_role(self.app, actor=actor, role_id=role.id)
        settings = await self.app.guild(actor.guild_id)
        said = settings.say(Text.PERMISSION_CLEARED, actor.language, role=role_mention(role.id), flags=flags_text(flags))
        await answer(interaction, said)

    @permission.command(name="describe_member")
    async def describe_member(self, interaction: Interaction, member: discord.Member | discord.User) -> None:
        """List all the permissions a member has and the roles that grant them.

        Answers with the member's flags and the roles that grant them. Everybody may ask about themselves, only admins
        about others.
        """
        actor = await self.actor(interaction)
        found = await describe_member(
            self.app,
            actor=actor,
            member_id=member.id,
            role_ids=role_ids_of(member),
            is_native_admin=is_native_admin(member),
        )
        settings = await self.app.guild(actor.guild_id)
        title = settings.label(Text.PERMISSION_MEMBER_TITLE, actor.language, member=member.display_name)
        await answer_lines(interaction, title, member_lines(found, settings, actor.language))

    @permission.command(name="list_flags")
    async def list_flags(self, interaction: Interaction) -> None:
        """List all permissions present in the bot.

        Answers with all flags and what each is for.
        """
        actor = await self.actor(interaction)
        flags = await list_flags(actor=actor)
        settings = await self.app.guild(actor.guild_id)
        title = settings.label(Text.PERMISSION_FLAGS_TITLE, actor.language)
        await answer_lines(interaction, title, flag_lines(flags, settings, actor.language))

    @permission.command(name="list_roles")
    async def list_roles(self, interaction: Interaction) -> None:
        """List all the roles with permissions bound to them.

        Answers with every bound role and the flags it grants.
        """
        actor = await self.actor(interaction)
        roles = await list_roles(self.app, actor=actor)
        settings = await self.app.guild(actor.guild_id)
        title = settings.label(Text.PERMISSION_ROLES_TITLE, actor.language)
        await answer_lines(interaction, title, role_lines(roles, settings, actor.language))


async def setup(bot: HasApp) -> None:
    """Add the cog to the bot."""
    await bot.add_cog(PermissionCog(bot))  # pyright: ignore
