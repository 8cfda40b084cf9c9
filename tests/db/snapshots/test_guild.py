"""A guild's snapshot holds this guild and nothing else, and comes back without touching the others."""

import json
import zlib
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert
from sqlmodel import col, delete, select, update

from db.engine import Database
from db.models import Cooldown, Event, Guild, PostedCard, Request, metadata
from db.snapshots import CardSubject, CardToSync, Refusal
from tests.db.factories import a_request
from tests.db.snapshots.conftest import Samples
from tests.db.snapshots.content import HERE, NOW, THERE, guild_rows, holds, put
from tests.db.snapshots.forging import forged
from tests.db.snapshots.test_bad_files import refusal_of, sql
from tests.db.snapshots.test_whole import load, save
from util.identifiers import CardKind, DeliveryKind, EventType

SECRET = "a text of the other guild"
REPLACED = ("request", "opinion", "review", "assessment", "event", "event_field", "cooldown", "saved_filter", "active_filter")


async def test_the_file_holds_nothing_of_other_guilds(any_database: Database, tmp_path: Path) -> None:
    """Also not where rows of others were: the pages of the file are searched."""
    await put(any_database, guild_rows(HERE), guild_rows(THERE, 10, requests=40, words=f"{SECRET} {THERE}"))
    await save(any_database, tmp_path / "guild.greenlight", HERE)
    await save(any_database, tmp_path / "whole.greenlight")
    pages = {name: _content(tmp_path / f"{name}.greenlight") for name in ("guild", "whole")}
    traces = [SECRET.encode(), str(THERE).encode(), THERE.to_bytes(8, "big"), (THERE + 10).to_bytes(8, "big")]
    assert all(trace in pages["whole"] for trace in traces)
    assert not any(trace in pages["guild"] for trace in traces)
    assert str(THERE).encode() not in (tmp_path / "guild.greenlight").read_bytes()


def _content(path: Path) -> bytes:
    return zlib.decompress(path.read_bytes().split(b"\n", 3)[3], 31)


async def test_a_guild_comes_back_with_its_numbers_and_the_others_stay(any_database: Database, tmp_path: Path) -> None:
    await put(any_database, guild_rows(HERE), guild_rows(THERE, 10))
    before, others = await holds(any_database, HERE), await holds(any_database, THERE)
    await save(any_database, tmp_path / "a.greenlight", HERE)
    async with any_database.transaction() as session:
        await session.exec(delete(Request).where(col(Request.id) == 1))
        await session.exec(update(Request).where(col(Request.id) == 2).values(comment="changed"))
        await session.exec(delete(Cooldown).where(col(Cooldown.guild_id) == HERE))
        session.add(a_request(guild_id=HERE, level_id=77))
    loaded = await load(any_database, tmp_path / "a.greenlight", HERE)
    after = await holds(any_database, HERE)
    assert {table: after[table] for table in REPLACED} == {table: before[table] for table in REPLACED}
    assert await holds(any_database, THERE) == others
    assert not loaded.renumbered
    # The reviews and cards of the deleted request are what they were, but what they stand for is not.
    assert {(card.subject, card.subject_id) for card in loaded.cards} == {
        (CardSubject.REQUEST, 1),
        (CardSubject.REQUEST, 2),
        (CardSubject.REQUEST, 12),
        (CardSubject.REVIEW, 1),
    }


async def test_loading_what_there_is_changes_nothing_and_repairs_nothing(any_database: Database, tmp_path: Path) -> None:
    await put(any_database, guild_rows(HERE), guild_rows(THERE, 10))
    await save(any_database, tmp_path / "a.greenlight", HERE)
    before = await holds(any_database)
    loaded = await load(any_database, tmp_path / "a.greenlight", HERE)
    after = await holds(any_database)
    assert {table for table in before if before[table] != after[table]} == {"confirmation", "delivery"}
    assert loaded.cards == ()


async def test_a_guild_is_taken_out_of_a_whole_snapshot(any_database: Database, samples: Samples) -> None:
    await put(any_database, guild_rows(THERE, 10))
    others = await holds(any_database)
    loaded = await load(any_database, samples.whole, HERE, from_whole=True)
    assert loaded.guilds == (HERE,)
    assert await holds(any_database, THERE) == others
    assert len((await holds(any_database, HERE))["request"]) == 2
    assert (await holds(any_database, HERE))["delivery"] == []


class TestNewNumbers:
    """Others have the numbers of the file, because it comes from another database."""

    @pytest.fixture
    async def found(self, any_database: Database, samples: Samples) -> dict[str, list[Any]]:
        """Load the guild beside another one that has the same numbers; return what it holds then."""
        await put(any_database, guild_rows(THERE, 1, requests=5))
        others = await holds(any_database)
        loaded = await load(any_database, samples.guild, HERE)
        assert loaded.renumbered
        assert {(card.subject, card.subject_id) for card in loaded.cards} == {
            (subject, number) for subject in CardSubject for number in (12, 13)
        }
        assert await holds(any_database, THERE) == others
        return {table: [json.loads(row) for row in rows] for table, rows in (await holds(any_database, HERE)).items()}

    async def test_rows_refer_to_each_other_by_new_numbers(self, found: dict[str, list[Any]]) -> None:
        # The file's numbers went up to 11 in its database, and here up to 5.
        assert [row["id"] for row in found["request"]] == [12, 13]
        assert [row["request_id"] for row in found["opinion"]] == [12, 13]
        assert [(row["request_id"], row["opinion_id"]) for row in found["review"]] == [(12, 12), (13, 13)]
        assert [row["review_id"] for row in found["assessment"]] == [12, 13]
        assert [row["request_id"] for row in found["cooldown"]] == [12]
        assert [(row["kind"], row["subject_id"]) for row in found["posted_card"]] == [
            (CardKind.REVIEWER, 12),
            (CardKind.TRAINEE_REVIEW, 13),
        ]

    async def test_events_and_filters_mention_new_numbers(self, found: dict[str, list[Any]]) -> None:
        assert [(row["fields"]["request_id"], row["fields"]["review_id"]) for row in found["event"]] == [(12, 12), (13, 13)]
        assert [row["fields"]["level_id"] for row in found["event"]] == [1001, 1002]
        index = {(row["event_id"], row["key"]): row["value"] for row in found["event_field"]}
        assert (index[12, "request_id"], index[13, "review_id"], index[12, "level_id"]) == ("12", "13", "1001")
        assert found["saved_filter"][0]["filter"]["fields"] == {"request_id": 12}
        assert found["active_filter"][0]["filter"]["fields"] == {"review_id": 12}

    async def test_new_rows_go_on_above(self, any_database: Database, found: dict[str, list[Any]]) -> None:
        async with any_database.transaction() as session:
            session.add(request := a_request(guild_id=HERE, level_id=5))
            session.add(event := Event(guild_id=THERE, type=EventType.QUEUE_OPENED, at=NOW, fields={}))  # pyright: ignore[reportCallIssue]
            await session.flush()
            assert request.id > 13 + 5
            assert event.id > 13 + 5

    async def test_loading_it_again_and_saving_it_here_keeps_the_new_numbers(
        self, any_database: Database, found: dict[str, list[Any]], tmp_path: Path
    ) -> None:
        before = await holds(any_database, HERE)
        await save(any_database, tmp_path / "here.greenlight", HERE)
        loaded = await load(any_database, tmp_path / "here.greenlight", HERE)
        assert not loaded.renumbered
        assert await holds(any_database, HERE) == before


async def test_the_same_numbers_of_another_past_of_the_guild_are_not_taken_for_its_own(
    any_database: Database, samples: Samples
) -> None:
    """The guild began anew on this host, and its posted buttons mean the new requests."""
    rows = guild_rows(HERE)
    for row in rows["request"]:
        row["created_at"] = row["created_at"].replace(year=2027)
    await put(any_database, rows)
    loaded = await load(any_database, samples.guild, HERE)
    assert loaded.renumbered
    assert {card.subject_id for card in loaded.cards if card.subject is CardSubject.REQUEST} == {1, 2, 12, 13}


class TestDiscordsReality:
    """What tells how things are on Discord is not taken back."""

    async def test_present_cards_stay_and_unknown_ones_are_added(self, any_database: Database, tmp_path: Path) -> None:
        await put(any_database, guild_rows(HERE))
        await save(any_database, tmp_path / "a.greenlight", HERE)
        async with any_database.transaction() as session:
            await session.exec(update(PostedCard).where(col(PostedCard.subject_id) == 1).values(message_id=999))
            await session.exec(delete(PostedCard).where(col(PostedCard.subject_id) == 2))
            card = {"guild_id": HERE, "kind": CardKind.ARCHIVE, "subject_id": 50, "channel_id": 5, "message_id": 6}
            session.add(PostedCard(**card, nonce="new", attempted_at=NOW))  # pyright: ignore[reportCallIssue]
        loaded = await load(any_database, tmp_path / "a.greenlight", HERE)
        async with any_database.reading() as session:
            cards = (await session.exec(select(PostedCard).order_by(col(PostedCard.subject_id)))).all()
        assert [(card.subject_id, card.message_id) for card in cards] == [(1, 999), (2, 8_000_002), (50, 6)]
        assert loaded.cards == (CardToSync(HERE, CardSubject.REVIEW, 2),)

    async def test_the_guild_itself_stays_as_it_is_now(self, any_database: Database, tmp_path: Path) -> None:
        await put(any_database, guild_rows(HERE))
        await save(any_database, tmp_path / "a.greenlight", HERE)
        async with any_database.transaction() as session:
            values = {"name": "New name", "command_hash": "abc", "former_members": 0, "left_at": NOW}
            await session.exec(update(Guild).values(values))
        await load(any_database, tmp_path / "a.greenlight", HERE)
        async with any_database.reading() as session:
            guild = (await session.exec(select(Guild))).one()
        assert (guild.name, guild.command_hash, guild.left_at) == ("New name", "abc", NOW)
        # Pseudonyms that the loaded rows bear are not given to anybody else.
        assert guild.former_members == 1

    async def test_runs_of_cards_and_files_stay_owed_and_messages_do_not(self, any_database: Database, tmp_path: Path) -> None:
        await put(any_database, guild_rows(HERE), guild_rows(THERE, 10))
        await save(any_database, tmp_path / "a.greenlight", HERE)
        deliveries = metadata.tables["delivery"]
        async with any_database.transaction() as session:
            connection = await session.connection()
            base = {"guild_id": HERE, "stream": "s", "payload": {}, "nonce": "n", "created_at": NOW, "due_at": NOW, "attempts": 0}
            await connection.execute(insert(deliveries), [base | {"kind": kind} for kind in DeliveryKind])
        await load(any_database, tmp_path / "a.greenlight", HERE)
        kept = {json.loads(row)["kind"] for row in (await holds(any_database, HERE))["delivery"]}
        assert kept == {DeliveryKind.REQUEST_CARDS, DeliveryKind.TRAINEE_CARD, DeliveryKind.FILE, DeliveryKind.REMOVAL}
        assert len((await holds(any_database, THERE))["delivery"]) == 2


async def test_forged_deliveries_and_tokens_in_a_guilds_file_are_never_loaded(
    any_database: Database, samples: Samples, tmp_path: Path
) -> None:
    """Nobody can make the bot send something, or let themselves in, by a file."""
    path = forged(
        samples.guild,
        tmp_path / "forged.greenlight",
        sql(
            f"INSERT INTO panel_token VALUES ({HERE}, 'x', 1, '2026-01-01 00:00:00.000000')",
            "INSERT INTO delivery (guild_id, stream, kind, payload, nonce, created_at, due_at, attempts) VALUES "
            f"({HERE}, 's', 'message', '{{}}', 'n', '2026-01-01 00:00:00.000000', '2026-01-01 00:00:00.000000', 0)",
        ),
    )
    await load(any_database, path, HERE)
    found = await holds(any_database)
    assert found["delivery"] == found["panel_token"] == []


async def test_a_file_cannot_use_up_the_numbers_of_everybody(samples: Samples, any_database: Database, tmp_path: Path) -> None:
    rows = guild_rows(THERE)
    await put(any_database, rows)
    before = await holds(any_database)
    high = sql(f"UPDATE sqlite_sequence SET seq = {2**41} WHERE name = 'event'")
    path = forged(samples.guild, tmp_path / "high.greenlight", high)
    with pytest.raises(Exception, match="too high"):
        await load(any_database, path, HERE)
    assert await holds(any_database) == before


async def test_an_empty_guild_can_be_saved_and_loaded(any_database: Database, tmp_path: Path) -> None:
    await put(any_database, guild_rows(THERE))
    await save(any_database, tmp_path / "a.greenlight", HERE)
    loaded = await load(any_database, tmp_path / "a.greenlight", HERE)
    assert (loaded.rows, loaded.cards) == (0, ())
    assert await refusal_of(tmp_path / "a.greenlight", tmp_path, THERE) is Refusal.OTHER_GUILD
