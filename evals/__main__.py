"""`python -m evals`: the same as `copilot eval`, for a checkout that is not installed."""

from copilot.cli import run
from evals.command import app

run(app)
