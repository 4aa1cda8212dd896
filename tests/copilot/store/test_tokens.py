from pathlib import Path

from sqlalchemy import Engine

from copilot.store import Tokens


def test_a_token_says_whose_it_is(database: Engine) -> None:
    tokens = Tokens(database)
    token = tokens.create("reviewer", "acme")
    known = tokens.identify(token)
    assert known is not None
    assert (known.role, known.tenant) == ("reviewer", "acme")
    assert known.name == f"reviewer {known.token_id}"


def test_an_unknown_token_is_nobodys(database: Engine) -> None:
    assert Tokens(database).identify("rc_guess") is None


def test_the_token_itself_is_never_stored(database: Engine, tmp_path: Path) -> None:
    token = Tokens(database).create("agent")
    stored = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert token.encode() not in stored


def test_a_revoked_token_is_nobodys_and_the_others_stay_good(database: Engine) -> None:
    tokens = Tokens(database)
    good, bad = tokens.create("agent", "acme"), tokens.create("admin", "acme")
    known = tokens.identify(bad)
    assert known
    assert not tokens.revoke(known.token_id, "another business")
    assert tokens.revoke(known.token_id, "acme")
    assert tokens.identify(bad) is None
    assert tokens.identify(good)
    assert not tokens.revoke(known.token_id, "acme"), "revoked already"
    assert [token.revoked_at is None for token in tokens.issued("acme")] == [True, False]
    assert tokens.issued("another business") == []
