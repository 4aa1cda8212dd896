"""Corrections become cases for the eval harness: what a reviewer changed is what a better draft gets right.

Numbers that were changed are numbers to get right, sentences that were put in are key points, sentences that were taken
out are forbidden, reasons are tags; the approved text is the reference that no task sees. A case is a candidate ("dev")
until a second reviewer promotes it.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

from copilot.review.edits import Correction, edited

MOST_A_DAY = 20
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")


def cases_of(corrections: Iterable[Correction], *, most_a_day: int = MOST_A_DAY) -> list[dict[str, Any]]:
    """The cases: one a cluster, of its latest correction; at most so many a person and day; ids hang on the content."""
    latest: dict[str, Correction] = {}
    for each in sorted(corrections, key=lambda correction: correction.at):
        if " ".join(each.before.split()) != " ".join(each.after.split()):
            latest[each.cluster or each.draft_id] = each
    counts: Counter[tuple[str, str]] = Counter()
    found = []
    for cluster, each in sorted(latest.items(), key=lambda pair: (pair[1].at, pair[0])):
        key = each.by, each.at.date().isoformat()
        counts[key] += 1
        if counts[key] <= most_a_day:
            found.append(_case(cluster, each))
    return found


def _case(cluster: str, each: Correction) -> dict[str, Any]:
    change = edited(each.before, each.after)
    numbers = sorted({figure.replace(",", "") for figure in _FIGURE.findall(each.after)})
    has_new_numbers = numbers != sorted({figure.replace(",", "") for figure in _FIGURE.findall(each.before)})
    digest = hashlib.sha256(f"{each.draft_id}\x1f{each.before}\x1f{each.after}".encode()).hexdigest()[:16]
    points = [{"id": f"p{n}", "any": [sentence]} for n, sentence in enumerate(change.added, start=1)]
    expect: dict[str, Any] = {"key_points": points, "forbidden": list(change.dropped)}
    if has_new_numbers:
        expect["numbers"] = numbers
    return {
        "id": f"qa-{digest}",
        "task": "reply",
        "cluster": cluster,
        "tags": sorted({each.channel, *each.reasons}),
        "input": {"text": each.item_text, "channel": each.channel, "reference": each.after},
        "expect": expect,
        "split": "dev",
        "source": {"kind": "qa_edit", "ref": each.draft_id, "by": each.by, "at": each.at.isoformat()},
    }
