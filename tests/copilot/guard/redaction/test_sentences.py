"""Made-up sentences by the thousand: how many secrets go, how many harmless numbers stay."""

from collections import Counter

import pytest

from copilot.guard.redaction import ALL_KINDS, RedactionPolicy, Redactor
from copilot.transcript import Turn
from tests.copilot.guard.redaction.sentences import Case, secrets, stays

EVERYTHING = RedactionPolicy(ALL_KINDS)
KEPT_BY_DEFAULT = {"ACCOUNT_NUMBER", "PHONE", "EMAIL"}
FEWEST = {"PASSWORD": 0.97}  # any word may be one


def is_masked(case: Case, policy: RedactionPolicy) -> bool:
    spans = Redactor(policy).redact(Turn("0", "customer", case.text)).spans
    masked = {place for span in spans for place in range(span.start, span.end)}
    return all(
        place in masked or not case.text[place].isalnum() for start, end in case.secret for place in range(start, end)
    )


@pytest.mark.parametrize("policy", [RedactionPolicy(), EVERYTHING], ids=["default", "every kind"])
def test_of_announced_secrets_99_in_100_are_masked_whole(policy: RedactionPolicy) -> None:
    total, found, missed = Counter[str](), Counter[str](), []
    for case in secrets(seed=2027, count=3000):
        if case.kind in KEPT_BY_DEFAULT and policy is not EVERYTHING:
            continue
        total[case.kind] += 1
        is_found = is_masked(case, policy)
        found[case.kind] += is_found
        missed += [] if is_found else [case.text]
    shares = {kind: found[kind] / total[kind] for kind in total}
    assert {kind: share for kind, share in shares.items() if share < FEWEST.get(kind, 0.985)} == {}, missed
    assert found.total() / total.total() >= 0.99, missed


@pytest.mark.parametrize("policy", [RedactionPolicy(), EVERYTHING], ids=["default", "every kind"])
def test_of_harmless_sentences_99_in_100_stay_as_they_are(policy: RedactionPolicy) -> None:
    cases = list(stays(seed=2027, count=2000))
    damaged = [
        text
        for text in (case.text for case in cases)
        if Redactor(policy).redact(Turn("0", "customer", text)).text != text
    ]
    assert len(damaged) <= len(cases) / 100, damaged
