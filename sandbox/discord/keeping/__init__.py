"""Keeping the state of a sandbox's Discord in a folder, from one run to the next."""

from .keeper import CannotLoad, Keeper

__all__ = ["CannotLoad", "Keeper"]
