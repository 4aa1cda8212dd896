"""What people and the service do with cases: open, owe, do, move, withdraw, hand over, close."""

import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from copilot.cases.follow_ups import follow_ups_of, title_of
from copilot.cases.opening import KINDS, Opening, dispute_days_of, opened
from copilot.cases.packets import Known, packet
from copilot.cases.raised import raised_in, take_over_by
from copilot.cases.reading import objects, time_of
from copilot.cases.record_desk import RecordDesk
from copilot.cases.tickets import FINAL
from copilot.errors import BadInput, Conflict, NotFound
from copilot.guard.masking import mask_values, policy_for
from copilot.guard.verification import Rulebook
from copilot.store import Case, Cases, Obligation
from knowledge.pack import Pack
from knowledge.rules.flags import FlagsFile

_CASE_ID = re.compile(r"[\w.:@-]{1,100}")


@dataclass(frozen=True)
class CaseDesk:
    """Works on the cases of one tenant."""

    cases: Cases
    pack: Pack

    def from_note(self, note: Mapping[str, Any], *, now: datetime) -> Case | None:
        """The case of what was promised in a call; None when nothing was. The same note again changes nothing."""
        owed = follow_ups_of(note)
        if not owed:
            return None
        case_id = case_id_of_call(str(note["call_id"]))
        customer = (note.get("contact") or {}).get("customer_id")
        case = self._case(
            case_id, "follow_up", title_of(note), owed[0].owner, customer, f"call:{note['call_id']}", {}, now
        )
        self.cases.open(case, owed, by="notes")
        return self.cases.get(case_id)

    def from_flags(self, note: Mapping[str, Any], events: Sequence[Mapping[str, Any]], *, now: datetime) -> list[Case]:
        """A case for each red flag of a call that opens one, with its owner's packet; the same again changes nothing.

        Args:
            note: of the call.
            events: of the call, `{type, body}`.
            now: when; the owner has a time by severity to take it over.
        """
        call_id, flags = str(note["call_id"]), self.pack.rule_file(FlagsFile)
        customer = (note.get("contact") or {}).get("customer_id")
        known = Known.of(note, events, self.tickets_of(customer))
        found = []
        for each in raised_in(known.events, flags):
            flag = each.flag
            if not flag.opens_case:
                continue
            case_id = case_id_of_call(call_id, f":{flag.flag_id}")
            body = {
                "flag": flag.flag_id,
                "severity": flag.severity,
                "informed": list(flag.routes[1:]),
                "packet": packet(known, flag.route, flags, rulebook=self._rulebook),
            }
            title = flag.title.in_language(str(note.get("language") or "en"))
            source = f"call:{call_id}/{'+'.join(each.turn_ids)}"
            what = f"Take over: {title}. {flag.first_step.in_language(str(note.get('language') or 'en'))}"
            owed = Obligation(f"{case_id}/take-over", what, flag.route, take_over_by([flag], now), source=source[:300])
            self.cases.open(
                self._case(case_id, "route", title, flag.route, customer, source, body, now), [owed], by="notes"
            )
            found.append(self.cases.get(case_id))
        return found

    def packet(self, note: Mapping[str, Any], events: Sequence[Mapping[str, Any]], route: str) -> dict[str, Any]:
        """What a process route needs of a call, filled in.

        Raises:
            BadInput: no such route.
        """
        tickets = self.tickets_of((note.get("contact") or {}).get("customer_id"))
        flags = self.pack.rule_file(FlagsFile)
        return packet(Known.of(note, events, tickets), route, flags, rulebook=self._rulebook)

    def tickets_of(self, customer_id: str | None) -> list[Mapping[str, Any]]:
        """The open tickets of a customer, in fields of TMF621; none for an unknown one."""
        if not customer_id:
            return []
        return [case.body for case in self.cases.find(kind="ticket", customer_id=customer_id)]

    def open(self, kind: str, given: Mapping[str, Any], *, by: str, now: datetime) -> Case:
        """Open a case of a kind; the same `case_id` again changes nothing.

        Raises:
            BadInput: an unknown kind, no title, or what its kind needs is missing.
        """
        if kind not in KINDS:
            raise BadInput(f"kind is {kind[:40]!r}; allowed are: {', '.join(KINDS)}. Choose one.")
        case_id = str(given.get("case_id") or f"{kind}-{uuid.uuid4().hex[:12]}")
        if not _CASE_ID.fullmatch(case_id):
            raise BadInput(f"case_id is {case_id[:40]!r}; allowed are 1 to 100 letters, digits and . _ : @ -.")
        clean = self._masked(dict(given))
        owner = str(clean.get("owner") or "support")[:200]
        body, owed = opened(Opening(kind, case_id, owner, now, dispute_days_of(self.pack)), clean)
        owed += [self._obligation(case_id, each) for each in objects(given.get("obligations"), "obligations")]
        title = str(clean.get("title") or body.get("name") or body.get("symptom") or body.get("reason") or kind)[:300]
        case = self._case(
            case_id, kind, title, owner, clean.get("customer_id"), str(clean.get("source") or "person"), body, now
        )
        self.cases.open(case, owed, by=by)
        return self.cases.get(case_id)

    def owe(self, case_id: str, given: Mapping[str, Any], *, by: str, now: datetime) -> Case:
        """Add something owed.

        Raises:
            BadInput: it says neither what nor who.
        """
        made, case = self._obligation(case_id, given), self.cases.get(case_id)
        if made.obligation_id in {each.obligation_id for each in case.obligations}:
            return case
        return self.cases.change(case_id, "owed", by=by, at=now, new=[made], body={"obligations": [made.obligation_id]})

    def settle(
        self,
        case_id: str,
        obligation_id: str,
        action: str,
        *,
        by: str,
        now: datetime,
        why: str = "",
        to: str = "",
        request_id: str | None = None,
    ) -> Case:
        """Do, move or withdraw something owed; a move keeps the old date, the same `request_id` changes nothing.

        Raises:
            NotFound: nothing of that id is owed in the case.
            BadInput: an unknown action; a move without a date, a withdrawal without a reason.
            Conflict: it is settled already, or somebody changed the case meanwhile.
        """
        if action not in ("done", "moved", "withdrawn"):
            raise BadInput(f"action is {action!r}; allowed are: done, moved, withdrawn. Choose one.")
        case = self.cases.get(case_id)
        if case.knows(request_id):
            return case
        owed = _owed(case, obligation_id)
        if owed.status != "open":
            raise Conflict(f"{obligation_id} is {owed.status} already.")
        if action != "done" and not why.strip():
            raise BadInput(f"Say why it is {action}: the customer may ask.")
        why = self._masked(why)
        if action == "moved":
            before = owed.due_at.isoformat() if owed.due_at else ""
            change = replace(owed, due_at=time_of(to), moved_from=[*owed.moved_from, before])
        else:
            change = replace(owed, status="done" if action == "done" else "withdrawn", done_by=by, evidence=why)
        body = {"obligation": obligation_id, "why": why, "to": to}
        return self.cases.change(
            case_id, action, by=by, at=now, version=case.version, owed=[change], body=body, request_id=request_id
        )

    def hand_over(
        self,
        case_id: str,
        owner: str,
        note: str,
        *,
        by: str,
        now: datetime,
        version: int | None = None,
        request_id: str | None = None,
    ) -> Case:
        """Give the case to somebody else, with a note to them: one owner at a time.

        Raises:
            BadInput: no new owner.
            Conflict: it does not stand at `version` any more: somebody else was faster.
        """
        if not owner.strip():
            raise BadInput("A hand-over needs the new owner. Say who.")
        return self.cases.change(
            case_id,
            "handed_over",
            by=by,
            at=now,
            version=version,
            fields={"owner": owner[:200]},
            body={"note": self._masked(note)},
            request_id=request_id,
        )

    def close(
        self, case_id: str, *, by: str, now: datetime, version: int | None = None, request_id: str | None = None
    ) -> Case:
        """Close a case; the same `request_id` changes nothing.

        Raises:
            Conflict: something is still owed, its ticket or dispute is not at an end, or it has moved on.
        """
        case = self.cases.get(case_id)
        if case.knows(request_id):
            return case
        state = case.body.get("status")
        if case.kind == "ticket" and state not in FINAL:
            raise Conflict(
                f"Case {case_id} cannot close: its ticket is {state}. Bring it to {', '.join(sorted(FINAL))}."
            )
        if case.kind == "dispute" and state == "open":
            raise Conflict(f"Case {case_id} cannot close: its dispute is not decided. Decide it.")
        fields = {"status": "closed"}
        return self.cases.change(
            case_id, "closed", by=by, at=now, version=version or case.version, fields=fields, request_id=request_id
        )

    @property
    def records(self) -> RecordDesk:
        """What is done with disputes, orders and problems."""
        return RecordDesk(self.cases, self.pack)

    def _obligation(self, case_id: str, given: Mapping[str, Any]) -> Obligation:
        what, owner = str(given.get("what") or "").strip(), str(given.get("owner") or "").strip()
        if not what or not owner:
            raise BadInput("What is owed needs `what` and `owner`. Say what is to be done, and who does it.")
        due = given.get("due_at")
        return Obligation(
            str(given.get("obligation_id") or f"{case_id}/{uuid.uuid4().hex[:8]}")[:200],
            self._masked(what),
            owner[:200],
            time_of(due) if due else None,
            str(given.get("channel") or "")[:40],
            str(given.get("source") or "person")[:300],
        )

    @property
    def _rulebook(self) -> Rulebook:
        return Rulebook(self.pack.verification, cpni=self.pack.head.regimes.cpni)

    def _masked(self, value: Any) -> Any:
        return mask_values(value, policy_for(self.pack.head.redaction.kinds, self.pack.head.numbers))

    def _case(
        self,
        case_id: str,
        kind: str,
        title: str,
        owner: str,
        customer_id: Any,
        source: str,
        body: Mapping[str, Any],
        now: datetime,
    ) -> Case:
        customer = str(customer_id) if customer_id else None
        return Case(case_id, kind, title[:300], owner, "open", customer, source[:300], dict(body), 1, now, now)  # type: ignore[arg-type]


def case_id_of_call(call_id: str, part: str = "") -> str:
    """The id of the case of a call: its own, or a digest of one that is too long or odd for an address."""
    case_id = f"call-{call_id}{part}"
    return case_id if _CASE_ID.fullmatch(case_id) else f"call-{sha256(call_id.encode()).hexdigest()[:32]}{part}"


def _owed(case: Case, obligation_id: str) -> Obligation:
    found = [each for each in case.obligations if each.obligation_id == obligation_id]
    if not found:
        raise NotFound(f"Nothing {obligation_id!r} is owed in case {case.case_id}. `copilot cases show` lists what is.")
    return found[0]
