"""A SQLite file belongs to one process, which loses it with its end, however that comes."""

import errno
import subprocess
import sys
from pathlib import Path

import pytest

from config.paths import ROOT
from db.alone import no_bot, only_process
from db.file_lock import FileInUse, NoFileLocks, held

KEEPER = """
import sys, time
from pathlib import Path
from db.file_lock import held
with held(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_the_lock_is_free_again_once_its_process_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "bot.db"
    keeper = subprocess.Popen([sys.executable, "-c", KEEPER, path], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert keeper.stdout is not None
    try:
        assert keeper.stdout.readline() == "held\n"
        with pytest.raises(FileInUse, match="stop it first"), held(path):
            pass
        with pytest.raises(FileInUse), no_bot(f"sqlite:///{path}"):
            pass
    finally:
        keeper.kill()
        keeper.wait()
    with held(path):
        assert not path.exists(), "only the lock's own file is made"


def test_whoever_leaves_gives_it_back(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'new' / 'bot.db'}"
    for _ in range(2):
        with only_process(address):
            pass


def test_a_file_system_without_locks_is_a_clear_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("fcntl.flock", refuse)
    with pytest.raises(NoFileLocks, match=r"No locks available.*local disk"), held(tmp_path / "bot.db"):
        pass


def test_a_folder_that_cannot_be_written_to_is_a_clear_answer() -> None:
    with pytest.raises(NoFileLocks, match="user may write"), held(Path("/proc/nowhere/bot.db")):
        pass


def test_a_database_in_memory_needs_no_lock() -> None:
    with only_process("sqlite://"), only_process("sqlite://"):
        pass
