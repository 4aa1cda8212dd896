"""What a pack adds to the masking of every call."""

import tomllib

import pytest

from copilot.guard.masking import mask_values, policy_for
from copilot.guard.redaction import SECRET_KINDS
from knowledge.pack import PACKS
from knowledge.rules.pack_head import NumberForm

SAID = "call 206-555-0172 or write to ann@example.org about account 88412093, card 4539 1488 0343 6467"


@pytest.mark.parametrize(
    ("kinds", "masked"),
    [
        ((), "call 206-555-0172 or write to ann@example.org about account 88412093, card [CARD]"),
        (("email",), "call 206-555-0172 or write to [EMAIL] about account 88412093, card [CARD]"),
        (("phone", "account"), "call [PHONE] or write to ann@example.org about account [ACCOUNT_NUMBER], card [CARD]"),
    ],
)
def test_a_pack_chooses_whether_mail_telephone_and_account_are_kept(kinds: tuple[str, ...], masked: str) -> None:
    assert mask_values({"text": [SAID]}, policy_for(kinds)) == {"text": [masked]}


def test_a_secret_number_of_the_pack_is_masked_and_the_others_stay() -> None:
    forms = [
        NumberForm.model_validate(
            {"name": "member", "label": {"en": "member number"}, "pattern": "MC-[0-9]{8}", "secret": True}
        ),
        NumberForm.model_validate({"name": "order", "label": {"en": "order"}, "pattern": "OR-[0-9]{6}"}),
    ]
    assert mask_values("MC-12345678 for OR-123456", policy_for((), forms)) == "[REFERENCE_NUMBER] for OR-123456"


def test_the_demo_pack_keeps_what_its_notes_need() -> None:
    head = tomllib.loads((PACKS / "demo" / "pack.toml").read_text(encoding="utf-8"))
    forms = [NumberForm.model_validate(form) for form in head["numbers"]]
    policy = policy_for(head["redaction"]["kinds"], forms)
    assert policy.kinds == SECRET_KINDS | {"DATE_OF_BIRTH"}
    kept = "MC-12345678, ticket TT-123456, since 2015, 4482 steps, call 206-555-0172, the account PIN has four digits"
    assert mask_values(kept, policy) == kept


def test_names_of_methods_are_no_passwords() -> None:
    names = ["one_time_code", "password", "pin", "online_login", "verification_code"]
    assert mask_values({"method": names}, policy_for(())) == {"method": names}
