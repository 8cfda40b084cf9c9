"""Routes about users, the bot itself, its application and the gateway's address."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from ..calls import Call, Route
from ..errors import ApiError, Json, not_found, unknown
from ..payloads import application_payload, channel_payload, user_payload
from ..rules.checks import Checker
from ..snowflakes import parse_snowflake


def _me(call: Call) -> Json:
    return user_payload(call.bot) | {"verified": True, "mfa_enabled": True, "email": None, "flags": 0, "locale": "en-US"}


def _user(call: Call) -> Json:
    _ = call.application
    user = call.world.users.get(call.id("user_id", 10013))
    if user is None:
        raise unknown(10013)
    return user_payload(user)


def _open_dm(call: Call) -> Json:
    checker = Checker()
    recipient = checker.snowflake(("recipient_id",), call.json.get("recipient_id"))
    _ = call.application
    checker.done()
    user = call.world.users.get(recipient or 0)
    if user is None:
        raise unknown(10013)
    if user.bot:
        raise ApiError(400, 50007, "Cannot send messages to this user")
    return channel_payload(call.world.dm_channel(call.bot, user), call.bot.id)


def _my_guilds(call: Call) -> list[Json]:
    found = sorted((g for g in call.world.guilds.values() if call.application.id in g.applications), key=lambda g: g.id)
    after = parse_snowflake(call.query.get("after")) or 0
    limit = min(int(call.query.get("limit", 200)), 200)
    items = [guild for guild in found if guild.id > after][:limit]
    return [
        {"id": str(guild.id), "name": guild.name, "icon": None, "owner": False, "permissions": "0", "features": []}
        for guild in items
    ]


def _application(call: Call) -> Json:
    count = sum(1 for guild in call.world.guilds.values() if call.application.id in guild.applications)
    return application_payload(call.application, count)


def _gateway(call: Call) -> Json:
    return {"url": call.world.gateway_url}


def _gateway_bot(call: Call) -> Json:
    application = call.application
    limit = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": application.max_concurrency}
    return {"url": call.world.gateway_url, "shards": application.shards, "session_start_limit": limit}


def _file(call: Call) -> Any:
    found = call.world.attachments.get(parse_snowflake(call.ids["attachment_id"]) or 0)
    if found is None or found.filename != call.ids["filename"]:
        raise not_found()
    return web.Response(body=found.data, content_type=found.content_type)


ROUTES = [
    Route("GET", "/users/@me", _me),
    Route("GET", "/users/{user_id}", _user),
    Route("POST", "/users/@me/channels", _open_dm),
    Route("GET", "/users/@me/guilds", _my_guilds),
    Route("GET", "/applications/@me", _application),
    Route("GET", "/oauth2/applications/@me", _application),
    Route("GET", "/gateway", _gateway),
    Route("GET", "/gateway/bot", _gateway_bot),
    Route("GET", "/attachments/{channel_id}/{attachment_id}/{filename}", _file),
]
