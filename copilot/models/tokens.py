"""How many tokens a text has: counted with tiktoken's own ranks where they are at hand, else estimated.

tiktoken downloads its ranks at first use, without a timeout; so it is used only when the o200k file already lies in
`DATA_DIR/tiktoken/` and is the right one. The estimate is a third of the ASCII characters plus one for each other
character, rounded up: English prose has about 4.5 characters a token and figures up to 3, so it says too many rather
than too few. Other model families count differently; budgets leave room for that.
"""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import Protocol

O200K_FILE = "fb374d419588a4632f3f557e76b4b70aebbca790"  # SHA-1 of its address, which is how tiktoken names it
O200K_SHA256 = "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d"
ASCII_CHARACTERS_PER_TOKEN = 3

Encode = Callable[[str], list[int]]
_environment = Lock()


class TokenCounter(Protocol):
    """Counts the tokens of a text; `name` says how."""

    @property
    def name(self) -> str:
        """How it counts, for reports."""
        ...

    def count(self, text: str) -> int:
        """Tokens, 0 for an empty text."""
        ...


class Estimate:
    """From characters; never asks anybody."""

    name = "estimate from characters"

    def count(self, text: str) -> int:
        """A third of the ASCII characters and one for each other, rounded up."""
        others = 0 if text.isascii() else sum(not character.isascii() for character in text)
        return -(-(len(text) - others) // ASCII_CHARACTERS_PER_TOKEN) + others


class Ranks:
    """With tiktoken's o200k ranks; loaded at the first count (0.3 s)."""

    name = "tiktoken o200k"

    def __init__(self, load: Callable[[], Encode]) -> None:
        self._load = load
        self._encode: Encode | None = None

    def count(self, text: str) -> int:
        """Exactly what o200k makes of the text."""
        if self._encode is None:
            self._encode = self._load()
        return len(self._encode(text))


def token_counter(data_dir: Path, *, sha256: str = O200K_SHA256) -> TokenCounter:
    """The exact counter when the file of ranks is in the data folder and is the right one, else the estimate."""
    folder = data_dir / "tiktoken"
    try:
        found = hashlib.sha256((folder / O200K_FILE).read_bytes()).hexdigest()
    except OSError:
        return Estimate()
    return Ranks(lambda: _load(folder)) if found == sha256 else Estimate()


def _load(folder: Path) -> Encode:
    """The encoder; its folder is named by an environment variable only, which is put back afterwards."""
    import tiktoken  # noqa: PLC0415 - only when a model is really used

    with _environment:
        before = os.environ.get("TIKTOKEN_CACHE_DIR")
        os.environ["TIKTOKEN_CACHE_DIR"] = str(folder.absolute())
        try:
            encoding = tiktoken.get_encoding("o200k_base")
        finally:
            if before is None:
                del os.environ["TIKTOKEN_CACHE_DIR"]
            else:
                os.environ["TIKTOKEN_CACHE_DIR"] = before
    return lambda text: encoding.encode(text, disallowed_special=())
