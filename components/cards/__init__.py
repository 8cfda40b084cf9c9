"""Embeds, rendered from views."""
