"""Secrets that we give out: random, shown once, kept as their SHA-256."""

import hashlib

from flowyard.foundation.ids import new_secret

KEY_PREFIX = "fy"
PREFIX_LENGTH = 10


def new_key() -> str:
    """Return a new API key, ``fy_`` and 43 characters (256 random bits)."""
    return new_secret(KEY_PREFIX)


def secret_hash(secret: str) -> str:
    """Return the SHA-256 of a secret as 64 hex digits. A random 256-bit secret needs neither salt nor stretching."""
    return hashlib.sha256(secret.encode()).hexdigest()
