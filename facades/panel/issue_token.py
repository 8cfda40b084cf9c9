"""Issue a guild's token for the Control Panel API."""

from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlmodel import col

from db.models import PanelToken
from db.upsert import upsert
from facades.app import App
from facades.panel.listening import CannotListen
from facades.panel.token_hash import hash_of, new_token
from facades.transaction import Transaction
from util.actor import Actor
from util.errors import Conflict
from util.identifiers import EventType, Flag
from util.texts import Text

log = structlog.get_logger()


class TokenChangedMeanwhile(Conflict):
    """The token that was to be replaced is not the present one any more."""

    def __init__(self) -> None:
        super().__init__(Text.PANEL_TOKEN_REFUSED_CHANGED)


@dataclass(frozen=True)
class IssuedToken:
    """A token, which nobody can be shown again. `address`: where the API listens, None where it cannot."""

    token: str
    replaced: bool
    address: str | None


@dataclass(frozen=True)
class TokenExists:
    """There is a token, so nothing was done: whoever uses it would be locked out. `version` tells it from a later one."""

    issued_by: int
    issued_at: datetime
    version: int


async def issue_token(app: App, *, actor: Actor, replacing: int | None = None) -> IssuedToken | TokenExists:
    """Issue a token; one that exists is replaced only when `replacing` is its version.

    Only its hash is kept. The first token of all makes the API listen. Raises `Forbidden` or `TokenChangedMeanwhile`.
    """
    actor.require(Flag.ADMIN)
    token = new_token()
    async with app.transaction(actor.guild_id) as tx:
        present = await tx.session.get(PanelToken, tx.guild_id, with_for_update=True)
        if present is not None and replacing is None:
            return TokenExists(present.issued_by, present.issued_at, version_of(present))
        if replacing is not None and (present is None or version_of(present) != replacing):
            raise TokenChangedMeanwhile
        if not await _write(tx, actor, token, present):
            raise TokenChangedMeanwhile
        tx.log(EventType.PANEL_TOKEN_ISSUED, actor.user_id, replaced=present is not None)
    return IssuedToken(token, present is not None, await _listen(app))


def version_of(row: PanelToken) -> int:
    """Return a number that no other token of the guild has: microseconds since 1970."""
    return int(row.issued_at.timestamp() * 1_000_000)


async def _write(tx: Transaction, actor: Actor, token: str, present: PanelToken | None) -> bool:
    """Write the token over the present one; return False when somebody else wrote one meanwhile."""
    values = {"token_hash": hash_of(token), "issued_by": actor.user_id, "issued_at": tx.now}
    before = "" if present is None else present.token_hash
    return await upsert(tx.session, PanelToken, {"guild_id": tx.guild_id}, values, only_if=col(PanelToken.token_hash) == before)


async def _listen(app: App) -> str | None:
    try:
        return await app.listen()
    except CannotListen as error:
        log.error("cannot_listen", reason=str(error))
        return None
