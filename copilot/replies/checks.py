"""What is checked of a draft, and again of the text a reviewer made of it: each check passes, warns or blocks."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Final

import yaml

from copilot.guard.grounding import gazetteer_of
from copilot.replies.items import item_digest
from copilot.replies.limits import excess, limit_of
from copilot.replies.model import AnsweredAllegation, Check, Severity, Understanding
from copilot.replies.reading_ease import is_plain
from copilot.replies.understanding import channels_of
from copilot.spoken import find_numbers
from knowledge.pack import Pack
from knowledge.rules.bureaus import BureausFile

_FILE = Path(__file__).with_name("check_words.yaml")
_QUOTED: Final = re.compile(r"“[^”]*”|«[^»]*»|\"[^\"\n]*\"")
_POINTS: Final = re.compile(
    r"^\d{1,2}(?:, \d{1,2})*(?=\. )|\b(?:points?|puntos?) \d{1,2}(?:, \d{1,2})*", re.IGNORECASE | re.MULTILINE
)
_OPEN: Final = re.compile(r"\[\w+ is asked: [^\]]*\]|\[Se pregunta a [^\]]*\]")
_SENTENCE: Final = re.compile(r"[^.!?\n]+[.!?]*")
_FIGURE: Final = re.compile(r"\d+(?:[.,:/-]\d+)*")
_CONTACT: Final = re.compile(r"[\w.+-]+@[\w-]+\.\w+|\b\d{3}[-. ]\d{3,4}[-. ]?\d{0,4}\b|(?<!\w)@\w{2,}")
KIND_OF_CLASS: Final = {"public": "public_reply", "regulator": "letter", "private": "private_message"}
_ELEMENTS: Final = {
    "acknowledge": re.compile(r"\b(?:sorry|thank|read in full|lamentamos|gracias|se leyó completa)", re.IGNORECASE),
    "dated-facts": re.compile(r"\b(?:19|20)\d\d\b"),
    "documents": re.compile(
        r"\b(?:attached|enclosed|invoice|policy|ticket|records|adjunt|factura|política|registros)", re.I
    ),
    "what-was-done": re.compile(
        r"\b(?:corrected|refunded|credited|issued|restored|removed|repaired|cancelled|closed|applied|changed|"
        r"corregi|reembols|abon|restable|repar|cancel|aplic|cambi)\w*",
        re.IGNORECASE,
    ),
    "contact-route": re.compile(r"\b(?:reach us|contact|call|write to|comunicarse|escrib|llam)", re.IGNORECASE),
}


@dataclass(frozen=True)
class Checked:
    """What is checked.

    Attributes:
        text: of the draft, or as a reviewer left it.
        evidence: the words that figures and names may come from: quotes of records, facts, passages, the item itself.
        allegations: with the sentences that answer them.
        expired: documents cited that are no longer in force.
        digest: of the item when the draft was made; None for a draft just made.
        promised_by: sentences that are the house's own and may promise.
    """

    text: str
    evidence: Sequence[str]
    allegations: Sequence[AnsweredAllegation]
    expired: Sequence[str] = ()
    digest: str | None = None


def check_text(checked: Checked, understanding: Understanding, pack: Pack, *, now: datetime) -> list[Check]:
    """Every check that holds for this channel and class, failed ones included, blocking ones first among equals.

    Args:
        checked: the text and what it rests on.
        understanding: what was read out of the item as it stands now.
        pack: the reply rules, channels, bodies and names.
        now: for deadlines.
    """
    found = [*_by_pack(checked, understanding, pack), *_always(checked, understanding, pack, now)]
    return sorted(found, key=lambda check: (check.passed, check.severity != "blocking"))


def without_quotes(text: str) -> str:
    """The text without what it quotes: others' words are not ours."""
    return _QUOTED.sub("“”", text)


# --- rules of the pack ------------------------------------------------------------------------------------------------


def _by_pack(checked: Checked, understanding: Understanding, pack: Pack) -> Iterator[Check]:
    for rule in channels_of(pack).rules:
        if understanding.draft_class in rule.draft_classes and (judge := _NAMED.get(rule.check)) is not None:
            detail = judge(checked, understanding)
            yield Check(rule.check, not detail, rule.severity, detail)


def _said(name: str) -> Callable[[Checked, Understanding], str]:
    def judge(checked: Checked, _understanding: Understanding) -> str:
        plain = without_quotes(checked.text).lower().replace("’", "'")
        found = next((hit.group() for pattern in _patterns(name) if (hit := pattern.search(plain))), "")
        return f"it says “{found}”" if found else ""

    return judge


def _account_data(checked: Checked, understanding: Understanding) -> str:
    plain = _POINTS.sub("", checked.text)
    figure = _FIGURE.search(plain)
    if figure is not None or _CONTACT.search(checked.text):
        return "a figure, an address or a handle stands in a public text"
    words = set(re.findall(r"[^\W\d_]{3,}", checked.text))  # as written: "we will" does not name Grace Will
    names = set(_personal_names(understanding))
    return "a name of the person or of what they have stands in a public text" if words & names else ""


def _personal_names(understanding: Understanding) -> Iterator[str]:
    item = understanding.item
    yield from re.findall(r"[^\W\d_]{3,}", item.author)
    record = item.record or {}
    named = [record.get("name", ""), *(contact.get("name", "") for contact in record.get("contacts", ()))]
    for name in named:
        yield from re.findall(r"[^\W\d_]{3,}", str(name))
    for account in record.get("accounts", ()):
        for line in account.get("services", ()):
            yield from (word for word in re.findall(r"[A-Z][^\W\d_]{3,}", str(line.get("plan", ""))))


def _empathy(checked: Checked, _understanding: Understanding) -> str:
    opening = " ".join(_SENTENCE.findall(checked.text)[:3]).lower()
    return (
        "" if any(pattern.search(opening) for pattern in _patterns("empathy")) else "the opening does not acknowledge"
    )


_NAMED: Final[dict[str, Callable[[Checked, Understanding], str]]] = {
    "no_review_trade": _said("no_review_trade"),
    "no_customer_confirmation": _said("no_customer_confirmation"),
    "no_request_for_data": _said("no_request_for_data"),
    "no_denial_of_assistance": _said("no_denial_of_assistance"),
    "no_account_data": _account_data,
    "empathy_first": _empathy,
}


# --- what holds for every draft ---------------------------------------------------------------------------------------


def _always(checked: Checked, understanding: Understanding, pack: Pack, now: datetime) -> Iterator[Check]:
    yield _check("amounts_decided", "blocking", _foreign_figures(checked, understanding, pack))
    yield _check("every_allegation", "blocking", _unanswered(checked))
    yield _check("limit", "blocking", _over_limit(checked.text, understanding, pack))
    yield _check(
        "stale_policy", "blocking", f"no longer in force: {', '.join(checked.expired)}" if checked.expired else ""
    )
    has_changed = checked.digest is not None and checked.digest != item_digest(understanding.item)
    yield _check(
        "conversation_changed", "blocking", "they have written again since this was drafted" if has_changed else ""
    )
    yield _check("legal_words", "blocking", _said("admission")(checked, understanding))
    yield _check("must_answer", "warning", _missing_elements(checked, understanding, pack))
    yield _check("deadline", "warning", _late(understanding, now))
    yield _check("promise_has_owner", "warning", _loose_promise(checked.text))
    yield _check("tone", "warning", _said("blame")(checked, understanding) or _said("jargon")(checked, understanding))
    plain = without_quotes(checked.text)
    yield _check("reading_level", "warning", "" if is_plain(plain, understanding.item.language) else "hard to read")


def _check(name: str, severity: Severity, detail: str) -> Check:
    return Check(name, not detail, severity, detail)


def _foreign_figures(checked: Checked, understanding: Understanding, pack: Pack) -> str:
    """A figure or an offer that nothing bears out."""
    language = understanding.item.language
    known = _figures(" \n ".join(checked.evidence), language)
    said = _figures(_POINTS.sub("", checked.text), language)
    if said - known:
        return f"{', '.join(sorted(said - known))} rests on nothing"
    plain, evidence = checked.text.lower(), " ".join(checked.evidence).lower()
    names = (name for name in gazetteer_of(pack) if len(name) > 3)
    foreign = [
        name for name in names if re.search(rf"\b{re.escape(name.lower())}\b", plain) and name.lower() not in evidence
    ]
    return f"{foreign[0]} rests on nothing" if foreign else ""


def _figures(text: str, language: str) -> set[str]:
    typed = {figure.replace(",", "").rstrip(".") for figure in _FIGURE.findall(text)}
    spoken = {
        number.digits for number in find_numbers(text, language=language) if number.spoken and len(number.digits) > 1
    }
    return {_plain_figure(figure) for figure in typed | spoken}


def _plain_figure(figure: str) -> str:
    return figure.removesuffix(".00").lstrip("0") or "0"


def _unanswered(checked: Checked) -> str:
    open_points = [each.allegation_id for each in checked.allegations if each.open or not each.answer_sentence_ids]
    places = _OPEN.findall(checked.text)
    if open_points or places:
        return f"still open: {', '.join(open_points) or f'{len(places)} marked places'}"
    return ""


def _over_limit(text: str, understanding: Understanding, pack: Pack) -> str:
    channel = channels_of(pack).channel(understanding.item.channel)
    limit = limit_of(channel, KIND_OF_CLASS[understanding.draft_class]) if channel else None
    over = excess(text, limit)
    return f"{over} over the limit of {limit.max} on {understanding.item.channel}" if over and limit else ""


def _missing_elements(checked: Checked, understanding: Understanding, pack: Pack) -> str:
    bureaus = pack.rule_file(BureausFile)
    if bureaus is None or understanding.item.body_id is None or understanding.draft_class == "public":
        return ""
    missing = [
        each.id
        for each in bureaus.answer_elements
        if each.required and (pattern := _ELEMENTS.get(each.id)) is not None and not pattern.search(checked.text)
    ]
    return f"not found: {', '.join(missing)}" if missing else ""


def _late(understanding: Understanding, now: datetime) -> str:
    due = understanding.deadline.due_at
    if due is None:
        return understanding.deadline.asks
    return f"was due on {due.date().isoformat()}" if now > due else ""


def _loose_promise(text: str) -> str:
    for sentence in _SENTENCE.findall(without_quotes(text)):
        plain = sentence.lower()
        if any(p.search(plain) for p in _patterns("promise")) and not any(
            p.search(plain) for p in _patterns("owner_or_date")
        ):
            return f"who, and by when: “{sentence.strip()[:80]}”"
    return ""


@lru_cache(maxsize=32)
def _patterns(name: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in yaml.safe_load(_FILE.read_text("utf-8"))[name])
