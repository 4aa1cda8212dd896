"""`copilot offers`: what may be offered to a customer, with every rule and every number behind it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from copilot.commands.files import read_json_object
from copilot.commands.printing import AsJson, print_json
from copilot.errors import BadInput

if TYPE_CHECKING:
    from copilot.offers import Decision, Evaluation
    from copilot.offers.requests import OffersAsked
    from knowledge.pack import Pack


def offers(
    customer: Annotated[str, typer.Option(help="A customer record (JSON), or the id of a sample customer.")],
    reason: Annotated[str, typer.Option(help="Why they want to leave, e.g. price.")],
    pack: Annotated[str | None, typer.Option("--pack", help="Folder of a pack, or `demo`.")] = None,
    on: Annotated[
        datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="The day; today if left out.")
    ] = None,
    channel: Annotated[str, typer.Option(help="phone, chat, email, store or web.")] = "phone",
    auth_level: Annotated[str, typer.Option(help="none, identified, authenticated or password.")] = "authenticated",
    cue: Annotated[list[str] | None, typer.Option(help="Heard in the contact, e.g. cancel_intent; repeat.")] = None,
    save_attempts: Annotated[int, typer.Option(help="Offers made in this contact already.")] = 0,
    permission: Annotated[bool, typer.Option("--permission", help="The customer agreed to hear an offer.")] = False,
    language: Annotated[str | None, typer.Option(help="en or es; the customer's own if left out.")] = None,
    why: Annotated[bool, typer.Option("--why", help="Show every rule of every offer.")] = False,
    worded: Annotated[bool, typer.Option("--worded", help="The best offer's line in the model's words, too.")] = False,
    as_json: AsJson = False,
) -> None:
    """What may be offered, best first, and what may not and why; "no offer" is one of the choices."""
    from pydantic import ValidationError

    from copilot.customer import customer_record
    from copilot.offers import Desk
    from copilot.offers.law import under_law
    from copilot.offers.requests import OffersAsked, book_of
    from copilot.settings import load_settings
    from knowledge.pack import load_pack

    loaded = load_pack(pack or load_settings().pack)
    sample = loaded.customers.get(customer)
    record = customer_record(sample if sample is not None else read_json_object(Path(customer)))
    given: dict[str, Any] = {"customer": record, "reason": reason, "channel": channel, "auth_level": auth_level}
    given |= {"cues": cue or (), "save_attempts": save_attempts, "has_permission": permission, "language": language}
    try:
        asked = OffersAsked(**given, on=on.date() if on else None)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise BadInput(f"--{str(first['loc'][0]).replace('_', '-')}: {first['msg']}") from None
    today = datetime.now(UTC).date()
    found = under_law(asked, loaded, today).answer(Desk(book_of(loaded)), today)
    line = _worded(found, asked, loaded) if worded else None
    if as_json:
        print_json({**found.as_json(), "worded": line} if worded else found.as_json())
        return
    if found.gate is not None:
        typer.echo(f"{found.gate.rule}: {found.gate.says} → {found.instead}")
    for place, decision in enumerate(found.ranked, start=1):
        _print(f"{place}.", decision, why=why)
    for decision in found.refused:
        _print("–", decision, why=why)
    if worded:
        typer.echo(f"worded: {line['say'] if line else 'as above (no model, or what it wrote is not borne out)'}")


def _worded(found: "Evaluation", asked: "OffersAsked", pack: "Pack") -> dict[str, Any] | None:
    """The line of the best offer in the words of the model of the settings."""
    from dataclasses import asdict

    from copilot.errors import ModelFailed
    from copilot.guard.grounding import gazetteer_of, house_names_of
    from copilot.guard.masking import policy_for
    from copilot.models import load_model
    from copilot.offers.worded import word_offer
    from copilot.settings import load_settings

    settings = load_settings()
    try:
        made = word_offer(
            load_model(settings.model, settings),
            found.best,
            reason=found.reason,
            language=asked.words_in,
            policy=policy_for(pack.head.redaction.kinds, pack.head.numbers),
            gazetteer=gazetteer_of(pack),
            known_names=house_names_of(pack),
        )
    except ModelFailed:
        return None
    return asdict(made) if made else None


def decisions(
    directory: Annotated[str, typer.Argument(help="Folder of a pack with a decisions.yaml.")], as_json: AsJson = False
) -> None:
    """Decide a pack's own examples (decisions.yaml) and name each that comes out otherwise; exit 1 when one does."""
    from dataclasses import asdict

    from copilot.offers.expected import FILE, check_decisions
    from knowledge.pack import load_pack

    checked = check_decisions(load_pack(directory))
    for case in checked:
        if as_json:
            print_json(asdict(case))
        else:
            typer.echo(f"{'no ' if case.differences else 'yes'} {FILE}:{case.line} {case.says}")
            for difference in case.differences:
                typer.echo(f"      {difference}")
    wrong = sum(bool(case.differences) for case in checked)
    if not as_json:
        typer.echo(f"{len(checked)} examples, {wrong} decided otherwise")
    if wrong:
        raise typer.Exit(1)


def _print(mark: str, decision: "Decision", *, why: bool) -> None:
    value = decision.value
    typer.echo(f"{mark:3}{decision.offer_id:18} gain {value.gain:>9}  cost {value.cost:>9}  {decision.name}")
    if decision.eligible and decision.say:
        typer.echo(f"     {decision.say}\n     {decision.terms}  [approval: {decision.approval.role}]")
    shown = decision.rules if why else [rule for rule in decision.rules if not rule.holds]
    for rule in shown:
        typer.echo(f"     {'yes' if rule.holds else 'no '} {rule.rule}: {rule.says}")
