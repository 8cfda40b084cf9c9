"""Tell what is set up in a guild and what is missing."""

from dataclasses import dataclass
from datetime import datetime

from config.definitions import definitions
from config.guild_settings import GuildSettings, RouteState
from config.texts import catalogue
from facades.app import App
from facades.settings.required_permissions import missing_permissions
from facades.settings.setup_plan import SetupPlan, leads_somewhere, living_roles, plan_setup
from services.discord import GuildShape
from util.actor import Actor
from util.identifiers import Flag, Module, Route


@dataclass(frozen=True)
class RouteSetup:
    """A route. `channel_id` None: it leads nowhere; `is_gone`: the channel was deleted; `lacking`: what the bot needs there."""

    route: Route
    channel_id: int | None
    enabled: bool
    optional: bool
    is_gone: bool
    lacking: tuple[str, ...]


@dataclass(frozen=True)
class FlagSetup:
    """A flag with the roles that grant it and exist."""

    flag: Flag
    role_ids: tuple[int, ...]


@dataclass(frozen=True)
class SetupState:
    """Everything that `/setup` shows, without roles that are gone. `languages`: each with the roles whose holders speak it."""

    routes: tuple[RouteSetup, ...]
    flags: tuple[FlagSetup, ...]
    ping_role: int | None
    language: str
    languages: tuple[tuple[str, tuple[int, ...]], ...]
    modules: tuple[tuple[Module, bool], ...]
    plan: SetupPlan

    def route(self, route: Route) -> RouteSetup:
        """Return one route; all are there."""
        return next(one for one in self.routes if one.route is route)

    def flag(self, flag: Flag) -> FlagSetup:
        """Return one flag; all are there."""
        return next(one for one in self.flags if one.flag is flag)


async def describe_setup(app: App, *, actor: Actor) -> SetupState:
    """Return what is set up in the actor's guild.

    Raises `Forbidden`, or what the Discord service raises when the guild is not known.
    """
    actor.require(Flag.ADMIN)
    settings = await app.guild(actor.guild_id)
    shape = app.discord.guild_shape(actor.guild_id)
    now = app.now()
    by_language = ((code, _roles_of(settings, shape, code)) for code in catalogue().languages)
    pinged = settings.ping_role
    return SetupState(
        routes=tuple(_route(settings, shape, route, now) for route in Route),
        flags=tuple(FlagSetup(flag, living_roles(settings, shape, flag, now)) for flag in Flag),
        ping_role=pinged if pinged is not None and shape.role(pinged) is not None else None,
        language=settings.language,
        languages=tuple(by_language),
        modules=tuple((module, settings.is_on(module)) for module in Module),
        plan=plan_setup(settings, shape, now),
    )


def _route(settings: GuildSettings, shape: GuildShape, route: Route, now: datetime) -> RouteSetup:
    state = settings.routes.get(route, RouteState())
    found = None if state.channel_id is None else shape.channel(state.channel_id)
    is_gone = state.channel_id is not None and not leads_somewhere(settings, shape, route, now)
    lacking = () if found is None else missing_permissions(route, found.access)
    return RouteSetup(route, state.channel_id, state.enabled, definitions().routes[route].optional, is_gone, lacking)


def _roles_of(settings: GuildSettings, shape: GuildShape, language: str) -> tuple[int, ...]:
    spoken = sorted(role_id for role_id, code in settings.language_roles.items() if code == language)
    return tuple(role_id for role_id in spoken if shape.role(role_id) is not None)
