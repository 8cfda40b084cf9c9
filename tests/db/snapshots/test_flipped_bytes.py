"""Bytes that were changed by chance: a file is refused, or it is the same as before."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.engine import Database
from db.snapshots import BadSnapshot, check_snapshot
from tests.db.snapshots.conftest import Samples
from tests.db.snapshots.content import holds
from tests.db.snapshots.forging import with_bytes


async def outcome(path: Path, workdir: Path, wanted: dict[str, list[Any]]) -> None:
    """Assert that a file is refused, or holds what the untouched one held."""
    try:
        async with check_snapshot(path, guild_id=None, workdir=workdir) as checked:
            database = Database(checked.address)
            assert await holds(database) == wanted
            await database.close()
    except BadSnapshot:
        pass


FLIPS = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@FLIPS
@given(places=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(1, 255)), min_size=1, max_size=4))
async def test_flipped_bytes_of_the_file_are_harmless(samples: Samples, tmp_path: Path, places: list[tuple[float, int]]) -> None:
    content, path = bytearray(samples.whole.read_bytes()), tmp_path / "flipped"
    for place, mask in places:
        content[int(place * len(content))] ^= mask
    path.write_bytes(content)
    await outcome(path, tmp_path, await _content(samples, tmp_path))


@FLIPS
@given(
    places=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(1, 255)), min_size=1, max_size=6), head=st.booleans()
)
async def test_flipped_bytes_of_the_database_are_refused_or_harmless(
    samples: Samples, tmp_path: Path, places: list[tuple[float, int]], head: bool
) -> None:
    def flip(content: bytearray) -> None:
        for place, mask in places:
            content[int(place * (1000 if head else len(content)))] ^= mask

    path = with_bytes(samples.whole, tmp_path / "flipped", flip)
    try:
        async with check_snapshot(path, guild_id=None, workdir=tmp_path):
            pass
    except BadSnapshot:
        pass


@FLIPS
@given(page=st.integers(1, 78), junk=st.binary(min_size=8, max_size=200), place=st.integers(0, 3800))
async def test_junk_in_pages_is_refused_or_harmless(samples: Samples, tmp_path: Path, page: int, junk: bytes, place: int) -> None:
    def write(content: bytearray) -> None:
        start = (page * 4096 + place) % (len(content) - len(junk))
        content[start : start + len(junk)] = junk

    path = with_bytes(samples.whole, tmp_path / "junk", write)
    try:
        async with check_snapshot(path, guild_id=None, workdir=tmp_path):
            pass
    except BadSnapshot:
        pass


async def _content(samples: Samples, folder: Path) -> dict[str, list[Any]]:
    database = Database(f"sqlite:///{samples.database}")
    found = await holds(database)
    await database.close()
    return found | {"confirmation": [], "setup_residue": []}


async def test_names_that_are_no_text_are_refused(samples: Samples, tmp_path: Path) -> None:
    def spoil(content: bytearray) -> None:
        for name in (b"INDEX ix_request_level", b"TABLE request", b"INDEX uq_request_pending_level"):
            at = content.index(name)
            content[at : at + len(name)] = name[:-3] + b"\xce(\xce"

    path = with_bytes(samples.whole, tmp_path / "spoiled", spoil)
    with pytest.raises(BadSnapshot):
        async with check_snapshot(path, guild_id=None, workdir=tmp_path):
            pass
