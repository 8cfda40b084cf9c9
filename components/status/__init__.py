"""The answer of `/status`."""
