from knowledge.scripts import must_say_lines


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
