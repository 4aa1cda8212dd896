from typing import Any

from fastapi.testclient import TestClient

from knowledge.pack import Pack

EXAMPLE = {
    "past_due": "84.37",
    "current_due": "42.19",
    "restoration_fee": "20.00",
    "lines": 2,
    "tax_percent": "8.25",
    "deposit_required": "50.00",
    "unapplied_credits": "10.00",
    "open_disputed": "12.50",
}


def post(client: TestClient, path: str, body: dict[str, Any]) -> Any:
    answer = client.post(f"/v1/billing/{path}", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_restoring_costs_what_the_handbook_says(client: TestClient) -> None:
    assert post(client, "restore", EXAMPLE)["total"] == "155.17"
    assert post(client, "restore", {**EXAMPLE, "include_current": True})["total"] == "197.36"


def test_a_number_counts_as_the_amount_it_shows(client: TestClient) -> None:
    assert post(client, "restore", {"past_due": 0.1, "deposit_required": 0.2})["total"] == "0.30"


def test_restoring_from_a_record_uses_the_tariff_of_the_day(client: TestClient, demo_pack: Pack) -> None:
    body = {"customer": dict(demo_pack.customers["C-1004"]), "on": "2026-11-20"}
    assert post(client, "restore", body)["total"] == "119.56"


def test_an_arrangement_says_whether_it_may_be_made(client: TestClient) -> None:
    body = {"total": "197.36", "down_percent": "50", "instalments": 3, "start": "2026-11-20"}
    plan = post(client, "arrange", body)
    assert plan["allowed"] is True
    assert [each["amount"] for each in plan["instalments"]] == ["32.89", "32.89", "32.90"]
    assert post(client, "arrange", {**body, "instalments": 4})["problems"] == ["4 instalments > 3"]


def test_part_of_a_month_and_a_change_of_plan_are_prorated(client: TestClient) -> None:
    assert post(client, "prorate", {"price": "59.99", "days": 11, "days_in_period": 30})["amount"] == "22.00"
    change = {"price": "75.00", "new_price": "95.00", "changed_on": "2026-11-16"}
    period = {"period_start": "2026-11-01", "period_end": "2026-11-30"}
    assert post(client, "prorate", change | period)["amount"] == "10.00"


def test_what_is_wrong_is_named_and_nothing_misspelt_is_left_out(client: TestClient) -> None:
    for body in ({"past_due": "84.375"}, {"past_due": "1.00", "depsoit": "5.00"}, {}, {"past_due": "-1.00"}):
        answer = client.post("/v1/billing/restore", json=body)
        assert answer.status_code == 422
        assert answer.headers["content-type"] == "application/problem+json"
    refused = client.post("/v1/billing/restore", json={"past_due": "5.00", "open_disputed": "6.00"})
    assert refused.status_code == 422
    assert "open_disputed 6.00 exceeds" in refused.json()["detail"]


def test_nothing_suspended_is_a_conflict(client: TestClient, demo_pack: Pack) -> None:
    answer = client.post("/v1/billing/restore", json={"customer": dict(demo_pack.customers["C-1001"])})
    assert answer.status_code == 409


def test_money_is_not_for_strangers(client: TestClient) -> None:
    for path, body in (("restore", EXAMPLE), ("prorate", {"price": "1.00", "days": 1, "days_in_period": 30})):
        assert client.post(f"/v1/billing/{path}", json=body, headers={"Authorization": ""}).status_code == 401
