"""`report.html`: one file that opens from disk, what changed, sorted by effect, texts diffed.

Outputs are hostile text: everything passes `escape`, there is no script, and the page forbids itself to load anything.
"""

import difflib
import json
import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from evals.alone import summary_of
from evals.compare import Arm, CaseChange, Comparison, MetricChange
from evals.results import Result
from evals.verdict import Exit

MOST_CASES = 200
"""Changed cases shown with their texts; the others are in compare.csv."""
MOST_WORDS = 1_500
BULKY = ("text", "passages", "turns", "names")

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_WORDS = re.compile(r"\s+|[^\s]+")
_COLOUR = {Exit.PASS: "good", Exit.REGRESSION: "bad"}
_STYLE = """
:root{color-scheme:light dark}body{font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;width:100%;margin:.5rem 0 1.5rem}th,td{text-align:left;padding:.3rem .6rem;
border-bottom:1px solid #8886;vertical-align:top}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
.verdict{padding:.8rem 1rem;border-left:.4rem solid #b58900;background:#b5890022}.verdict.good{border-color:#2a7d3f;
background:#2a7d3f22}.verdict.bad{border-color:#b3261e;background:#b3261e22}pre{white-space:pre-wrap;
overflow-wrap:anywhere;background:#8881;padding:.6rem}del{background:#b3261e33}ins{background:#2a7d3f33;
text-decoration:none;border-bottom:2px solid #2a7d3f}details{border-bottom:1px solid #8886;padding:.4rem 0}
summary{cursor:pointer}.muted{opacity:.7}
"""


def as_html(
    comparison: Comparison,
    candidate: Sequence[Result],
    baseline: Sequence[Result],
    manifests: Mapping[str, Mapping[str, Any]],
) -> str:
    """The page.

    Args:
        comparison: what came out.
        candidate: its results, for the texts.
        baseline: the same of the other arm.
        manifests: by `candidate` and `baseline`.
    """
    title = f"{comparison.suite}: {comparison.verdict.exit.name}"
    outputs = _first_outputs(candidate), _first_outputs(baseline)
    reasons = _reasons(candidate)
    body = (
        f"<h1>{escape(title)}</h1>",
        f"<p>{escape(comparison.candidate)} against {escape(comparison.baseline)}</p>",
        _verdict(comparison),
        "<h2>Metrics</h2>",
        _metrics(comparison.metrics),
        _slices(comparison),
        "<h2>What changed</h2>",
        _cases(comparison, *outputs, reasons),
        "<h2>What it took</h2>",
        _took({comparison.candidate: candidate, comparison.baseline: baseline}),
        "<h2>What was run</h2>",
        _manifests(manifests),
    )
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    page = (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>{''.join(body)}</body></html>\n"
    )
    return _CONTROLS.sub("\N{REPLACEMENT CHARACTER}", page)


def changed_cases(comparison: Comparison) -> list[CaseChange]:
    """The cases of which a metric changed: the worst first, then by how much, then by id."""
    changed = [each for each in comparison.cases if any(each.changes.values())]
    primaries = [each.metric.name for each in comparison.metrics if each.metric.role == "primary"]

    def effect(each: CaseChange) -> tuple[float, float, str]:
        weighed = [each.changes.get(name, 0.0) for name in primaries]
        return sum(weighed), sum(each.changes.values()), each.case_id

    return sorted(changed, key=effect)


def word_diff(before: str, after: str) -> str:
    """Both texts in one, as HTML: what went in `del`, what came in `ins`; very long texts are cut."""
    old, new = (_WORDS.findall(text)[: MOST_WORDS * 2] for text in (before, after))
    parts = []
    for kind, i, j, k, m in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            parts.append(escape("".join(old[i:j])))
            continue
        gone, come = "".join(old[i:j]), "".join(new[k:m])
        parts.append((f"<del>{escape(gone)}</del>" if gone else "") + (f"<ins>{escape(come)}</ins>" if come else ""))
    return "".join(parts)


def shown(output: Any) -> str:
    """An output as a person reads it: its text first, the rest as JSON."""
    if isinstance(output, str):
        return output
    if isinstance(output, Mapping) and isinstance(text := output.get("text"), str):
        rest = {name: value for name, value in output.items() if name not in BULKY}
        return f"{text}\n\n{_json(rest)}" if rest else text
    if isinstance(output, Mapping):
        return _json({name: value for name, value in output.items() if name not in BULKY})
    return _json(output)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True)


def _verdict(comparison: Comparison) -> str:
    lines = "".join(f"<li>{escape(line)}</li>" for line in comparison.verdict.lines)
    waived = f"<p>Waived by {escape(comparison.waived_by)}.</p>" if comparison.waived_by else ""
    kind = _COLOUR.get(comparison.verdict.exit, "unsure")
    return f'<div class="verdict {kind}"><b>{escape(comparison.verdict.headline)}</b><ul>{lines}</ul>{waived}</div>'


def _metrics(metrics: Sequence[MetricChange]) -> str:
    ordered = sorted(metrics, key=lambda each: (each.effect.mean if each.effect else 0.0, each.metric.name))
    rows = [
        (
            escape(each.metric.name) + (" <b>improved</b>" if each.is_improved else ""),
            escape(each.metric.role) + (", hard" if each.metric.hard else ""),
            _number(each.baseline),
            _number(each.candidate),
            *(
                (f"{each.effect.mean:+.4f}", f"[{each.effect.low:+.4f}, {each.effect.high:+.4f}]")
                if each.effect
                else ("–", "–")
            ),
            f"{each.metric.margin:g}",
            f"{each.effect.cases} / {each.effect.clusters}" if each.effect else "0",
            " / ".join(map(str, each.unscored)),
        )
        for each in ordered
    ]
    heads = (
        "metric",
        "role",
        "baseline",
        "candidate",
        "difference",
        "95 % interval",
        "margin",
        "cases / clusters",
        "unscored: both / candidate / baseline only",
    )
    return _table(heads, rows, numbers_from=2)


def _slices(comparison: Comparison) -> str:
    if not comparison.slices:
        return ""
    ordered = sorted(comparison.slices, key=lambda each: (each.effect.mean, each.tag, each.metric))
    rows = [
        (escape(each.tag), escape(each.metric), f"{each.effect.mean:+.4f}", str(each.effect.cases), f"{each.q:.3f}")
        for each in ordered
    ]
    table = _table(("tag", "metric", "difference", "cases", "q"), rows, numbers_from=2)
    return f"<h2>Slices</h2><p class='muted'>Explored, not judged: they never decide.</p>{table}"


def _cases(
    comparison: Comparison,
    candidate: Mapping[str, Result],
    baseline: Mapping[str, Result],
    reasons: Mapping[tuple[str, str], str],
) -> str:
    changed = changed_cases(comparison)
    if not changed:
        return "<p>No case changed in any metric.</p>"
    told = f"<p>{len(changed)} of {len(comparison.cases)} cases changed in some metric, the worst first"
    told += f"; the first {MOST_CASES} are shown.</p>" if len(changed) > MOST_CASES else ".</p>"
    return told + "".join(_case(each, candidate, baseline, reasons) for each in changed[:MOST_CASES])


def _case(
    each: CaseChange,
    candidate: Mapping[str, Result],
    baseline: Mapping[str, Result],
    reasons: Mapping[tuple[str, str], str],
) -> str:
    moved = sorted((change, name) for name, change in each.changes.items() if change)
    summary = ", ".join(f"{escape(name)} {change:+.3f}" for change, name in moved)
    rows = [
        (
            escape(name),
            _number(each.baseline[name]),
            _number(each.candidate[name]),
            escape(reasons.get((each.case_id, name), "")),
        )
        for _, name in moved
    ]
    table = _table(("metric", "baseline", "candidate", "why the candidate got it"), rows)
    now, before = (_text(side.get(each.case_id)) for side in (candidate, baseline))
    known = baseline.get(each.case_id)
    has_before = known is not None and (known.output is not None or known.status != "scored")
    text = word_diff(before, now) if has_before else escape(now)
    return f"<details><summary><b>{escape(each.case_id)}</b> {summary}</summary>{table}<pre>{text}</pre></details>"


def _text(result: Result | None) -> str:
    if result is None:
        return ""
    return shown(result.output) if result.status == "scored" else f"({result.status}) {result.error}"


def _first_outputs(results: Sequence[Result]) -> dict[str, Result]:
    """The first sample of each case."""
    found: dict[str, Result] = {}
    for result in sorted(results, key=lambda each: each.key):
        found.setdefault(result.case_id, result)
    return found


def _reasons(results: Sequence[Result]) -> dict[tuple[str, str], str]:
    firsts = _first_outputs(results).values()
    return {(each.case_id, name): score.reason for each in firsts for name, score in each.scores.items()}


def _manifests(manifests: Mapping[str, Mapping[str, Any]]) -> str:
    parts = (f"<details><summary>{escape(name)}</summary><pre>{escape(_json(dict(each)))}</pre></details>"
             for name, each in manifests.items())  # fmt: skip
    return "".join(parts)


def _took(arms: Mapping[str, Sequence[Result]]) -> str:
    """Time, tokens and money of each arm; it stands here alone, for it differs from run to run."""
    rows = []
    for label, results in arms.items():
        found = summary_of(Arm(label, results))
        counts = (found.cases, found.failed, found.lost, found.unrecorded)
        times = (f"{found.p50_ms:.1f}", f"{found.p95_ms:.1f}")
        costs = (found.input_tokens, found.output_tokens, found.usd or "–")
        rows.append((escape(label), *map(str, (*counts, *times, *costs))))
    heads = ("arm", "results", "failed", "lost", "not recorded", "p50 ms", "p95 ms", "tokens in", "out", "USD")
    return _table(heads, rows, numbers_from=1)


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.4f}"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]], *, numbers_from: int | None = None) -> str:
    """A table of cells that are escaped already."""
    kinds = [' class="n"' if numbers_from is not None and place >= numbers_from else "" for place in range(len(heads))]
    head = "".join(f"<th{kind}>{escape(name)}</th>" for kind, name in zip(kinds, heads, strict=True))
    lines = ("".join(f"<td{kind}>{cell}</td>" for kind, cell in zip(kinds, row, strict=True)) for row in rows)
    return f"<table><tr>{head}</tr>{''.join(f'<tr>{line}</tr>' for line in lines)}</table>"
