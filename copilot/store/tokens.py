"""Bearer tokens: shown once, kept as hashes."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, get_args

from sqlalchemy import Engine, insert, select, update

from copilot.store.shown_once import hash_of
from copilot.store.tables import tokens

Role = Literal["agent", "reviewer", "supervisor", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)
ID_LENGTH = 8


@dataclass(frozen=True)
class Identity:
    """Who calls: their role, and the tenant their token is bound to.

    The token of a widget is bound to more: the name of an agent, one call, and a time at which it ends.
    """

    role: Role
    tenant: str
    token_id: str = ""
    person: str = ""
    call_id: str = ""
    expires_at: datetime | None = None

    def is_over(self, now: datetime) -> bool:
        """Whether the time this token was good for is over."""
        return self.expires_at is not None and self.expires_at <= now

    @property
    def name(self) -> str:
        """How an audit names them: the person the token was made for, else the role and which of its tokens."""
        return self.person or f"{self.role} {self.token_id}".strip()


@dataclass(frozen=True)
class IssuedToken:
    """A token that was made, without the token."""

    token_id: str
    role: Role
    tenant: str
    created_at: datetime
    revoked_at: datetime | None
    person: str = ""


class Tokens:
    """Issues and recognises tokens."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reader = engine.execution_options(read_only=True)

    def create(self, role: Role, tenant: str = "default", *, person: str = "") -> str:
        """A new token of 256 random bits; only its SHA-256 is stored.

        All tokens of one `person` count as one where two people must agree.
        """
        token = f"rc_{secrets.token_urlsafe(32)}"
        row = {"token_hash": hash_of(token), "tenant": tenant, "role": role, "created_at": datetime.now(UTC)}
        row["person"] = " ".join(person.split())
        with self._engine.begin() as connection:
            connection.execute(insert(tokens).values(row))
        return token

    def identify(self, token: str) -> Identity | None:
        """Whose token this is; None when it is unknown or revoked."""
        query = select(tokens.c.role, tokens.c.tenant, tokens.c.person).where(
            tokens.c.token_hash == hash_of(token), tokens.c.revoked_at.is_(None)
        )
        with self._reader.connect() as connection:
            row = connection.execute(query).first()
        return Identity(row.role, row.tenant, hash_of(token)[:ID_LENGTH], row.person) if row else None

    def issued(self, tenant: str) -> list[IssuedToken]:
        """Every token made for a tenant, oldest first."""
        columns = (tokens.c.role, tokens.c.tenant, tokens.c.created_at, tokens.c.revoked_at, tokens.c.person)
        query = select(tokens.c.token_hash, *columns).where(tokens.c.tenant == tenant).order_by(tokens.c.created_at)
        with self._reader.connect() as connection:
            return [IssuedToken(row[0][:ID_LENGTH], *row[1:]) for row in connection.execute(query)]

    def revoke(self, token_id: str, tenant: str) -> bool:
        """Make a token worthless; False when the tenant has none of that id that is still good."""
        mine = tokens.c.token_hash.startswith(token_id, autoescape=True) & (tokens.c.tenant == tenant)
        change = update(tokens).where(mine, tokens.c.revoked_at.is_(None)).values(revoked_at=datetime.now(UTC))
        with self._engine.begin() as connection:
            return connection.execute(change).rowcount > 0
