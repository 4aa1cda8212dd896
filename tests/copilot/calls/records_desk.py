"""A desk whose documents hold records of accounts: what must stay hidden."""

import json
from pathlib import Path

from copilot.calls.desk import Desk
from copilot.store import open_database
from copilot.wiring import index_pack
from knowledge.embedders import load_embedder
from knowledge.pack import load_pack
from knowledge.retriever import Retriever
from tests.knowledge.small_pack import SmallPack

RECORDS = (
    ("balance", "C-1", "account", "Open balance of this account: 48217 in zanzibar credits, due on the third."),
    ("calls", "C-1", "call_detail", "Call log of this line: the longest call went to quixotville for 7731 seconds."),
    ("other", "C-2", "account", "Open balance of this account: 99999 in narnia credits, due on the third."),
)
ACCOUNT_WORDS = ("zanzibar", "48217")
CALL_WORDS = ("quixotville", "7731")
FOREIGN_WORDS = ("narnia", "99999")
ASKS_BALANCE = "What is the open balance of this account, please?"
ASKS_CALLS = "Where did the longest call in the call log of this line go?"
CUSTOMERS = (
    '{"customer_id": "C-1", "state": "TX", "flags": {"dedicated_rep": true, "cpni_contract_clause": true}, "contacts":'
    ' [{"name": "Ann Holder", "role": "account holder", "authorised": true},'
    ' {"name": "Bea Deputy", "role": "office manager", "authorised": true}]}\n'
)


def records_pack(folder: Path) -> Path:
    """A small pack with the records and one public policy."""
    pack = SmallPack.in_folder(folder)
    pack.document("returns", "The modem goes back within 21 days after the service ended.", audience="public")
    pack.write("documents/records.jsonl", "".join(_line(*record) for record in RECORDS))
    pack.write("customers.jsonl", CUSTOMERS)
    return pack.folder


def records_desk(folder: Path) -> Desk:
    """The pack of records, indexed by words alone."""
    pack = load_pack(records_pack(folder / "pack"))
    engine = open_database(f"sqlite:///{folder}/index.db")
    words_alone = load_embedder("none", folder)
    index_pack(engine, pack, words_alone, "default")
    return Desk(pack, Retriever.open(engine, pack.name, embedder=words_alone))


def _line(name: str, customer_id: str, disclosure: str, text: str) -> str:
    front = {"title": text.split(":", maxsplit=1)[0], "disclosure": disclosure, "customer_id": customer_id}
    return json.dumps({"doc_id": f"records/{name}", "text": text, "effective_from": "2026-01-01", **front}) + "\n"
