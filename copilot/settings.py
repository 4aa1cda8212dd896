"""The settings, read once: `COPILOT_*` environment variables over a TOML file named by `COPILOT_CONFIG`."""

import os
from decimal import Decimal
from pathlib import Path

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from copilot.errors import ConfigError

DEMO_PACK = "demo"


class Settings(BaseSettings):
    """Everything the operator may choose; every field has a default that needs no key and no network."""

    model_config = SettingsConfigDict(env_prefix="COPILOT_", extra="ignore", frozen=True)

    pack: str = Field(default=DEMO_PACK, description="a folder, or `demo` for the pack that comes with the product")
    data_dir: Path = Field(default=Path(".copilot"), description="database, vectors and built files")
    database_url: str = Field(default="", description="SQLAlchemy URL; empty: SQLite in data_dir")
    chroma_url: str = Field(default="", description="http://host:port of a Chroma server; empty: embedded in data_dir")
    embedder: str = Field(
        default="minilm", pattern=r"^(minilm|none|openai:.+)$", description="minilm, none, openai:NAME"
    )
    model: str = Field(
        default="none", pattern=r"^[a-z][a-z0-9_]*(:.+)?$", description="none, or openai:NAME (any compatible server)"
    )
    model_concurrency: int = Field(default=4, ge=1, le=1000, description="calls of the language model at once")
    prompts: str = Field(
        default="",
        pattern=r"^\s*([a-z][a-z0-9_]*=[0-9]+\s*)*$",
        description="versions of prompts, as in `answer=1 note_wording=2`; else the newest of each",
    )
    model_input_usd_per_million_tokens: Decimal | None = Field(
        default=None, ge=0, description="price of what is sent; without both prices no cost is reported"
    )
    model_output_usd_per_million_tokens: Decimal | None = Field(
        default=None, ge=0, description="price of what is answered"
    )
    tenant: str = Field(
        default="default", pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$", description="whose data the commands work on"
    )
    host: str = Field(default="127.0.0.1", description="address the service listens on")
    port: int = Field(default=8000, ge=0, le=65535, description="port the service listens on")
    max_body_bytes: int = Field(default=4_000_000, gt=0, description="largest HTTP body accepted")
    frame_ancestors: str = Field(
        default="",
        pattern=r"^\s*(https?://(\*\.)?[A-Za-z0-9.-]+(:\d+)?(\s+|$))*$",
        description="origins whose pages may frame the widget and call the API from it, with spaces between",
    )
    public_url: str = Field(
        default="", pattern=r"^(https?://[^\s?#]+)?$", description="where others reach the service; Twilio signs it"
    )
    feed_secret: SecretStr = Field(
        default=SecretStr(""), description="signs feeds that come through a forwarder; several with spaces between"
    )
    feed_twilio_auth_token: SecretStr = Field(default=SecretStr(""), description="of the Twilio account")
    feed_twilio_shared_key: SecretStr = Field(
        default=SecretStr(""), description="where Twilio signs webhooks with a shared key (HMAC_SHA256)"
    )
    feed_twilio_agent_track: str = Field(
        default="", pattern=r"^(inbound_track|outbound_track)?$", description="the agent's track; empty: unknown"
    )
    feed_genesys_agent_channel: str = Field(
        default="", pattern=r"^(INTERNAL|EXTERNAL)?$", description="the agent's channel; empty: unknown"
    )
    transcribe_model: str = Field(default="", description="speech model of `copilot transcribe`; no default")
    transcribe_timeout_s: float = Field(default=600, gt=0, le=7200, description="longest wait for one transcription")
    reply_webhook_url: str = Field(
        default="", pattern=r"^(https?://\S+)?$", description="approved replies go there by adapter `webhook`"
    )
    reply_webhook_secret: SecretStr = Field(default=SecretStr(""), description="signs them (Standard Webhooks)")
    google_business_token: SecretStr = Field(default=SecretStr(""), description="bearer token; replies to its reviews")
    google_play_token: SecretStr = Field(default=SecretStr(""), description="bearer token; replies to its reviews")
    google_play_package: str = Field(default="", pattern=r"^[\w.]*$", description="the app, e.g. com.example.app")
    app_store_token: SecretStr = Field(default=SecretStr(""), description="bearer token; replies to its reviews")
    smtp_host: str = Field(default="", description="mail server for approved replies by adapter `smtp`")
    smtp_port: int = Field(default=587, ge=1, le=65535, description="its port")
    smtp_sender: str = Field(default="", description="address replies come from")
    smtp_user: str = Field(default="", description="log-in; empty: none")
    smtp_password: SecretStr = Field(default=SecretStr(""), description="log-in")
    smtp_starttls: bool = Field(default=True, description="encrypt before anything is said")
    oidc_issuer: str = Field(
        default="",
        pattern=r"^(https?://[^\s?#]+)?$",
        description="identity provider of the consoles; empty: the user file",
    )
    oidc_client_id: str = Field(default="", description="as the provider knows us")
    oidc_client_secret: SecretStr = Field(default=SecretStr(""), description="empty: a public client (PKCE alone)")
    oidc_scope: str = Field(default="openid email profile", description="what the provider is asked for")
    oidc_role_claim: str = Field(default="roles", description="the claim that gives a role")
    oidc_roles: str = Field(
        default="", description="its values and our roles, as in `care-qa=reviewer care-leads=supervisor`"
    )
    session_secret: SecretStr = Field(
        default=SecretStr(""), description="signs a log-in under way; the same for all workers, random if empty"
    )
    requests_per_minute: int = Field(
        default=60_000,
        ge=0,
        le=10_000_000,
        description="of one token or person, bursts included; 0: as many as they like",
    )
    card_min_score: float = Field(default=0.3, ge=0, le=1, description="passages below this confidence are not shown")
    offers_explore: bool = Field(
        default=False, description="try eligible offers as often as each may be the best (Thompson sampling)"
    )
    connect: str = Field(
        default="", description="YAML file naming the CRM, helpdesk and billing systems; empty: files in data_dir"
    )

    @property
    def database(self) -> str:
        """The database URL in force."""
        return self.database_url or f"sqlite:///{(self.data_dir / 'copilot.db').absolute()}"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments win over the environment, the environment over the file."""
        file = os.environ.get("COPILOT_CONFIG")
        from_file = (TomlConfigSettingsSource(settings_cls, toml_file=file),) if file else ()
        return (init_settings, env_settings, *from_file)


def load_settings(**overrides: object) -> Settings:
    """Read the settings.

    Raises:
        ConfigError: a value is not allowed or the file cannot be read; the message names the variable.
    """
    config_file = os.environ.get("COPILOT_CONFIG")
    if config_file and not Path(config_file).is_file():
        raise ConfigError(f"COPILOT_CONFIG names {config_file!r}, which is not a file. Correct the path or unset it.")
    try:
        return Settings(**overrides)  # type: ignore[arg-type]  # pydantic checks the values
    except ValidationError as error:
        first = error.errors()[0]
        variable = "COPILOT_" + str(first["loc"][0]).upper()
        field = Settings.model_fields.get(str(first["loc"][0]))
        value = "not text" if field is not None and field.annotation is SecretStr else repr(first["input"])
        raise ConfigError(f"{variable} is {value}: {first['msg']}. Correct it and start again.") from error
    except ValueError as error:  # a TOML file that does not parse
        raise ConfigError(f"COPILOT_CONFIG {config_file!r} cannot be read: {error}. Correct the file.") from error
