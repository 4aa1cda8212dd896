"""What is shown once, tokens and cookies, is kept as its hash: who reads the database cannot use it."""

import hashlib


def hash_of(shown: str) -> str:
    """SHA-256 in hexadecimal; enough without salt, since what is shown is 256 random bits."""
    return hashlib.sha256(shown.encode()).hexdigest()
