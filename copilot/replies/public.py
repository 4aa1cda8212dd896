"""What may stand where everybody reads it: nothing of the customer, not even that they are one.

Public replies are made of fixed sentences alone. Nothing of the item or of a record goes into them, so nothing of it
can come out: no name, no amount, no plan, no word that says "your account".
"""

from copilot.replies.composing import Composition
from copilot.replies.letters import grouped
from copilot.replies.limits import excess, limit_of
from copilot.replies.model import AnsweredAllegation, Citation, Understanding
from copilot.replies.praise import is_praise
from copilot.replies.topics import topic_by_id
from copilot.replies.wordings import Variant, say
from knowledge.rules.channels import Channel, ChannelsFile


def public_reply(understanding: Understanding, channel: Channel, file: ChannelsFile, variant: Variant) -> Composition:
    """The reply to a post or a review: an acknowledgement, and the way to a private conversation; as long as fits."""
    limit = limit_of(channel, "public_reply")
    wordings = ((variant, True), (variant, False), ("shorter", False))
    made = [_reply(understanding, channel, file, each, says_more=more) for each, more in wordings]
    return next((each for each in made if not excess(each.text, limit)), made[-1])


def _reply(
    understanding: Understanding, channel: Channel, file: ChannelsFile, variant: Variant, *, says_more: bool
) -> Composition:
    item, made = understanding.item, Composition()
    language = item.language
    made.paragraph()
    if is_praise(understanding):
        made.add(say("public", "thanks", language, variant=variant))
        return made
    ours = sum(message.ours for message in item.thread)
    made.add(say("public", "again" if ours else "acknowledge", language, variant=variant))
    if says_more and not ours and variant != "shorter":
        made.add(say("public", "look_into", language))
    has_messages = channel.limit("private_message") is not None or channel.group == "social"
    move = file.move_to_private.in_language(language) if has_messages else say("public", "contact_route", language)
    answer = made.add(move, Citation("rule", "move_to_private"))
    made.allegations = [
        AnsweredAllegation(each.allegation_id, each.quote.text, each.topic, (answer,))
        for each in understanding.allegations
    ]
    return made


def published_answer(understanding: Understanding, variant: Variant) -> Composition:
    """The answer to a complaint that a body may publish: every point under its number, nothing of the customer."""
    made, language = Composition(), understanding.item.language
    made.paragraph()
    made.add(say("published", "acknowledge", language, variant=variant))
    if understanding.allegations:
        made.add(say("published", "numbered", language))
    for topic_id, points in grouped(understanding.allegations):
        topic = topic_by_id()[topic_id]
        made.paragraph()
        numbers = ", ".join(each.allegation_id.removeprefix("a") for each in points)
        answer = made.add(
            say(
                "published",
                "points" if len(points) > 1 else "point",
                language,
                points=numbers,
                label=topic.subject[language],
            )
        )
        for each in points:
            made.allegations.append(AnsweredAllegation(each.allegation_id, each.quote.text, each.topic, (answer,)))
        if not understanding.item.facts:
            made.ask(topic.ask[language], topic.owner, points[0].allegation_id)
    made.paragraph()
    made.add(say("published", "next_step", language))
    return made
