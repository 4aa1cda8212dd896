"""`copilot token create`, `copilot token list`, `copilot token revoke`."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from copilot.commands.printing import AsJson, print_json, say
from copilot.errors import BadInput

if TYPE_CHECKING:
    from copilot.store import Tokens

token_app = typer.Typer(help="Bearer tokens for the service.", no_args_is_help=True)

Tenant = Annotated[str | None, typer.Option(help="The business the token is bound to.")]


@token_app.command()
def create(
    role: Annotated[str, typer.Option(help="agent, reviewer, supervisor or admin.")],
    tenant: Tenant = None,
    name: Annotated[str, typer.Option(help="The person it is for; all tokens of one name count as one person.")] = "",
    as_json: AsJson = False,
) -> None:
    """Create a token; it is printed once, and only its hash is kept."""
    from copilot.store import ROLES

    known = next((one for one in ROLES if one == role), None)
    if known is None:
        raise BadInput(f"--role {role!r} is not a role; there are: {', '.join(ROLES)}.")
    tokens, owner = _tokens_of(tenant)
    token = tokens.create(known, owner, person=name)
    if as_json:
        print_json({"token": token, "role": known, "tenant": owner, "name": name})
    else:
        typer.echo(token)


@token_app.command(name="list")
def list_tokens(tenant: Tenant = None, as_json: AsJson = False) -> None:
    """List the tokens that were made: id, role, when, and since when revoked."""
    tokens, owner = _tokens_of(tenant)
    for token in tokens.issued(owner):
        if as_json:
            print_json(asdict(token))
        else:
            ended = f", revoked {token.revoked_at:%Y-%m-%d %H:%M}" if token.revoked_at else ""
            whose = f" of {token.person}" if token.person else ""
            typer.echo(f"{token.token_id}  {token.role}{whose}, made {token.created_at:%Y-%m-%d %H:%M}{ended}")


@token_app.command()
def revoke(
    token_id: Annotated[str, typer.Argument(help="The id that `copilot token list` shows.")],
    tenant: Tenant = None,
    as_json: AsJson = False,
) -> None:
    """Revoke a token; a running service refuses it within half a minute."""
    tokens, owner = _tokens_of(tenant)
    known = [token.token_id for token in tokens.issued(owner) if token.revoked_at is None]
    if token_id not in known:
        raise BadInput(f"{token_id!r} is not a token in use of {owner!r}; there are: {', '.join(known) or 'none'}.")
    tokens.revoke(token_id, owner)
    if as_json:
        print_json({"token_id": token_id, "revoked": True})
    else:
        say(f"Revoked {token_id}.")


def _tokens_of(tenant: str | None) -> "tuple[Tokens, str]":
    from copilot.settings import load_settings
    from copilot.store import Tokens, open_database

    settings = load_settings(**({"tenant": tenant} if tenant else {}))
    return Tokens(open_database(settings.database)), settings.tenant
