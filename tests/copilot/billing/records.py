"""Customers of the demo pack as records, changed as a test needs."""

from typing import Any

from copilot.customer import CustomerRecord, customer_record
from knowledge.pack import Pack


def record_of(pack: Pack, customer_id: str, **changes: Any) -> CustomerRecord:
    return customer_record({**pack.customers[customer_id], **changes})
