"""The bot in a process of its own, one of several on a PostgreSQL database, with leases that run out sooner."""

import os
import threading
from collections.abc import Mapping

import main
from bot import Greenlight
from config.settings import Settings
from db.leases import Periods
from facades.operations import hold_shards
from tests.e2e.crash.child import _end_with_the_test  # pyright: ignore[reportPrivateUsage]

QUICK = Periods(renew=0.3, fresh=2.5, lapsed=3.5, grace=1.0, identify=0.02)


def run_bot(environment: Mapping[str, str], output: str) -> None:
    """Run the bot until it ends; what it writes goes to a file."""
    threading.Thread(target=_end_with_the_test, daemon=True).start()
    descriptor = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
    os.environ.update(environment)
    Settings.model_config["env_file"] = None
    hold_shards.PERIODS = QUICK
    # The sandbox sends all guilds at once.
    assert Greenlight.__init__.__kwdefaults__ is not None
    Greenlight.__init__.__kwdefaults__["guild_ready_timeout"] = 0.02
    main.main([])
