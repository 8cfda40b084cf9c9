"""What the tests of charts share."""

import tempfile
from pathlib import Path

import pytest

from services.charts.drawing import Limits

PICTURE = (1080, 720)
# Two busy processors are shared by several tests.
PATIENT = Limits(one_picture=60, start=90, in_queue=200)


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder in which browsers keep their profiles, empty at first."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def size(picture: bytes) -> tuple[int, int]:
    """Return width and height of what must be a PNG."""
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    return int.from_bytes(picture[16:20]), int.from_bytes(picture[20:24])
