"""The sandbox guild in a browser: a server on loopback and the page it serves."""

from .backlog import metrics_of
from .controls import BotControl, BotTrouble
from .server import USUAL_PORT, PageServer

__all__ = ["USUAL_PORT", "BotControl", "BotTrouble", "PageServer", "metrics_of"]
