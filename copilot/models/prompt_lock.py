"""A version of a prompt that is out in the world stays as it is: a lock file holds the hash of each.

Traces and drafts name the version they were made with. If its text could change under the same number, they would name
nothing, and recordings and scores of it would be of another prompt.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from copilot.errors import PromptError
from copilot.models.prompts import PROMPTS_DIR, load_prompt, prompt_versions

LOCK = "versions.lock"


@dataclass(frozen=True)
class Finding:
    """What is wrong with one version, as `name/version`, in words that say what to do."""

    prompt: str
    says: str


def digest(name: str, version: int, *, folder: Path = PROMPTS_DIR) -> str:
    """SHA-256 of a version's file, in hex; line ends of another system do not count."""
    text = (folder / name / f"{version}.md").read_text("utf-8")
    return hashlib.sha256(text.replace("\r\n", "\n").encode()).hexdigest()


def check_prompts(*, folder: Path = PROMPTS_DIR) -> list[Finding]:
    """What is wrong: files that cannot be used, changed after they were locked, are gone, or are not locked yet."""
    locked, found = read_lock(folder), []
    there = [(name, version) for name, versions in prompt_versions(folder=folder).items() for version in versions]
    for name, version in there:
        key = f"{name}/{version}"
        try:
            load_prompt(name, version, folder=folder)
        except PromptError as error:
            found.append(Finding(key, str(error)))
            continue
        if key not in locked:
            found.append(Finding(key, "is new; keep it with `copilot prompts check --keep`."))
        elif locked[key] != digest(name, version, folder=folder):
            following = f"{name}/{max(prompt_versions(folder=folder)[name]) + 1}.md"
            found.append(Finding(key, f"was changed after it was kept; put it back and write {following}."))
    gone = sorted(locked.keys() - {f"{name}/{version}" for name, version in there})
    found += [Finding(key, "was kept and is gone; put it back, for traces and recordings name it.") for key in gone]
    return found


def keep_new(*, folder: Path = PROMPTS_DIR) -> list[str]:
    """Lock the versions that are not locked yet; those that are keep their hash. Their names."""
    locked = read_lock(folder)
    there = ((name, version) for name, versions in prompt_versions(folder=folder).items() for version in versions)
    new = {f"{n}/{v}": digest(n, v, folder=folder) for n, v in there if f"{n}/{v}" not in locked}
    lines = [f"{key} {value}\n" for key, value in sorted({**locked, **new}.items())]
    (folder / LOCK).write_text("".join(lines), "utf-8")
    return sorted(new)


def read_lock(folder: Path = PROMPTS_DIR) -> dict[str, str]:
    """The locked hashes, by `name/version`; none where there is no lock file.

    Raises:
        PromptError: a line that is no name and hash.
    """
    path = folder / LOCK
    if not path.is_file():
        return {}
    locked: dict[str, str] = {}
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        key, _, value = line.partition(" ")
        if not key or not value:
            raise PromptError(f"{path}:{number} is no `name/version hash`. Take the file back from the repository.")
        locked[key] = value
    return locked
