"""Free retellings: a "not", a speaker, a day and an amount are caught in other words than those spoken."""

import pytest

from copilot.guard.grounding import Evidence, check_sentence

Turns = list[tuple[str, str]]


def found(sentence: str, turns: Turns, language: str = "en") -> tuple[str, ...]:
    evidence = [Evidence(f"t{place}", text, speaker or None) for place, (speaker, text) in enumerate(turns, start=1)]
    return check_sentence(sentence, evidence, language=language).reasons


PARCEL: Turns = [
    ("customer", "Hi, the lamp came with a crack, I don't want to keep it"),
    ("agent", "Are you able to send a photo"),
    ("customer", "I can't, my camera is broken"),
    ("agent", "No problem. I've refunded the thirty nine dollars, and the box you can throw away tomorrow"),
]
RENT: Turns = [
    ("customer", "Me dijeron que el equipo era gratis y yo no autoricé ningún cobro"),
    ("agent", "El alquiler son nueve dólares al mes. Se los quito, pero los de enero no se los puedo devolver"),
    ("customer", "Bueno, está bien"),
]


@pytest.mark.parametrize(
    ("right", "wrong", "turns", "language"),
    [
        ("The customer was unable to send a photo.", "The customer was able to send a photo.", PARCEL, "en"),
        ("The customer could not send a photo.", "The customer could send a photo.", PARCEL, "en"),
        ("The customer refused to keep the lamp.", "The customer did not refuse to keep the lamp.", PARCEL, "en"),
        ("The agent refunded $39.", "The agent did not refund $39.", PARCEL, "en"),
        ("The agent asked for a photo.", "The agent did not ask for a photo.", PARCEL, "en"),
        ("El cliente no autorizó el cobro.", "El cliente autorizó el cobro.", RENT, "es"),
        ("La agente no pudo devolver los $9 de enero.", "La agente no pudo quitar los $9.", RENT, "es"),
    ],
)
def test_a_not_in_other_words(right: str, wrong: str, turns: Turns, language: str) -> None:
    assert found(right, turns, language) == ()
    assert found(wrong, turns, language)


@pytest.mark.parametrize(
    ("sentence", "turns"),
    [
        ("The check has not been posted yet.", [("customer", "I sent a check on Monday and it's still not showing")]),
        ("Call analytics come with Desk Complete, not with Desk Pro.",
         [("agent", "Desk Pro doesn't have the call analytics, that's in Desk Complete")]),
        ("She could not pay September.", [("customer", "I paid August, September I couldn't")]),
        ("The customer can pay no more than $30.", [("customer", "I can pay thirty dollars, not more")]),
        ("The move does not have to be restarted.", [("agent", "You won't have to start the move over")]),
    ],
)  # fmt: skip
def test_a_not_that_is_borne_out_in_other_words_is_no_alarm(sentence: str, turns: Turns) -> None:
    assert found(sentence, turns) == ()


def test_a_not_is_of_its_own_clause() -> None:
    turns = [("agent", "Please don't cancel before the move is finished")]
    assert found("Agent advised against cancelling before the move is finished.", turns) == ()
    assert found("Agent advised against cancelling before the move is not finished.", turns)


OFFER: Turns = [
    ("customer", "Your guy on the chat promised me two hundred dollars, and my bill is up again"),
    ("agent", "I'm sorry. What I can do is fifteen dollars off for a year, and I'll call you on Friday"),
    ("customer", "Okay, that sounds fair, but I don't want a contract"),
]


@pytest.mark.parametrize(
    "sentence",
    [
        "The {customer} was promised $200 in a chat.",
        "The {agent} offered $15 off for a year.",
        "The {customer} found the offer fair.",
        "The {customer} was upset about the bill.",
        "The {customer} agreed to $15 off.",
        "The {customer} did not want a contract.",
        "The {agent} will call on Friday.",
        "The {customer}'s bill is up again.",
        "According to the {customer}, $200 were promised.",
        "The {agent}, sorry about the trouble, proposed $15 off for a year.",
    ],
)
def test_who_spoke_is_held_against_whose_turns_say_so(sentence: str) -> None:
    assert found(sentence.format(customer="customer", agent="agent"), OFFER) == ()
    assert found(sentence.format(customer="agent", agent="customer"), OFFER)


def test_to_whom_something_was_told_in_spanish() -> None:
    assert found("Al cliente le dijeron que el equipo era gratis.", RENT, "es") == ()
    assert found("Al agente le dijeron que el equipo era gratis.", RENT, "es")


@pytest.mark.parametrize(
    ("right", "wrong", "turns"),
    [
        ("The chair is picked up tomorrow.", "The chair is picked up today.",
         [("agent", "We pick up the chair tomorrow")]),
        ("The visit is on Thursday, December 3.", "The visit is on Tuesday, December 3.",
         [("agent", "Tuesday I'm off. The visit is Thursday, December third")]),
        ("It comes the day after tomorrow.", "It comes tomorrow.", [("agent", "It comes the day after tomorrow")]),
    ],
)  # fmt: skip
def test_days_beside_each_other(right: str, wrong: str, turns: Turns) -> None:
    assert found(right, turns) == ()
    assert found(wrong, turns)


@pytest.mark.parametrize(
    ("right", "wrong", "turns"),
    [
        ("The installation is $60 and the modem $10.", "The installation is $10 and the modem $60.",
         [("agent", "The installation is sixty dollars, and the modem stays at ten dollars")]),
        ("A domestic wire costs $25, an international one $45.", "A domestic wire costs $45, an international one $25.",
         [("", "Domestic wires cost $25. International wires cost $45.")]),
        ("The referral credit is $10.", "The referral credit is $20.",
         [("agent", "The restoration fee is twenty dollars. You have a referral credit of ten dollars")]),
        ("The plan has 10 GB.", "The plan has 10 MB.", [("agent", "The plan has 10GB of data")]),
    ],
)  # fmt: skip
def test_an_amount_belongs_to_the_words_beside_it(right: str, wrong: str, turns: Turns) -> None:
    assert found(right, turns) == ()
    assert found(wrong, turns)
