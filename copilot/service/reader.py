"""Who reads what a search finds: in a call its caller's level decides, without one records are for supervisors."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from pydantic import BaseModel

from copilot.calls.desk import AUDIENCES, NO_CUSTOMER
from copilot.guard.verification import DISCLOSURES, Permission, Standing, may_show
from copilot.service.hall import Hall
from copilot.store import Identity
from knowledge.documents import Audience, Disclosure
from knowledge.retriever import Filters, Hit

INTERNAL_READERS = ("supervisor", "admin")

Search = Callable[[Filters], Sequence[Hit]]


class Withheld(BaseModel):
    """What was found and may not be shown: how many passages of a class, why, and the level that opens it."""

    disclosure: Disclosure
    count: int
    reason: str
    needs: str


@dataclass(frozen=True)
class Reader:
    """What may be shown to whoever asks: audiences, classes, and whose records (None: anybody's)."""

    audiences: tuple[Audience, ...]
    permissions: dict[Disclosure, Permission]
    of_customer: str | None

    @classmethod
    def of(cls, hall: Hall, identity: Identity, call_id: str | None) -> "Reader":
        """The reader behind a token, in a call or outside of one.

        Raises:
            NotFound: there is no such call.
        """
        is_supervising = identity.role in INTERNAL_READERS
        audiences: tuple[Audience, ...] = () if is_supervising else AUDIENCES
        rulebook = hall.parts.desk.rulebook
        if call_id is not None:
            standing, customer_id = hall.live(identity.tenant).standing(call_id)
            permissions = {each: may_show(each, standing, rulebook) for each in DISCLOSURES}
            return cls(audiences, permissions, customer_id or NO_CUSTOMER)
        permissions = {each: may_show(each, Standing(), rulebook) for each in DISCLOSURES}
        outside = {each: _outside_of_a_call(each, may, is_supervising) for each, may in permissions.items()}
        return cls(audiences, outside, None)

    @property
    def open(self) -> tuple[Disclosure, ...]:
        """The classes that may be shown."""
        return tuple(each for each, may in self.permissions.items() if may.allowed)

    @property
    def closed(self) -> dict[Disclosure, str]:
        """The classes that may not be shown, each with the reason."""
        return {each: may.reason for each, may in self.permissions.items() if not may.allowed}

    def search(self, find: Search, filters: Filters) -> tuple[Sequence[Hit], list[Withheld]]:
        """What may be shown of what is found, and what was left out; as many hits as there are open ones.

        Records of other customers are neither shown nor counted.
        """
        own = replace(filters, audiences=self.audiences, of_customer=self.of_customer)
        hits = find(own)
        closed = Counter(hit.document.disclosure for hit in hits if hit.document.disclosure not in self.open)
        if not closed:
            return hits, []
        return find(replace(own, disclosures=self.open)), [self._withheld(*each) for each in closed.items()]

    def _withheld(self, disclosure: Disclosure, count: int) -> Withheld:
        may = self.permissions[disclosure]
        return Withheld(disclosure=disclosure, count=count, reason=may.reason, needs=may.needs)


def _outside_of_a_call(disclosure: Disclosure, may: Permission, is_supervising: bool) -> Permission:
    if disclosure == "public" or is_supervising:
        return replace(may, allowed=True)
    return replace(may, allowed=False, reason=f"{disclosure}: without a call_id this is for supervisors")
