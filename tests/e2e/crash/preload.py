"""Everything that a process of the bot needs, imported and read once: the processes are forked from one that has done it."""

import importlib
import pkgutil

import components
import facades
from cogs import EXTENSIONS
from config.definitions import definitions
from config.texts import catalogue
from db import migrate
from tests.e2e.crash import child

# Not the cogs: discord.py runs their modules anew in each process. What they need takes most of the time.
for package in (components, facades):
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        importlib.import_module(found.name)
definitions()
catalogue()
migrate.head()
__all__ = ["EXTENSIONS", "child"]
