"""Actions on what a guild has set: setup, permissions, languages, routes, parameters, texts."""
