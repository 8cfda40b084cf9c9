"""Resolve a request as a streamer decided it on stream."""

from facades.app import App
from facades.panel.stream_link import read_stream_link
from facades.requests.find_request import get_request
from facades.requests.opinion_rules import AlreadyDecided, RequestIsResolved
from facades.requests.resolve_request import resolve_request
from facades.requests.typed import LONGEST_REASON
from util.actor import Actor
from util.identifiers import Flag, Verdict
from util.phrases import Raw
from util.texts import Text


async def resolve_on_stream(app: App, *, actor: Actor, request_id: int, verdict: Verdict, stream_link: str | None = None) -> bool:
    """Decide on a pending request with a reason that names the stream; return False, changing nothing, when it is resolved.

    Raises `Forbidden`, `BadInput` or `RequestNotFound`. Owes what `resolve_request` owes.
    """
    actor.require(Flag.GD_MOD)
    link = read_stream_link(stream_link)
    settings = await app.guild(actor.guild_id)
    async with app.reading() as session:
        # The author reads the reason, so it is in the request's language.
        language = (await get_request(session, actor.guild_id, request_id)).language
    if link is None:
        reason = settings.label(Text.PANEL_REASON_RESOLVED, language)
    else:
        reason = settings.label(Text.PANEL_REASON_RESOLVED_LINK, language, link=Raw(link))
    try:
        await resolve_request(
            app,
            actor=actor,
            request_id=request_id,
            verdict=verdict,
            comment=reason[:LONGEST_REASON],
            only_first=True,
        )
    except (RequestIsResolved, AlreadyDecided):
        return False
    return True
