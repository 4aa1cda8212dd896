import pytest

from copilot.guard.verification import Rulebook, classify


@pytest.mark.parametrize(
    ("text", "language", "disclosure"),
    [
        ("Your balance is $482.17.", "en", "account"),
        ("Past due is eighty-six dollars and twenty-six cents.", "en", "account"),
        ("Your account number is three one nine five.", "en", "account"),
        ("Your lines were suspended for non-payment.", "en", "account"),
        ("Your last call was to 303-555-0187 for twelve minutes.", "en", "call_detail"),
        ("You called 303-555-0187 on Tuesday.", "en", "call_detail"),
        ("Su saldo es de ciento veinte dólares.", "es", "account"),
        ("Su línea está suspendida.", "es", "account"),
        ("La llamada duró doce minutos.", "es", "call_detail"),
        ("Fiber three hundred is fifty-five a month.", "en", "public"),
        ("I'll call you by Monday at noon.", "en", "public"),
        ("We are open from seven to ten.", "en", "public"),
        ("I can explain your bill to you.", "en", "public"),
        ("Le llamo el lunes a las dos.", "es", "public"),
        ("", "en", "public"),
    ],
)
def test_a_text_is_of_the_strictest_class_its_sentences_name(
    rulebook: Rulebook, text: str, language: str, disclosure: str
) -> None:
    assert classify(text, rulebook, language).disclosure == disclosure
    assert classify(text, rulebook).disclosure == disclosure


def test_one_call_detail_among_account_facts_makes_it_a_call_detail(rulebook: Rulebook) -> None:
    text = "Your balance is $482.17. Your last call was at 9:30."
    assert classify(text, rulebook, "en").disclosure == "call_detail"


def test_a_hypothetical_is_hidden_like_a_fact_but_warns_nobody(rulebook: Rulebook) -> None:
    text = "If your bill is over $50, the plan is worth it."
    assert classify(text, rulebook, "en").disclosure == "account"
    assert classify(text, rulebook, "en", benefit_of_doubt=True).disclosure == "public"


@pytest.mark.parametrize("text", ["What is your account number?", "Can I get your four-digit account PIN?"])
def test_asking_is_not_telling(rulebook: Rulebook, text: str) -> None:
    assert classify(text, rulebook, "en", benefit_of_doubt=True).disclosure == "public"
