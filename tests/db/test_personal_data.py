"""Every table and every column that can hold something of a member has its policy."""

from typing import Any

import pytest
from sqlalchemy import JSON, BigInteger, Enum, String
from sqlmodel import AutoString, SQLModel

from config.definitions import definitions
from db.models import metadata
from db.models.base import RowId
from db.personal_data import POLICIES, Named, Policy, table_of
from util.event_fields import FIELD_KINDS, PEOPLE, TYPED_VALUES, WRITTEN, FieldKind
from util.identifiers import Parameter, ParameterType

NAMES_AND_SETTINGS = {
    "channels", "creator_name", "flags", "leftovers", "level_name", "new_roles", "old_roles", "roles",
}  # fmt: skip
"""Fields of events whose text is no prose of a member's."""


def _can_hold_something(column: Any) -> bool:
    kind = column.type
    if column.name == "guild_id" or isinstance(kind, Enum):
        return False
    return isinstance(kind, String | AutoString | JSON) or (isinstance(kind, BigInteger) and kind is not RowId)


def _named(policy: Policy) -> list[str]:
    return [*policy.people, *policy.written, *policy.inside, *policy.kept, *policy.nobody]


def test_every_table_has_a_policy() -> None:
    assert {table_of(model).name for model in POLICIES} == set(metadata.tables)


@pytest.mark.parametrize("model", POLICIES, ids=lambda model: model.__name__)
def test_every_column_that_can_hold_something_of_a_member_is_named_once(model: type[SQLModel]) -> None:
    named = _named(POLICIES[model])
    wanted = {column.name for column in table_of(model).columns if _can_hold_something(column)}
    assert sorted(named) == sorted(wanted), "say in db/personal_data.py what it holds"


@pytest.mark.parametrize("model", POLICIES, ids=lambda model: model.__name__)
def test_what_stays_has_its_reason(model: type[SQLModel]) -> None:
    policy = POLICIES[model]
    stays = policy.kept or any(what is not Named.REMOVED for what in policy.people.values())
    assert bool(policy.reason) or not stays


def test_a_new_column_with_somebodys_id_would_fail() -> None:
    """The check itself: an id column that no policy names is seen."""
    column = table_of(next(iter(POLICIES))).c["user_id"]
    assert _can_hold_something(column)


def test_every_text_in_an_event_is_either_somebodys_words_or_a_name_or_setting() -> None:
    texts = {name for name, kind in FIELD_KINDS.items() if kind is FieldKind.TEXT}
    assert texts == WRITTEN | TYPED_VALUES | NAMES_AND_SETTINGS
    assert {"author_id", "trainee_id", "user_id"} == PEOPLE, "they are found by their kind; say here that it is meant so"


def test_parameters_that_name_a_member_are_known() -> None:
    naming = {key for key, one in definitions().parameters.items() if one.type is ParameterType.MEMBER}
    assert naming == {Parameter.STREAM_ACCOUNT}
