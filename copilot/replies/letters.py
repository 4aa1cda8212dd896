"""Letters to a body or to the customer: every point numbered and answered from records, facts and passages, or asked.

What nobody knows becomes a question to its owner and a marked place in the letter; a letter with such a place is no
answer yet. A record is used when it came with the item or a person has confirmed whose it is.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import Protocol

from copilot.customer import CustomerRecord, customer_record
from copilot.money import in_words
from copilot.replies.composing import Composition
from copilot.replies.model import Allegation, AnsweredAllegation, Citation, Understanding
from copilot.replies.praise import is_praise
from copilot.replies.topics import topic_by_id, topics
from copilot.replies.wordings import Variant, say
from copilot.spoken.days import day_in_words
from knowledge.pack import Pack

LONGEST_QUOTE = 240
MOST_RECORDS = 2
BILL_TOPICS = frozenset({"billing", "cancellation"})
PAYMENT_TOPICS = frozenset({"payment", "refund", "debt"})
SERVICE_TOPICS = frozenset({"outage", "speed", "repair", "data_cap"})
GENERAL_FACTS = frozenset({"next_step", "contact", "reference", "documents", "remedy"})


class Passages(Protocol):
    """Where policies are looked up."""

    def policy_for(self, question: str, language: str, on: date) -> Citation | None:
        """The sentence of a policy in force on a day that answers best, quoted; None when none does."""
        ...


def letter(
    understanding: Understanding, pack: Pack, *, on: date, passages: Passages | None, variant: Variant
) -> Composition:
    """The letter to a body (class regulator) or to the customer (class private).

    Args:
        understanding: what was read out of the item.
        pack: brand, desk and contacts.
        on: the day of writing.
        passages: policies to quote; None to quote none.
        variant: None, "shorter" or "warmer".
    """
    made, item = Composition(), understanding.item
    language, is_regulator = item.language, understanding.draft_class == "regulator"
    record = customer_record(item.record) if item.record is not None else None
    if not is_regulator and is_praise(understanding):
        return _thanks(pack, language, variant)
    made.paragraph()
    if is_regulator:
        received = day_in_words(item.received_at.date(), language)
        name = "regulator_greeting" if item.reference else "regulator_greeting_plain"
        brand = pack.head.house.brand
        text = say("letter", name, language, brand=brand, reference=item.reference or "", received=received)
        made.add(text, Citation("item", item.item_id, f"{item.reference or ''} {received}"))
        made.add(say("letter", "acknowledge_regulator", language))
    else:
        made.add(say("letter", "greeting", language))
        made.paragraph()
        made.add(say("letter", "acknowledge", language, variant=variant))
    for topic_id, points in grouped(understanding.allegations):
        _point(
            made, understanding, topic_id, points, record, on=on, passages=None if variant == "shorter" else passages
        )
    if not understanding.allegations:
        _without_points(made, understanding, on=on, passages=passages)
    _wishes(made, understanding)
    _close(made, understanding, pack)
    return made


def grouped(allegations: Sequence[Allegation]) -> Iterator[tuple[str, list[Allegation]]]:
    """The allegations by topic, topics in the order in which they first come."""
    first = {each.topic: place for place, each in reversed(list(enumerate(allegations)))}
    ordered = sorted(allegations, key=lambda each: first[each.topic])
    for topic, points in groupby(ordered, key=lambda each: each.topic):
        yield topic, list(points)


def _point(
    made: Composition,
    understanding: Understanding,
    topic_id: str,
    points: Sequence[Allegation],
    record: CustomerRecord | None,
    *,
    on: date,
    passages: Passages | None,
) -> None:
    item, topic = understanding.item, topic_by_id()[topic_id]
    language = item.language
    made.paragraph()
    numbers = ", ".join(each.allegation_id.removeprefix("a") for each in points)
    quote = _cut(" … ".join(each.quote.text for each in points))
    name = "point_regulator" if understanding.draft_class == "regulator" else "point"
    made.add(
        say("letter", name, language, points=numbers, label=topic.label[language], quote=quote),
        *(Citation("item", f"{item.item_id}#{each.quote.start}-{each.quote.end}", each.quote.text) for each in points),
    )
    answers = [made.add(text, citation) for text, citation in _facts_of(understanding, topic_id, points)]
    answers += [made.add(text, citation) for text, citation in _records_of(record, topic_id, language)]
    policy = passages.policy_for(f"{topic.label['en']} {points[0].quote.text}", language, on) if passages else None
    if policy is not None:
        made.add(say("letter", "policy", language, quote=policy.quote), policy)
    for each in points:
        made.allegations.append(
            AnsweredAllegation(each.allegation_id, each.quote.text, topic_id, tuple(answers), open=not answers)
        )
    if not answers:
        made.add(say("letter", "open", language, owner=topic.owner, ask=topic.ask[language]))
        made.ask(topic.ask[language], topic.owner, points[0].allegation_id)


def _facts_of(
    understanding: Understanding, topic_id: str, points: Sequence[Allegation]
) -> Iterator[tuple[str, Citation]]:
    """Facts somebody gave for these points: named like the topic, like a point ("a2"), or like nothing else known."""
    names = {topic_id, *(each.allegation_id for each in points)}
    known = {each.topic for each in topics()} | {each.allegation_id for each in understanding.allegations}
    is_only_topic = len({each.topic for each in understanding.allegations}) == 1
    for name, value in understanding.item.facts.items():
        is_free = name not in known | GENERAL_FACTS and not name.startswith("wish")
        if name in names or (is_free and is_only_topic):
            yield _sentence(value), Citation("fact", name, value)


def _records_of(record: CustomerRecord | None, topic_id: str, language: str) -> Iterator[tuple[str, Citation]]:
    if record is None:
        return
    if topic_id in BILL_TOPICS:
        yield from _bills(record, language)
    if topic_id in PAYMENT_TOPICS:
        yield from _payments(record, language)
    if topic_id in SERVICE_TOPICS:
        for ticket in record.tickets:
            if ticket.opened_on is not None:
                opened = day_in_words(ticket.opened_on, language)
                text = say("letter", "ticket", language, ticket=ticket.ticket_id, date=opened)
                yield text, Citation("record", ticket.ticket_id, f"{ticket.ticket_id} {opened}")


def _bills(record: CustomerRecord, language: str) -> Iterator[tuple[str, Citation]]:
    for invoice in sorted(record.invoices, key=lambda each: each.bill_date)[-MOST_RECORDS:]:
        total, day = in_words(invoice.total), day_in_words(invoice.bill_date, language)
        text = say("letter", "invoice", language, total=total, date=day)
        yield text, Citation("record", invoice.invoice_id, f"{total} {day}")


def _payments(record: CustomerRecord, language: str) -> Iterator[tuple[str, Citation]]:
    for number, payment in enumerate(sorted(record.payments, key=lambda each: each.paid_on)[-MOST_RECORDS:], start=1):
        amount, day = in_words(payment.amount), day_in_words(payment.paid_on, language)
        name = "payment" if payment.result == "approved" else "payment_failed"
        text = say("letter", name, language, amount=amount, date=day)
        yield text, Citation("record", f"payment-{number}-{payment.paid_on}", f"{amount} {day}")
    due = record.balance.current_due
    yield say("letter", "balance", language, amount=in_words(due)), Citation("record", "balance", in_words(due))


def _thanks(pack: Pack, language: str, variant: Variant) -> Composition:
    made, house = Composition(), pack.head.house
    for name, section in (("greeting", "letter"), ("thanks", "public")):
        made.paragraph()
        made.add(say(section, name, language, variant=variant))
    made.paragraph()
    made.add(say("letter", "sign", language, brand=house.brand, desk=house.desk.in_language(language)))
    return made


def _without_points(made: Composition, understanding: Understanding, *, on: date, passages: Passages | None) -> None:
    """Nothing is alleged: a question is answered from a policy, anything else is asked about."""
    item = understanding.item
    is_question = "?" in item.text
    policy = passages.policy_for(item.text, item.language, on) if passages and is_question else None
    made.paragraph()
    if policy is not None:
        quote = _cut(item.text)
        made.add(say("letter", "asked", item.language, quote=quote), Citation("item", item.item_id, item.text))
        made.add(say("letter", "policy", item.language, quote=policy.quote), policy)
        return
    ask = say("questions", "matter", item.language)
    made.add(say("letter", "open", item.language, owner="escalation", ask=ask))
    made.ask(ask, "escalation")


def _wishes(made: Composition, understanding: Understanding) -> None:
    item = understanding.item
    wishes = [*(quote.text for quote in understanding.wishes), *([item.desired] if item.desired else [])]
    for number, wish in enumerate(wishes[:5], start=1):
        made.paragraph()
        quote = _cut(wish)
        name = "wish_regulator" if understanding.draft_class == "regulator" else "wish"
        made.add(say("letter", name, item.language, quote=quote), Citation("item", item.item_id, wish))
        answer = item.facts.get(f"wish{number}") or item.facts.get("remedy")
        if answer:
            made.add(_sentence(answer), Citation("fact", "remedy", answer))
            continue
        ask = say("questions", "wish", item.language, quote=quote)
        made.add(say("letter", "open", item.language, owner="escalation", ask=ask))
        made.ask(ask, "escalation")


def _close(made: Composition, understanding: Understanding, pack: Pack) -> None:
    item, house = understanding.item, pack.head.house
    language = item.language
    made.paragraph()
    documents = item.facts.get("documents")
    if documents:
        made.add(_sentence(documents), Citation("fact", "documents", documents))
    step = item.facts.get("next_step")
    if step:
        made.add(_sentence(step), Citation("fact", "next_step", step))
    else:
        ask = say("questions", "next_step", language)
        made.add(say("letter", "open", language, owner="escalation", ask=ask))
        made.ask(ask, "escalation")
    contact = item.facts.get("contact")
    if contact:
        made.add(_sentence(contact), Citation("fact", "contact", contact))
    elif house.contacts:
        first = house.contacts[0]
        says = first.says.in_language(language)
        made.add(
            say("letter", "contact", language, value=first.value, says=says),
            Citation("rule", f"pack.toml/{first.name}", f"{first.value} {says}"),
        )
    made.paragraph()
    made.add(say("letter", "sign", language, brand=house.brand, desk=house.desk.in_language(language)))


def _sentence(text: str) -> str:
    plain = " ".join(text.split())
    return plain if plain.endswith((".", "!", "?", "…")) else f"{plain}."


def _cut(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= LONGEST_QUOTE else plain[: plain.rfind(" ", 0, LONGEST_QUOTE)] + " …"
