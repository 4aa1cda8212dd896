"""What a run is made of is named whole: a changed pack, wording or task is another run, never taken for the old one."""

from pathlib import Path

import pytest

from evals import manifest
from evals.manifest import Made, code_sha, folder_sha, manifest_of
from evals.suites import load_suite
from knowledge.pack import PACKS


def test_the_demo_pack_is_hashed_when_no_other_is_named(tmp_path: Path) -> None:
    suite = load_suite("cues")
    of_demo, of_own = (
        manifest_of(suite, [], Made(), home=tmp_path, samples=1, noise=0.0, pack=pack) for pack in (None, tmp_path)
    )
    assert of_demo["pack_sha"] == folder_sha(PACKS / "demo") != ""
    assert of_own["pack_sha"] != of_demo["pack_sha"]


@pytest.mark.parametrize(
    "changed", ["copilot/calls/core.py", "copilot/replies/wording.yaml", "knowledge/words.py", "evals/tasks/note.py"]
)
def test_code_wordings_and_tasks_are_part_of_the_code(
    changed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("copilot/calls/core.py", "copilot/replies/wording.yaml", "knowledge/words.py", "evals/tasks/note.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("before")
    monkeypatch.setattr(manifest, "ROOT", tmp_path)
    before = code_sha()
    (tmp_path / changed).write_text("after")
    assert code_sha() != before
