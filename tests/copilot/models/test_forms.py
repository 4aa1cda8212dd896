"""Reading what a model wrote into a form."""

import pytest
from pydantic import BaseModel

from copilot.guard.redaction import RedactionPolicy
from copilot.models.forms import WrongForm, read_form, strict_schema


class Titled(BaseModel):
    title: str
    default: str = "x"


def test_a_field_called_title_stays_and_defaults_become_required() -> None:
    schema = strict_schema(Titled)
    assert list(schema["properties"]) == ["title", "default"]
    assert (schema["required"], schema["additionalProperties"]) == (["title", "default"], False)
    assert schema["properties"]["default"] == {"type": "string"}


@pytest.mark.parametrize("text", ["", "{", '{"a":' * 5_000, '{"title": ' + "[" * 100_000, '{"title": 1e999}', "[{}]"])
def test_hostile_text_is_a_wrong_form_and_nothing_worse(text: str) -> None:
    with pytest.raises(WrongForm):
        read_form(text, Titled, RedactionPolicy())


def test_faults_do_not_repeat_what_was_written() -> None:
    with pytest.raises(WrongForm) as caught:
        read_form('{"title": ["secret words"]}', Titled, RedactionPolicy())
    assert caught.value.faults == "title: Input should be a valid string"
