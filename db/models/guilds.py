"""A guild and everything it has set."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field

from db.models.base import Table, choice, moment, row_id, snowflake
from util.identifiers import Flag, Module, Parameter, ResidueKind, Route


class Guild(Table, table=True):
    """A guild that the bot serves or has served. `former_members`: how many pseudonyms were given out (-1, -2 and so on)."""

    guild_id: int = snowflake(key=True)
    name: str = Field(default="", max_length=100)
    joined_at: datetime = moment()
    left_at: datetime | None = moment(optional=True)
    command_hash: str | None = Field(default=None, max_length=64)
    former_members: int = Field(default=0, sa_column_kwargs={"server_default": "0"})


class GuildModule(Table, table=True):
    """Whether a module is on; without a row it is."""

    guild_id: int = snowflake(key=True)
    module: Module = choice(Module, key=True)
    enabled: bool


class ParameterOverride(Table, table=True):
    """A parameter that differs from its default, in stored form (`config.values`)."""

    guild_id: int = snowflake(key=True)
    key: Parameter = choice(Parameter, key=True)
    value: str = Field(max_length=200)


class RouteOverride(Table, table=True):
    """Where a route leads in a guild, and whether it is disabled. `default_channel_id`: what `/setup` chose."""

    guild_id: int = snowflake(key=True)
    key: Route = choice(Route, key=True)
    channel_id: int | None = snowflake(optional=True)
    default_channel_id: int | None = snowflake(optional=True)
    enabled: bool = True


class TextOverride(Table, table=True):
    """A text that a guild has changed, in one language. The key is not an enum: texts come and go with releases."""

    guild_id: int = snowflake(key=True)
    key: str = Field(primary_key=True, max_length=120)
    language: str = Field(primary_key=True, max_length=16)
    value: str = Field(max_length=4000)


class PermissionBinding(Table, table=True):
    """A role that grants a flag."""

    guild_id: int = snowflake(key=True)
    flag: Flag = choice(Flag, key=True)
    role_id: int = snowflake(key=True)


class LanguageRole(Table, table=True):
    """A role whose holders speak a language."""

    guild_id: int = snowflake(key=True)
    role_id: int = snowflake(key=True)
    language: str = Field(max_length=16)


class Preference(Table, table=True):
    """The language a member has chosen by `/language`."""

    guild_id: int = snowflake(key=True)
    user_id: int = snowflake(key=True)
    language: str = Field(max_length=16)


class SetupResidue(Table, table=True):
    """Something that a run of `/setup` is creating: written before, taken away when the run has put everything into use.

    `discord_id`: known once Discord has answered. `newer_than`: the newest id in the guild before the run.
    """

    __table_args__ = (Index("ix_setup_residue_guild", "guild_id"),)

    id: int = row_id()
    guild_id: int = snowflake()
    kind: ResidueKind = choice(ResidueKind)
    name: str = Field(max_length=100)
    newer_than: int = snowflake()
    discord_id: int | None = snowflake(optional=True)
    created_at: datetime = moment()
