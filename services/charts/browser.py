"""One warm browser that draws figures, and everything that belongs to it: processes, and a folder for its profile."""

import asyncio
import contextlib
import gc
import importlib
import importlib.util
import logging
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final, TextIO

from services.charts.theme import SCALE, Figure

NAMES: Final = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_OTHER_PLACES: Final = ("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",)
FOLDER_PREFIX: Final = "greenlight-charts-"
_LOCK: Final = "in-use"
# A port where nothing listens: charts need no network, and the browser shall not look for updates or anything else.
_NO_NETWORK: Final = "http://127.0.0.1:9"
_SECONDS_TO_DIE: Final = 3
NICENESS: Final = 10
"""How much less of the processors the browser gets than the bot, where both want them; see nice(1)."""


def find_browser() -> str | None:
    """Return the browser's path: what BROWSER_PATH names, or else the first of `NAMES` on the PATH."""
    named = os.environ.get("BROWSER_PATH")
    if named:
        return named if Path(named).is_file() and os.access(named, os.X_OK) else None
    found = (shutil.which(name) for name in (*NAMES, *_OTHER_PLACES))
    return next((path for path in found if path), None)


def why_no_browser() -> str:
    """Say what to do when `find_browser` found nothing."""
    named = os.environ.get("BROWSER_PATH")
    if named:
        return f"BROWSER_PATH names {named}, which is no program"
    return "no browser found; install chromium-headless-shell or chromium, or name one in BROWSER_PATH"


def plotly_js() -> Path:
    """Return the file of plotly.js that comes with plotly, without importing plotly."""
    spec = importlib.util.find_spec("plotly")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("plotly")
    return Path(spec.submodule_search_locations[0]) / "package_data" / "plotly.min.js"


def may_use_sandbox() -> bool:
    """Tell whether Chromium's sandbox can work at all: it refuses to for root."""
    return hasattr(os, "geteuid") and os.geteuid() != 0


def load_kaleido() -> Any:
    """Import Kaleido, and plotly with it; only the first time takes long."""
    if "kaleido" not in sys.modules:
        # An import leaves so much behind that the collector looks through all objects of the program, and everything stands
        # still meanwhile: 250 ms and more. What has been imported stays anyway, so it need not be looked through ever again.
        was_enabled = gc.isenabled()
        gc.disable()
        try:
            importlib.import_module("kaleido")
            gc.freeze()
        finally:
            if was_enabled:
                gc.enable()
    return importlib.import_module("kaleido")


class Browser:
    """A browser with the page that draws. To be used in one thread and event loop; loading Kaleido takes a while."""

    def __init__(self, path: str, *, has_sandbox: bool) -> None:
        """Start nothing yet."""
        self.path = path
        self.has_sandbox = has_sandbox
        self.drawn = 0
        # Kaleido publishes no types.
        self._kaleido: Any = None
        self._folder: Path | None = None
        self._lock: TextIO | None = None

    async def start(self) -> None:
        """Start the processes and load the page. Raises whatever Kaleido raises; `stop` tidies up then too."""
        for name in ("kaleido", "choreographer", "browser_proc"):
            # What goes wrong is raised, and said by us.
            logging.getLogger(name).setLevel(logging.CRITICAL)
        kaleido = load_kaleido()
        remove_left_folders()
        self._folder, self._lock = _make_folder()
        page = self._folder / "index.html"
        page.write_text(kaleido.PageGenerator(plotly=plotly_js().as_uri(), mathjax=False).generate_index(), "utf-8")
        self._kaleido = kaleido.Kaleido(
            page_generator=page,
            path=self.path,
            timeout=None,
            enable_sandbox=self.has_sandbox,
            tmp_dir=str(self._folder),
            proxy_server=_NO_NETWORK,
        )
        opening = asyncio.ensure_future(self._kaleido.open())
        while not opening.done() and not _give_way(self._process()):  # noqa: ASYNC110 - Kaleido tells nobody when it has one
            await asyncio.sleep(0.005)
        await opening
        for tab in self._kaleido.tabs.values():
            # When only the page's process dies (a system short of memory kills it first), Kaleido would wait for ever.
            tab.subscribe("Inspector.targetCrashed", self._page_died)
            await tab.send_command("Inspector.enable")

    async def _page_died(self, _: object) -> None:
        process = self._process()
        if process is not None:
            _kill_group(process)

    @property
    def is_alive(self) -> bool:
        """Tell whether the processes run."""
        process = self._process()
        return process is not None and process.poll() is None

    async def draw(self, figure: Figure) -> bytes:
        """Return a PNG. Raises whatever Kaleido raises, and is cancelled when the browser dies."""
        layout = figure["layout"]
        size = {"format": "png", "width": layout["width"], "height": layout["height"], "scale": SCALE}
        picture: bytes = await self._kaleido.calc_fig(figure, opts=size)
        self.drawn += 1
        return picture

    async def stop(self) -> None:
        """End every process and remove the folder, whatever state the browser is in."""
        process = self._process()
        if process is not None:
            # Kaleido's own farewell waits for an answer, for ever when the browser hangs. There is nothing to save, so it is
            # killed first; the whole group, because the wrapper that Kaleido starts may be gone already. Waiting blocks this
            # thread on purpose: Kaleido would begin to tidy up by itself meanwhile, and `close` below would not wait for that.
            _kill_group(process)
        if self._kaleido is not None:
            # A thread of its reads from the pipe to the browser, whose other end Kaleido holds open too: two seconds of waiting.
            channel = getattr(self._kaleido, "_channel", None)
            if channel is not None:
                channel.close()
            closing = asyncio.ensure_future(self._kaleido.close())
            await asyncio.wait({closing}, timeout=_SECONDS_TO_DIE)
            if not closing.done():
                closing.cancel()
            elif not closing.cancelled():
                closing.exception()
            self._kaleido = None
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
        if self._lock is not None:
            self._lock.close()

    def _process(self) -> "subprocess.Popen[bytes] | None":
        return getattr(self._kaleido, "subprocess", None)


def _give_way(process: "subprocess.Popen[bytes] | None") -> bool:
    """Let the browser have the time that nobody else needs: otherwise it takes all processors from the event loop for a while.

    Returns whether there is a process yet. It is a small wrapper at first, and the browser inherits what is set here.
    """
    if process is None:
        return False
    if sys.platform != "win32":
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PGRP, process.pid, NICENESS)
            if os.getsid(process.pid) == process.pid:
                # Linux shares processors between sessions first (sched(7), autogroup): within its own one the browser is alone.
                Path(f"/proc/{process.pid}/autogroup").write_text(str(NICENESS), "ascii")
    return True


def _kill_group(process: "subprocess.Popen[bytes]") -> None:
    if sys.platform == "win32":
        process.kill()
    else:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(_SECONDS_TO_DIE)


def _make_folder() -> tuple[Path, TextIO]:
    folder = Path(tempfile.mkdtemp(prefix=FOLDER_PREFIX))
    lock = (folder / _LOCK).open("w")
    if sys.platform != "win32":
        import fcntl

        fcntl.flock(lock, fcntl.LOCK_EX)
    return folder, lock


def remove_left_folders() -> None:
    """Remove folders of bots that were killed: nobody holds their locks any more."""
    if sys.platform == "win32":
        return
    import fcntl

    for folder in Path(tempfile.gettempdir()).glob(f"{FOLDER_PREFIX}*"):
        with contextlib.suppress(OSError), (folder / _LOCK).open("r+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
