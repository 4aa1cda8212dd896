from knowledge.documents import Document, Extra
from knowledge.scripts import must_say_lines, script_of, steps_of


def test_a_must_say_line_is_found_plain_bold_or_over_several_lines() -> None:
    text = (
        "Listen first.\n"
        '> Must say: "You may cancel at any time."\n\n'
        "> **Must say:** “Before I go on:\n> this call is recorded.”\n\n"
        '> Debe decir: "Le escucho."\n'
        "> An ordinary quotation.\n"
    )
    assert must_say_lines(text)[:2] == ["You may cancel at any time.", "Before I go on: this call is recorded."]
    assert must_say_lines(text)[2].startswith("Le escucho.")


def test_two_lines_in_one_block_stay_two() -> None:
    assert must_say_lines('> Must say: "One."\n> Must say: "Two."') == ["One.", "Two."]


def test_a_text_without_any_has_none() -> None:
    assert must_say_lines("> Somebody must say it.\nMust say: no quote") == []


SCRIPT = """\
# Cancel

## 1. Take the request
> Must say: "Yes, I can cancel that."

Verify first.

### A detail
> Must say: "On this call."

## 3. If they stay
> Must say: "Your price is {price}."
"""


def test_steps_stand_between_second_level_headings_and_keep_their_numbers() -> None:
    first, second = steps_of(SCRIPT)
    assert (first.number, first.title, first.must_say) == (
        1,
        "Take the request",
        ("Yes, I can cancel that.", "On this call."),
    )
    assert (second.number, second.title, second.must_say) == (3, "If they stay", ("Your price is {price}.",))
    assert SCRIPT[second.at :].startswith("## 3. If they stay")


def test_numbers_that_do_not_rise_or_are_missing_give_way_to_counting() -> None:
    assert [step.number for step in steps_of("## 2. B\nb\n## 1. A\na")] == [1, 2]
    assert [(step.number, step.title) for step in steps_of("## 1. A\na\n## Then\nb")] == [(1, "A"), (2, "Then")]


def test_a_step_headed_if_or_when_is_for_one_case_in_both_languages() -> None:
    titles = [
        "If they stay",
        "When it turns to abuse",
        "Si acepta",
        "Cuando llama otra persona",
        "Ask why",
        "Sin ventas",
    ]
    steps = steps_of("\n".join(f"## {title}\ntext" for title in titles))
    assert [step.is_for_one_case for step in steps] == [True, True, True, True, False, False]


def test_a_script_without_headings_is_one_step() -> None:
    script = script_of(Document("s", "Hello", '> Must say: "Good morning to you."', "s.md", kind="script"))
    assert [(step.number, step.title, step.must_say) for step in script.steps] == [
        (1, "Hello", ("Good morning to you.",))
    ]


def test_variant_and_selling_come_from_the_front_matter() -> None:
    front_matter: Extra = {"variant_of": "scripts/hello", "sells": True}
    script = script_of(Document("s", "Hola", "> Debe decir: Hola.", "s.md", language="es-MX", extra=front_matter))
    assert (script.language, script.variant_of, script.sells) == ("es", "scripts/hello", True)
    plain = script_of(Document("s", "Hola", "> Debe decir: Hola.", "s.md"))
    assert (plain.language, plain.variant_of, plain.sells) == ("en", None, False)
