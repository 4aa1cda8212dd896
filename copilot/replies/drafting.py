"""From what was understood to a draft: composed, checked, with everything it rests on named. Nothing is sent here."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from copilot import __version__
from copilot.errors import BadInput
from copilot.ids import id_of
from copilot.replies.checks import Checked, check_text
from copilot.replies.composing import Composition
from copilot.replies.items import item_digest
from copilot.replies.letters import Passages, letter
from copilot.replies.model import AnsweredAllegation, Check, Draft, Status, Understanding
from copilot.replies.public import public_reply, published_answer
from copilot.replies.understanding import channels_of
from copilot.replies.wordings import VARIANTS, Variant, say
from knowledge.pack import Pack
from knowledge.rules.bureaus import BureausFile
from knowledge.rules.channels import Channel
from knowledge.rules.flags import FlagsFile

EXTRACTIVE = "extractive"
_EDITED = ("edited",)


def draft(
    understanding: Understanding,
    pack: Pack,
    *,
    now: datetime,
    passages: Passages | None = None,
    variant: Variant = None,
) -> Draft:
    """A draft of the answer; the same input gives the same draft.

    Args:
        understanding: what was read out of the item.
        pack: channels, bodies, flags, house.
        now: the moment of writing; policies must be in force then.
        passages: policies to quote in letters.
        variant: "shorter" or "warmer".

    Raises:
        BadInput: an unknown variant.
    """
    if variant is not None and variant not in VARIANTS:
        raise BadInput(
            f"variant is {variant!r}; allowed are: {', '.join(VARIANTS)}. Leave it out for the usual wording."
        )
    why_not = _not_drafted(understanding, pack)
    made = Composition() if why_not else _composed(understanding, pack, now, passages, variant)
    _ask_deadline(made, understanding)
    checks = [
        *why_not,
        *(check_text(_checked(made, understanding), understanding, pack, now=now) if not why_not else []),
    ]
    status: Status = "not_drafted" if why_not else "needs_facts" if made.questions else "draft"
    versions = _versions(pack, made, variant)
    return Draft(
        draft_id=_id(understanding, made, versions),
        item_id=understanding.item.item_id,
        channel=understanding.item.channel,
        draft_class=understanding.draft_class,
        language=understanding.item.language,
        text=made.text,
        allegations=tuple(made.allegations),
        sentences=tuple(made.sentences),
        questions=tuple(made.questions),
        checks=tuple(checks),
        flags=tuple(understanding.flags),
        due_at=understanding.deadline.due_at,
        days_left=understanding.deadline.days_left,
        status=status,
        provider=EXTRACTIVE,
        versions=versions,
        item_digest=item_digest(understanding.item),
        routes=tuple(dict.fromkeys(_routes(understanding, pack))),
    )


def recheck(
    text: str, stored: Mapping[str, Any], understanding: Understanding, pack: Pack, *, now: datetime
) -> list[Check]:
    """The checks of a text that a reviewer made of a draft, with the item as it stands now.

    A place that was open is answered when the reviewer's text no longer marks it.

    Args:
        text: as it is to be sent.
        stored: the draft, as `Draft.as_json` gave it.
        understanding: the item as it stands now.
        pack: of today: a policy that has ended since the drafting blocks.
        now: the moment of the decision.
    """
    citations = [citation for sentence in stored["sentences"] for citation in sentence["citations"]]
    answered = [
        AnsweredAllegation(
            each["allegation_id"], each["text"], each["topic"], each["answer_sentence_ids"] or ("edited",)
        )
        for each in stored["allegations"]
    ]
    checked = Checked(
        text,
        [*(citation["quote"] for citation in citations), *_own_words(understanding)],
        answered,
        expired=tuple(_expired(citations, pack, now)),
        digest=stored["item_digest"],
    )
    return check_text(checked, understanding, pack, now=now)


def _expired(citations: Sequence[Mapping[str, Any]], pack: Pack, now: datetime) -> Iterator[str]:
    """The documents cited that the pack no longer has, or that do not hold on the day."""
    until = {document.doc_id: document.effective_to for document in pack.documents}
    for doc_id in dict.fromkeys(each["ref"].partition("#")[0] for each in citations if each["kind"] == "passage"):
        ends = until.get(doc_id)
        if doc_id not in until or (ends is not None and ends < now.date()):
            yield doc_id


def _composed(
    understanding: Understanding, pack: Pack, now: datetime, passages: Passages | None, variant: Variant
) -> Composition:
    file, channel = channels_of(pack), _channel(understanding, pack)
    if understanding.draft_class != "public":
        return letter(understanding, pack, on=now.date(), passages=passages, variant=variant)
    if understanding.item.body_id is not None or channel.group == "complaint":
        return published_answer(understanding, variant)
    return public_reply(understanding, channel, file, variant)


def _checked(made: Composition, understanding: Understanding) -> Checked:
    quotes = [citation.quote for sentence in made.sentences for citation in sentence.citations]
    return Checked(made.text, [*quotes, *_own_words(understanding)], made.allegations)


def _own_words(understanding: Understanding) -> list[str]:
    """What the customer wrote and the facts given: a letter may repeat them."""
    item = understanding.item
    return [item.text, item.title, item.desired, *item.facts.values()]


def _channel(understanding: Understanding, pack: Pack) -> Channel:
    channel = channels_of(pack).channel(understanding.item.channel)
    if channel is None:
        raise BadInput(f"The channel {understanding.item.channel!r} is not in the pack. Add it to channels.yaml.")
    return channel


def _not_drafted(understanding: Understanding, pack: Pack) -> list[Check]:
    """Why nothing is drafted: the body wants no letter from us, or somebody must act and not write."""
    found = []
    bureaus = pack.rule_file(BureausFile)
    body = bureaus.body(understanding.item.body_id) if bureaus and understanding.item.body_id else None
    if body is not None and not body.may_draft:
        found.append(
            Check("may_draft", passed=False, severity="blocking", detail=f"{body.title}: {', '.join(body.routes)} only")
        )
    flags = pack.rule_file(FlagsFile)
    for raised in understanding.flags:
        flag = flags.flag(raised.flag_id) if flags else None
        if flag is not None and flag.leaves_reply_queue:
            found.append(
                Check(
                    "crisis",
                    passed=False,
                    severity="blocking",
                    detail=f"{flag.flag_id}: {', '.join(flag.routes)} at once",
                )
            )
    ours = sum(message.ours for message in understanding.item.thread)
    channel = _channel(understanding, pack)
    most = channels_of(pack).max_public_turns
    if understanding.draft_class == "public" and channel.group in ("social", "review") and ours >= most:
        found.append(
            Check(
                "public_turns", passed=False, severity="blocking", detail=f"{ours} public turns of ours; at most {most}"
            )
        )
    return found


def _routes(understanding: Understanding, pack: Pack) -> Iterator[str]:
    """The process routes that the flags and the body name, the owner first."""
    flags, bureaus = pack.rule_file(FlagsFile), pack.rule_file(BureausFile)
    for raised in understanding.flags:
        flag = flags.flag(raised.flag_id) if flags else None
        yield from flag.routes if flag else ()
    body = bureaus.body(understanding.item.body_id) if bureaus and understanding.item.body_id else None
    yield from body.routes if body else ()


def _ask_deadline(made: Composition, understanding: Understanding) -> None:
    if understanding.deadline.asks:
        asks = understanding.deadline.asks
        made.ask(say("questions", "deadline", understanding.item.language, asks=asks), "escalation")


def _versions(pack: Pack, made: Composition, variant: Variant) -> Mapping[str, str]:
    passages = {
        f"passage:{citation.ref}": citation.version
        for sentence in made.sentences
        for citation in sentence.citations
        if citation.kind == "passage"
    }
    return {"pack": f"{pack.name}/{pack.head.version}", "program": __version__, "variant": variant or "", **passages}


def _id(understanding: Understanding, made: Composition, versions: Mapping[str, str]) -> str:
    parts = [
        item_digest(understanding.item),
        understanding.item.item_id,
        understanding.item.channel,
        made.text,
        repr(versions),
    ]
    return f"D-{id_of(*parts)}"
