"""Sending: nothing without a decision, nothing twice, nothing lost, whatever dies in between."""

import base64
import hashlib
import hmac
import json
import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from copilot.connect.file_outbox import FileOutbox
from copilot.connect.sending import Sender, SendFailed
from copilot.connect.smtp import Smtp
from copilot.connect.webhook import Webhook
from copilot.errors import Conflict
from copilot.review.desk import ReviewDesk
from copilot.review.sending import HOLD, MOST_ATTEMPTS, send_due
from copilot.store import Outbox, Reviews, open_database
from knowledge.pack import Pack
from tests.copilot.connect.servers import mail_server, raw_server
from tests.copilot.review.conftest import GOOD, NOW, asked, queue

SECRET = "whsec_" + base64.b64encode(b"a secret of the receiver").decode()


def approve(desk: ReviewDesk, number: int = 1, adapter: str = "file", address: str = "a@example.com") -> None:
    draft_id = queue(desk, number)
    desk.decide(draft_id, f"a{number}", 1, asked("approve", adapter=adapter, address=address), lambda _: GOOD)


class Clock:
    """Time that is moved by hand."""

    def __init__(self) -> None:
        self.now = NOW + timedelta(hours=1)

    def __call__(self) -> datetime:
        return self.now


@contextmanager
def receiver(*statuses: int) -> Iterator[tuple[str, list[tuple[Mapping[str, str], bytes]]]]:
    """A webhook that answers these statuses in turn, the last for ever; and what it got."""
    got: list[tuple[Mapping[str, str], bytes]] = []
    answers = list(statuses)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append((dict(self.headers), self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(answers.pop(0) if len(answers) > 1 else answers[0])
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (its name in the base class)
            """Nothing on the terminal."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/hook", got
    finally:
        server.shutdown()
        server.server_close()


def test_what_nobody_approved_is_not_sent(review_desk: ReviewDesk, engine: Engine, tmp_path: Path) -> None:
    queue(review_desk)
    assert send_due(Outbox(engine), {"file": FileOutbox(tmp_path / "out")}, clock=Clock()).sent == 0
    assert not (tmp_path / "out").exists()


def test_an_approved_draft_is_a_file_and_then_sent(review_desk: ReviewDesk, engine: Engine, tmp_path: Path) -> None:
    approve(review_desk)
    done = send_due(Outbox(engine), {"file": FileOutbox(tmp_path)}, clock=Clock())
    assert (done.sent, done.failed) == (1, 0)
    assert (tmp_path / "D-1.txt").read_text("utf-8") == "Thank you. The fee was refunded.\n"
    assert json.loads((tmp_path / "D-1.json").read_text("utf-8"))["approved_by"] == "rosa"
    assert review_desk.reviews.get("D-1").row.status == "sent"
    assert [entry.action for entry in review_desk.reviews.audit.entries("D-1")] == ["drafted", "approve", "sent"]


def test_a_webhook_is_signed_as_standard_webhooks_are(review_desk: ReviewDesk, engine: Engine) -> None:
    approve(review_desk, adapter="webhook")
    with receiver(204) as (url, got):
        assert send_due(Outbox(engine), {"webhook": Webhook(url, SECRET)}, clock=Clock()).sent == 1
    ((headers, body),) = got
    lower = {name.lower(): value for name, value in headers.items()}
    signed = f"{lower['webhook-id']}.{lower['webhook-timestamp']}.".encode() + body
    seal = hmac.new(b"a secret of the receiver", signed, hashlib.sha256).digest()
    assert lower["webhook-signature"] == f"v1,{base64.b64encode(seal).decode()}"
    assert lower["webhook-id"] == "D-1"


def test_failures_wait_longer_each_time_and_end_where_people_see_them(review_desk: ReviewDesk, engine: Engine) -> None:
    approve(review_desk, adapter="webhook")
    outbox, clock = Outbox(engine), Clock()
    with receiver(500) as (url, got):
        for _ in range(MOST_ATTEMPTS):
            assert send_due(outbox, {"webhook": Webhook(url)}, clock=clock, chance=lambda: 1.0).failed == 1
            assert send_due(outbox, {"webhook": Webhook(url)}, clock=clock, chance=lambda: 1.0).failed == 0  # it waits
            clock.now += timedelta(hours=2)
    assert len(got) == MOST_ATTEMPTS
    (dead,) = outbox.all("dead")
    assert (dead.detail, review_desk.reviews.get("D-1").row.status) == ("the webhook answered 500", "failed")
    outbox.requeue("D-1", "sam", now=clock())
    with receiver(200) as (url, got):
        assert send_due(outbox, {"webhook": Webhook(url)}, clock=clock).sent == 1
    with pytest.raises(Conflict):
        outbox.requeue("D-1", "sam", now=clock())


def test_a_refusal_for_good_is_not_tried_again(review_desk: ReviewDesk, engine: Engine) -> None:
    approve(review_desk, 1, "webhook")
    approve(review_desk, 2, "smtp", address="not an address")
    approve(review_desk, 3, "pigeon")
    with receiver(410) as (url, _got):
        senders: dict[str, Sender] = {"webhook": Webhook(url), "smtp": Smtp("127.0.0.1", 9, "us@example.com")}
        assert send_due(Outbox(engine), senders, clock=Clock()).failed == 3
    details = {row.message_id: row.detail for row in Outbox(engine).all("dead")}
    assert details["D-1"] == "the webhook answered 410"
    assert "no e-mail address" in details["D-2"]
    assert "no adapter 'pigeon'" in details["D-3"]


def test_a_receiver_that_answers_nonsense_keeps_nobody_else_from_being_served(
    review_desk: ReviewDesk, engine: Engine, tmp_path: Path
) -> None:
    approve(review_desk, 1, "webhook")
    approve(review_desk, 2)
    approve(review_desk, 3, "broken")
    outbox, clock = Outbox(engine), Clock()
    with raw_server(b"garbage\r\n\r\n") as port:
        senders: dict[str, Sender] = {
            "webhook": Webhook(f"http://127.0.0.1:{port}/"),
            "file": FileOutbox(tmp_path / "out"),
            "broken": Broken(),
        }
        assert send_due(outbox, senders, clock=clock).sent == 1
        for _ in range(MOST_ATTEMPTS + 2):
            clock.now += timedelta(hours=2)
            send_due(outbox, senders, clock=clock)
    status = {row.message_id: (row.status, row.attempts) for row in outbox.all()}
    assert status == {"D-1": ("dead", MOST_ATTEMPTS), "D-2": ("sent", 1), "D-3": ("dead", MOST_ATTEMPTS)}


def test_a_mail_that_may_have_left_waits_for_a_person(review_desk: ReviewDesk, engine: Engine) -> None:
    approve(review_desk, 1, "smtp")
    clock = Clock()
    with mail_server(drops_after_text=True) as server:
        senders = {"smtp": Smtp("127.0.0.1", server.port, "us@example.com", starttls=False)}
        for _ in range(3):
            send_due(Outbox(engine), senders, clock=clock)
            clock.now += timedelta(hours=2)
    assert (len(server.mails), [row.status for row in Outbox(engine).all()]) == (1, ["unsure"])


def test_a_failure_told_late_does_not_reopen_what_was_sent(review_desk: ReviewDesk, engine: Engine) -> None:
    approve(review_desk, 1, "webhook")
    outbox, clock = Outbox(engine), Clock()
    slow = outbox.take(now=clock(), hold=HOLD)
    fast = outbox.take(now=clock() + HOLD * 2, hold=HOLD)
    assert slow is not None
    assert fast is not None
    outbox.give_up(slow, "late", now=clock())
    outbox.again(slow, "late", now=clock(), wait=timedelta(0))
    assert [row.status for row in outbox.all()] == ["sending"]  # the second sender still has it
    outbox.sent(fast, {"status": 200}, now=clock())
    outbox.again(slow, "late", now=clock(), wait=timedelta(0))
    outbox.give_up(slow, "late", now=clock())
    assert [(row.status, row.receipt) for row in outbox.all()] == [("sent", {"status": 200})]
    assert review_desk.reviews.get("D-1").row.status == "sent"


def test_tenants_share_a_way_out_and_nothing_is_lost(engine: Engine, demo_pack: Pack, tmp_path: Path) -> None:
    for tenant in ("default", "north", "south"):
        desk = ReviewDesk(Reviews(engine, tenant), demo_pack)
        queue(desk, 1, text=f"Thank you, {tenant}.")
        desk.decide("D-1", "a", 1, asked("approve"), lambda _: GOOD)
        assert send_due(Outbox(engine, tenant), {"file": FileOutbox(tmp_path)}, clock=Clock()).sent == 1
    texts = sorted(path.read_text("utf-8") for path in tmp_path.glob("*.txt"))
    assert texts == ["Thank you, default.\n", "Thank you, north.\n", "Thank you, south.\n"]


class Broken:
    """An adapter with a fault of its own."""

    name, is_idempotent = "broken", True

    def send(self, key: str, message: Mapping[str, Any]) -> Mapping[str, Any]:
        raise KeyError("what a customer wrote")


# --- kill -9 ---------------------------------------------------------------------------------------------------------


class DiesBefore:
    """Dies before it sends."""

    name, is_idempotent = "file", True

    def send(self, key: str, message: Mapping[str, Any]) -> Mapping[str, Any]:
        os.kill(os.getpid(), signal.SIGKILL)
        raise SendFailed("never reached")


class DiesAfter:
    """Sends, and dies before it can say so."""

    is_idempotent = True

    def __init__(self, folder: str, name: str) -> None:
        self.name = name
        self._file = FileOutbox(Path(folder))

    def send(self, key: str, message: Mapping[str, Any]) -> Mapping[str, Any]:
        self._file.send(key, message)
        os.kill(os.getpid(), signal.SIGKILL)
        return {}


def _send(url: str, sender: Any, now: datetime) -> None:
    send_due(Outbox(open_database(url)), {sender.name: sender}, clock=lambda: now)


def in_a_process_that_dies(tmp_path: Path, sender: Any, now: datetime) -> None:
    process = multiprocessing.get_context("spawn").Process(
        target=_send, args=(f"sqlite:///{tmp_path}/review.db", sender, now)
    )
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL


def test_a_crash_before_sending_loses_nothing(review_desk: ReviewDesk, engine: Engine, tmp_path: Path) -> None:
    approve(review_desk)
    clock = Clock()
    in_a_process_that_dies(tmp_path, DiesBefore(), clock())
    senders = {"file": FileOutbox(tmp_path / "out")}
    assert send_due(Outbox(engine), senders, clock=clock).sent == 0  # still held
    clock.now += HOLD * 2
    assert send_due(Outbox(engine), senders, clock=clock).sent == 1
    assert len(list((tmp_path / "out").glob("*.json"))) == 1


def test_a_crash_after_sending_sends_nothing_twice(review_desk: ReviewDesk, engine: Engine, tmp_path: Path) -> None:
    approve(review_desk)
    clock, out = Clock(), tmp_path / "out"
    in_a_process_that_dies(tmp_path, DiesAfter(str(out), "file"), clock())
    written = (out / "D-1.json").stat().st_mtime_ns
    clock.now += HOLD * 2
    assert send_due(Outbox(engine), {"file": FileOutbox(out)}, clock=clock).sent == 1
    assert [path.name for path in out.glob("*.json")] == ["D-1.json"]
    assert (out / "D-1.json").stat().st_mtime_ns == written
    assert review_desk.reviews.get("D-1").row.status == "sent"


class CountingMail:
    """A way out that cannot tell a repeat."""

    name, is_idempotent = "smtp", False

    def __init__(self) -> None:
        self.sent: list[str] = []

    def send(self, key: str, message: Mapping[str, Any]) -> Mapping[str, Any]:
        self.sent.append(key)
        return {}


def test_after_a_crash_a_mail_waits_for_a_person(review_desk: ReviewDesk, engine: Engine, tmp_path: Path) -> None:
    approve(review_desk, adapter="smtp")
    clock, mail = Clock(), CountingMail()
    in_a_process_that_dies(tmp_path, DiesAfter(str(tmp_path / "out"), "smtp"), clock())
    clock.now += HOLD * 2
    assert send_due(Outbox(engine), {"smtp": mail}, clock=clock).sent == 0
    assert mail.sent == []
    assert [row.message_id for row in Outbox(engine).all("unsure")] == ["D-1"]
    Outbox(engine).requeue("D-1", "sam", now=clock())
    assert send_due(Outbox(engine), {"smtp": mail}, clock=clock).sent == 1


def test_two_workers_send_each_message_once(review_desk: ReviewDesk, engine: Engine) -> None:
    for number in range(30):
        approve(review_desk, number, "smtp")
    mail, clock = CountingMail(), Clock()
    workers = [threading.Thread(target=lambda: send_due(Outbox(engine), {"smtp": mail}, clock=clock)) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(mail.sent) == sorted(f"D-{number}" for number in range(30))
