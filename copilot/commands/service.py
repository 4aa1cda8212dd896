"""`copilot serve`, `copilot demo`."""

from typing import Annotated

import typer

from copilot.commands.printing import AsJson, print_json, say

Host = Annotated[str | None, typer.Option(help="Address to listen on.")]
Port = Annotated[int | None, typer.Option(min=0, max=65535, help="Port to listen on.")]


def serve(host: Host = None, port: Port = None, as_json: AsJson = False) -> None:
    """Run the service."""
    _run(host, port, is_demo=False, as_json=as_json)


def demo(host: Host = None, port: Port = None, as_json: AsJson = False) -> None:
    """Run the service with the demo pack and a page on which a call plays."""
    _run(host, port, is_demo=True, as_json=as_json)


def _run(host: str | None, port: int | None, *, is_demo: bool, as_json: bool) -> None:
    from copilot.service.run import run
    from copilot.settings import DEMO_PACK, load_settings

    given = {"host": host, "port": port, "pack": DEMO_PACK if is_demo else None}
    settings = load_settings(**{name: value for name, value in given.items() if value is not None})
    run(settings, is_demo=is_demo, say=say, ready=(lambda url: print_json({"url": url})) if as_json else None)
