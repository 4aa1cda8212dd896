"""The verdict for a build server: one test case a metric and a newly broken hard case."""

import re
from collections import Counter
from xml.etree import ElementTree

from evals.compare import Comparison, MetricChange
from evals.verdict import Exit, is_inconclusive, is_regression, measured_line

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def as_junit(comparison: Comparison) -> str:
    """JUnit XML: a regression is a failure, what cannot be told is skipped, lost cases and recordings are an error."""
    root = ElementTree.Element("testsuite", {"name": f"eval {comparison.suite}"})
    counts = Counter({"failures": 0, "skipped": 0, "errors": 0})
    for each in comparison.metrics:
        if each.metric.role != "diagnostic":
            counts[_add_metric(root, comparison.suite, each)] += 1
    for case, rule in comparison.newly_broken:
        _told(_case(root, f"{comparison.suite}.hard", f"{case}: {rule}"), "failure", "newly broken")
    counts["failures"] += len(comparison.newly_broken)
    if comparison.verdict.exit in (Exit.RECORDINGS, Exit.INFRASTRUCTURE):
        counts["errors"] += 1
        headline, lines = comparison.verdict.headline, comparison.verdict.lines
        _told(_case(root, comparison.suite, comparison.verdict.exit.name), "error", headline, "\n".join(lines))
    root.set("tests", str(len(root)))
    for name in ("failures", "skipped", "errors"):
        root.set(name, str(counts[name]))
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _add_metric(root: ElementTree.Element, suite: str, each: MetricChange) -> str:
    """Add the case of a metric; the counter it belongs to."""
    case = _case(root, f"{suite}.{each.metric.role}", each.metric.name)
    one = each.measured
    if is_regression(one):
        _told(case, "failure", measured_line(one))
        return "failures"
    if is_inconclusive(one):
        _told(case, "skipped", f"inconclusive: {measured_line(one)}")
        return "skipped"
    ElementTree.SubElement(case, "system-out").text = measured_line(one)
    return "passed"


def _case(root: ElementTree.Element, group: str, name: str) -> ElementTree.Element:
    return ElementTree.SubElement(root, "testcase", {"classname": _xml(group), "name": _xml(name)})


def _told(case: ElementTree.Element, kind: str, message: str, text: str = "") -> None:
    ElementTree.SubElement(case, kind, {"message": _xml(message)}).text = _xml(text)


def _xml(text: str) -> str:
    """Without the characters that XML does not have."""
    return _NOT_XML.sub("?", text)
