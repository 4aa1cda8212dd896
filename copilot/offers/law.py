"""What the law of save attempts says about an offer that is asked for outside a live call."""

from datetime import date

from copilot.guard.leaver import leaver_of
from copilot.guard.save_attempts import Standing, may_offer, rule_for
from copilot.offers.requests import OffersAsked
from knowledge.pack import Pack
from knowledge.rules.save_rules import SaveRulesFile

CANCEL_REQUEST = "cancel_intent"  # the cue from which on the law holds


def under_law(asked: OffersAsked, pack: Pack, today: date) -> OffersAsked:
    """The same question with `may_offer` and `why_not` worked out from the pack's save rules.

    Only a customer who asked to cancel (cue `cancel_intent`) is reached, and a question that says what the law says is
    left alone. Permission counts as asked for after the words that must come first.
    """
    rules = pack.rule_file(SaveRulesFile)
    is_told = not asked.model_fields_set.isdisjoint({"may_offer", "why_not"})
    if rules is None or is_told or CANCEL_REQUEST not in asked.cues:
        return asked
    house = pack.head.house
    leaver = leaver_of(asked.customer.model_dump(mode="json"), rules, pack.head)
    rule = rule_for(rules, leaver, asked.on or today, unknown_state=house.conservative_default_state)
    gate = may_offer(
        rule,
        Standing(
            made=asked.save_attempts,
            disclosure_read=asked.has_permission,
            permission="given" if asked.has_permission else "not_asked",
        ),
        house_limit=house.max_save_attempts,
        permission_question=rules.permission_question,
    )
    why_not = f"{rule.id}: {', '.join(gate.why_not)}" if gate.why_not else ""
    return asked.model_copy(update={"may_offer": gate.may_offer, "why_not": why_not})
