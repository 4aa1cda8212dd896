"""The part of tariff.yaml about ways to pay: methods, declined cards, dunning, checks by phone."""

from decimal import Decimal
from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from knowledge.rules.base import Count, RuleModel, Slug, Text, Words, YesNo, refuse
from knowledge.rules.money import Money
from knowledge.rules.sourced import SourcedRule

PHONE_CHECK_ELEMENTS: Final = (
    "authorisation_date",
    "debit_date",
    "amount",
    "customer_name",
    "account_last_four",
    "callback_number",
    "how_to_revoke",
    "single_debit",
)
"""What Nacha requires a single telephone authorisation to state (domain.md 5.2)."""


class PaymentMethod(RuleModel):
    """A way to pay."""

    method: Slug
    label: Words
    fee: Money = Field(default=Decimal("0.00"), description="what it costs the customer")
    takes_by_phone: YesNo = Field(description="an agent may take it during a call")


class CardRules(RuleModel):
    """Cards that are declined."""

    max_declines_a_day: Count = Field(description="then stop")
    stop_hours: Count = Field(description="no further try for so many hours")
    max_retries: Count = Field(description="per card and amount")
    retry_window_days: Count = Field(description="within so many days")


def _quoted_codes(codes: tuple[str, ...]) -> tuple[str, ...]:
    repeated = [code for place, code in enumerate(codes) if code in codes[:place]]
    if repeated:
        raise refuse(f"code {repeated[0]!r} stands twice; allowed is once. Delete one.")
    return codes


DeclineCode = Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{2}$")]


class DeclineClass(SourcedRule):
    """Decline codes that are treated alike."""

    decline_class: Literal["hard", "soft", "data_fix"] = Field(description="never again; later; after correction")
    scheme: Literal["visa", "mastercard"]
    codes: Annotated[tuple[DeclineCode, ...], AfterValidator(_quoted_codes)] = Field(
        min_length=1, description='two characters each, in quotes: "05"'
    )
    fraud_codes: tuple[DeclineCode, ...] = Field(
        default=(), description="of these, the ones that also raise a fraud flag"
    )
    do: Words = Field(description="what the agent does")


class DunningStep(RuleModel):
    """A step after (or before, negative) a failed payment."""

    day: Annotated[int, Field(strict=True, ge=-90, le=365)] = Field(
        description="days from the failure; before expiry: negative"
    )
    action: Literal["expiry_notice", "retry", "message", "call", "final_notice", "suspend"]
    says: Words


class PhoneCheck(SourcedRule):
    """A single debit from a bank account, authorised by voice."""

    elements: tuple[Text, ...] = Field(description="what the read-back must contain")
    callback_number: Text
    keep_days: Count = Field(description="the authorisation is kept for so many days")
    business_accounts: YesNo = Field(description="whether business accounts may pay this way without written authority")

    @model_validator(mode="after")
    def _check_elements(self) -> Self:
        missing = [element for element in PHONE_CHECK_ELEMENTS if element not in self.elements]
        if missing:
            raise refuse(
                f"elements lack {', '.join(missing)}; required are: {', '.join(PHONE_CHECK_ELEMENTS)}. Add them."
            )
        return self
