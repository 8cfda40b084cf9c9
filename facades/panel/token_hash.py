"""The tokens of the Control Panel API: how they are made, and the hash by which they are known."""

import hashlib
import hmac
import secrets

PREFIX = "glp_"
"""By this, people and programs that look for leaked secrets know what they see."""
LONGEST_TOKEN = 512


def new_token() -> str:
    """Make a token of 256 random bits."""
    return PREFIX + secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """Return the SHA-256 hash of a token; with so many random bits nothing slower is needed."""
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()


def is_hash_of(token_hash: str, known_hash: str) -> bool:
    """Compare two hashes in a time that tells nothing about them."""
    return hmac.compare_digest(token_hash, known_hash)
