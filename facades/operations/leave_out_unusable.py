"""Take out of a checked snapshot what cannot be used here, before it is loaded."""

from collections.abc import Callable, Collection
from typing import Any

from sqlalchemy import create_engine, delete, update
from sqlmodel import Session, SQLModel, col, select

from config.definitions import definitions
from config.text_rules import check_text
from config.texts import KNOWN
from config.values import parse_value
from db.engine import sync_url
from db.models import ActiveFilter, ParameterOverride, PostedCard, Review, RouteOverride, SavedFilter, TextOverride
from db.snapshots import CheckedSnapshot
from facades.operations.log_filter import LogFilter
from util.errors import UserError
from util.texts import Text


def leave_out_unusable(checked: CheckedSnapshot, channels: Collection[int] | None) -> int:
    """Change the private copy so that everything in it can be used; return how many settings were left out. Run it in a thread.

    Those are values of parameters and texts that nobody could set today, filters that this release cannot read, and routes to
    channels that the guild does not have. `channels`: those of the guild; None: every channel is believed. Where reviews and
    cards stand is forgotten, too, when it is elsewhere: the bot deletes messages there.
    """
    engine = create_engine(sync_url(checked.address), hide_parameters=True)
    try:
        with Session(engine) as session, session.begin():
            left_out = _leave_out(session, ParameterOverride, _is_usable_parameter)
            left_out += _leave_out(session, TextOverride, _is_usable_text)
            left_out += _leave_out(session, SavedFilter, _is_usable_filter)
            left_out += _leave_out(session, ActiveFilter, _is_usable_filter)
            if channels is not None:
                left_out += _keep_to_channels(session, frozenset(channels))
    finally:
        engine.dispose()
    return left_out


def _leave_out(session: Session, model: type[SQLModel], is_usable: Callable[[Any], bool]) -> int:
    unusable = [row for row in session.exec(select(model)) if not is_usable(row)]
    for row in unusable:
        session.delete(row)
    return len(unusable)


def _is_usable_parameter(row: ParameterOverride) -> bool:
    try:
        parse_value(definitions().parameters[row.key].type, row.value)
    except UserError:
        return False
    return True


def _is_usable_text(row: TextOverride) -> bool:
    # A text that another release has is kept for it: nobody sees it here.
    if row.key not in KNOWN:
        return True
    try:
        check_text(Text(row.key), row.language, row.value)
    except UserError:
        return False
    return True


def _is_usable_filter(row: SavedFilter | ActiveFilter) -> bool:
    user, fields = row.filter.get("user"), row.filter.get("fields", {})
    if not isinstance(user, int | None) or not isinstance(fields, dict):
        return False
    try:
        LogFilter.from_json(row.filter)
    except (ValueError, TypeError):
        return False
    return not any(isinstance(value, dict | list) for value in fields.values())  # pyright: ignore[reportUnknownVariableType]


def _keep_to_channels(session: Session, channels: frozenset[int]) -> int:
    left_out = 0
    for route in session.exec(select(RouteOverride)):
        if route.channel_id not in {None, *channels}:
            route.channel_id = None
            left_out += 1
        if route.default_channel_id not in {None, *channels}:
            route.default_channel_id = None
    session.flush()
    session.exec(delete(PostedCard).where(col(PostedCard.channel_id).not_in(channels)))
    nowhere = {"channel_id": None, "message_id": None, "further_messages": None}
    session.exec(update(Review).where(col(Review.channel_id).not_in(channels)).values(nowhere))
    return left_out
