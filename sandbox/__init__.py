"""Servers of our own on loopback that stand in for the outside world."""
