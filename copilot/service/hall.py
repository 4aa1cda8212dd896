"""What the endpoints share: the parts, the live calls of each tenant, and the wake-ups of open event streams."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING

from copilot.calls.live import LiveCalls
from copilot.cases.desk import CaseDesk
from copilot.complaint_cases import ComplaintCases
from copilot.connect.systems import load_connections
from copilot.errors import AccessDenied
from copilot.feeds import Deliveries
from copilot.models import InProcess, ModelHost
from copilot.replies.desk import ReplyDesk
from copilot.replies.policies import Policies
from copilot.reply_review import ReplyReview, senders_of
from copilot.review.desk import ReviewDesk
from copilot.service.case_keeping import CaseKeeping
from copilot.service.connect_desk import ConnectDesk
from copilot.service.metrics import Metrics
from copilot.service.model_metrics import ModelCollector
from copilot.service.offer_keeping import OfferKeeping
from copilot.service.rates import Rates
from copilot.service.sending import SendingLoop
from copilot.service.slow import Pace, SlowPath
from copilot.store import (
    WIDGET_PREFIX,
    Cases,
    Decisions,
    Gaps,
    Identity,
    Logins,
    Outbox,
    Outcomes,
    Reviews,
    Tokens,
    Training,
    WidgetTokens,
)
from copilot.store.writebacks import Writebacks
from copilot.training.desk import TrainingDesk
from copilot.users import UserFile
from copilot.wiring import Parts
from knowledge.retriever import Retriever
from knowledge.stored import Scope, stored_documents

if TYPE_CHECKING:
    from copilot.service.login.oidc import Provider

TOKENS_IN_MEMORY = 4096
TOKENS_REMEMBERED_S = 30.0  # how long a revoked token may still be taken for good
NO_MODEL = "none"

OF_A_BROWSER = 1200  # requests a minute: many times what the sidebar and the consoles make
LOG_INS, LOG_INS_PER_S = 10, 300.0  # tries of one name, and from one address

_Listeners = dict[str, set[asyncio.Event]]


class Hall:
    """One per process."""

    def __init__(self, parts: Parts, *, pace: Pace | None = None, host: ModelHost | None = None) -> None:
        self.parts = parts
        self.model = host or InProcess(parts.model)  # a wrong choice stops the start
        self._pace = pace
        self._slow: dict[str, SlowPath] = {}
        self._keeping: dict[str, OfferKeeping] = {}
        self._case_keeping: dict[str, CaseKeeping] = {}
        self._reply_review: dict[str, ReplyReview] = {}
        self._sending: dict[str, SendingLoop] = {}
        connections = load_connections(parts.settings.connect, parts.settings.data_dir)
        self._connect = ConnectDesk(connections, Writebacks(parts.engine, parts.settings.tenant))
        self.metrics = Metrics()
        self.deliveries = Deliveries()
        self._tokens = Tokens(parts.engine)
        self._widget_tokens = WidgetTokens(parts.engine)
        self.logins = Logins(parts.engine)
        self.users = UserFile(parts.settings.data_dir / "users.json")
        self.oidc: Provider | None = None
        self.log_in_rates = Rates(LOG_INS, LOG_INS_PER_S)
        most = parts.settings.requests_per_minute
        self.rates = Rates(most, 60)
        self.browser_rates = Rates(min(most, OF_A_BROWSER), 60)
        self._identities: dict[str, Identity] = {}
        self._forget_at = 0.0
        self._live: dict[str, LiveCalls] = {}
        self._listeners: _Listeners = defaultdict(set)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._lock = Lock()

    async def identify(self, token: str) -> Identity | None:
        """Whose token this is; looked up once in a while, not on every turn of every call."""
        now = monotonic()
        if now >= self._forget_at or len(self._identities) >= TOKENS_IN_MEMORY:
            self._identities.clear()
            self._forget_at = now + TOKENS_REMEMBERED_S
        identity = self._identities.get(token)
        if identity is None:
            known = self._widget_tokens if token.startswith(WIDGET_PREFIX) else self._tokens
            identity = await asyncio.to_thread(known.identify, token)
            if identity is not None:
                self._identities[token] = identity
        return None if identity is None or identity.is_over(datetime.now(UTC)) else identity

    def live(self, tenant: str) -> LiveCalls:
        """The live calls of a tenant."""
        self._refuse_others(tenant)
        with self._lock:
            if tenant not in self._live:
                self._live[tenant] = self.parts.live_calls(tenant, wake=lambda call_id: self._moved_on(tenant, call_id))
                self._begin_slow(tenant)
                self._begin_keeping(tenant)
                self._case_keeping[tenant] = CaseKeeping(self._live[tenant], self.case_desk(tenant))
            return self._live[tenant]

    def slow(self, tenant: str) -> SlowPath | None:
        """What a language model adds to a tenant's calls; None without a model."""
        self.live(tenant)
        return self._slow.get(tenant)

    def offer_keeping(self, tenant: str) -> OfferKeeping | None:
        """What records the offers of a tenant's calls; None for a pack without offers."""
        self.live(tenant)
        return self._keeping.get(tenant)

    def reply_review(self, tenant: str) -> ReplyReview:
        """The drafts of a tenant's replies and their review; what is approved is sent from then on.

        Raises:
            BadInput: the pack has no channels.
        """
        self._refuse_others(tenant)
        with self._lock:
            if tenant not in self._reply_review:
                replies = ReplyDesk(self.parts.pack, Policies(self.parts.retriever))
                review = ReviewDesk(Reviews(self.parts.engine, tenant), self.parts.pack)
                senders = senders_of(self.parts.settings)
                complaints = ComplaintCases(self.case_desk(tenant))
                self._reply_review[tenant] = ReplyReview(replies, review, senders, self.model, complaints)
                outbox = Outbox(self.parts.engine, tenant)
                self._sending[tenant] = SendingLoop(outbox, senders, complaints.was_sent)
            return self._reply_review[tenant]

    def case_desk(self, tenant: str) -> CaseDesk:
        """The cases of a tenant."""
        self._refuse_others(tenant)
        return CaseDesk(Cases(self.parts.engine, tenant), self.parts.pack)

    def connect_desk(self, tenant: str) -> ConnectDesk:
        """The other systems of a tenant, and what is written into them."""
        self._refuse_others(tenant)
        return self._connect

    def training(self, tenant: str) -> TrainingDesk:
        """What a tenant's people are to learn, from the documents as they stand in the index."""
        self._refuse_others(tenant)
        with self.parts.engine.execution_options(read_only=True).connect() as connection:
            documents = stored_documents(connection, Scope(tenant, self.parts.pack.name))
        return TrainingDesk(documents, Training(self.parts.engine, tenant))

    def outbox(self, tenant: str) -> Outbox:
        """What a tenant sends."""
        self._refuse_others(tenant)
        return Outbox(self.parts.engine, tenant)

    def send_soon(self, tenant: str) -> None:
        """Leave word that something was approved."""
        if tenant in self._sending:
            self._sending[tenant].wake()

    def close(self) -> None:
        """Let the slow path go, and record what is left."""
        for slow in self._slow.values():
            slow.close()
        for keeping in self._keeping.values():
            keeping.close()
        for cases in self._case_keeping.values():
            cases.close()
        for sending in self._sending.values():
            sending.close()
        self._connect.close()
        self.model.close()

    def retriever(self, tenant: str) -> Retriever:
        """The search over a tenant's documents, with what was indexed since."""
        self._refuse_others(tenant)
        self.parts.retriever.refresh()
        return self.parts.retriever

    def gaps(self, tenant: str) -> Gaps:
        """The questions the documents of a tenant did not answer."""
        self._refuse_others(tenant)
        return Gaps(self.parts.engine, tenant)

    @asynccontextmanager
    async def listening(self, tenant: str, call_id: str) -> AsyncIterator[asyncio.Event]:
        """An event that is set whenever the call may have moved on; only a hint, the log is the truth."""
        self._loop = asyncio.get_running_loop()
        key, event = f"{tenant}/{call_id}", asyncio.Event()
        self._listeners[key].add(event)
        try:
            yield event
        finally:
            self._listeners[key].discard(event)
            if not self._listeners[key]:
                del self._listeners[key]

    def _refuse_others(self, tenant: str) -> None:
        own = self.parts.settings.tenant
        if tenant != own:
            raise AccessDenied(
                f"This service carries the tenant {own!r}; the token is for {tenant!r}. Ask its own service."
            )

    def _begin_slow(self, tenant: str) -> None:
        if self.model.name == NO_MODEL:
            return
        self._slow[tenant] = SlowPath(
            self.model,
            self._live[tenant],
            gazetteer=self.parts.gazetteer,
            settled=lambda call_id: self._wake(tenant, call_id),
            threads=self.parts.settings.model_concurrency,
            pace=self._pace,
        )
        self.metrics.add(ModelCollector(self.model, self._slow[tenant].outcomes))

    def _begin_keeping(self, tenant: str) -> None:
        offers, engine = self.parts.offers, self.parts.engine
        if offers is not None:
            books = Outcomes(engine, tenant), Decisions(engine, tenant)
            self._keeping[tenant] = OfferKeeping(self._live[tenant], offers, *books)

    def _moved_on(self, tenant: str, call_id: str) -> None:
        """Called on the thread of a request that holds the call: nothing here may wait."""
        slow = self._slow.get(tenant)
        if slow is not None:
            slow.moved_on(call_id)
        keeping = self._keeping.get(tenant)
        if keeping is not None:
            keeping.moved_on(call_id)
        if tenant in self._case_keeping:
            self._case_keeping[tenant].moved_on(call_id)
        self._wake(tenant, call_id)

    def _wake(self, tenant: str, call_id: str) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._set, f"{tenant}/{call_id}")

    def _set(self, key: str) -> None:
        for event in self._listeners.get(key, ()):
            event.set()
