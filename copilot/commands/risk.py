"""`copilot risk`: who may leave next, and how far such a list can be trusted."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from copilot.commands.printing import AsJson, print_json
from copilot.errors import BadInput, ConfigError

app = typer.Typer(help="Churn risk from a table of accounts.", no_args_is_help=True)

TableFile = Annotated[Path, typer.Argument(help="Accounts as CSV, a head line first.")]
Target = Annotated[str, typer.Option(help="Column that says who left.")]
IdColumn = Annotated[str, typer.Option("--id", help="Column with the account's id.")]
LeaveOut = Annotated[str, typer.Option(help="Columns the model must not see, with commas between.")]


@app.command()
def backtest(
    accounts: TableFile,
    target: Target = "Churn",
    id_column: IdColumn = "customerID",
    leave_out: LeaveOut = "",
    plot: Annotated[Path | None, typer.Option(help="Write the calibration plot (SVG) here.")] = None,
    seed: Annotated[int, typer.Option(help="Of the split.")] = 7,
    as_json: AsJson = False,
) -> None:
    """How good the risk is on accounts it has not seen, beside a baseline."""
    from copilot.offers import risk

    _need_library()
    table = risk.read_table(accounts, target=target, id_column=id_column, leave_out=_names(leave_out))
    found = risk.backtest(table, seed=seed)
    if plot is not None:
        plot.write_text(risk.calibration_svg(found.model, "Churn risk on held-out accounts"), "utf-8")
    if as_json:
        print_json(asdict(found))
        return
    typer.echo(f"trained on {found.trained_on} accounts, held out {found.held_out}; {found.left_share:.1%} left")
    for name, measured in (("model", found.model), ("baseline", found.baseline)):
        error = measured.calibration_error
        typer.echo(f"{name:9} AUC {measured.auc:.3f}  Brier {measured.brier:.4f}  calibration error {error:.4f}")
    typer.echo(f"{'base rate':9} AUC 0.500  Brier {found.base_rate_brier:.4f}")
    for each in found.model.bins:
        typer.echo(f"{each.n:6} accounts: predicted {each.predicted:.3f}, left {each.observed:.3f}")


@app.command("list")
def list_accounts(
    accounts: TableFile,
    train: Annotated[Path, typer.Option(help="Accounts of which it is known who left, as CSV.")],
    target: Target = "Churn",
    id_column: IdColumn = "customerID",
    leave_out: LeaveOut = "",
    most: Annotated[int, typer.Option("-k", min=1, help="How many to list.")] = 50,
    as_json: AsJson = False,
) -> None:
    """The accounts most likely to leave, highest risk first. A list to look at; it decides nothing."""
    from copilot.offers import risk

    _need_library()
    known = risk.read_table(train, target=target, id_column=id_column, leave_out=_names(leave_out))
    scored = risk.read_table(accounts, target=target, id_column=id_column, leave_out=_names(leave_out))
    if not scored.ids:
        raise BadInput(f"{accounts} holds no accounts. Name a CSV file with a head line and accounts below it.")
    for each in risk.at_risk(known, scored)[:most]:
        if as_json:
            print_json({"account_id": each.account_id, "risk": round(each.risk, 4)})
        else:
            typer.echo(f"{each.risk:6.3f}  {each.account_id}")


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _need_library() -> None:
    from importlib.util import find_spec

    if find_spec("sklearn") is None:
        raise ConfigError("Churn risk needs the package scikit-learn: install the extra [learning].")
