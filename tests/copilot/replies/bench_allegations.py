"""How many of the allegations labelled by hand are found, and how many found are allegations.

    python -m tests.copilot.replies.bench_allegations FOLDER...

The folders hold `complaints.jsonl` with `id` and `text`; the labels beside this file are places in those texts, made
before the rules were tuned; the split "test" was not looked at while they were.
"""

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from copilot.replies.allegations import find_allegations
from knowledge.words import query_words

LABELS = Path(__file__).with_name("allegation_labels.jsonl")
ENOUGH = 0.5
Ranges = list[tuple[int, int]]


def covered(text: str, inner: tuple[int, int], outer: Ranges) -> float:
    """The share of the words of weight in `inner` that lie in `outer`."""
    words = [(inner[0] + at, word) for at, word in _words(text[inner[0] : inner[1]])]
    inside = sum(any(start <= at < end for start, end in outer) for at, _ in words)
    return inside / len(words) if words else 0.0


def _words(text: str) -> Iterator[tuple[int, str]]:
    at = 0
    for word in text.split():
        at = text.index(word, at)
        if query_words(word, ["en"]):
            yield at, word
        at += len(word)


def main(folders: list[Path]) -> None:
    """Print recall and precision of each split."""
    lines = [line for folder in folders for line in (folder / "complaints.jsonl").read_text("utf-8").splitlines()]
    texts = {row["id"]: row["text"] for row in map(json.loads, lines)}
    labels = [row for row in map(json.loads, LABELS.read_text("utf-8").splitlines()) if row["id"] in texts]
    took = 0.0
    for split in ("dev", "test", "all"):
        found = right = labelled = extracted = 0
        share: list[float] = []
        for row in labels:
            if split not in (row["split"], "all"):
                continue
            text, wanted = texts[row["id"]], [(start, end) for start, end in row["allegations"]]
            began = time.perf_counter()
            got = [(each.quote.start, each.quote.end) for each in find_allegations(text, "en")]
            took = max(took, time.perf_counter() - began)
            hits = [each for each in wanted if covered(text, each, got) >= ENOUGH]
            found, labelled = found + len(hits), labelled + len(wanted)
            right += sum(covered(text, each, wanted) >= ENOUGH for each in got)
            extracted += len(got)
            share.append(sum(end - start for start, end in got) / max(1, len(text)))
            if "-v" in sys.argv:
                for start, end in set(wanted) - set(hits):
                    sys.stdout.write(f"  missed {row['id']}: {text[start:end]}\n")
                for start, end in got:
                    if covered(text, (start, end), wanted) < ENOUGH:
                        sys.stdout.write(f"  extra  {row['id']}: {text[start:end]}\n")
        sys.stdout.write(
            f"{split}: {len(share)} items, recall {found}/{labelled} = {found / max(1, labelled):.3f}, precision "
            f"{right}/{extracted} = {right / max(1, extracted):.3f}, share of the text {sum(share) / len(share):.2f}\n"
        )
    sys.stdout.write(f"longest {took * 1000:.1f} ms\n")


if __name__ == "__main__":
    main([Path(each) for each in sys.argv[1:] if each != "-v"])
