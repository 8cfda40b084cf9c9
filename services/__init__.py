"""Wrappers around the outside systems, one for each."""
