"""Runs the service until it is told to stop."""

import sys
from collections.abc import Callable

import uvicorn

from copilot.errors import BadInput
from copilot.guard.logs import install_log_masking
from copilot.models.process import ModelProcess
from copilot.service.app import create_app
from copilot.service.demo import refuse_unless_local
from copilot.service.hall import NO_MODEL, Hall
from copilot.settings import Settings
from copilot.wiring import open_parts, settle
from knowledge.rules.channels import ChannelsFile

GRACE_S = 5
FIRST_USER = "admin"
# A turn waits for its vectors beside threads that hold the interpreter; 5 ms, the default, is long for each of them.
SWITCH_S = 0.001


def run(
    settings: Settings,
    *,
    is_demo: bool,
    say: Callable[[str], None],
    ready: Callable[[str], None] | None = None,
) -> None:
    """Open the parts, listen, and close them again.

    Raises:
        BadInput: the address is taken, or not one the demo may listen on.
        ConfigError, KnowledgeError: a part cannot be opened.
    """
    if is_demo:
        refuse_unless_local(settings.host)
    install_log_masking()
    parts = open_parts(settings, with_vectors=True, say=say)
    app = None
    try:
        has_model = parts.model.name != NO_MODEL  # a wrong choice stops the start
        app = create_app(parts, is_demo=is_demo, host=ModelProcess(settings) if has_model else None)
        config = uvicorn.Config(
            app,
            host=settings.host,
            port=settings.port,
            log_level="warning",
            log_config=None,  # its records go where ours go, and are masked like them
            access_log=False,  # paths hold call ids, and nothing of a call belongs in a log
            timeout_graceful_shutdown=GRACE_S,
        )
        _first_user(app.state.hall, say)
        if parts.pack.rule_file(ChannelsFile) is not None:
            app.state.hall.reply_review(settings.tenant)  # what was approved before a crash is sent now
        server = uvicorn.Server(config)
        try:
            socket = config.bind_socket()
        except SystemExit as error:
            raise BadInput(f"{settings.host}:{settings.port} cannot be listened on; choose another --port.") from error
        address = f"http://{settings.host}:{socket.getsockname()[1]}"
        if ready is not None:
            ready(address)
        sys.setswitchinterval(SWITCH_S)
        settle()
        say(f"Ready: {address}/demo" if is_demo else f"Ready: {address} (its API is described at {address}/docs)")
        server.run(sockets=[socket])
    finally:
        if app is not None:
            app.state.hall.close()
        parts.close()


def _first_user(hall: Hall, say: Callable[[str], None]) -> None:
    """Somebody must be able to log in: where there is neither a provider nor a user file, an admin is made."""
    if hall.oidc is None and not hall.users.is_there:
        password = hall.users.put(FIRST_USER, "admin", hall.parts.settings.tenant)
        say(f"Log in at /login as {FIRST_USER!r} with the password {password} (shown once; more: copilot user add).")
