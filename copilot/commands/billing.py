"""`copilot restore`, `copilot arrange`, `copilot prorate`, `copilot bill`: exact money from the terminal."""

from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from copilot.commands.files import read_json_object
from copilot.commands.printing import AsJson, print_json
from copilot.errors import BadInput

if TYPE_CHECKING:
    from copilot.customer import CustomerRecord
    from copilot.money import Component
    from knowledge.rules.tariff import TariffFile

GATE_FAILED = 1

bill_app = typer.Typer(help="Bills explained and checked, declined cards, leaving early.", no_args_is_help=True)

PackOption = Annotated[str | None, typer.Option("--pack", help="Folder of a pack, or `demo`.")]
CustomerFile = Annotated[Path | None, typer.Option("--customer", help="A customer record (JSON).")]
Money = Annotated[str | None, typer.Option(help="Amount, e.g. 84.37.")]
OnDay = Annotated[datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="The day; today if left out.")]


def restore(
    customer: CustomerFile = None,
    past_due: Money = None,
    current_due: Annotated[str | None, typer.Option("--current-due", "--current", help="Current charges.")] = None,
    include_current: Annotated[bool | None, typer.Option(help="Current charges must be paid, too.")] = None,
    fee: Annotated[str | None, typer.Option("--restoration-fee", "--fee", help="Fee for one line.")] = None,
    lines: Annotated[int | None, typer.Option(help="Lines to restore.")] = None,
    tax: Annotated[str | None, typer.Option("--tax-percent", "--tax-rate", help="Tax on the fees, e.g. 8.25.")] = None,
    deposit: Annotated[str | None, typer.Option("--deposit-required", "--deposit", help="Deposit asked for.")] = None,
    returned: Annotated[
        str | None, typer.Option("--returned-payment-fee", "--returned", help="Fee for a returned payment.")
    ] = None,
    credit: Annotated[
        str | None, typer.Option("--unapplied-credits", "--credits", "--credit", help="Credits not yet applied.")
    ] = None,
    disputed: Annotated[str | None, typer.Option("--open-disputed", "--disputed", help="Disputed amount.")] = None,
    on: OnDay = None,
    pack: PackOption = None,
    as_json: AsJson = False,
) -> None:
    """What must be paid to put suspended service back: from a customer record, or from amounts."""
    from copilot.billing.requests import RestoreAsked

    asked = RestoreAsked.of(
        {
            "customer": _record(customer),
            "past_due": past_due,
            "current_due": current_due,
            "include_current": include_current,
            "restoration_fee": fee,
            "lines": lines,
            "tax_percent": tax,
            "deposit_required": deposit,
            "returned_payment_fee": returned,
            "unapplied_credits": credit,
            "open_disputed": disputed,
            "on": on.date() if on else None,
        }
    )
    due = asked.answer(_tariff(pack) if customer else None, _today())
    if as_json:
        print_json(due.as_json())
        return
    _print_components(due.components)
    typer.echo(f"{'total':24} {due.total:>12}")
    if due.credit_left:
        typer.echo(f"{'credit left':24} {due.credit_left:>12}")


def arrange(
    total: Annotated[str, typer.Option(help="What is owed.")],
    down_percent: Annotated[str | None, typer.Option(help="First payment, percent of the total.")] = None,
    down_payment: Annotated[str | None, typer.Option(help="First payment, as an amount.")] = None,
    instalments: Annotated[int, typer.Option("--instalments", "--installments", help="Further payments.")] = 1,
    every_days: Annotated[int | None, typer.Option(help="Days between payments.")] = None,
    start: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Day of the first payment.")] = None,
    hardship: Annotated[bool, typer.Option("--hardship", help="On the hardship path, with its longer limit.")] = False,
    customer: CustomerFile = None,
    pack: PackOption = None,
    as_json: AsJson = False,
) -> None:
    """A payment arrangement that adds up exactly; exit 1 when the rules of the pack do not allow it."""
    from copilot.billing.requests import ArrangeAsked

    asked = ArrangeAsked.of(
        {
            "total": total,
            "down_percent": down_percent,
            "down_payment": down_payment,
            "instalments": instalments,
            "every_days": every_days,
            "start": start.date() if start else None,
            "hardship": hardship,
            "customer": _record(customer),
        }
    )
    plan = asked.answer(_tariff(pack), _today())
    if as_json:
        print_json(plan.as_json())
    else:
        typer.echo(f"{plan.down_due_on}  {plan.down_payment:>10}  first payment")
        for each in plan.instalments:
            typer.echo(f"{each.due_on}  {each.amount:>10}")
        typer.echo(f"{'total':10}  {plan.total:>10}  service comes back on: {plan.restore_on}")
        for problem in plan.problems:
            typer.echo(f"not allowed: {problem}", err=True)
    if plan.problems:
        raise typer.Exit(GATE_FAILED)


def prorate(
    price: Annotated[str, typer.Option(help="Price of the whole period.")],
    days: Annotated[int | None, typer.Option(help="Days to be charged.")] = None,
    days_in_period: Annotated[int | None, typer.Option("--days-in-period", "--period", help="Days of it.")] = None,
    new_price: Annotated[str | None, typer.Option(help="A change of plan: the new price.")] = None,
    changed_on: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Its first day.")] = None,
    period_start: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="First day of the period.")
    ] = None,
    period_end: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Its last day.")] = None,
    as_json: AsJson = False,
) -> None:
    """Part of a month: price x days / days of the period; or what a change of plan costs on this bill."""
    from copilot.billing.requests import ProrateAsked

    asked = {"price": price, "days": days, "days_in_period": days_in_period, "new_price": new_price}
    dates = {"changed_on": changed_on, "period_start": period_start, "period_end": period_end}
    change = ProrateAsked.of({**asked, **{name: day.date() if day else None for name, day in dates.items()}}).answer()
    if as_json:
        print_json({"amount": str(change.net), **change.as_json()})
        return
    _print_components(change.components)
    typer.echo(f"{'amount':24} {change.net:>12}")


@bill_app.command()
def explain(
    customer: Annotated[Path, typer.Argument(help="A customer record (JSON).")],
    language: Annotated[str, typer.Option(help="en or es.")] = "en",
    pack: PackOption = None,
    as_json: AsJson = False,
) -> None:
    """The newest bill line by line, and why it differs from the one before."""
    from copilot.billing import explain_invoice

    record = _needed_record(customer)
    invoices = sorted(record.invoices, key=lambda invoice: invoice.bill_date)
    if not invoices:
        raise BadInput(f"{customer} holds no invoices. Add them, or name another record.")
    explained = explain_invoice(invoices[-1], invoices[-2] if len(invoices) > 1 else None, _tariff(pack))
    if as_json:
        print_json(explained.as_json())
        return
    for line in explained.lines:
        typer.echo(f"{line.amount:>10}  {line.says(language)}")
    typer.echo(f"{explained.total:>10}  {explained.invoice_id}")


@bill_app.command()
def check(
    customer: Annotated[Path, typer.Argument(help="A customer record (JSON).")],
    on: OnDay = None,
    pack: PackOption = None,
    as_json: AsJson = False,
) -> None:
    """Where order, plan, bill and payment do not agree; exit 1 when anything does not."""
    from copilot.billing import discrepancies

    found = discrepancies(_needed_record(customer), _tariff(pack), on.date() if on else _today())
    for each in found:
        if as_json:
            print_json(each.as_json())
        else:
            typer.echo(f"{each.kind}: {each.says} ({', '.join(each.evidence)})")
    if found:
        raise typer.Exit(GATE_FAILED)


@bill_app.command("decline")
def decline_code(
    code: Annotated[str, typer.Argument(help="The code the network answered, e.g. 51.")],
    scheme: Annotated[str, typer.Option(help="visa or mastercard.")] = "visa",
    pack: PackOption = None,
    as_json: AsJson = False,
) -> None:
    """What a decline code means, and what to do."""
    from copilot.billing import decline

    if scheme not in ("visa", "mastercard"):
        raise BadInput(f"--scheme {scheme!r} is not allowed; give visa or mastercard.")
    found = decline(code, _tariff(pack), "visa" if scheme == "visa" else "mastercard")
    if as_json:
        print_json(found.as_json())
    else:
        typer.echo(f"{found.code} ({found.decline_class}): {found.do_en}")


@bill_app.command("exit-fee")
def exit_fee(
    segment: Annotated[str, typer.Option(help="home or business.")],
    monthly: Annotated[str, typer.Option(help="Monthly charges of the agreement.")],
    started_on: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"])],
    ends_on: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"])],
    on: OnDay = None,
    waiver: Annotated[str | None, typer.Option(help="A reason for which no charge is due, proven.")] = None,
    pack: PackOption = None,
    as_json: AsJson = False,
) -> None:
    """What leaving an agreement on a day costs."""
    from copilot.billing import Agreement, exit_charge
    from copilot.money import parse_money

    if segment not in ("home", "business"):
        raise BadInput(f"--segment {segment!r} is not allowed; give home or business.")
    agreement = Agreement(started_on.date(), ends_on.date(), parse_money(monthly, "--monthly"))
    day = on.date() if on else _today()
    charge = exit_charge(_tariff(pack), agreement, "home" if segment == "home" else "business", day, waiver=waiver)
    if as_json:
        print_json(charge.as_json())
    else:
        _print_components([charge.component])


@bill_app.command()
def convert(
    amount: Annotated[str, typer.Argument(help="A quantity, e.g. '1.5 GB', '90 min', '12 %'.")],
    unit: Annotated[str, typer.Argument(help="The unit to tell it in.")],
    price: Annotated[str | None, typer.Option(help="Price of one such unit, e.g. 0.039.")] = None,
    as_json: AsJson = False,
) -> None:
    """A quantity in another unit, and what it costs at a price for each."""
    from copilot.billing import cost, quantity

    given = quantity(amount)
    number = given.in_unit(unit)
    told = format(Decimal(number.numerator) / Decimal(number.denominator), "f")
    due = None if price is None else cost(given, _unit_price(price), unit)
    if as_json:
        print_json({"number": told, "unit": unit, "cost": None if due is None else str(due)})
    else:
        typer.echo(f"{told} {unit}" + ("" if due is None else f", {due}"))


def _unit_price(text: str) -> Decimal:
    try:
        price = Decimal(text)
    except InvalidOperation:
        price = Decimal(-1)
    if not price.is_finite() or price < 0:
        raise BadInput(f"--price {text!r} is no price; allowed is a number of 0 or more. Write e.g. 0.039.")
    return price


def _print_components(components: "list[Component] | tuple[Component, ...]") -> None:
    for part in components:
        typer.echo(f"{part.name:24} {part.amount:>12}  {part.how}")


def _record(path: Path | None) -> "CustomerRecord | None":
    return None if path is None else _needed_record(path)


def _needed_record(path: Path) -> "CustomerRecord":
    from copilot.customer import customer_record

    return customer_record(read_json_object(path))


def _tariff(pack: str | None) -> "TariffFile":
    from copilot.billing.requests import needed
    from copilot.settings import load_settings
    from knowledge.pack import load_pack
    from knowledge.rules.tariff import TariffFile

    return needed(load_pack(pack or load_settings().pack).rule_file(TariffFile))


def _today() -> date:
    return datetime.now(UTC).date()
