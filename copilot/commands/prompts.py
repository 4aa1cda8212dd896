"""`copilot prompts`: which versions there are, how they differ, and whether each is still what it was."""

import difflib
from dataclasses import asdict
from typing import Annotated

import typer

from copilot.commands.printing import AsJson, print_json

app = typer.Typer(help="Prompts of the language model.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="Name of the prompt, as `copilot prompts list` shows it.")]


@app.command("list")
def list_prompts(as_json: AsJson = False) -> None:
    """Every prompt with its versions, and the one in force (COPILOT_PROMPTS, else the newest)."""
    from copilot.models.prompts import chosen_versions, load_prompt, prompt_versions
    from copilot.settings import load_settings

    chosen = chosen_versions(load_settings().prompts)
    for name, versions in prompt_versions().items():
        in_force = chosen.get(name, versions[-1])
        row = {"name": name, "versions": versions, "in_force": in_force, "output": load_prompt(name, in_force).output}
        if as_json:
            print_json(row)
        else:
            typer.echo(f"{name:<20} {', '.join(map(str, versions)):<12} in force: {in_force}  {row['output']}")


@app.command()
def show(name: Name, version: Annotated[int | None, typer.Option(help="The newest if left out.")] = None) -> None:
    """A prompt as it stands in its file."""
    typer.echo(_text(name, version), nl=False)


@app.command()
def diff(
    name: Name,
    older: Annotated[int, typer.Argument(help="A version.")],
    newer: Annotated[int | None, typer.Argument(help="Another; the newest if left out.")] = None,
) -> None:
    """What changed between two versions, line by line."""
    from copilot.models.prompts import load_prompt

    last = load_prompt(name, newer).version
    before, after = (_text(name, version).splitlines(keepends=True) for version in (older, last))
    typer.echo("".join(difflib.unified_diff(before, after, f"{name}/{older}", f"{name}/{last}")), nl=False)


@app.command()
def check(
    keep: Annotated[
        bool, typer.Option("--keep", help="Keep the new versions: from now on they may not change.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Whether each version can be used and is what it was when it was kept; exit 1 when one is not."""
    from copilot.models.prompt_lock import check_prompts, keep_new

    kept = keep_new() if keep else []
    found = check_prompts()
    if as_json:
        print_json({"kept": kept, "findings": [asdict(each) for each in found]})
    else:
        for version in kept:
            typer.echo(f"kept {version}")
        for each in found:
            typer.echo(f"{each.prompt} {each.says}")
    if found:
        raise typer.Exit(1)


def _text(name: str, version: int | None) -> str:
    from copilot.models.prompts import PROMPTS_DIR, load_prompt

    prompt = load_prompt(name, version)
    return (PROMPTS_DIR / name / f"{prompt.version}.md").read_text("utf-8")
