from decimal import Decimal

from copilot.offers import Desk, Odds
from copilot.offers.negotiation import corridor, exchanges
from copilot.offers.profit import Benefit, customer_return, profit_sheet
from copilot.offers.requests import book_of
from knowledge.pack import Pack
from tests.copilot.billing.records import record_of
from tests.copilot.offers.desk import TODAY, a_customer, decide, without_holdout

D = Decimal


def test_every_line_of_the_profit_sheet_names_its_record(demo_pack: Pack) -> None:
    sheet = profit_sheet(record_of(demo_pack, "C-1001"), book_of(demo_pack).tariff, TODAY)
    assert [(line.name, str(line.amount), line.source) for line in (*sheet.revenues, *sheet.expenses)] == [
        ("Fiber 600", "75.00", "service SV-1001-1"),
        ("Modem rental", "10.00", "service SV-1001-2"),
        ("discounts", "-5.00", "invoice IN-1001-202611"),
        ("variable_cost", "-31.45", "record C-1001, cost"),
        ("contacts", "-0.90", "record C-1001, cost"),
    ]
    assert (sheet.margin, sheet.margin_percent) == (D("47.65"), D("59.6"))


def test_the_corridor_ends_where_letting_go_is_better(demo_pack: Pack) -> None:
    found = corridor(a_customer(), Desk(book_of(demo_pack)), Odds(D("0.20"), D("0.45")))
    assert found.floor == D("48.39")  # 31.45 / 0.65, rounded up
    # C_max is (0.25 x 446.22 - 4.50) / 0.45 = 237.90 over months that weigh 10.2461 together: 23.22 a month
    assert found.walk_away == D("51.78")
    assert found.lowest == D("51.78")


def test_the_margin_floor_counts_where_it_is_higher(demo_pack: Pack) -> None:
    dear = a_customer(cost={"variable_cost_monthly": "45.00"})
    found = corridor(dear, Desk(book_of(demo_pack)), Odds(D("0.05"), D("0.95")))
    assert found.lowest == found.floor == D("69.24")  # 45.00 / 0.65, rounded up


def test_something_is_asked_for_in_return(demo_pack: Pack) -> None:
    customer = a_customer()
    found = exchanges(decide(demo_pack, customer, "competitor"), without_holdout(demo_pack), has_autopay=False)
    router = next(each for each in found if "router" in each.give)
    assert router.get == ("an agreement of 12 months", "automatic payment")
    assert [each.cost for each in found] == sorted(each.cost for each in found)


def test_what_the_customer_gains_counts_only_with_a_source() -> None:
    benefits = [Benefit("no second line", D("30.00"), "said in turn t9"), Benefit("happier staff", D("500.00"), " ")]
    gained = customer_return(D("25.00"), benefits)
    assert (gained.net, gained.roi_percent) == (D("5.00"), D("20.0"))
