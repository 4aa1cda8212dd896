"""What an agent would type into a form, from small invented calls of many trades."""

import time

import pytest

from copilot.calls.fields import Field, extract_fields
from copilot.transcript import Speaker, Turn

SPEAKERS: dict[str, Speaker] = {"a": "agent", "c": "customer", "u": "unknown", "s": "system"}


def call(*lines: str) -> list[Turn]:
    """Turns from lines such as "a: what is your name"; their ids count from 1."""
    return [Turn(str(place), SPEAKERS[line[0]], line[3:]) for place, line in enumerate(lines, 1)]


def form(*lines: str, language: str = "en") -> dict[str, str]:
    """The last value of every field of a call."""
    return {field.name: field.value for field in extract_fields(call(*lines), language=language)}


# --- asked and answered ----------------------------------------------------------------------------------------------


def test_the_answer_to_a_question_is_filed_under_what_was_asked_without_the_words_around_it() -> None:
    assert form("a: Could I get your full name, please?", "c: Sure, it's Laura Chen. Lovely weather!") == {
        "customer name": "Laura Chen"
    }


def test_a_name_said_in_lower_case_speech_gets_its_capitals() -> None:
    assert form("c: hi my name is laura chen i would like to pay a bill") == {"customer name": "Laura Chen"}


def test_a_field_names_the_turns_that_hold_its_value_and_not_the_question() -> None:
    assert extract_fields(call("a: your account number please", "c: um", "c: 4455 8812")) == [
        Field("account number", "44558812", ("3",))
    ]


def test_digits_said_over_several_turns_are_one_number_though_the_agent_repeats_them() -> None:
    assert form(
        "a: what is your phone number",
        "c: five oh three",
        "a: five oh three",
        "c: five five five",
        "a: mhm",
        "c: zero one four two",
        "a: okay so that's five oh three five five five zero one four two",
        "c: yes",
    ) == {"phone": "5035550142"}


def test_a_number_that_is_repeated_on_demand_is_kept_once() -> None:
    assert form(
        "a: what is your phone number",
        "c: 503 555 0142",
        "a: can you repeat that please",
        "c: 503 555 0142",
    ) == {"phone": "5035550142"}


def test_a_number_said_twice_in_a_row_is_kept_once() -> None:
    said = ("c: five oh three", "c: five five five", "c: zero one four two")
    assert form("a: what is your phone number", *said, "a: mhm", *said) == {"phone": "5035550142"}


def test_a_corrected_piece_of_a_number_replaces_the_piece_before() -> None:
    assert form(
        "a: what is your phone number", "c: five oh three", "c: four four four", "c: sorry five five five", "c: 0142"
    ) == {"phone": "5035550142"}


def test_digits_given_after_the_agent_went_on_answer_what_was_asked() -> None:
    assert form(
        "a: Can you tell me your account number?",
        "c: let me check",
        "a: Take your time, there is no hurry at all.",
        "c: okay 77120093",
    ) == {"account number": "77120093"}


def test_an_address_said_in_pieces_is_one_line() -> None:
    assert form(
        "a: and what is the company address",
        "c: two one eight",
        "c: elm street",
        "a: mhm",
        "c: cedar falls",
        "c: nevada",
        "c: eight nine five",
        "c: zero one",
        "a: and what is the bill amount",
        "c: the amount is",
        "c: the amount of the bill is a hundred and five dollars",
    ) == {"company address": "218 Elm Street, Cedar Falls, Nevada, 89501", "bill amount": "$105.00"}


def test_what_follows_i_mean_replaces_the_part_of_the_address_it_corrects() -> None:
    assert form(
        "a: what is your home address",
        "c: my address is nine twelve oak street",
        "c: cedar falls nevada",
        "c: i mean sorry cedar falls utah",
        "c: eight four seven zero one",
    ) == {"home address": "912 Oak Street, Cedar Falls Utah, 84701"}


def test_a_postal_code_asked_again_is_not_given_twice() -> None:
    assert form(
        "a: what is your address",
        "c: twelve oak lane springfield oregon",
        "c: nine seven four seven seven",
        "a: and can you tell me the zip code again",
        "c: yes it's nine seven four",
        "c: seven seven",
    ) == {"address": "12 Oak Lane Springfield Oregon, 97477"}


def test_two_things_asked_in_one_breath_are_told_apart_by_their_labels_and_lengths() -> None:
    question = "a: May I have your account number and PIN, please?"
    assert form(question, "c: My PIN is 4410, the account number is 77120093.") == {
        "pin": "4410",
        "account number": "77120093",
    }
    assert form(question, "c: 77120093, 4410") == {"account number": "77120093", "pin": "4410"}


def test_a_question_without_a_verb_still_asks() -> None:
    assert form("a: Name, booking id", "c: Omar, 512") == {"customer name": "Omar", "booking id": "512"}


def test_something_the_vocabulary_does_not_know_is_named_by_the_noun_that_was_asked() -> None:
    assert form("a: what is the inspection fee", "c: uh forty two dollars and fifty cents") == {
        "inspection fee": "$42.50"
    }
    assert form("a: How many suitcases will you bring?", "c: three I think") == {"number of suitcases": "3"}
    assert form("a: What kind of ride would you like?", "c: a shared one") == {"ride type": "shared"}


@pytest.mark.parametrize(
    "answer",
    [
        "I don't remember",
        "Why would you need that?",
        "hold on let me check",
        "I forgot it",
        "How is the weather there?",
    ],
)
def test_a_non_answer_is_no_value(answer: str) -> None:
    assert form("a: What was your mother's maiden name?", f"c: {answer}") == {}


def test_a_value_may_come_after_the_question_was_given_up() -> None:
    assert form(
        "a: Can you tell me your PIN?",
        "c: I forgot it",
        "a: Could you provide your date of birth, please?",
        "c: Oh wait, I remember. It's either 7301 or 4410.",
    ) == {"pin": "4410"}  # both are given, see the next test


def test_of_two_alternatives_both_are_kept_in_their_order() -> None:
    fields = extract_fields(call("c: my pin is either 7301 or 4410"))
    assert [(field.name, field.value) for field in fields] == [("pin", "7301"), ("pin", "4410")]


def test_the_agent_saying_its_own_name_is_not_the_callers() -> None:
    assert form("a: hello my name is robert how can i help you today", "c: what are your opening hours") == {}


@pytest.mark.parametrize("said", ["This is the third damn time I'm calling!", "this is the third bloody time"])
def test_what_stands_behind_an_article_is_nobodys_name(said: str) -> None:
    assert form(f"c: {said}") == {}


def test_the_name_of_somebody_else_is_not_the_callers() -> None:
    assert form(
        "c: My name is Laura Chen",
        "a: And what was the name of the pet you had as a child?",
        "c: His name was Rex.",
    ) == {"customer name": "Laura Chen", "childhood pet": "Rex"}


# --- volunteered -----------------------------------------------------------------------------------------------------


def test_what_is_announced_with_its_own_name_needs_no_question() -> None:
    assert form("c: Hi, I'm Omar and my ride ID is 681. I am in room 301 and my account number is 55120987.") == {
        "customer name": "Omar",
        "booking id": "681",
        "room number": "301",
        "account number": "55120987",
    }


def test_a_value_may_stand_in_front_of_its_name() -> None:
    assert form("c: 4410 is my pin, Laura Chen is my name") == {"pin": "4410", "customer name": "Laura Chen"}


def test_email_and_phone_are_known_by_their_shape_typed_or_spoken() -> None:
    assert form("c: write to laura.chen@example.org") == {"email": "laura.chen@example.org"}
    assert form("a: what is your email", "c: it's laura dot chen at example dot org") == {
        "email": "laura.chen@example.org"
    }
    assert form("a: I'd just need your phone number.", "c: (503) 555-0142") == {"phone": "5035550142"}


def test_a_phone_with_its_area_in_brackets_is_one_number() -> None:
    assert form("c: Phone: (042) 975-9546") == {"phone": "0429759546"}


def test_thanks_are_not_a_request_though_they_hold_its_words() -> None:
    assert form("c: Thank you so much for taking the time to fix my slow internet") == {}


def test_a_doctor_who_is_said_to_be_the_former_one_is_not_taken() -> None:
    assert form("c: I saw Dr. Brook, I mean Dr. Hale", "c: Dr. Brook was my old doctor")["doctor"] == "Dr. Hale"
    assert form("c: my doctor is dr hale")["doctor"] == "Dr. Hale"


def test_letters_spelled_out_belong_to_the_code() -> None:
    assert form("a: what's the order number", "c: a b four four nine one") == {"order id": "AB4491"}


def test_a_masked_secret_is_the_value() -> None:
    assert form(
        "a: may i have your pin",
        "c: sure it's [PIN]",
        "a: and what is your card number",
        "c: my card number is [CARD]",
        "c: the password is [PASSWORD]",
    ) == {"pin": "[PIN]", "card number": "[CARD]", "password": "[PASSWORD]"}


def test_a_masked_pin_is_not_taken_for_the_account_number() -> None:
    assert form("a: Can you tell me your account number?", "c: no sorry, but the pin is [PIN]") == {"pin": "[PIN]"}


# --- choices, times, money -------------------------------------------------------------------------------------------


def test_a_choice_is_the_word_that_tells_the_kinds_apart() -> None:
    asked = "a: which card would you like to replace"
    assert form("c: hello", asked, "c: my", "c: debit card", "a: can you repeat that", "c: my debit card") == {
        "card type": "debit"
    }
    assert form(asked, "c: the blue one") == {"card type": "blue"}
    assert form("a: which account would you like to check", "c: uh my checking account") == {"account type": "checking"}


def test_from_and_to_say_which_account_is_which() -> None:
    assert form(
        "a: what is the transfer amount",
        "c: seventy five dollars",
        "a: what is the source account",
        "c: from my checking to my savings account",
        "a: destination account",
        "c: from my checking to my savings account",
    ) == {"transfer amount": "$75.00", "source account": "checking", "destination account": "savings"}
    assert form("c: i want to transfer seventy five dollars from checking to savings") == {
        "transfer amount": "$75.00",
        "source account": "checking",
        "destination account": "savings",
    }


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("3PM sharp", "3 pm"),
        ("11:00pm", "11 pm"),
        ("nine thirty a m", "9:30 am"),
        ("five o'clock p m", "5 pm"),
        ("14:15", "14:15"),
        ("noon please", "noon"),
    ],
)
def test_times_have_one_written_form(said: str, written: str) -> None:
    assert form("a: At what time would you like us to come?", f"c: {said}") == {"time": written}


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("one hundred and twenty six dollars", "$126.00"),
        ("$1,250.5", "$1250.50"),
        ("10$", "$10.00"),
        ("a hundred and eleven", "111.00"),
        ("22 dollars and fifty cents", "$22.50"),
    ],
)
def test_money_has_one_written_form(said: str, written: str) -> None:
    assert form("a: what is the bill amount", f"c: it's {said}") == {"bill amount": written}


def test_a_time_the_agent_proposes_replaces_the_callers_when_accepted() -> None:
    start = ("a: At what time would you like the service?", "c: 2 am", "a: Would 5 am be acceptable instead?")
    assert form(*start, "c: I guess so, thank you") == {"time": "5 am"}
    assert form(*start, "c: forget it") == {"time": "2 am"}


def test_a_corrected_time_replaces_the_first() -> None:
    assert form("a: When would you like to leave?", "c: at 5:30 pm, sorry I mean 6 pm") == {"departure time": "6 pm"}
    assert form("a: What time?", "c: 4 pm", "a: Booked for you.", "c: sorry, I meant 5 pm") == {"time": "5 pm"}


# --- what the caller wants -------------------------------------------------------------------------------------------


def test_a_problem_is_kept_in_the_callers_words_without_greeting_and_plea() -> None:
    assert form("c: Hi, ugh someone took $300 out of my account! Can you help?") == {
        "request": "someone took $300 out of my account"
    }


def test_the_answer_to_what_the_request_is_wins_over_what_was_said_before() -> None:
    assert form(
        "c: I would like to order food to my room",
        "a: Right, please let us know your request now.",
        "c: two cheeseburgers and a lemonade please",
    ) == {"request": "two cheeseburgers and a lemonade"}


def test_a_request_does_not_repeat_what_other_fields_hold() -> None:
    assert form("c: My name is Ben and I'd like to order a green salad and two lemonades at 2 am.") == {
        "customer name": "Ben",
        "time": "2 am",
        "request": "a green salad and two lemonades",
    }


def test_an_errand_that_the_fields_tell_is_not_a_request_of_its_own() -> None:
    assert form("c: i would like to check my balance", "c: my savings account") == {"account type": "savings"}
    assert form("c: i lost my debit card") == {"card type": "debit"}


# --- calls of other trades -------------------------------------------------------------------------------------------


def test_a_telecom_call() -> None:
    assert form(
        "a: thank you for calling lakeside telecom how can i help",
        "c: hi this is laura chen my internet keeps dropping every evening",
        "a: i'm sorry to hear that what is the phone number on the account",
        "c: sure it's five five five",
        "a: uh huh",
        "c: two one two",
        "c: zero nine nine eight",
        "a: got it and what is the service address",
        "c: it's twelve oak lane",
        "c: springfield",
        "c: oregon nine seven four seven seven",
        "a: okay your ticket number is t k four eight two one",
        "c: great",
        "a: which plan would you like to switch to",
        "c: the unlimited plan please",
    ) == {
        "customer name": "Laura Chen",
        "request": "my internet keeps dropping every evening",
        "phone": "5552120998",
        "service address": "12 Oak Lane, Springfield, Oregon 97477",
        "ticket id": "TK4821",
        "plan": "unlimited",
    }


def test_an_appointment() -> None:
    assert form(
        "c: hi my name is omar reyes i would like to schedule an appointment",
        "a: what day would you like",
        "c: next monday",
        "a: what time",
        "c: eleven a m",
        "a: and what is the reason for your appointment",
        "c: i want to open a retirement account",
    ) == {
        "customer name": "Omar Reyes",
        "date": "next Monday",
        "time": "11 am",
        "appointment reason": "open a retirement account",
    }


def test_a_ride() -> None:
    assert form(
        "a: Where are you going?", "c: To the airport, from 5th and Main", "a: When would you like to leave?", "c: 6 pm"
    ) == {"destination": "airport", "departure location": "5th and Main", "departure time": "6 pm"}


def test_an_apartment_search() -> None:
    assert form(
        "c: I'm looking for an apartment with two bedrooms",
        "a: What is your maximum budget?",
        "c: around 900 dollars",
        "a: Which area would you like?",
        "c: Downtown",
        "a: When would you like to move in?",
        "c: on March 3rd",
    ) == {"bedrooms": "2", "budget": "$900.00", "area": "Downtown", "date": "March 3rd"}


def test_a_table_in_a_restaurant() -> None:
    assert form(
        "a: How many people?",
        "c: a table for four",
        "a: What type of food do you like?",
        "c: italian, I guess",
        "a: For what date?",
        "c: tomorrow at seven thirty pm",
    ) == {"number of people": "4", "food": "italian", "date": "tomorrow", "time": "7:30 pm"}


def test_a_hotel_and_a_weather_question() -> None:
    assert form("c: I'm staying at the Lakeside Inn, room 12") == {"hotel": "Lakeside Inn", "room number": "12"}
    assert form("a: What city do you want the weather for?", "c: Portland", "a: Which day?", "c: next Friday") == {
        "location": "Portland",
        "date": "next Friday",
    }


def test_an_order_in_a_shop() -> None:
    assert form(
        "a: I will need your username and email.",
        "c: lchen948, lchen948@example.org",
        "a: and the new address please?",
        "c: 9756 Primrose Street Newark, MI 85971",
    ) == {
        "username": "lchen948",
        "email": "lchen948@example.org",
        "new address": "9756 Primrose Street Newark, MI 85971",
    }


# --- Spanish ---------------------------------------------------------------------------------------------------------


def test_a_bill_is_paid_in_spanish() -> None:
    assert form(
        "a: buenos días ¿en qué le puedo ayudar?",
        "c: hola me llamo maría garcía lópez quiero pagar una factura",
        "a: ¿me da su número de cuenta?",
        "c: sí es el cuatro cinco seis",
        "a: ajá",
        "c: siete ocho nueve cero",
        "a: ¿y el monto de la factura?",
        "c: ciento veinte dólares con cincuenta centavos",
        "a: ¿me podría decir su dirección?",
        "c: calle mayor 24, segundo piso, Madrid, 28013",
        "a: ¿para qué día?",
        "c: el martes catorce de mayo",
        "a: ¿a qué hora?",
        "c: a las cinco de la tarde",
        language="es",
    ) == {
        "customer name": "María García López",
        "account number": "4567890",
        "bill amount": "$120.50",
        "address": "calle mayor 24, segundo piso, Madrid, 28013",
        "date": "martes 14 de mayo",
        "time": "5 pm",
    }


def test_a_fault_is_reported_in_spanish_of_a_region() -> None:
    assert form(
        "c: Buenas, se me cayó el internet y no funciona desde ayer",
        "a: ¿Con quién tengo el gusto?",
        "c: Con Juan Pérez",
        "a: ¿Me confirma su correo electrónico?",
        "c: juan.perez@example.org",
        "a: Su número de caso es 88123",
        language="es-MX",
    ) == {
        "customer name": "Juan Pérez",
        "email": "juan.perez@example.org",
        "ticket id": "88123",
        "request": "se me cayó el internet y no funciona desde ayer",
    }


def test_nobody_remembers_in_spanish_either() -> None:
    assert form("a: ¿Cuál es su número de cuenta?", "c: no me acuerdo", language="es") == {}


# --- hostile and empty -----------------------------------------------------------------------------------------------


def test_an_empty_call_and_empty_turns_have_no_fields() -> None:
    assert extract_fields([]) == []
    assert form("a: ", "c: ", "c: [noise] <unk>", "s: Account has been pulled up for Laura Chen.") == {}


def test_an_undiarised_turn_is_read_for_what_announces_itself_only() -> None:
    assert form(
        "u: Thank you for calling, my name is Jane. Hi, my account number is 12345678. What is your name? Bob Stone."
    ) == {"account number": "12345678"}


def test_a_language_without_a_vocabulary_is_read_as_english() -> None:
    assert form("c: my pin is 4410", language="fr") == {"pin": "4410"}


def test_emoji_and_right_to_left_text_do_no_harm() -> None:
    assert form("a: your pin please 🙏", "c: 😀 مرحبا 4410 😀") == {"pin": "4410"}


@pytest.mark.parametrize(
    "text", ["my pin is 7402 and ", "a-", "1 ", "one two three ", "hotel ", "x@", "my address is "]
)
def test_a_megabyte_in_one_turn_is_read_in_seconds(text: str) -> None:
    turn = Turn("1", "customer", text * (1_000_000 // len(text)))
    started = time.perf_counter()
    extract_fields([turn])
    assert time.perf_counter() - started < 20  # about 1 s; a quadratic reading takes minutes


def test_a_call_of_two_hundred_turns_takes_well_under_a_second() -> None:
    turns = call(*(["a: Could you tell me your account number, please?", "c: I think it is 77120093, sorry"] * 100))
    extract_fields(turns[:2])  # the vocabulary is read once
    started = time.perf_counter()
    extract_fields(turns)
    assert time.perf_counter() - started < 0.5  # measured: about 0.04
