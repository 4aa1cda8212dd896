"""`copilot offers`: what may be offered to a customer, with every rule and every number behind it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from copilot.commands.files import read_json_object
from copilot.commands.printing import AsJson, print_json
from copilot.errors import BadInput

if TYPE_CHECKING:
    from copilot.offers import Decision


def offers(
    customer: Annotated[Path, typer.Option(help="A customer record (JSON).")],
    reason: Annotated[str, typer.Option(help="Why they want to leave, e.g. price.")],
    pack: Annotated[str | None, typer.Option("--pack", help="Folder of a pack, or `demo`.")] = None,
    on: Annotated[
        datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="The day; today if left out.")
    ] = None,
    channel: Annotated[str, typer.Option(help="phone, chat, email, store or web.")] = "phone",
    auth_level: Annotated[str, typer.Option(help="none, identified, authenticated or password.")] = "authenticated",
    language: Annotated[str | None, typer.Option(help="en or es; the customer's own if left out.")] = None,
    why: Annotated[bool, typer.Option("--why", help="Show every rule of every offer.")] = False,
    as_json: AsJson = False,
) -> None:
    """What may be offered, best first, and what may not and why; "no offer" is one of the choices."""
    from pydantic import ValidationError

    from copilot.customer import customer_record
    from copilot.offers import Desk
    from copilot.offers.requests import OffersAsked, book_of
    from copilot.settings import load_settings
    from knowledge.pack import load_pack

    record = customer_record(read_json_object(customer))
    given: dict[str, Any] = {"customer": record, "reason": reason, "channel": channel, "auth_level": auth_level}
    try:
        asked = OffersAsked(**given, language=language, on=on.date() if on else None)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise BadInput(f"--{str(first['loc'][0]).replace('_', '-')}: {first['msg']}") from None
    desk = Desk(book_of(load_pack(pack or load_settings().pack)))
    found = asked.answer(desk, datetime.now(UTC).date())
    if as_json:
        print_json(found.as_json())
        return
    if found.gate is not None:
        typer.echo(f"{found.gate.rule}: {found.gate.says} → {found.instead}")
    for place, decision in enumerate(found.ranked, start=1):
        _print(f"{place}.", decision, why=why)
    for decision in found.refused:
        _print("–", decision, why=why)


def _print(mark: str, decision: "Decision", *, why: bool) -> None:
    value = decision.value
    typer.echo(f"{mark:3}{decision.offer_id:18} gain {value.gain:>9}  cost {value.cost:>9}  {decision.name}")
    if decision.eligible and decision.say:
        typer.echo(f"     {decision.say}\n     {decision.terms}  [approval: {decision.approval.role}]")
    shown = decision.rules if why else [rule for rule in decision.rules if not rule.holds]
    for rule in shown:
        typer.echo(f"     {'yes' if rule.holds else 'no '} {rule.rule}: {rule.says}")
