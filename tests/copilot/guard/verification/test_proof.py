import pytest

from copilot.guard.verification import Rulebook, Standing, wrong_hint, wrong_proof


@pytest.mark.parametrize(
    ("text", "language", "item"),
    [
        ("Can I have the last four of your social?", "en", "ssn"),
        ("What's your date of birth?", "en", "date_of_birth"),
        ("What was your mother's maiden name?", "en", "mothers_maiden_name"),
        ("Can you verify your address for me?", "en", "address"),
        ("For security purposes, can I have your account number?", "en", "account_number"),
        ("To verify you, what was the amount of your last bill?", "en", "bill_amount"),
        ("What's the street you grew up on?", "en", "life_history"),
        ("What is your dog's name?", "en", "life_history"),
        ("¿Me dice el nombre de su mascota?", "es", "life_history"),
        ("¿Me da su fecha de nacimiento?", "es", "date_of_birth"),
        ("Para verificar su identidad, dígame su dirección.", "es", "address"),
    ],
)
def test_biographical_and_account_data_are_no_proof(rulebook: Rulebook, text: str, language: str, item: str) -> None:
    found = wrong_proof(text, Standing(), rulebook, language)
    assert found is not None
    assert found.id == item
    assert wrong_proof(text, Standing("authenticated"), rulebook, language) is None


@pytest.mark.parametrize(
    "text",
    [
        "What's your account PIN?",
        "What's the new address?",
        "Can I get your account number?",
        "I can't take the social, please don't give me that.",
        "No, not the date of birth. What is your PIN?",
        "I am sending a code to the phone number of record to verify you.",
        "Thank you for your date of birth.",
        "Is there a dog at the address?",
    ],
)
def test_asking_for_real_proof_or_for_something_else_is_no_mistake(rulebook: Rulebook, text: str) -> None:
    assert wrong_proof(text, Standing(), rulebook, "en") is None


@pytest.mark.parametrize(
    ("text", "language", "item"),
    [
        ("Your password hint could be your mother's maiden name.", "en", "mothers_maiden_name"),
        ("Let's set the security question to the last four of your social.", "en", "ssn"),
        ("The hint is your dog's name.", "en", "life_history"),
        ("For the back-up question, use your account number.", "en", "account_number"),
        ("Como pista de la contraseña ponga su fecha de nacimiento.", "es", "date_of_birth"),
    ],
)
def test_cpni_04_a_hint_or_back_up_question_never_rests_on_what_others_know(
    rulebook: Rulebook, text: str, language: str, item: str
) -> None:
    found = wrong_hint(text, rulebook, language)
    assert found is not None
    assert found.id == item


@pytest.mark.parametrize(
    "text",
    [
        "Your hint could be the name of a song only you like.",
        "Never use your birthday as a password hint.",
        "The security question must not be your mother's maiden name.",
    ],
)
def test_a_good_hint_and_a_warning_are_left_alone(rulebook: Rulebook, text: str) -> None:
    assert wrong_hint(text, rulebook, "en") is None
