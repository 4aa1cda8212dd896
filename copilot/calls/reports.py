"""What people and other systems report of a call: verification, consents, capture, feedback."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from copilot.calls.core import CallCore, new_events
from copilot.calls.held import Held
from copilot.calls.state import AuthLevel, CallState
from copilot.calls.verifying import auth_reported
from copilot.calls.watchers.recording import RECORDING, REFUSED
from copilot.errors import BadInput, Conflict
from copilot.guard.dispatch import DispatchConsent, as_json, missing_fields
from copilot.guard.masking import mask_values
from copilot.store import NewEvent


class CallReports(CallCore):
    """Events that no turn set off."""

    def record(self, call_id: str, event_type: str, body: Mapping[str, Any]) -> int:
        """Append what a person or another system reports (verification, consent, capture, feedback); its number."""

        def append(held: Held) -> int:
            masked = mask_values(body, self.policy)
            self._append(held, [NewEvent(event_type, masked, self._now(held.state))])
            return held.state.seq

        return self._with(call_id, append)

    def report_auth(self, call_id: str, level: AuthLevel, method: str | None) -> int:
        """Append a verification done elsewhere, by a person or a system; the number of its event.

        Raises:
            BadInput: the method is unknown, proves nothing, or does not carry to this level.
        """

        def append(held: Held) -> int:
            reactions = auth_reported(held.state, self.desk, level, mask_values(method, self.policy))
            self._append(held, new_events(reactions, self._now(held.state)))
            return held.state.seq

        return self._with(call_id, append)

    def consent(self, call_id: str, body: Mapping[str, Any]) -> int:
        """Append a consent; one about recording stops the capture, or takes it up again. The number of the last event.

        A pause for a payment is not taken up again: whoever made it ends it.
        """

        def append(held: Held) -> int:
            state, at = held.state, self._now(held.state)
            new = [NewEvent("consent.changed", mask_values(body, self.policy), at)]
            if body["kind"] == RECORDING and not body["given"] and not state.capture_paused:
                new.append(NewEvent("capture.paused", {"reason": REFUSED}, at))
            elif body["kind"] == RECORDING and body["given"] and state.pause_reason == REFUSED:
                new.append(NewEvent("capture.resumed", {}, at))
            self._append(held, new)
            return held.state.seq

        return self._with(call_id, append)

    def dispatch_consent(self, call_id: str, body: Mapping[str, Any], consent: DispatchConsent) -> int:
        """Append a consent to a field visit, with its record; what the call itself knows is filled in.

        Raises:
            BadInput: the record lacks what the pack requires; names the fields.
        """

        def append(held: Held) -> int:
            state, at = held.state, self._now(held.state)
            record = replace(
                consent,
                auth_level=consent.auth_level or state.auth_level,
                given_at=consent.given_at or datetime.fromisoformat(at),
                method=consent.method or state.channel,
            )
            rules = self.desk.gates.consent.dispatch
            if missing := missing_fields(record, rules):
                raise BadInput(
                    f"The dispatch consent lacks: {', '.join(missing)}. Needed are {', '.join(rules.required_fields)}, "
                    f"charge_disclosed true, auth_level one of {', '.join(rules.levels)}. Complete the record."
                )
            masked = mask_values({**body, "record": as_json(record)}, self.policy)
            self._append(held, [NewEvent("consent.changed", masked, at)])
            return held.state.seq

        return self._with(call_id, append)

    def set_capture(self, call_id: str, *, is_paused: bool) -> int:
        """Pause the capture or take it up again; the number of the last event. Doing it twice changes nothing.

        Raises:
            Conflict: the customer refused to be recorded, so it cannot be taken up again.
        """

        def append(held: Held) -> int:
            if not is_paused and held.state.recording is False:
                raise Conflict(
                    f"In call {call_id!r} the customer refused to be recorded. Once they agree, report that with "
                    'POST /v1/calls/{id}/consent {"kind": "recording", "given": true}.'
                )
            if held.state.capture_paused != is_paused:
                kind = "capture.paused" if is_paused else "capture.resumed"
                self._append(held, [NewEvent(kind, {}, self._now(held.state))])
            return held.state.seq

        return self._with(call_id, append)

    def append_if(
        self, call_id: str, event_type: str, body_of: Callable[[CallState], Mapping[str, Any] | None]
    ) -> bool:
        """Append what was prepared beside the call; whether it still fitted.

        `body_of` is given the call as it stands and answers the body, or None when there is nothing to say any more.
        It runs while nobody else may touch the call, so it must be quick.
        """

        def append(held: Held) -> bool:
            body = body_of(held.state)
            if body is not None:
                self._append(held, [NewEvent(event_type, body, self._now(held.state))])
            return body is not None

        return self._with(call_id, append)
