"""Routes about application commands, global and of one guild."""

from __future__ import annotations

import copy
import json
from functools import lru_cache

from ..calls import Call, Reply, Route
from ..errors import ApiError, Json, missing_access, unknown
from ..models import Application
from ..rules.checks import Checker, as_list, as_object
from ..rules.commands import MOST_CHAT, MOST_CONTEXT, check_command, check_commands

_FIELDS = (
    "name",
    "description",
    "options",
    "name_localizations",
    "description_localizations",
    "default_member_permissions",
    "nsfw",
)


def _scope(call: Call) -> tuple[Application, int | None]:
    application = call.application
    if call.id("application_id", 10002) != application.id:
        raise ApiError(403, 20012, "You are not authorized to perform this action on this application")
    if "guild_id" not in call.ids:
        return application, None
    guild_id = call.id("guild_id", 10004)
    if application.id not in call.world.guild(guild_id).applications:
        raise missing_access()
    return application, guild_id


def _store(call: Call) -> dict[int, Json]:
    application, guild_id = _scope(call)
    return application.commands.setdefault(guild_id, {})


def _normal_option(option: Json) -> Json:
    kept = {key: value for key, value in option.items() if value is not None and (key != "required" or value)}
    if "options" in kept:
        kept["options"] = [_normal_option(item) for item in kept["options"]]
    if not kept.get("choices", True):
        del kept["choices"]
    return kept


def _build(call: Call, body: Json, command_id: int | None = None) -> Json:
    application, guild_id = _scope(call)
    command: Json = {
        "id": str(command_id or call.world.ids.make()),
        "application_id": str(application.id),
        "version": str(call.world.ids.make()),
        "type": body.get("type") or 1,
        "name": body["name"],
        "name_localizations": body.get("name_localizations"),
        "description": body.get("description") or "",
        "description_localizations": body.get("description_localizations"),
        "default_member_permissions": None,
        "nsfw": bool(body.get("nsfw", False)),
        "contexts": body.get("contexts"),
        "integration_types": body.get("integration_types") or [0],
        "dm_permission": guild_id is None and body.get("dm_permission", True) is not False,
    }
    if body.get("default_member_permissions") is not None:
        command["default_member_permissions"] = str(body["default_member_permissions"])
    if as_list(body.get("options")):
        command["options"] = [_normal_option(item) for item in copy.deepcopy(body["options"])]
    if guild_id is not None:
        command["guild_id"] = str(guild_id)
    return command


def _most(commands: list[Json]) -> None:
    for kind, most in ((1, MOST_CHAT), (2, MOST_CONTEXT), (3, MOST_CONTEXT)):
        if sum(1 for item in commands if (item.get("type") or 1) == kind) > most:
            raise ApiError(400, 30032, f"Maximum number of application commands reached ({most}).")


def _list(call: Call) -> list[Json]:
    return list(_store(call).values())


def _one(call: Call) -> Json:
    found = _store(call).get(call.id("command_id", 10063))
    if found is None:
        raise unknown(10063)
    return found


def _same(store: dict[int, Json], body: Json) -> int | None:
    key = (body.get("type") or 1, body.get("name"))
    return next((command_id for command_id, item in store.items() if (item["type"], item["name"]) == key), None)


def _create(call: Call) -> Reply:
    store = _store(call)
    checker = Checker()
    check_command(checker, (), call.json)
    checker.done()
    known = _same(store, call.json)
    if known is None:
        _most([*store.values(), call.json])
    command = _build(call, call.json, known)
    store[int(command["id"])] = command
    return Reply(201 if known is None else 200, command)


def _overwrite(call: Call) -> list[Json]:
    store = _store(call)
    given = as_list(call.body)
    if given is None:
        checker = Checker()
        checker.add((), "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
        checker.done()
    commands = [as_object(item) or {} for item in given or []]
    _most(commands)
    _check_all(json.dumps(given, sort_keys=True))
    built = [_build(call, body, _same(store, body)) for body in commands]
    store.clear()
    store.update({int(command["id"]): command for command in built})
    call.world.notify()
    return built


@lru_cache(maxsize=16)
def _check_all(given: str) -> None:
    """Check a list of commands. Most guilds get the same; what was refused is checked again."""
    checker = Checker()
    check_commands(checker, json.loads(given))
    checker.done()


def _edit(call: Call) -> Json:
    store = _store(call)
    before = _one(call)
    body = {key: before[key] for key in _FIELDS if key in before} | {"type": before["type"]} | call.json
    checker = Checker()
    check_command(checker, (), body)
    checker.done()
    command = _build(call, body, int(before["id"]))
    store[int(before["id"])] = command
    return command


def _delete(call: Call) -> None:
    store = _store(call)
    del store[int(_one(call)["id"])]


def _permissions(call: Call) -> list[Json]:
    _scope(call)
    return []


def _routes(base: str) -> list[Route]:
    return [
        Route("GET", base, _list),
        Route("POST", base, _create),
        Route("PUT", base, _overwrite),
        Route("GET", base + "/{command_id}", _one),
        Route("PATCH", base + "/{command_id}", _edit),
        Route("DELETE", base + "/{command_id}", _delete),
    ]


ROUTES = [
    *_routes("/applications/{application_id}/commands"),
    *_routes("/applications/{application_id}/guilds/{guild_id}/commands"),
    Route("GET", "/applications/{application_id}/guilds/{guild_id}/commands/permissions", _permissions),
]
