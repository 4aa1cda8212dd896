"""What the slow path costs the fast path: two services under the same load, one with a hostile model, in turns.

    python -m tests.copilot.service.bench_slow_path [calls] [seconds a round] [rounds]

Both run all the time; each round loads one, then the other, in changing order, so that a busy machine is fair to both.
The model is a local server that lies, fails and takes a second for each answer.
"""

import asyncio
import os
import sys
from contextlib import ExitStack

import httpx2

from copilot.feeds import read_transcripts
from copilot.service.bench import Spread, play_calls
from copilot.service.bench_callers import Tally
from copilot.service.bench_server import BenchServer, bench_server
from copilot.settings import load_settings
from knowledge.pack import load_pack
from tests.copilot.models.hostile import HostileModel
from tests.copilot.models.local_server import is_slow, serving

PACE_S = 3.0
MODEL_S = 1.0


def main(calls: int, seconds: float, rounds: int) -> None:
    settings = load_settings()
    transcripts = read_transcripts(load_pack(settings.pack).directory / "calls.jsonl")
    with ExitStack() as stack:
        hostile = stack.enter_context(serving(is_slow(MODEL_S, HostileModel(seed=1))))
        os.environ["COPILOT_MODEL"] = "none"
        off = stack.enter_context(bench_server(settings))
        os.environ |= {"COPILOT_MODEL": "openai:hostile", "OPENAI_BASE_URL": hostile.base_url, "NO_PROXY": "127.0.0.1"}
        on = stack.enter_context(bench_server(settings))
        tallies: dict[str, list[Tally]] = {"off": [], "on": []}
        for number in range(rounds):
            for name, server in (("off", off), ("on", on)) if number % 2 else (("on", on), ("off", off)):
                playing = play_calls(
                    server.url, server.token, transcripts, calls=calls, seconds=seconds, pace_s=PACE_S, run=str(number)
                )
                tallies[name].append(asyncio.run(playing))
        for what in ("turn_answered_s", "turn_heard_s", "card_heard_s"):
            spreads = {
                name: Spread.of([s for one in these for s in getattr(one, what)]) for name, these in tallies.items()
            }
            ratio = (spreads["on"].p95_ms or 0) / (spreads["off"].p95_ms or 1)
            _say(f"{what}: off {spreads['off']}; on {spreads['on']}; p95 on/off {ratio:.3f}")
        for name, these in tallies.items():
            _say(f"{name}: events lost {sum(one.lost for one in these)}, doubled {sum(one.doubled for one in these)}")
        _say(f"the model was asked {len(hostile.bodies)} times; {_slow_path(on)}")


def _slow_path(server: BenchServer) -> str:
    text = httpx2.get(f"{server.url}/metrics").text
    return ", ".join(line for line in text.splitlines() if line.startswith("copilot_slow_path_total"))


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    given = sys.argv[1:]
    main(
        int(given[0]) if given else 50,
        float(given[1]) if len(given) > 1 else 20.0,
        int(given[2]) if len(given) > 2 else 4,
    )
