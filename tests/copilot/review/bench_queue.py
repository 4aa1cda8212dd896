"""How long the queue takes when it is long: list, filter, claim, next, each many times.

python -m tests.copilot.review.bench_queue [drafts]
"""

import random
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from copilot.review.desk import ReviewDesk
from copilot.store import Reviews, Wanted, open_database
from knowledge.pack import load_pack
from tests.copilot.review.conftest import NOW, draft_of

ROUNDS = 300
FLAGS = ("legal_threat", "regulator", "vulnerable", "media", "repeat")


def main(count: int) -> None:
    """Print p50 and p95 of each."""
    rng = random.Random(1)
    with tempfile.TemporaryDirectory() as folder:
        desk = ReviewDesk(Reviews(open_database(f"sqlite:///{Path(folder)}/queue.db")), load_pack("demo"))
        began = time.perf_counter()
        for number in range(count):
            flags = [{"flag_id": rng.choice(FLAGS)}] if rng.random() < 0.3 else []
            due = (NOW + timedelta(days=rng.randrange(-3, 40))).isoformat()
            channel = rng.choice(("email", "x", "bbb_complaint", "fcc_complaint"))
            draft = draft_of(number, channel=channel, flags=flags, due_at=due)
            desk.add(draft, {"title": "My bill", "text": "x" * 800}, by="bench", now=NOW)
        _say(f"{count} drafts queued, {(time.perf_counter() - began) / count * 1000:.2f} ms each")
        reviews = desk.reviews
        measure("list", lambda _: reviews.queue(Wanted(), now=NOW))
        measure("filter", lambda _: reviews.queue(Wanted(channel="fcc_complaint", min_risk=25), now=NOW))
        measure("claim", lambda n: desk.claim(f"D-{n * 7}", "rosa", now=NOW))
        measure("next", lambda _: desk.claim_next(Wanted(), "omar", now=NOW))


def measure(name: str, do: Callable[[int], object]) -> None:
    """Time it ROUNDS times."""
    took = []
    for number in range(ROUNDS):
        began = time.perf_counter()
        do(number)
        took.append((time.perf_counter() - began) * 1000)
    took.sort()
    _say(
        f"{name:<7} p50 {took[len(took) // 2]:.1f} ms, p95 {took[int(len(took) * 0.95)]:.1f} ms, max {took[-1]:.1f} ms"
    )


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
