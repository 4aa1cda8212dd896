from typing import Literal, get_args

import pytest

from copilot.guard.consent import BeforeNotice, Regime, ReplyReader, capture_before_notice
from knowledge.pack import house_consent

READERS = {language: ReplyReader.of(house_consent().answers, language) for language in ("en", "es")}


@pytest.mark.parametrize(
    ("language", "text", "answer"),
    [
        ("en", "Um. Sure. Go ahead, I've got a minute.", True),
        ("en", "Uh, sure. Is it quick?", True),
        ("en", "No, go ahead, I don't mind.", True),
        ("en", "Yes. I agree.", True),
        ("en", "Oh, um. No, I don't think so. Thanks for asking, though.", False),
        ("en", "Nah. Nah, it's gonna work out. Just cancel it.", False),
        ("en", "Not today.", False),
        ("en", "Just the PIN, man. No offense.", False),
        ("en", "Eighty-five. But I tested at the box, so it should be", None),
        ("en", "I know nothing about it", None),
        ("en", "well the thing is that my neighbour told me something and then I said yes", None),
        ("en", "", None),
        ("es", "A ver, dígame.", True),
        ("es", "Sí, de acuerdo.", True),
        ("es", "No, gracias.", False),
        ("es", "Pues no, mejor no.", False),
        ("es", "¿Ocho dólares?", None),
    ],
)
def test_what_comes_first_in_a_reply_decides(language: str, text: str, answer: bool | None) -> None:
    assert READERS[language].read(text) is answer


@pytest.mark.parametrize("regime", get_args(Regime))
@pytest.mark.parametrize("before", get_args(BeforeNotice))
@pytest.mark.parametrize("channel", ["voice", "chat"])
@pytest.mark.parametrize("recording", [True, False, None])
def test_capture_before_the_notice(
    regime: Regime, before: BeforeNotice, channel: Literal["voice", "chat"], recording: bool | None
) -> None:
    does = capture_before_notice(regime=regime, before_notice=before, channel=channel, recording=recording)
    if recording is False:
        assert does == "hold"
    elif regime == "all_party" and channel == "voice" and recording is None:
        assert does == before
    else:
        assert does == "take_in"
