import pytest

from copilot.calls.note.reported import MAX_WORDS, retell_agent, retell_customer, shorten


@pytest.mark.parametrize(
    ("said", "retold"),
    [
        ("i lost my debit card", "Lost their debit card"),
        ("can you send me a new one", "Asks us to send them a new one"),
        ("hi my name is linda miller i would like to reset my password", "Wants to reset their password"),
        ("I need to check my account balance.", "Needs to check their account balance"),
        ("what are your local branch hours", "Asks: what are our local branch hours"),
        ("I've been waiting for two weeks", "Has been waiting for two weeks"),
        ("my internet is down and I can't work", "Their internet is down and they can't work"),
        ("Am I talking to a robot?", "Asks: are they talking to a robot"),
        ("I was charged twenty five dollars and fifty cents", "Was charged $25.50"),
    ],
)
def test_what_the_customer_says_is_told_in_the_third_person(said: str, retold: str) -> None:
    assert retell_customer(said, "en") == retold


@pytest.mark.parametrize(
    ("said", "retold"),
    [
        ("okay I have ordered your replacement card", "Ordered their replacement card"),
        ("we will send your payment to smart electric", "Will send their payment to smart electric"),
        ("I'll call you back on Thursday", "Will call them back on Thursday"),
        ("your checking account balance is one hundred and five dollars", "Their checking account balance is $105"),
        ("you should get it by Friday", "They should get it by Friday"),
        ("Would you stay for a free year?", "Would they stay for a free year"),
        ("If you'd rather keep it, you'd pay $10", "If they would rather keep it, they would pay $10"),
    ],
)
def test_what_the_agent_says_is_told_without_i(said: str, retold: str) -> None:
    assert retell_agent(said, "en") == retold


def test_spanish_is_told_in_spanish() -> None:
    assert retell_customer("Hola, quiero cancelar mi servicio", "es") == "Quiere cancelar su servicio"


def test_a_long_sentence_is_cut_and_says_so() -> None:
    retold = retell_customer("my " + "very " * 100 + "slow line", "en")
    assert len(retold.split()) == MAX_WORDS + 1
    assert retold.endswith("…")


def test_what_is_cut_is_neither_a_number_in_two_nor_an_open_quote() -> None:
    assert shorten("pay forty-one twenty-five now please", 2) == "pay …"
    assert shorten("by December 4 2026 at noon", 3) == "by December …"
    assert shorten("«one long thing that he said»", 3) == "«one long thing …»"


def test_shorten_leaves_short_text_alone() -> None:
    assert shorten("red green blue", 3) == "red green blue"
    assert shorten("red green blue", 2) == "red green …"
