"""Loaders of the JSON configs, the texts and the settings from the environment."""
