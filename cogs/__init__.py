"""Slash commands and listeners, by area."""
