"""What parameters, routes and permission flags there are: the typed content of their JSON configs."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from config.errors import ConfigError
from config.json_files import load
from config.paths import DATA
from config.values import ParameterValue, parse_value
from util.durations import Duration, parse_duration
from util.errors import BadInput
from util.identifiers import Flag, Module, Parameter, ParameterType, Route

Key = TypeVar("Key", bound=StrEnum)


@dataclass(frozen=True)
class ParameterDefinition:
    """A parameter's type and default. `direct` is False where a command does more than setting the value.

    `least`: the shortest duration that it takes, where there is one.
    """

    key: Parameter
    type: ParameterType
    default: ParameterValue
    default_text: str
    direct: bool
    least: Duration | None = None

    def is_too_short(self, value: ParameterValue) -> bool:
        """Tell whether a duration is below the shortest that the parameter takes."""
        if self.least is None or not isinstance(value, Duration) or value.span is None:
            return False
        return self.least.span is None or value.span < self.least.span


@dataclass(frozen=True)
class RouteDefinition:
    """A route's suggested channel name for `/setup`, who sees that channel, and the module it belongs to."""

    key: Route
    suggested_channel: str
    audience: str
    module: Module
    optional: bool


@dataclass(frozen=True)
class FlagDefinition:
    """A flag's suggested role name for `/setup` (None: no role of its own is suggested) and its module."""

    key: Flag
    suggested_role: str | None
    module: Module | None


def _complete(path: Path, keys: type[Key]) -> dict[Key, dict[str, Any]]:
    """Read a config and hold it against the enum of its keys, both ways."""
    content = load(path, path.stem)
    unknown = sorted(content.keys() - {key.value for key in keys})
    if unknown:
        raise ConfigError(path, unknown[0], "the code knows no such key")
    for key in keys:
        if key.value not in content:
            raise ConfigError(path, key.value, "the key is missing")
    return {key: content[key.value] for key in keys}


def _parameter(path: Path, key: Parameter, raw: dict[str, Any]) -> ParameterDefinition:
    kind = ParameterType(raw["type"])
    try:
        default = parse_value(kind, raw["default"]) if raw["default"] is not None else None
    except BadInput as error:
        raise ConfigError(path, key.value, f"the default {raw['default']!r} is not a {kind.value}") from error
    least = None if "least" not in raw else parse_duration(raw["least"])
    return ParameterDefinition(key, kind, default, raw["default"] or "", raw.get("direct", True), least)


def load_parameters(path: Path = DATA / "parameters.json") -> dict[Parameter, ParameterDefinition]:
    """Read the parameters. Raises `ConfigError`."""
    return {key: _parameter(path, key, raw) for key, raw in _complete(path, Parameter).items()}


def load_routes(path: Path = DATA / "routes.json") -> dict[Route, RouteDefinition]:
    """Read the routes. Raises `ConfigError`."""
    return {
        key: RouteDefinition(key, raw["suggested_channel"], raw["audience"], Module(raw["module"]), raw.get("optional", False))
        for key, raw in _complete(path, Route).items()
    }


def load_flags(path: Path = DATA / "permission_flags.json") -> dict[Flag, FlagDefinition]:
    """Read the permission flags. Raises `ConfigError`."""
    return {
        key: FlagDefinition(key, raw["suggested_role"], Module(raw["module"]) if raw["module"] else None)
        for key, raw in _complete(path, Flag).items()
    }


@dataclass(frozen=True)
class Definitions:
    """All configs of `data/` that are the same for every guild."""

    parameters: dict[Parameter, ParameterDefinition]
    routes: dict[Route, RouteDefinition]
    flags: dict[Flag, FlagDefinition]


@cache
def definitions() -> Definitions:
    """Return the project's definitions, read once. Raises `ConfigError` when a config is wrong."""
    return Definitions(load_parameters(), load_routes(), load_flags())
