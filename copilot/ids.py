"""Ids made of what they name, in letters alone: no masking of numbers takes one for an account."""

import hashlib

_LETTERS = str.maketrans("0123456789", "ghijklmnop")


def id_of(*parts: str) -> str:
    """Twenty letters, the same for the same parts."""
    digest = hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
    return digest[:20].translate(_LETTERS)
