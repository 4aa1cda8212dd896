"""The command line. Exit codes: 0 fine, 1 a check failed, 2 bad input."""

import sys
from importlib.metadata import entry_points

import typer

from copilot.commands import bench, cases, insight, models, prompts, review, risk, score, training, users
from copilot.commands.billing import arrange, bill_app, prorate, restore
from copilot.commands.calls import note, redact, replay
from copilot.commands.connect import connect_app
from copilot.commands.drafts import draft, outreach
from copilot.commands.knowledge import answer, index, pack_app, search
from copilot.commands.offers import decisions, offers
from copilot.commands.service import demo, serve
from copilot.commands.tokens import token_app
from copilot.commands.transcribe import transcribe
from copilot.errors import CopilotError
from copilot.guard.logs import install_log_masking, masked_message
from knowledge.errors import KnowledgeError

BAD_INPUT = 2

app = typer.Typer(
    help="Retention Copilot: sits beside a customer-care agent.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for command in (
    serve,
    demo,
    index,
    search,
    answer,
    replay,
    note,
    redact,
    transcribe,
    restore,
    arrange,
    prorate,
    offers,
    draft,
    outreach,
):
    app.command()(command)
pack_app.command()(decisions)
app.add_typer(pack_app, name="pack")
app.add_typer(bill_app, name="bill")
app.add_typer(bench.app, name="bench")
app.add_typer(models.app, name="models")
app.add_typer(prompts.app, name="prompts")
app.add_typer(review.app, name="review")
app.add_typer(cases.app, name="cases")
app.add_typer(connect_app, name="connect")
app.add_typer(risk.app, name="risk")
app.add_typer(insight.app, name="insight")
app.add_typer(score.app, name="score")
app.add_typer(token_app, name="token")
app.add_typer(users.app, name="user")
app.add_typer(training.app, name="training")


def add_joined(to: typer.Typer, group: str) -> None:
    """Add the commands that other packages join to ours: entry points of a group, by name."""
    for point in entry_points(group=group):
        joined = point.load()
        if isinstance(joined, typer.Typer):
            to.add_typer(joined, name=point.name)
        else:
            to.command(point.name)(joined)


add_joined(app, "copilot.commands")
add_joined(bench.app, "copilot.bench")


def main() -> None:
    """Run a command of `copilot`."""
    run(app)


def run(commands: typer.Typer) -> None:
    """Run a command; what the user can mend is said in one line on standard error."""
    install_log_masking()
    try:
        commands()
    except (CopilotError, KnowledgeError) as error:
        typer.echo(f"copilot: {' '.join(masked_message(str(error)).split())}", err=True)
        sys.exit(BAD_INPUT)
    except BrokenPipeError:  # the reader of a pipe has gone
        sys.stderr.close()


if __name__ == "__main__":
    main()
