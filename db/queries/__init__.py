"""Queries, by table; each takes a session and always the guild."""
