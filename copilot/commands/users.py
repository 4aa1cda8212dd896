"""`copilot user`: who may log in at a browser with the user file."""

from typing import TYPE_CHECKING, Annotated

import typer

from copilot.commands.printing import AsJson, print_json, say

if TYPE_CHECKING:
    from copilot.settings import Settings
    from copilot.users import UserFile

app = typer.Typer(help="People who log in at a browser.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="The person.")]
Tenant = Annotated[str | None, typer.Option(help="The business they work for.")]


@app.command()
def add(
    name: Name,
    role: Annotated[str, typer.Option(help="agent, reviewer, supervisor or admin.")],
    tenant: Tenant = None,
    as_json: AsJson = False,
) -> None:
    """Add somebody, or give them another role; their new password is printed once, and old log-ins end."""
    users, settings = _users(tenant)
    password = users.put(name, role, settings.tenant)
    _log_out(name, settings)
    if as_json:
        print_json({"name": name, "role": role, "tenant": settings.tenant, "password": password})
    else:
        typer.echo(password)


@app.command(name="list")
def list_users(as_json: AsJson = False) -> None:
    """List everybody in the user file."""
    for user in _users(None)[0].users():
        if as_json:
            print_json({"name": user.name, "role": user.role, "tenant": user.tenant})
        else:
            typer.echo(f"{user.name}  {user.role}, {user.tenant}")


@app.command()
def remove(name: Name, as_json: AsJson = False) -> None:
    """Take somebody out; their log-ins end."""
    users, settings = _users(None)
    tenant = next((user.tenant for user in users.users() if user.name == name), settings.tenant)
    users.remove(name)
    _log_out(name, settings.model_copy(update={"tenant": tenant}))
    if as_json:
        print_json({"name": name, "removed": True})
    else:
        say(f"Removed {name}.")


def _users(tenant: str | None) -> "tuple[UserFile, Settings]":
    from copilot.settings import load_settings
    from copilot.users import UserFile

    settings = load_settings(**({"tenant": tenant} if tenant else {}))
    return UserFile(settings.data_dir / "users.json"), settings


def _log_out(name: str, settings: "Settings") -> None:
    from copilot.store import open_database
    from copilot.store.logins import Logins

    engine = open_database(settings.database)
    Logins(engine).end_all(name, settings.tenant)
    engine.dispose()
