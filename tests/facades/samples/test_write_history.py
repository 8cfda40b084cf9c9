"""A history goes into a database whole or not at all, beside what other guilds have."""

import json
from pathlib import Path

import pytest
from sqlalchemy import func
from sqlmodel import col, select

from db.engine import Database
from db.migrate import current, downgrade, head, upgrade
from db.models import Delivery, Event, EventField, Request, Review
from facades.samples import __main__ as program
from facades.samples.ledger import TABLES
from facades.samples.write_history import CannotWrite, write_history
from tests.db.factories import GUILD, a_request
from tests.facades.samples.people import description
from util.canonical import indexed

ELSEWHERE = GUILD + 1


async def test_it_stands_beside_what_another_guild_has(any_database: Database) -> None:
    async with any_database.transaction() as session:
        session.add(a_request(guild_id=ELSEWHERE))
    written = await write_history(any_database, description())
    assert set(written.rows) == {*TABLES, "event_field"}
    async with any_database.reading() as session:
        numbers = (await session.exec(select(func.min(Request.id), func.count()).where(col(Request.guild_id) == GUILD))).one()
        assert numbers == (2, written.rows["request"])
        pairs = select(Review, Request).join(Request, col(Request.id) == Review.request_id)
        assert all(review.level_id == request.level_id for review, request in (await session.exec(pairs)).all())
        events = (await session.exec(select(Event).order_by(col(Event.id)).limit(50))).all()
        fields = (await session.exec(select(EventField).where(col(EventField.event_id) <= events[-1].id))).all()
        assert {(one.event_id, one.key): one.value for one in fields} == {
            (event.id, key): indexed(value) for event in events for key, value in event.fields.items()
        }
        asked = select(Request.level_id).where(col(Request.id) == events[0].fields["request_id"])
        assert (await session.exec(asked)).one() == events[0].fields["level_id"]
        assert (await session.exec(select(func.count()).select_from(Delivery))).one() == 0
        last = (await session.exec(select(func.max(Request.id)))).one()
    # Numbers go on where the history ended.
    async with any_database.transaction() as session:
        request = a_request(guild_id=ELSEWHERE, level_id=129)
        session.add(request)
        await session.flush()
        assert request.id == last + 1


async def test_a_guild_with_a_past_of_its_own_keeps_it(sqlite_database: Database) -> None:
    async with sqlite_database.transaction() as session:
        session.add(a_request())
    with pytest.raises(CannotWrite, match="has a history of its own"):
        await write_history(sqlite_database, description())
    async with sqlite_database.reading() as session:
        assert (await session.exec(select(func.count()).select_from(Request))).one() == 1
    await write_history(sqlite_database, description(guild_id=ELSEWHERE))
    with pytest.raises(CannotWrite):
        await write_history(sqlite_database, description(guild_id=ELSEWHERE))


# The program


def run(address: str, given: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """Run the program with something on its standard input; return its exit code and what it said."""
    monkeypatch.setenv("DATABASE_URL", address)
    monkeypatch.setattr("sys.stdin.read", lambda: given, raising=False)
    code = program.main()
    said = capsys.readouterr()
    return code, (said.out + said.err).strip()


def test_the_program_makes_the_database_and_fills_it_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    address, given = f"sqlite:///{tmp_path / 'new.db'}", description().model_dump_json()
    code, said = run(address, given, monkeypatch, capsys)
    assert (code, current(address)) == (0, head())
    assert said.startswith("Wrote ")
    code, said = run(address, given, monkeypatch, capsys)
    assert (code, said) == (2, f"The server {GUILD} has a history of its own already; nothing was written.")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"people": []}, "nobody is there all the time whose task is decide"),
        ({"guild_id": 0}, "guild_id: Input should be greater than 0"),
        ({"ends_at": "2026-05-01T00:00:00"}, "ends_at: Input should have timezone info"),
        ({"more": 1}, "more: Extra inputs are not permitted"),
    ],
)
def test_the_program_refuses_what_is_no_description(
    change: dict[str, object], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    address = f"sqlite:///{tmp_path / 'none.db'}"
    given = json.loads(description().model_dump_json()) | change
    code, told = run(address, json.dumps(given), monkeypatch, capsys)
    assert code == 2
    assert said in told
    assert not (tmp_path / "none.db").exists()


def test_the_program_refuses_what_it_cannot_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    given = description().model_dump_json()
    address = f"sqlite:///{tmp_path / 'old.db'}"
    upgrade(address)
    downgrade(address, "0003")
    assert run(address, given, monkeypatch, capsys) == (
        2,
        "The database has another revision; run `python main.py migrate` first.",
    )
    assert run("mysql://nowhere", given, monkeypatch, capsys)[1].startswith("DATABASE_URL cannot be used")
