from copilot.guard.verification import is_unlocked, unaided_items
from tests.copilot.conftest import said


def test_cpni_03_what_the_customer_named_unaided_is_unlocked() -> None:
    unaided = unaided_items(said(("customer", "My bill was eighty dollars and eighty-three cents.")), "en")
    assert is_unlocked("Yes, $80.83 is what I see.", unaided, "en")


def test_cpni_03_nothing_fills_the_gaps_of_an_unlocked_item() -> None:
    unaided = unaided_items(said(("customer", "I called 303-555-0187 on Tuesday.")), "en")
    assert is_unlocked("The call to 303-555-0187 on Tuesday.", unaided, "en")
    assert not is_unlocked("The call to 303-555-0187 on Tuesday took 12 minutes.", unaided, "en")
    assert not is_unlocked("The call to 303-555-0188.", unaided, "en")
    assert not is_unlocked("The call on Tuesday was to Denver.", unaided, "en")


def test_what_the_agent_named_first_stays_aided_however_often_the_customer_repeats_it() -> None:
    turns = said(("agent", "Was it $80.83?"), ("customer", "Yes, eighty eighty-three."), ("customer", "$80.83."))
    assert not is_unlocked("$80.83", unaided_items(turns, "en"), "en")


def test_a_round_amount_does_not_unlock_one_ten_times_as_large() -> None:
    assert not is_unlocked("$150", unaided_items(said(("customer", "fifteen dollars")), "en"), "en")
    assert not is_unlocked("$800", unaided_items(said(("customer", "eighty dollars")), "en"), "en")


def test_a_text_without_any_item_is_never_unlocked() -> None:
    assert not is_unlocked("your lines were suspended", unaided_items(said(("customer", "$5")), "en"), "en")


def test_what_a_speaker_nobody_knows_says_is_not_the_customers_word() -> None:
    assert unaided_items(said(("unknown", "my bill is $80.83")), "en") == frozenset()


def test_spanish_numbers_are_items_too() -> None:
    unaided = unaided_items(said(("customer", "me llegó de ochenta dólares con veinte centavos")), "es")
    assert is_unlocked("son $80.20", unaided, "es")
