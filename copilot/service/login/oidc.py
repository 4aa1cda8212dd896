"""Logging in at an identity provider: OpenID Connect, authorisation code with PKCE, by Authlib.

The provider's signature, issuer, audience, expiry and nonce are checked by Authlib with joserfc; which algorithms may
sign is our own list. A person's role is the highest that one of their claims is given in `COPILOT_OIDC_ROLES`.
"""

import re
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response

from copilot.errors import AccessDenied, ConfigError
from copilot.service.login.pages import HOME, begin, own_path
from copilot.service.problems import ProviderFailed
from copilot.settings import Settings
from copilot.store import ROLES, Identity, Role

ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
_WELL_KNOWN = "/.well-known/openid-configuration"
_THEN = "then"

router = APIRouter(prefix="/login/oidc", tags=["login"], include_in_schema=False)


class Provider:
    """The identity provider of the settings.

    Raises:
        ConfigError: the extra `oidc` is not installed, or a setting is missing or wrong.
    """

    def __init__(self, settings: Settings) -> None:
        try:
            from authlib.integrations.starlette_client import OAuth  # noqa: PLC0415 - an extra
        except ImportError:
            raise ConfigError("COPILOT_OIDC_ISSUER needs the extra: pip install 'retention-copilot[oidc]'.") from None
        if not settings.oidc_client_id:
            raise ConfigError("COPILOT_OIDC_ISSUER is set and COPILOT_OIDC_CLIENT_ID is empty. Set both.")
        self._roles = _roles_of(settings.oidc_roles)
        self._claim, self._tenant = settings.oidc_role_claim, settings.tenant
        self._callback = f"{settings.public_url.rstrip('/')}/login/oidc/callback" if settings.public_url else ""
        self._client = OAuth().register(
            "provider",
            client_id=settings.oidc_client_id,
            client_secret=settings.oidc_client_secret.get_secret_value() or None,
            server_metadata_url=settings.oidc_issuer.rstrip("/") + _WELL_KNOWN,
            client_kwargs={"scope": settings.oidc_scope, "code_challenge_method": "S256"},
        )

    async def send(self, request: Request, then: str) -> Response:
        """The browser's way to the provider.

        Raises:
            ProviderFailed: it does not answer.
        """
        callback = self._callback or str(request.url_for("callback"))
        request.session[_THEN] = own_path(then)
        try:
            await self._metadata()
            response: Response = await self._client.authorize_redirect(request, callback)
        except Exception as error:
            raise ProviderFailed(f"The identity provider does not answer: {type(error).__name__}.") from error
        return response

    async def returned(self, request: Request) -> Identity:
        """Who came back.

        Raises:
            AccessDenied: the provider refused, something does not fit, or no claim of theirs gives a role.
        """
        try:
            await self._metadata()
            token = await self._client.authorize_access_token(request)
            claims: Mapping[str, Any] = token["userinfo"]
        except Exception as error:  # a wrong state, code, signature, nonce or time; its text holds what was sent
            raise AccessDenied(f"Logging in failed: {type(error).__name__}. Try again from /login.") from error
        role = self.role_of(claims)
        name = str(claims.get("email") or claims.get("preferred_username") or claims.get("sub") or "")[:200]
        if role is None or not name:
            raise AccessDenied(
                f"{name[:80]} has no role here. Ask for one: {self._claim} must be in COPILOT_OIDC_ROLES."
            )
        return Identity(role, self._tenant, person=name)

    def role_of(self, claims: Mapping[str, Any]) -> Role | None:
        """The highest role their claim gives; None when it gives none."""
        value = claims.get(self._claim)
        values = [value] if isinstance(value, str) else [str(each) for each in value] if isinstance(value, list) else []
        given = [self._roles[each] for each in values if each in self._roles]
        return max(given, key=ROLES.index, default=None)

    async def _metadata(self) -> None:
        """The provider's own description, with the algorithms it names kept to ours."""
        known = await self._client.load_server_metadata()
        named = known.get("id_token_signing_alg_values_supported") or ["RS256"]
        self._client.server_metadata["id_token_signing_alg_values_supported"] = [
            each for each in named if each in ALGORITHMS
        ] or list(ALGORITHMS)


def _roles_of(text: str) -> dict[str, Role]:
    found: dict[str, Role] = {}
    for each in text.split():
        value, is_there, name = each.rpartition("=")
        role = next((one for one in ROLES if one == name), None)
        if not is_there or role is None or not re.fullmatch(r"\S+", value):
            raise ConfigError(f"COPILOT_OIDC_ROLES has {each[:60]!r}; allowed is VALUE=ROLE, e.g. care-qa=reviewer.")
        found[value] = role
    if not found:
        raise ConfigError("COPILOT_OIDC_ROLES is empty: nobody could log in. Write e.g. care-qa=reviewer.")
    return found


@router.get("")
async def send(request: Request, then: str = HOME) -> Response:
    """Send the browser to the identity provider."""
    return await _provider(request).send(request, then)


@router.get("/callback", name="callback")
async def callback(request: Request) -> Response:
    """Take back who the provider says it is."""
    then = request.session.pop(_THEN, HOME)
    identity = await _provider(request).returned(request)
    return await begin(request, identity, then)


def _provider(request: Request) -> Provider:
    provider: Provider | None = request.app.state.hall.oidc
    if provider is None:
        raise AccessDenied("No identity provider is set up here. Open /login.")
    return provider
