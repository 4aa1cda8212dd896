"""Which judge it was: a calibration holds for one model, one prompt and one label guide."""

from copilot.models.prompt_lock import digest as prompt_digest
from copilot.models.prompts import load_prompt
from evals.judge.asking import RUBRIC
from evals.results import digest


def judge_sha(model_name: str, guide: str, *, prompt: str = RUBRIC, version: int | None = None) -> str:
    """SHA-256 of a judge: its model, its prompt, and the guide people labelled by."""
    chosen = load_prompt(prompt, version).version
    return digest(model_name.encode(), prompt_digest(prompt, chosen).encode(), guide.strip().encode())
