"""Two guilds on a real database with a Discord in memory that has channels and roles."""

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, cast

from sqlmodel import SQLModel, col, select

from config.settings import Settings, StageParameters
from db.engine import Database
from db.models import Event
from facades.app import App
from services.discord import ChannelAccess, ChannelKind, ChannelShape, GuildShape, Overwrite, RoleShape
from tests.fakes.clock import SteerableClock
from tests.fakes.discord import FakeDiscord
from util.actor import Actor
from util.identifiers import EventType, Flag

GUILD = 5_000
OTHER_GUILD = 6_000
ADMIN, MEMBER = 71, 72
BOSS_ROLE, SECOND_ROLE, MANAGED_ROLE = 301, 302, 303
CHANNEL, VOICE, OTHER_CHANNEL, OTHER_ROLE = 201, 202, 211, 311
FIRST_NEW_ID = 10_001
ALL_ACCESS = ChannelAccess(True, True, True, True, True, True, True, True)
PERMISSIONS = frozenset(
    {
        "manage_channels",
        "manage_roles",
        "view_channel",
        "send_messages",
        "embed_links",
        "attach_files",
        "read_message_history",
        "create_public_threads",
        "send_messages_in_threads",
        "mention_everyone",
    }
)


class StructuredDiscord(FakeDiscord):
    """A fake whose guilds get what is created, as the gateway would tell; `overwrites` by channel."""

    def __init__(self, clock: SteerableClock) -> None:
        super().__init__(clock)
        # As on Discord, what is created is newer than the guild.
        self._next_id = FIRST_NEW_ID - 1
        self.overwrites: dict[int, tuple[Overwrite, ...]] = {}

    async def create_text_channel(
        self,
        guild_id: int,
        name: str,
        *,
        category_id: int | None = None,
        overwrites: Iterable[Overwrite] = (),
        topic: str | None = None,
        reason: str,
    ) -> int:
        made = self.add_channel(guild_id, name, category_id, ChannelKind.TEXT, "create_text_channel")
        self.overwrites[made] = tuple(overwrites)
        return made

    async def create_category(self, guild_id: int, name: str, *, overwrites: Iterable[Overwrite] = (), reason: str) -> int:
        return self.add_channel(guild_id, name, None, ChannelKind.CATEGORY, "create_category")

    def add_channel(self, guild_id: int, name: str, category_id: int | None, kind: ChannelKind, method: str) -> int:
        number = self._begin(method, guild_id)
        made = self.new_id()
        shape = self.shapes[guild_id]
        channel = ChannelShape(made, name, kind, category_id, ALL_ACCESS)
        self.shapes[guild_id] = dataclasses.replace(shape, channels=(*shape.channels, channel))
        self.after(number, method)
        return made

    async def create_role(self, guild_id: int, name: str, *, reason: str) -> int:
        number = self._begin("create_role", guild_id)
        made = self.new_id()
        shape = self.shapes[guild_id]
        role = RoleShape(made, name, 1, managed=False, assignable=True, is_everyone=False)
        self.shapes[guild_id] = dataclasses.replace(shape, roles=(*shape.roles, role))
        self.after(number, "create_role")
        return made

    async def delete_channel(self, channel_id: int, *, reason: str) -> None:
        number = self._begin("delete_channel", channel_id)
        self.forget_channel(channel_id)
        self.after(number, "delete_channel")

    async def delete_role(self, guild_id: int, role_id: int, *, reason: str) -> None:
        number = self._begin("delete_role", role_id)
        shape = self.shapes[guild_id]
        self.shapes[guild_id] = dataclasses.replace(shape, roles=tuple(role for role in shape.roles if role.id != role_id))
        self.after(number, "delete_role")

    def forget_channel(self, channel_id: int) -> None:
        """Delete a channel as a person would."""
        for guild_id, shape in self.shapes.items():
            left = tuple(channel for channel in shape.channels if channel.id != channel_id)
            self.shapes[guild_id] = dataclasses.replace(shape, channels=left)

    async def command_ids(self, guild_id: int) -> dict[str, int]:
        number = self._begin("command_ids", guild_id)
        self.after(number, "command_ids")
        return {"language": 9}


def _shape(guild_id: int, name: str, channels: tuple[ChannelShape, ...], roles: tuple[RoleShape, ...]) -> GuildShape:
    everyone = RoleShape(guild_id, "@everyone", 0, managed=False, assignable=False, is_everyone=True)
    return GuildShape(guild_id, name, 1, "en-US", channels, (everyone, *roles), PERMISSIONS, 10, own_id=42)


def _role(role_id: int, name: str, *, managed: bool = False) -> RoleShape:
    return RoleShape(role_id, name, 1, managed=managed, assignable=not managed, is_everyone=False)


@dataclass
class SettingsWorld:
    """The app under test and what it is connected to."""

    address: str
    clock: SteerableClock = field(default_factory=SteerableClock)
    discord: StructuredDiscord = field(init=False)
    app: App = field(init=False)

    def __post_init__(self) -> None:
        self.discord = StructuredDiscord(self.clock)
        self.discord.shapes[GUILD] = _shape(
            GUILD,
            "Level Lovers",
            (
                ChannelShape(CHANNEL, "general", ChannelKind.TEXT, None, ALL_ACCESS),
                ChannelShape(VOICE, "voice", ChannelKind.VOICE, None, ALL_ACCESS),
            ),
            (_role(BOSS_ROLE, "Boss"), _role(SECOND_ROLE, "Second"), _role(MANAGED_ROLE, "Some Bot", managed=True)),
        )
        self.discord.shapes[OTHER_GUILD] = _shape(
            OTHER_GUILD,
            "Others",
            (ChannelShape(OTHER_CHANNEL, "general", ChannelKind.TEXT, None, ALL_ACCESS),),
            (_role(OTHER_ROLE, "Boss"),),
        )
        self.app = App(
            settings=Settings(),
            stage=StageParameters((), frozenset(), None),
            database=Database(self.address),
            clock=self.clock,
            game=cast("Any", None),
            discord=self.discord,
            renderer=cast("Any", None),
        )

    def owner(self, guild_id: int = GUILD) -> Actor:
        """Return an actor who is admin by Discord itself."""
        return Actor(guild_id, ADMIN, flags=frozenset({Flag.ADMIN}), is_native_admin=True)

    async def actor(self, *role_ids: int, user_id: int = MEMBER, guild_id: int = GUILD) -> Actor:
        """Return somebody with these roles, with what they grant now."""
        roles = frozenset({*role_ids, guild_id})
        flags = (await self.app.guild(guild_id)).flags_of(roles)
        return Actor(guild_id, user_id, flags=flags, role_ids=roles)

    async def events(self, kind: EventType, guild_id: int = GUILD) -> list[dict[str, Any]]:
        """Return the fields of a guild's events of a type, oldest first."""
        query = select(Event).where(col(Event.guild_id) == guild_id, col(Event.type) == kind).order_by(col(Event.id))
        async with self.app.reading() as session:
            return [event.fields for event in (await session.exec(query)).all()]

    async def rows(self, model: type[SQLModel]) -> list[Any]:
        """Return all rows of a table, of every guild."""
        async with self.app.reading() as session:
            return list((await session.exec(select(model))).all())
