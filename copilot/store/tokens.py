"""Bearer tokens: shown once, kept as hashes."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, get_args

from sqlalchemy import Engine, insert, select

from copilot.store.tables import tokens

Role = Literal["agent", "reviewer", "supervisor", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)


@dataclass(frozen=True)
class Identity:
    """Who calls: their role, and the tenant their token is bound to."""

    role: Role
    tenant: str
    token_id: str = ""

    @property
    def name(self) -> str:
        """How an audit names them: the role, and which of its tokens."""
        return f"{self.role} {self.token_id}".strip()


class Tokens:
    """Issues and recognises tokens."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reader = engine.execution_options(read_only=True)

    def create(self, role: Role, tenant: str = "default") -> str:
        """A new token of 256 random bits; only its SHA-256 is stored."""
        token = f"rc_{secrets.token_urlsafe(32)}"
        row = {"token_hash": _hash(token), "tenant": tenant, "role": role, "created_at": datetime.now(UTC)}
        with self._engine.begin() as connection:
            connection.execute(insert(tokens).values(row))
        return token

    def identify(self, token: str) -> Identity | None:
        """Whose token this is; None when it is unknown or revoked."""
        query = select(tokens.c.role, tokens.c.tenant).where(
            tokens.c.token_hash == _hash(token), tokens.c.revoked_at.is_(None)
        )
        with self._reader.connect() as connection:
            row = connection.execute(query).first()
        return Identity(*row, token_id=_hash(token)[:8]) if row else None


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
