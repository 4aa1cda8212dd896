"""Prompts are data: read from `prompts/<name>/<version>.md`, filled completely, what is foreign masked and fenced."""

import re
import secrets
import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from copilot.errors import ConfigError, PromptError
from copilot.guard.masking import mask_values
from copilot.guard.redaction import RedactionPolicy

PROMPTS_DIR = Path(__file__).resolve().parents[2] / "prompts"
MAX_PLAIN_CHARACTERS = 80

_PARTS = re.compile(r"\A---\n(?P<head>.*?)\n---\n\s*# System\n(?P<system>.*?)\n# User\n(?P<user>.*)\Z", re.DOTALL)
_PLACE = re.compile(r"\{\{(\w+)\}\}")
# What looks like a fence of ours, and what several servers read as a turn of the conversation even inside a text.
_BRACKETS = re.compile(r"<{3,}|>{3,}")
_TURN_TOKENS = re.compile(r"<(?=\||/?s>|/?(?:start|end)_of_turn>)|\[(?=/?INST\])", re.IGNORECASE)
_LOOKALIKES = str.maketrans("＜＞﹤﹥｜", "<><>|")

InputKind = Literal["fenced", "plain"]


class _Head(BaseModel):
    model_config = ConfigDict(extra="forbid")

    version: int
    inputs: dict[str, InputKind]
    output: str


@dataclass(frozen=True)
class FilledPrompt:
    """A prompt ready to be sent: nothing in it is a secret, and what is foreign stands between marks.

    `form` is what the answer must fit, None for free text; `policy` masks the answer, too.
    """

    name: str
    version: int
    system: str
    user: str
    policy: RedactionPolicy
    form: type[BaseModel] | None = None


@dataclass(frozen=True)
class Prompt:
    """One version of a prompt; `inputs` says which values it takes, `output` what it asks for."""

    name: str
    version: int
    inputs: Mapping[str, InputKind]
    output: str
    system: str
    user: str

    def fill(
        self,
        values: Mapping[str, str],
        *,
        policy: RedactionPolicy,
        form: type[BaseModel] | None = None,
        new_nonce: Callable[[], str] = lambda: secrets.token_hex(8),
    ) -> FilledPrompt:
        """Put the values in their places; each value is masked first.

        Args:
            values: exactly those of `inputs`. A fenced one may be anything; a plain one is a short line of ours.
            policy: what the pack masks (`policy_for`).
            form: what the answer must fit; None for free text.
            new_nonce: makes the code of the fences; a new one for each call.

        Raises:
            PromptError: a value is missing or too many, or a plain one is no short line.
        """
        self._check_names(values)
        clean = {name: mask_values(_cleaned(value), policy) for name, value in values.items()}
        nonce = _unused(new_nonce, clean.values())
        texts = {name: self._shown(name, text, nonce) for name, text in clean.items()}
        system, user = (_PLACE.sub(lambda place: texts[place[1]], part) for part in (self.system, self.user))
        return FilledPrompt(self.name, self.version, system, user, policy, form)

    def _check_names(self, values: Mapping[str, str]) -> None:
        missing = ", ".join(sorted(self.inputs.keys() - values.keys()))
        surplus = ", ".join(sorted(values.keys() - self.inputs.keys()))
        if missing or surplus:
            raise PromptError(
                f"The prompt {self.name}/{self.version} takes {', '.join(self.inputs)}; "
                f"missing: {missing or 'none'}; too many: {surplus or 'none'}. Give exactly those."
            )

    def _shown(self, name: str, text: str, nonce: str) -> str:
        if self.inputs[name] == "fenced":
            return f"<<<DATA {name} {nonce}\n{text}\nDATA {name} {nonce}>>>"
        if "\n" in text or not 0 < len(text) <= MAX_PLAIN_CHARACTERS:
            raise PromptError(
                f"The prompt {self.name}/{self.version} takes {name!r} as one line of 1 to {MAX_PLAIN_CHARACTERS} "
                f"characters, not {len(text)}. Shorten it, or declare the input as fenced."
            )
        return text


@lru_cache(maxsize=64)
def load_prompt(name: str, version: int | None = None, *, folder: Path = PROMPTS_DIR) -> Prompt:
    """A prompt by its name; without a version, the newest.

    Raises:
        PromptError: there is no such prompt or version, or its file is wrong; the message names the file.
    """
    names = sorted({path.parent.name for path in folder.glob("*/*.md")})
    if name not in names:
        raise PromptError(f"No prompt {name!r} in {folder}; there are: {', '.join(names) or 'none'}.")
    versions = _versions(folder / name)
    chosen = versions[-1] if version is None else version
    if chosen not in versions:
        raise PromptError(f"No version {chosen} of the prompt {name!r}; there are: {', '.join(map(str, versions))}.")
    return _read(folder / name / f"{chosen}.md", name, chosen)


def chosen_versions(named: str, *, folder: Path = PROMPTS_DIR) -> dict[str, int]:
    """The versions that COPILOT_PROMPTS names, by prompt; each is there and can be read.

    Raises:
        ConfigError: a prompt or version that does not exist, or a file that is wrong.
    """
    pairs = [pair.partition("=") for pair in named.split()]
    versions = {name: int(version) for name, _, version in pairs}
    for name, version in versions.items():
        try:
            load_prompt(name, version, folder=folder)
        except PromptError as error:
            raise ConfigError(f"COPILOT_PROMPTS names {name}={version}: {error}") from error
    return versions


def prompt_versions(*, folder: Path = PROMPTS_DIR) -> dict[str, list[int]]:
    """The versions of each prompt there is, rising, by name."""
    return {path.name: _versions(path) for path in sorted(folder.iterdir()) if path.is_dir() and _versions(path)}


def _versions(folder: Path) -> list[int]:
    return sorted(int(path.stem) for path in folder.glob("*.md") if path.stem.isdecimal())


def _read(path: Path, name: str, version: int) -> Prompt:
    parts = _PARTS.match(path.read_text("utf-8"))
    if parts is None:
        raise PromptError(f"{path} is no prompt: write a head between lines of ---, then `# System`, then `# User`.")
    try:
        head = _Head.model_validate(yaml.safe_load(parts["head"]))
    except (ValidationError, yaml.YAMLError) as error:
        reason = error.errors()[0]["msg"] if isinstance(error, ValidationError) else "it is not YAML"
        raise PromptError(f"{path}: the head is wrong ({reason}); it holds version, inputs and output.") from error
    system, user = parts["system"].strip(), parts["user"].strip()
    _check(path, head, version, system, user)
    return Prompt(name, version, head.inputs, head.output.strip(), system, user)


def _check(path: Path, head: _Head, version: int, system: str, user: str) -> None:
    if head.version != version:
        raise PromptError(f"{path} says it is version {head.version}. Name the file {head.version}.md, or correct it.")
    used = set(_PLACE.findall(system + user))
    if used != head.inputs.keys():
        declared, places = ", ".join(sorted(head.inputs)), ", ".join(sorted(used))
        raise PromptError(f"{path} declares the inputs {declared} and uses {places}. Make them the same.")
    foreign = sorted(name for name in _PLACE.findall(system) if head.inputs[name] == "fenced")
    if foreign:
        raise PromptError(f"{path} uses {', '.join(foreign)} under `# System`. Foreign text belongs under `# User`.")


def _cleaned(text: str) -> str:
    """Without what is invisible (it would hide digits from masking) and without what looks like marks or turns."""
    visible = "".join(
        character
        for character in text.replace("\r\n", "\n").replace("\r", "\n").translate(_LOOKALIKES)
        if character in "\n\t" or unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
    )
    bare = _BRACKETS.sub(lambda run: "‹‹" if run[0][0] == "<" else "››", visible)
    return _TURN_TOKENS.sub(lambda mark: f"{mark[0]} ", bare)


def _unused(new_nonce: Callable[[], str], texts: Collection[str]) -> str:
    """A code that none of the texts holds."""
    while True:
        nonce = new_nonce()
        if not any(nonce in text for text in texts):
            return nonce
