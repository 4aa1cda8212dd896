from pathlib import Path

import pytest

from copilot.errors import ConfigError
from copilot.settings import load_settings


def test_a_secret_that_is_wrong_is_named_and_not_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "copilot.toml"
    file.write_text("feed_secret = 48213377\n")
    monkeypatch.setenv("COPILOT_CONFIG", str(file))
    with pytest.raises(ConfigError, match="COPILOT_FEED_SECRET") as refused:
        load_settings()
    assert "48213377" not in str(refused.value)


def test_secrets_do_not_stand_in_the_printed_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPILOT_FEED_TWILIO_AUTH_TOKEN", "48213377")
    assert "48213377" not in repr(load_settings())


def test_the_public_address_is_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPILOT_PUBLIC_URL", "copilot.example.com")
    with pytest.raises(ConfigError, match="COPILOT_PUBLIC_URL"):
        load_settings()
