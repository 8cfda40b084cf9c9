"""Erase what is stored of a member, as far as the community's records allow."""

import itertools
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from db.locks import lock_guild
from facades.app import App
from facades.privacy.erase_deliveries import erase_from_deliveries, erase_from_failures
from facades.privacy.erase_events import erase_from_events
from facades.privacy.erase_requests import erase_texts, find_what_shows_it, shown_practice, shown_requests, withdraw_requests
from facades.privacy.erase_rows import (
    erase_columns,
    erase_confirmations,
    erase_from_filters,
    holds,
    next_pseudonym,
    release_cooldowns,
    reset_parameters,
)
from facades.privacy.erasing import Erasing
from facades.privacy.whose import whose
from facades.transaction import Transaction, cards_item, of_posted, removal_item, trainee_card_item
from util.actor import Actor
from util.errors import NotFound
from util.identifiers import EventType
from util.phrases import user_mention
from util.texts import Text

AT_ONCE: Final = 20
"""Cards and messages that are brought up to date without delay; of more, one every `PAUSE`, so that the rest is not held up."""
PAUSE: Final = timedelta(seconds=2)


class NothingStored(NotFound):
    """Nothing is stored of the member that could be erased."""

    def __init__(self, user_id: int) -> None:
        super().__init__(Text.PRIVACY_NOTHING_STORED, who=user_mention(user_id))


@dataclass(frozen=True)
class ErasedMember:
    """Somebody who is a former member now. `is_held_back`: a cooldown stays with their id until it ends."""

    user_id: int
    pseudonym: int
    withdrawn: int
    requests: int
    reviews: int
    is_held_back: bool
    queue_opened: bool


async def erase_member(app: App, *, actor: Actor, user_id: int) -> ErasedMember:
    """Erase somebody: the actor themselves or, by an admin, who asked for it. Other guilds' rows are not touched.

    Raises `Forbidden` or `NothingStored`. Owes the cards, and the deletion of the messages, that show what is erased.
    """
    whose(actor, user_id)
    async with app.transaction(actor.guild_id) as tx:
        await lock_guild(tx.session, tx.guild_id)
        work = Erasing(tx, user_id, await next_pseudonym(tx))
        # On PostgreSQL somebody's action may be committed in the middle of a pass and be met by half of its statements. A
        # pass that touches nothing has met none: whatever comes later is wholly that of a new person.
        touched = -1
        while touched != work.touched:
            touched = work.touched
            await _pass(work)
        if not work.touched:
            raise NothingStored(user_id)
        requests = len(work.requests)
        tx.settings_changed = True
        tx.log(
            EventType.MEMBER_ERASED,
            work.pseudonym if actor.user_id == user_id else actor.user_id,
            user_id=work.pseudonym,
            requests=requests,
            reviews=work.reviews,
        )
        await _owe(tx, work)
        held = await holds(work)
    return ErasedMember(user_id, work.pseudonym, work.withdrawn, requests, work.reviews, held, work.queue_opened)


async def _pass(work: Erasing) -> None:
    """Take every step once. What tells whose something is is changed last."""
    await withdraw_requests(work)
    await find_what_shows_it(work)
    await erase_from_deliveries(work)
    await erase_from_failures(work)
    await erase_texts(work)
    await erase_from_events(work)
    await erase_confirmations(work)
    await erase_from_filters(work)
    await release_cooldowns(work)
    await reset_parameters(work)
    await erase_columns(work)


async def _owe(tx: Transaction, work: Erasing) -> None:
    """Owe what makes Discord show the same: first what people work with, then the member's own texts, then what is over.

    Cards that stand are changed. None is posted: of what was loaded from elsewhere, or is years old, there may be no cards.
    """
    pressing, resolved = await shown_requests(work)
    practice = await shown_practice(work)
    items = itertools.chain(
        map(of_posted, map(cards_item, pressing)),
        map(removal_item, sorted(work.messages, key=lambda ref: -ref.message_id)),
        map(of_posted, map(trainee_card_item, practice)),
        map(of_posted, map(cards_item, resolved)),
    )
    await tx.owe_gradually(items, at_once=AT_ONCE, pause=PAUSE)
