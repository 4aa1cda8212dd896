"""What the language model used and what became of it, as Prometheus reads it; taken anew at each scrape."""

from collections.abc import Callable, Iterator, Mapping

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from copilot.models import ModelHost
from copilot.service.slow_errands import Kind, Outcome

Outcomes = Callable[[], Mapping[tuple[Kind, Outcome], int]]


class ModelCollector(Collector):
    """Counters per task; `outcomes` tells what became of the errands of the slow path."""

    def __init__(self, host: ModelHost, outcomes: Outcomes) -> None:
        self._host = host
        self._outcomes = outcomes

    def collect(self) -> Iterator[Metric]:
        """The counters as they stand."""
        yield GaugeMetricFamily("copilot_model_degraded", "It fails and is left alone", value=self._host.is_degraded)
        asked = CounterMetricFamily("copilot_model_tasks", "Tasks given to the model", labels=("task",))
        failed = CounterMetricFamily("copilot_model_failed", "Tasks without a usable answer", labels=("task",))
        tokens = CounterMetricFamily("copilot_model_tokens", "Tokens used", labels=("task", "direction"))
        usd = CounterMetricFamily("copilot_model_usd", "Dollars, where prices are set", labels=("task",))
        for task, sums in self._host.usage().items():
            asked.add_metric((task,), sums.asked)
            failed.add_metric((task,), sums.failed)
            tokens.add_metric((task, "input"), sums.input_tokens)
            tokens.add_metric((task, "output"), sums.output_tokens)
            if sums.usd is not None:
                usd.add_metric((task,), float(sums.usd))
        yield from (asked, failed, tokens, usd)
        shown = CounterMetricFamily("copilot_slow_path", "What became of errands", labels=("kind", "outcome"))
        for labels, count in self._outcomes().items():
            shown.add_metric(labels, count)
        yield shown
