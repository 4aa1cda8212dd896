"""Numbers as people say them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.spoken import find_numbers, written_form


def digits_in(text: str) -> list[str]:
    return [number.digits for number in find_numbers(text)]


@pytest.mark.parametrize(
    ("said", "digits"),
    [
        ("four oh one", "401"),
        ("four thirty nine", "439"),
        ("double five", "55"),
        ("triple oh seven", "0007"),
        ("a hundred and eleven", "111"),
        ("nineteen eighty four", "1984"),
        ("twenty-one", "21"),
        ("seventeen hundred", "1700"),
        ("two thousand and six", "2006"),
        ("one hundred forty seven thousand four hundred fifty one", "147451"),
        ("4,012", "4012"),
        ("1-800-555-0199", "18005550199"),
        ("one eight hundred five five five oh one nine nine", "18005550199"),
        ("four one, uh, one one", "4111"),
        ("four one dash one one", "4111"),
        ("4 one one 1", "4111"),
        ("4 1 1 1", "4111"),
        ("4111 1111 1111 1111", "4111111111111111"),
        ("cuatro uno once treinta y cinco doble cero", "41113500"),
        ("ciento veintitrés", "123"),
        ("mil doscientos", "1200"),
    ],
)
def test_a_number_keeps_the_digits_as_said(said: str, digits: str) -> None:
    assert digits_in(said) == [digits]


@pytest.mark.parametrize("typed", ["４１１１", "٤١١١", "4\u200b1\u200b1\u200b1", "④①①①"])
def test_digits_of_other_scripts_and_hidden_characters_read_as_digits(typed: str) -> None:
    (number,) = find_numbers(f"it is {typed} ok")
    assert number.digits == "4111"
    assert f"it is {typed} ok"[number.start : number.end] == typed


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("one hundred and twenty six", "126"),
        ("25.50", "25.50"),
        ("1,299.99", "1299.99"),
        ("25,50", "25.50"),
        ("5 hundred", "500"),
        ("treinta y cinco", "35"),
    ],
)
def test_one_cardinal_is_a_quantity_with_a_value(text: str, value: str) -> None:
    (number,) = find_numbers(text)
    assert number.is_quantity
    assert number.value == Decimal(value)


@pytest.mark.parametrize("text", ["four oh one", "double five", "4111-1111", "4111111111111111"])
def test_a_string_of_digits_is_no_quantity(text: str) -> None:
    (number,) = find_numbers(text)
    assert not number.is_quantity
    assert number.value is None


def test_quantities_side_by_side_stay_apart() -> None:
    assert digits_in("it went from sixty five to ninety two, and sixty five and ninety two") == ["65", "92", "65", "92"]


@pytest.mark.parametrize(
    "text",
    [
        "no one told me that one of them, the other one",
        "I called once about it",
        "oh my god",
        "o sea, ten cuidado",
        "double check it",
        "the twenty first and the 25th",
        "",
    ],
)
def test_ordinary_words_and_ordinals_are_no_numbers(text: str) -> None:
    assert digits_in(text) == []


def test_words_of_both_languages_are_read_by_their_neighbours() -> None:
    assert digits_in("el número es once dos tres") == ["1123"]
    assert digits_in("cuatro o cinco") == ["4", "5"]
    assert digits_in("it is ten") == ["10"]


def test_a_number_knows_its_place_and_whether_it_was_spoken() -> None:
    text = "my card is four one 11, thanks"
    (number,) = find_numbers(text)
    assert (text[number.start : number.end], number.spoken) == ("four one 11", True)
    assert not find_numbers("order 4482913")[0].spoken


@pytest.mark.parametrize(
    ("spoken", "written"),
    [
        ("twenty five dollars and fifty cents", "$25.50"),
        ("a hundred and eleven dollars", "$111"),
        ("one fifty five dollars", "$155"),
        ("twenty percent off", "20% off"),
        ("call one two nine three five three seven four zero two", "call 1293537402"),
        ("at nine thirty am", "at 9:30 am"),
        ("july twenty fifth two thousand twelve", "july 25 2012"),
        ("two lines for eleven years", "two lines for 11 years"),
        ("for nine ninety nine a month", "for nine ninety nine a month"),  # $9.99 or $999: not ours to say
        ("no one of them", "no one of them"),
        ("pay 25.50 on the 5th", "pay 25.50 on the 5th"),
        ("fifteen point two billion", "fifteen point two billion"),
    ],
)
def test_spoken_numbers_are_written_as_a_note_has_them(spoken: str, written: str) -> None:
    assert written_form(spoken) == written


WORD_OF = dict(zip("0123456789", "zero one two three four five six seven eight nine".split(), strict=True))


@given(st.text("0123456789", min_size=2, max_size=19), st.sampled_from([" ", ", ", " uh "]))
def test_digits_read_out_one_by_one_come_back_whole(digits: str, between: str) -> None:
    assert digits_in("it is " + between.join(WORD_OF[digit] for digit in digits)) == [digits]


@given(st.integers(1, 999_999_999))
def test_written_form_of_a_typed_number_is_the_number(number: int) -> None:
    assert written_form(f"order {number} is late") == f"order {number} is late"


@given(st.text(max_size=200))
def test_spans_of_any_text_are_in_order_and_inside_it(text: str) -> None:
    places = [place for number in find_numbers(text) for place in (number.start, number.end)]
    assert places == sorted(places)
    assert all(0 <= place <= len(text) for place in places)
