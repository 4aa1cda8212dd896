"""Who wants to leave, as the save rules see them, read off a record as it stands in a pack or a file."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from copilot.guard.save_attempts import Leaver
from knowledge.rules.pack_head import PackHead
from knowledge.rules.places import STATES
from knowledge.rules.save_rules import SaveRulesFile


def leaver_of(record: Mapping[str, Any], rules: SaveRulesFile, head: PackHead) -> Leaver:
    """What decides which rule reaches a customer, by their record, of which anything may be missing."""
    state, segment = record.get("state"), record.get("segment")
    products = _products(record)
    # An exemption holds for the customer only when it holds for all they have: which part ends is not known yet.
    regulated = all(product in rules.regulated_services for product in products)
    return Leaver(
        state=state if state in STATES else None,
        segment="business" if segment == "business" else "home",  # unknown: consumer law reaches more
        service_regulated=regulated if products else head.house.service_regulated_default,
        online_sale=record.get("sold_online") is True,
        contract_from=_day(record.get("contract_changed_on")),
    )


def _products(record: Mapping[str, Any]) -> set[str]:
    accounts = record.get("accounts")
    services = [
        service
        for account in (accounts if isinstance(accounts, list) else [])
        if isinstance(account, Mapping)
        for service in account.get("services") or []
    ]
    return {service["product"] for service in services if isinstance(service, Mapping) and "product" in service}


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
