"""People who are logged in at a browser: a cookie of random bits, kept as its hash, for a working day."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, delete, insert, select

from copilot.store.login_tables import logins
from copilot.store.shown_once import hash_of
from copilot.store.tokens import Identity

LASTS = timedelta(hours=12)


@dataclass(frozen=True)
class Login:
    """Who is logged in; `form_token` goes with every change, so that no foreign page can make one."""

    identity: Identity
    form_token: str
    expires_at: datetime


class Logins:
    """Who is logged in, of all tenants."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reader = engine.execution_options(read_only=True)

    def begin(self, identity: Identity, *, now: datetime) -> tuple[str, Login]:
        """Log somebody in: the cookie's value, shown once, and the login. What is over is forgotten."""
        cookie, login = secrets.token_urlsafe(32), Login(identity, secrets.token_urlsafe(24), now + LASTS)
        row = {
            "session_hash": hash_of(cookie),
            "tenant": identity.tenant,
            "person": identity.name,
            "role": identity.role,
            "form_token": login.form_token,
            "created_at": now,
            "expires_at": login.expires_at,
        }
        with self._engine.begin() as connection:
            connection.execute(delete(logins).where(logins.c.expires_at <= now))
            connection.execute(insert(logins).values(row))
        return cookie, login

    def find(self, cookie: str, *, now: datetime) -> Login | None:
        """Whose cookie this is; None when it is unknown or over."""
        columns = logins.c.role, logins.c.tenant, logins.c.person, logins.c.form_token, logins.c.expires_at
        query = select(*columns).where(logins.c.session_hash == hash_of(cookie), logins.c.expires_at > now)
        with self._reader.connect() as connection:
            row = connection.execute(query).first()
        return Login(Identity(row[0], row[1], person=row[2]), row[3], row[4]) if row else None

    def end(self, cookie: str) -> None:
        """Log out."""
        with self._engine.begin() as connection:
            connection.execute(delete(logins).where(logins.c.session_hash == hash_of(cookie)))

    def end_all(self, person: str, tenant: str) -> None:
        """Log a person out everywhere, as when their password is changed."""
        with self._engine.begin() as connection:
            connection.execute(delete(logins).where(logins.c.person == person, logins.c.tenant == tenant))
