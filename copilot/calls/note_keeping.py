"""The notes of live calls: as they stand, edited and signed by people."""

from collections.abc import Callable, Mapping
from typing import Any

from copilot.calls.held import Held
from copilot.calls.note import edited_note, history_of, signed_note
from copilot.calls.reading import CallReading
from copilot.errors import Conflict
from copilot.guard.masking import mask_values
from copilot.store import NewEvent


class NoteKeeping(CallReading):
    """What people do with notes."""

    def note(self, call_id: str) -> Mapping[str, Any]:
        """The note as it stands: the one stored, or while the call runs what it would be now.

        While the call runs, lines above the caller's level are left out; `withheld` says how many.
        """
        return self._with(call_id, lambda held: held.state.note or self._preview(held))

    def edit_note(
        self, call_id: str, changes: Mapping[str, Any], by: str, *, why: str | None = None
    ) -> Mapping[str, Any]:
        """Store a person's changes to the note of a call that has ended, masked like everything else.

        Raises:
            Conflict: the call is still running.
            BadInput: a code the pack does not have, or a signed note and no reason for the edit.
        """

        def edit(note: Mapping[str, Any], at: str) -> Mapping[str, Any]:
            masked, reason = mask_values(changes, self.policy), mask_values(why, self.policy)
            return edited_note(note, masked, by=by, at=at, why=reason, pack=self.desk.pack)

        return self._with(call_id, lambda held: self._rewrite_note(held, edit))

    def sign_note(self, call_id: str, name: str) -> Mapping[str, Any]:
        """Sign the note of a call that has ended; it stays as it is until somebody edits it and says why.

        Raises:
            Conflict: the call is still running.
        """

        def sign(note: Mapping[str, Any], at: str) -> Mapping[str, Any]:
            return signed_note(note, name=mask_values(name, self.policy), at=at)

        return self._with(call_id, lambda held: self._rewrite_note(held, sign))

    def note_history(self, call_id: str) -> list[dict[str, Any]]:
        """The versions of the note, the first one first, each with what it changed; empty while the call runs."""
        return history_of((event.at, event.body) for event in self.events(call_id) if event.type == "note.updated")

    def _rewrite_note(
        self, held: Held, change: Callable[[Mapping[str, Any], str], Mapping[str, Any]]
    ) -> Mapping[str, Any]:
        if held.state.note is None:
            raise Conflict(
                f"Call {held.state.call_id!r} is still running. End it first; then its note can be edited and signed."
            )
        at = self._now(held.state)
        body = change(held.state.note, at)
        self._append(held, [NewEvent("note.updated", body, at)])
        return body
