"""What is said when a config file is wrong."""

from pathlib import Path

from config.paths import ROOT


class ConfigError(Exception):
    """A config cannot be used; the message names the file, the key and the reason. The bot does not start with it."""

    def __init__(self, path: Path, key: str, reason: str) -> None:
        shown = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
        super().__init__(f"{shown}: {key}: {reason}" if key else f"{shown}: {reason}")
        self.path = path
        self.key = key
        self.reason = reason
