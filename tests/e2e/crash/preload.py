"""Everything that a process of the bot needs, imported and read once: the processes are forked from one that has done it."""

from cogs import EXTENSIONS
from config.definitions import definitions
from config.texts import catalogue
from db import migrate
from tests.e2e.crash import child

definitions()
catalogue()
migrate.head()
__all__ = ["EXTENSIONS", "child"]
