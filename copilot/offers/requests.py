"""What may be asked about offers, as the API's bodies and the command line give it; parsed once, here."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from copilot.customer import CustomerRecord
from copilot.errors import BadInput
from copilot.offers.decide import Desk, Evaluation, evaluate
from copilot.offers.facts import Book, CallContext
from knowledge.pack import Pack
from knowledge.rules.approvals import ApprovalsFile
from knowledge.rules.dispositions import DispositionsFile
from knowledge.rules.offers import OffersFile
from knowledge.rules.tariff import TariffFile

Channel = Literal["phone", "chat", "email", "store", "web"]
AuthLevel = Literal["none", "identified", "authenticated", "password"]


class Contact(BaseModel):
    """What is known of a contact, beside the customer's record."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    channel: Channel = "phone"
    direction: Literal["inbound", "outbound"] = "inbound"
    cues: tuple[str, ...] = ()
    auth_level: AuthLevel = "authenticated"
    save_attempts: int = Field(default=0, ge=0)
    has_permission: bool = False
    may_offer: bool = Field(default=True, description="what the law of save attempts says; left out, worked out")
    why_not: str = ""
    is_vulnerable: bool = False
    contacts_30d: int = Field(default=1, ge=0)
    on: date | None = None
    language: Literal["en", "es"] | None = None


class OffersAsked(Contact):
    """A customer and what is known of the contact."""

    customer: CustomerRecord
    reason: str = Field(description="a churn reason of the pack, e.g. price")

    def answer(self, desk: Desk, today: date) -> Evaluation:
        """The decisions of the pack.

        Raises:
            BadInput: the pack knows no such reason.
        """
        if self.reason not in desk.book.known_reasons:
            known = ", ".join(desk.book.known_reasons)
            raise BadInput(f"No churn reason {self.reason!r}; known are: {known}. Use one, or add it to the pack.")
        return evaluate(self.customer, self.context(), desk, self.on or today, language=self.words_in)

    @property
    def words_in(self) -> Literal["en", "es"]:
        """The language of the words: the one asked for, else the customer's."""
        return self.language or ("es" if self.customer.language == "es" else "en")

    def context(self) -> CallContext:
        """What the contact contributes."""
        return CallContext(
            reason=self.reason,
            channel=self.channel,
            direction=self.direction,
            cues=self.cues,
            auth_level=self.auth_level,
            save_attempts=self.save_attempts,
            has_permission=self.has_permission,
            may_offer=self.may_offer,
            why_not=self.why_not,
            is_vulnerable=self.is_vulnerable,
            contacts_30d=self.contacts_30d,
        )


def book_of(pack: Pack) -> Book:
    """The rules of a pack for evaluations.

    Raises:
        BadInput: the pack has no offers.
    """
    offers = pack.rule_file(OffersFile)
    if offers is None:
        raise BadInput(f"The pack {pack.name} has no rules/offers.yaml. Add one: docs/packs.md shows its form.")
    codes = pack.rule_file(DispositionsFile)
    reasons = tuple(reason.reason for reason in codes.churn_reasons) if codes else ()
    return Book(offers, pack.rule_file(TariffFile), pack.rule_file(ApprovalsFile), pack.name, reasons)
