"""What a pack says about leaving, consent, recording and visits, made ready for live calls."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any, get_args

from copilot.guard.consent import Capture, ReplyReader, capture_before_notice
from copilot.guard.leaver import leaver_of
from copilot.guard.save_attempts import Leaver, rule_for
from knowledge.pack import Pack
from knowledge.phrases import Phrases, compile_phrases, plain_words
from knowledge.rules.base import Language
from knowledge.rules.flags import FlagsFile
from knowledge.rules.save_rules import SaveRule, SaveRulesFile

RULES_KEPT = 256


class Gates:
    """The gates of a pack, their phrases compiled once."""

    def __init__(self, pack: Pack) -> None:
        self.head = pack.head
        self.consent = pack.consent
        rules, flags = pack.rules.get("save_rules"), pack.rules.get("flags")
        self.save_rules = rules if isinstance(rules, SaveRulesFile) else None
        self.stopping_flags = (
            {flag.flag_id: flag for flag in flags.flags if flag.stops_offers} if isinstance(flags, FlagsFile) else {}
        )
        languages = get_args(Language)
        self._replies = {language: ReplyReader.of(pack.consent.answers, language) for language in languages}
        self._stops = {language: _stops(self.save_rules, language) for language in languages}
        # Asked for at every turn of every call; calls of a day and a state are alike in this.
        self._rule_of = lru_cache(RULES_KEPT)(self._rule_for)

    def reply(self, text: str, language: str) -> bool | None:
        """Whether a reply says yes (True), no (False), or neither."""
        return self._replies.get(language, self._replies["en"]).read(text)

    def says_stop(self, text: str, language: str) -> bool:
        """Whether the pack's stop phrases are in it."""
        return self._stops.get(language, self._stops["en"]).found_in(plain_words(text)) is not None

    def save_rule(self, record: Mapping[str, Any], day: date) -> SaveRule | None:
        """The save rule that reaches a customer, by their record; None for a pack without save rules."""
        return self._rule_of(leaver_of(record, self.save_rules, self.head), day) if self.save_rules else None

    def capture(self, channel: str, recording: bool | None) -> Capture:
        """What to do with what is said now, as far as recording goes."""
        return capture_before_notice(
            regime=self.head.regimes.recording_consent,
            before_notice=self.head.regimes.before_recording_notice,
            channel=channel,
            recording=recording,
        )

    def _rule_for(self, leaver: Leaver, day: date) -> SaveRule | None:
        if self.save_rules is None:
            return None
        return rule_for(self.save_rules, leaver, day, unknown_state=self.head.house.conservative_default_state)


def _stops(rules: SaveRulesFile | None, language: str) -> Phrases:
    if rules is None:
        return Phrases(None)
    return compile_phrases(rules.stop_phrases.es if language == "es" else rules.stop_phrases.en)
