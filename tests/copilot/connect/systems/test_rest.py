from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from copilot.connect.protocol import ChangedThere, ConnectFailed, NoSuchRecord, Refused
from copilot.connect.systems.rest import RestSystem, build
from copilot.errors import ConfigError
from tests.copilot.connect.systems.crm import ENVIRON, Crm, mapping
from tests.copilot.connect.systems.serving import Mishap, serving


def rest(url: str, **changed: Any) -> RestSystem:
    system = build("crm", mapping(url, **changed), base=Path(), environ=ENVIRON)
    assert isinstance(system, RestSystem)
    return system


def test_customers_are_found_by_id_and_over_all_pages_by_phone() -> None:
    with serving(Crm()) as url:
        one = rest(url).find("id", "C-1001")
        three = rest(url).find("phone", "+15550100")
        assert rest(url).find("id", "C-9999") == []
    assert [(found.object_id, found.record.name) for found in one] == [("C-1001", "Dana Whitfield")]
    assert one[0].record.balance.current_due == Decimal("84.10")
    assert one[0].fields["contact.phone"] == "+15550100"
    assert [found.object_id for found in three] == ["C-1001", "C-1002", "C-1003"]


def test_a_field_is_read_and_written_at_its_path_in_its_own_type() -> None:
    crm = Crm()
    with serving(crm) as url:
        system = rest(url)
        assert system.current("customer", "C-1001", "paperless") == "false"
        system.write_field("k1", "customer", "C-1001", "paperless", "true")
        assert system.current("customer", "C-1001", "seats") == "3"
        system.write_field("k2", "customer", "C-1001", "seats", "4.50")
        system.write_field("k3", "customer", "C-1001", "contact.phone", "+15550177")
    person = crm.people["C-1001"]
    assert (person["paperless"], person["seats"], person["contact"]) == (True, 4.5, {"phone": "+15550177"})
    assert b'"seats": 4.50' in crm.writes[1].body
    assert crm.writes[0].headers["idempotency-key"] == "k1"


def test_a_value_that_has_not_its_type_is_refused_before_it_is_sent() -> None:
    crm = Crm()
    with serving(crm) as url:
        for field, value in (("seats", "four"), ("seats", "NaN"), ("seats", "Infinity"), ("paperless", "perhaps")):
            with pytest.raises(Refused, match=field):
                rest(url).write_field("k", "customer", "C-1001", field, value)
    assert crm.writes == []


def test_what_changes_between_reading_and_writing_is_caught_by_the_entity_tag() -> None:
    crm = Crm()
    with serving(crm) as url:
        system = rest(url)
        system.current("customer", "C-1001", "seats")
        crm.people["C-1001"]["owes"] = 99
        with pytest.raises(ChangedThere):
            system.write_field("k", "customer", "C-1001", "seats", "5")
    assert crm.people["C-1001"]["seats"] == 3


def test_a_note_goes_where_the_mapping_says_and_is_found_again_by_its_key() -> None:
    crm = Crm()
    with serving(crm) as url:
        system = rest(url)
        assert not system.has_note("wb-1", "customer", "C-1001")
        system.add_note("wb-1", "customer", "C-1001", "Said {key} and <b>twice</b> {text}")
        assert system.has_note("wb-1", "customer", "C-1001")
        assert not system.has_note("wb-1", "customer", "C-1002")
    assert crm.notes["C-1001"] == [{"text": "Said {key} and <b>twice</b> {text}", "ref": "wb-1", "internal": "yes"}]


def test_bills_are_read_exactly_and_rows_of_another_form_are_named() -> None:
    crm = Crm()
    crm.bills = [
        {"no": "B1", "made": "2026-10-01", "due": "2026-10-21", "sum": 84.10, "is": "sent", "cur": "usd"},
        {"no": "B2", "made": "yesterday", "due": "2026-10-21", "sum": 1},
        {"no": "B3", "made": "2026-10-01", "due": "2026-10-21", "sum": 1.005},
    ]
    with serving(crm) as url:
        bills = rest(url).billing("C-1001")
    assert [(each.invoice_id, each.total) for each in bills.invoices] == [("B1", Decimal("84.10"))]
    assert bills.currency_of == {"B1": "USD"}
    assert bills.problems == ("invoice 2: bill_date has another form", "invoice 3: total has another form")


def test_a_wrong_log_in_is_named_by_check_and_the_secret_is_not() -> None:
    with serving(Crm()) as url:
        wrong = build("crm", mapping(url), base=Path(), environ={"CRM_TOKEN": "guessed"})
        with pytest.raises(Refused) as caught:
            wrong.check()
        assert rest(url).check() == []
    assert "401" in str(caught.value)
    assert "guessed" not in str(caught.value)


@pytest.mark.parametrize("value", ["../admin", "a/b", "..", "x?y=1", "x#y", "%2e%2e", "", "a\nb", "💥"])
def test_a_hostile_id_asks_for_nothing_else(value: str) -> None:
    crm = Crm()
    with serving(crm) as url:
        assert rest(url).find("id", value) == []
    assert all(asked.path.startswith("/api/people/") and asked.path.count("/") == 3 for asked in crm.asked)


@pytest.mark.parametrize("person", [{"nr": None}, {"nr": "C-1", "kind": "castle"}, {"nr": "C-1", "owes": "lots"}])
def test_a_customer_of_another_form_is_an_error_that_tells_no_value(person: Any) -> None:
    crm = Crm()
    crm.mishaps.append(Mishap(data={"person": person}))
    with serving(crm) as url, pytest.raises(ConnectFailed) as caught:
        rest(url).find("id", "C-1001")
    assert "castle" not in str(caught.value)
    assert "C-1" not in str(caught.value)


@pytest.mark.parametrize("person", [[], "text", 7, None])
def test_what_is_no_object_is_no_customer(person: Any) -> None:
    crm = Crm()
    crm.mishaps.append(Mishap(data={"person": person}))
    with serving(crm) as url:
        assert rest(url).find("id", "C-1001") == []


def test_pages_without_an_end_are_given_up() -> None:
    crm = Crm()
    crm.mishaps.extend([Mishap(data={"people": [], "more": "/api/people?phone=1"})] * 60)
    with serving(crm) as url, pytest.raises(Refused, match="50 pages"):
        rest(url).find("phone", "1")
    assert len(crm.asked) == 50


def test_a_field_that_is_no_plain_value_is_refused() -> None:
    with serving(Crm()) as url, pytest.raises(Refused, match="contact"):
        rest(url).current("customer", "C-1001", "contact")


def test_a_note_at_an_object_that_is_not_there_is_no_such_record() -> None:
    with serving(Crm()) as url, pytest.raises(NoSuchRecord):
        rest(url).add_note("k", "customer", "C-404", "text")


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"url": None}, "crm.url"),
    ({"auth": {"variable": "sk live secret"}}, "crm.auth.variable"),
    ({"auth": {"header": "A: b", "variable": "CRM_TOKEN"}}, "crm.auth.header"),
    ({"auth": {"variable": "NOT_SET"}}, "NOT_SET"),
    ({"timeout_s": 900}, "crm.timeout_s"),
    ({"colour": "red"}, "crm.colour"),
    ({"find": {"shoe": {"get": "/x"}}}, "crm.find.shoe"),
    ({"find": {"id": {"get": "/people/{nr}"}}}, "{value}"),
    ({"find": {"id": {"get": "/people/{value"}}}, "{value}"),
    ({"customer": {"id": "nr", "record": {"name": "n"}}}, "customer_id"),
    ({"customer": {"id": "nr", "record": {"customer_id": "nr", "shoe_size": "s"}}}, "shoe_size"),
    ({"customer": None}, "find needs customer"),
    ({"read": {}}, "write.customer needs read.customer"),
    ({"notes": {"customer": {"path": "/n", "body": {"a": "b"}}}}, "no {text}"),
    (
        {"notes": {"customer": {"path": "/n", "body": {"a": "{text}"}, "existing": {"get": "/n", "key": "k"}}}},
        "no {key}",
    ),
    ({"notes": {"customer": {"path": "/n", "body": {"a": "{text}{secret}"}}}}, "{key}"),
    ({"types": {"seats": "float"}}, "crm.types.seats"),
    ({"invoices": {"get": "/b/{id}", "fields": {"invoice_id": "no"}}}, "bill_date"),
    ({"payments": {"get": "/b/{id}", "fields": {"shoe": "no"}}}, "shoe"),
]


@pytest.mark.parametrize(("changed", "names"), WRONG, ids=[names for _, names in WRONG])
def test_a_wrong_mapping_is_refused_before_anything_is_asked(changed: dict[str, Any], names: str) -> None:
    with pytest.raises(ConfigError) as caught:
        build("crm", mapping("http://127.0.0.1:9", **changed), base=Path(), environ=ENVIRON)
    assert names in str(caught.value)
    assert "COPILOT_CONNECT, crm" in str(caught.value)
    assert "sk live secret" not in str(caught.value)
