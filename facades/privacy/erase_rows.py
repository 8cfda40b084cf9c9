"""Take a member out of what a server keeps besides its requests and its log, and out of the columns that only name them."""

from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update
from sqlmodel import col
from sqlmodel import select as scalar

from config.definitions import definitions
from db.models import ActiveFilter, Confirmation, Cooldown, Guild, ParameterOverride, SavedFilter
from db.personal_data import POLICIES, Named, table_of
from db.upsert import upsert
from facades.privacy.erasing import Erasing
from facades.privacy.naming import names, renamed
from facades.transaction import Transaction
from util.identifiers import CooldownKind, EventType, ParameterType


async def next_pseudonym(tx: Transaction) -> int:
    """Give out a pseudonym that no former member of the guild has."""
    ours = col(Guild.guild_id) == tx.guild_id
    await upsert(tx.session, Guild, {"guild_id": tx.guild_id}, {"joined_at": tx.now}, only_if=col(Guild.guild_id) != tx.guild_id)
    await tx.session.exec(update(Guild).where(ours).values(former_members=Guild.former_members + 1))
    return -(await tx.session.exec(scalar(Guild.former_members).where(ours))).one()


async def erase_confirmations(work: Erasing) -> None:
    """Forget questions that name the member; their own go with the columns that name them."""
    row = table_of(Confirmation)
    query = select(row.c.details).where(row.c.guild_id == work.guild_id)
    async for rows in work.in_batches(query, row.c.id):
        gone = [one.batch_key for one in rows if names(one.details, work.user_id)]
        ours = col(Confirmation.guild_id) == work.guild_id
        await work.run(delete(Confirmation).where(ours, col(Confirmation.id).in_(gone)))


async def erase_from_filters(work: Erasing) -> None:
    """Let filters of others that look for the member look for the pseudonym."""
    for model, key in ((SavedFilter, "name"), (ActiveFilter, "user_id")):
        row = table_of(model)
        query = select(row.c[key].label("key"), row.c.filter).where(row.c.guild_id == work.guild_id)
        for one in await work.rows(query):
            if names(one.filter, work.user_id):
                new = renamed(one.filter, work.user_id, work.pseudonym, work.said)
                same = (row.c.guild_id == work.guild_id, row.c[key] == one.key)
                await work.run(update(row).where(*same).values(filter=new))


async def release_cooldowns(work: Erasing) -> None:
    """Remove the member's cooldowns that are over; one that holds stays, without the request that it came from."""
    theirs = (
        col(Cooldown.guild_id) == work.guild_id,
        col(Cooldown.kind) == CooldownKind.USER,
        col(Cooldown.entity_id) == work.user_id,
    )
    await work.run(delete(Cooldown).where(*theirs, col(Cooldown.ends_at) <= work.tx.now))
    await work.run(update(Cooldown).where(*theirs, col(Cooldown.request_id).is_not(None)).values(request_id=None))


async def holds(work: Erasing) -> bool:
    """Tell whether a cooldown holds the member back."""
    query = select(func.count()).where(
        col(Cooldown.guild_id) == work.guild_id,
        col(Cooldown.kind) == CooldownKind.USER,
        col(Cooldown.entity_id) == work.user_id,
    )
    return bool((await work.rows(query))[0][0])


async def reset_parameters(work: Erasing) -> None:
    """Reset parameters whose value is the member."""
    tx = work.tx
    keys = [key for key, one in definitions().parameters.items() if one.type is ParameterType.MEMBER]
    for key in keys:
        ours = (col(ParameterOverride.guild_id) == work.guild_id, col(ParameterOverride.key) == key)
        if await work.run(delete(ParameterOverride).where(*ours, col(ParameterOverride.value) == str(work.user_id))):
            tx.log(
                EventType.PARAMETER_RESET,
                None,
                parameter=key.value,
                old_value=str(work.pseudonym),
                new_value=definitions().parameters[key].default_text or "none",
            )


async def erase_columns(work: Erasing) -> None:
    """Go by every table's policy: empty what the member wrote, put the pseudonym into their place, remove what was for them."""
    for model, policy in POLICIES.items():
        row = table_of(model)
        ours = row.c.guild_id == work.guild_id if policy.people else None
        if ours is None:
            continue
        for text, writers in policy.written.items():
            empty: Any = None if row.c[text].nullable else ""
            filled = row.c[text].is_not(None) if row.c[text].nullable else row.c[text] != ""
            await work.run(update(row).where(ours, _is_first(row, writers, work.user_id), filled).values({text: empty}))
        for column, what in policy.people.items():
            theirs = (ours, row.c[column] == work.user_id)
            if what is Named.ANONYMISED:
                await work.run(update(row).where(*theirs).values({column: work.pseudonym}))
            elif what is Named.REMOVED:
                await work.run(delete(row).where(*theirs))


def _is_first(row: Any, columns: tuple[str, ...], user_id: int) -> ColumnElement[bool]:
    """Compare the first of some columns that is set."""
    cases = [
        and_(*(row.c[before].is_(None) for before in columns[:place]), row.c[name] == user_id)
        for place, name in enumerate(columns)
    ]
    return or_(*cases)
