import csv
import io
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import Engine

from copilot.offers import Desk
from copilot.offers.export import COLUMNS, as_csv, as_xlsx
from copilot.offers.replay import keep, replay
from copilot.offers.requests import OffersAsked, book_of
from copilot.store import Decisions, StoredDecision
from knowledge.pack import Pack
from tests.copilot.offers.desk import TODAY


@pytest.fixture
def decisions(database: Engine) -> Decisions:
    return Decisions(database)


def kept(decisions: Decisions, pack: Pack, customer_id: str = "C-1001", **asked: Any) -> StoredDecision:
    desk = Desk(book_of(pack))
    question = OffersAsked(customer=pack.customers[customer_id], reason="price", **asked)
    return decisions.get(keep(decisions, question, desk, question.answer(desk, TODAY)))


def test_a_stored_decision_comes_out_byte_for_byte(decisions: Decisions, demo_pack: Pack) -> None:
    for customer_id in demo_pack.customers:
        stored = kept(decisions, demo_pack, customer_id)
        again = replay(stored)
        assert again.is_same
        assert again.answer == stored.answer


def test_a_decision_that_was_tampered_with_does_not(decisions: Decisions, demo_pack: Pack) -> None:
    stored = kept(decisions, demo_pack)
    forged = StoredDecision(**{**vars(stored), "answer": stored.answer.replace("132.67", "832.67")})
    assert not replay(forged).is_same


def test_the_rules_of_the_day_count_not_those_of_today(decisions: Decisions, demo_pack: Pack) -> None:
    stored = kept(decisions, demo_pack)
    changed = StoredDecision(
        **{**vars(stored), "rules": stored.rules.replace('"annual_rate_percent": "10"', '"annual_rate_percent": "30"')}
    )
    assert replay(stored).is_same
    assert not replay(changed).is_same


def test_the_same_decision_is_stored_once(decisions: Decisions, demo_pack: Pack) -> None:
    first, second = kept(decisions, demo_pack), kept(decisions, demo_pack)
    assert first.decision_id == second.decision_id
    assert len(decisions.since(first.at)) == 1


def test_decisions_are_exported_row_by_row(decisions: Decisions, demo_pack: Pack) -> None:
    stored = [kept(decisions, demo_pack)]
    head, *rows = list(csv.reader(io.StringIO(as_csv(stored))))
    assert tuple(head) == COLUMNS
    assert len(rows) == 19  # 18 offers and no offer
    first = dict(zip(head, rows[0], strict=True))
    assert (first["offer_id"], first["rank"], first["eligible"], first["dEV"]) == ("OF-LOCK-12", "1", "yes", "132.67")
    sheet = load_workbook(io.BytesIO(as_xlsx(stored)))["Decisions"]
    assert [cell.value for cell in sheet[2]][:6][-1] == "OF-LOCK-12"


def test_no_cell_is_run_as_a_formula(decisions: Decisions, demo_pack: Pack) -> None:
    record = {**demo_pack.customers["C-1001"], "customer_id": '=HYPERLINK("http://x","y")'}
    desk = Desk(book_of(demo_pack))
    question = OffersAsked(customer=record, reason="price")
    stored = decisions.get(keep(decisions, question, desk, question.answer(desk, TODAY)))
    rows = list(csv.reader(io.StringIO(as_csv([stored]))))
    assert rows[1][3].startswith("'=")
