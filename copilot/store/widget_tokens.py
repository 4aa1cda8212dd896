"""Tokens of widgets: for one agent, one call and a short time; a host's server has them made. Kept as hashes."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import Engine, delete, insert, select

from copilot.store.shown_once import hash_of
from copilot.store.tokens import ID_LENGTH, Identity
from copilot.store.widget_token_tables import widget_tokens

WIDGET_PREFIX = "rcw_"
KEPT_AFTER_END = timedelta(days=1)  # for whoever asks why a widget was refused


class WidgetTokens:
    """Makes and recognises tokens of widgets."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reader = engine.execution_options(read_only=True)

    def mint(
        self, *, tenant: str, agent: str, call_id: str, minted_by: str, now: datetime, lifetime: timedelta
    ) -> tuple[str, datetime]:
        """A new token of 256 random bits and when it ends; only its SHA-256 is stored. Old ones are cleared away."""
        token, expires_at = f"{WIDGET_PREFIX}{secrets.token_urlsafe(32)}", now + lifetime
        row = {
            "token_hash": hash_of(token),
            "tenant": tenant,
            "agent": agent,
            "call_id": call_id,
            "minted_by": minted_by,
            "created_at": now,
            "expires_at": expires_at,
        }
        with self._engine.begin() as connection:
            connection.execute(delete(widget_tokens).where(widget_tokens.c.expires_at < now - KEPT_AFTER_END))
            connection.execute(insert(widget_tokens).values(row))
        return token, expires_at

    def identify(self, token: str) -> Identity | None:
        """Who works with this token, and until when (also when that is over); None when it is unknown."""
        table = widget_tokens.c
        query = select(table.tenant, table.agent, table.call_id, table.expires_at).where(
            table.token_hash == hash_of(token)
        )
        with self._reader.connect() as connection:
            row = connection.execute(query).first()
        if row is None:
            return None
        return Identity(
            "agent",
            row.tenant,
            token_id=hash_of(token)[:ID_LENGTH],
            person=row.agent,
            call_id=row.call_id,
            expires_at=row.expires_at,
        )
