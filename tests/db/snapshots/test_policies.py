"""Each table, column and reference is accounted for."""

import pytest
from sqlalchemy import JSON, Table

from db.models import metadata
from db.snapshots.numbers import HIGHEST_FOREIGN, numbered
from db.snapshots.policies import BLANKED, JSON_REFERENCES, POLICIES, Policy, numbers_rows, references, saved_tables
from db.snapshots.values import check_of
from util.event_fields import FIELD_KINDS, FieldKind

TABLES = list(metadata.sorted_tables)
ROW_NUMBERS_WITHOUT_KEY = {("posted_card", "subject_id")}


def test_every_table_has_a_policy() -> None:
    assert POLICIES.keys() == metadata.tables.keys()


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_table_says_whose_its_rows_are(table: Table) -> None:
    assert not table.c.guild_id.nullable


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_column_is_checked(table: Table) -> None:
    for column in table.columns:
        assert check_of(table, column)(None) is bool(column.nullable)


def test_blanked_columns_may_be_null() -> None:
    assert all(metadata.tables[table].c[column].nullable for table, column in BLANKED)


def test_every_column_that_is_called_like_a_reference_is_one() -> None:
    numbered_names = {f"{table.name}_id" for table in TABLES if numbers_rows(table)}
    called = {(table.name, column.name) for table in TABLES for column in table.columns if column.name in numbered_names}
    known = {(table.name, name) for table in TABLES for name in references(table)} | ROW_NUMBERS_WITHOUT_KEY
    # An opinion finds its request by guild and number together.
    assert called <= known


def test_every_reference_of_rows_that_get_new_numbers_leads_to_such_rows() -> None:
    names = {table.name for table in numbered()}
    for table in saved_tables(1):
        if table.name != "posted_card":
            assert set(references(table).values()) <= names


def test_every_field_of_events_that_names_a_request_is_renumbered() -> None:
    assert {name for name, kind in FIELD_KINDS.items() if kind is FieldKind.REQUEST} <= JSON_REFERENCES.keys()
    assert "review_id" in FIELD_KINDS
    assert JSON_REFERENCES.keys() <= FIELD_KINDS.keys()


def test_objects_that_nobody_renumbers_stand_in_no_guilds_file_under_these_names() -> None:
    """What a new JSON column mentions has to be thought of: name it here when it mentions no row."""
    known = {"active_filter.filter", "event.fields", "saved_filter.filter", "request.level", "review.further_messages"}
    found = {
        f"{table.name}.{column.name}" for table in saved_tables(1) for column in table.columns if isinstance(column.type, JSON)
    }
    assert found == known


def test_a_guilds_file_holds_nothing_that_would_be_sent_or_let_somebody_in() -> None:
    names = {table.name for table in saved_tables(1)}
    assert not names & {"delivery", "failed_delivery", "job", "panel_token", "confirmation"}
    assert {table.name for table in saved_tables(None)} - names == {
        name for name, policy in POLICIES.items() if policy in {Policy.OWED, Policy.MOVED}
    }


def test_numbers_from_elsewhere_fit_into_what_json_readers_take() -> None:
    assert HIGHEST_FOREIGN * 2 < 2**53
