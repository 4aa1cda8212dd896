"""A CRM in a form of its own, and the mapping that tells it."""

from typing import Any

from tests.copilot.connect.systems.serving import Asked, FakeSystem, Told

TOKEN = "crm-token-1"
ENVIRON = {"CRM_TOKEN": TOKEN}


def mapping(at: str, /, **changed: Any) -> dict[str, Any]:
    """Its mapping; a part that is changed to None is left out."""
    entry: dict[str, Any] = {
        "kind": "rest",
        "url": f"{at}/api",
        "auth": {"header": "Authorization", "variable": "CRM_TOKEN", "prefix": "Token "},
        "check": "/ping",
        "idempotency_header": "Idempotency-Key",
        "timeout_s": 5,
        "find": {
            "id": {"get": "/people/{value}", "items": "person"},
            "phone": {"get": "/people?phone={value}", "items": "people", "next": "more"},
        },
        "customer": {
            "id": "nr",
            "record": {"customer_id": "nr", "name": "full.name", "segment": "kind", "balance.current_due": "owes"},
        },
        "read": {"customer": {"get": "/people/{id}", "at": "person"}},
        "write": {"customer": {"method": "PATCH", "path": "/people/{id}", "at": "person"}},
        "notes": {
            "customer": {
                "path": "/people/{id}/notes",
                "body": {"note.text": "{text}", "note.ref": "{key}", "note.internal": "yes"},
                "existing": {"get": "/people/{id}/notes", "items": "notes", "key": "ref"},
            }
        },
        "types": {"seats": "number", "paperless": "boolean"},
        "fields": {"phone": "contact.phone", "seats": "seats", "paperless": "paperless"},
        "invoices": {
            "get": "/people/{id}/bills",
            "items": "bills",
            "fields": {"invoice_id": "no", "bill_date": "made", "due_date": "due", "total": "sum", "state": "is"},
        },
        "currency": "cur",
    }
    entry.update(changed)
    return {name: part for name, part in entry.items() if part is not None}


class Crm(FakeSystem):
    """People with notes and bills; pages of two."""

    def __init__(self, *, knows_keys: bool = True, shows_notes: bool = True) -> None:
        super().__init__()
        self.knows_keys, self.shows_notes = knows_keys, shows_notes
        self.people: dict[str, dict[str, Any]] = {
            nr: {
                "nr": nr,
                "full": {"name": name},
                "kind": "home",
                "owes": 84.10,
                "contact": {"phone": "+15550100"},
                "seats": 3,
                "paperless": False,
            }
            for nr, name in (("C-1001", "Dana Whitfield"), ("C-1002", "Luis Ortega"), ("C-1003", "Mae Lindqvist"))
        }
        self.notes: dict[str, list[dict[str, Any]]] = {nr: [] for nr in self.people}
        self.bills: list[dict[str, Any]] = []
        self._seen: dict[str, Told] = {}

    def answer(self, asked: Asked) -> Told:
        if asked.headers.get("authorization") != f"Token {TOKEN}":
            return Told(status=401)
        steps = asked.path.removeprefix("/api/").split("/")
        if steps == ["ping"]:
            return Told({"ok": True})
        if steps == ["people"]:
            return self._page(asked)
        nr = steps[1]
        if nr not in self.people:
            return Told(status=404)
        key = asked.headers.get("idempotency-key", "")
        if asked.method == "GET":
            return self._read(nr, steps[2:])
        if not (self.knows_keys and key in self._seen):
            self._seen[key] = self._write(asked, nr, steps[2:])
        return self._seen[key]

    def _read(self, nr: str, rest: list[str]) -> Told:
        if rest == ["notes"]:
            return Told({"notes": self.notes[nr] if self.shows_notes else []})
        if rest == ["bills"]:
            return Told({"bills": self.bills})
        return Told({"person": self.people[nr]}, headers={"ETag": self._tag(nr)})

    def _write(self, asked: Asked, nr: str, rest: list[str]) -> Told:
        if rest == ["notes"]:
            self.notes[nr].append(asked.json["note"])
            return Told({"ok": True}, 201)
        if asked.headers.get("if-match", self._tag(nr)) != self._tag(nr):
            return Told(status=412)
        for name, value in asked.json["person"].items():
            if isinstance(value, dict):
                self.people[nr][name] |= value
            else:
                self.people[nr][name] = value
        return Told({"person": self.people[nr]})

    def _page(self, asked: Asked) -> Told:
        hits = [one for one in self.people.values() if one["contact"]["phone"] == asked.query["phone"]]
        start = int(asked.query.get("from", 0))
        more = f"/api/people?phone=%2B15550100&from={start + 2}" if start + 2 < len(hits) else None
        return Told({"people": hits[start : start + 2], "more": more})

    def _tag(self, nr: str) -> str:
        return f'"{hash(repr(self.people[nr]))}"'
