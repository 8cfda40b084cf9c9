"""Buttons that survive a restart: their state is in their custom id."""
