"""The script navigator: which script the call is in, what of it was said word for word, and what comes next."""

from copilot.calls.navigator.hearing import warm_up
from copilot.calls.navigator.progress import (
    Progress,
    current_script,
    followed,
    progress_of,
    said_lines,
    script_view,
    shown_scripts,
)
from copilot.calls.navigator.ticks import as_reaction, lines_said

__all__ = [
    "Progress",
    "as_reaction",
    "current_script",
    "followed",
    "lines_said",
    "progress_of",
    "said_lines",
    "script_view",
    "shown_scripts",
    "warm_up",
]
