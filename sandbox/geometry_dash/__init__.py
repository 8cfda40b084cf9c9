"""A Geometry Dash server of our own on loopback, for development and tests."""

from sandbox.geometry_dash.levels import Creator, Difficulty, Epic, Length, Level, Song
from sandbox.geometry_dash.server import Call, SandboxGeometryDash

__all__ = ["Call", "Creator", "Difficulty", "Epic", "Length", "Level", "SandboxGeometryDash", "Song"]
