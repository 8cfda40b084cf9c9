"""The demo: the real bot in a guild of the sandbox, played by six people."""

from .main import run_demo

__all__ = ["run_demo"]
