"""The commands as a user runs them: a process of their own, what it prints, how it ends."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

GOOD = json.dumps(
    {
        "call_id": "a",
        "turns": [
            {"speaker": "agent", "text": "How can I help you?"},
            {"speaker": "customer", "text": "I want to cancel my internet, it is too expensive."},
            {"speaker": "agent", "text": "I have cancelled it as of today."},
        ],
    }
)
HEAVY = ("chromadb", "onnxruntime", "openai", "langchain", "langchain_core", "fastapi", "sqlalchemy", "numpy", "bm25s")


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


def copilot(data_dir: Path, *arguments: str, stdin: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "COPILOT_DATA_DIR": str(data_dir), "COPILOT_EMBEDDER": "none", **settings}
    command = [sys.executable, "-m", "copilot.cli", *arguments]
    return subprocess.run(command, input=stdin, capture_output=True, text=True, env=environment, check=False)


def refused(result: subprocess.CompletedProcess[str], *says: str) -> None:
    """Exit 2, nothing on standard output, and a line on standard error that says all of it."""
    assert result.returncode == 2, result.stderr
    assert result.stdout == ""
    line = result.stderr.strip().splitlines()[-1]
    assert [part for part in says if part not in line] == [], line
    assert "Traceback" not in result.stderr


def test_help_imports_nothing_heavy(data_dir: Path) -> None:
    code = f"import sys; sys.argv = ['copilot']; import copilot.cli; print([m for m in {HEAVY!r} if m in sys.modules])"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert loaded.stdout.strip() == "[]"
    assert "replay" in copilot(data_dir, "--help").stdout


def test_replay_prints_events_and_ends_each_call_with_its_note(data_dir: Path, tmp_path: Path) -> None:
    calls = tmp_path / "calls.jsonl"
    calls.write_text("\n".join([GOOD, GOOD.replace('"a"', '"b"')]), "utf-8")
    result = copilot(data_dir, "replay", str(calls), "--speed", "max")
    events = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.returncode == 0
    first = [event for event in events if event["call_id"] == "a"]
    assert [event["seq"] for event in first] == list(range(1, len(first) + 1))
    assert first[0]["type"] == "call.started"
    assert first[-1]["type"] == "note.updated"
    assert first[-1]["body"]["outcome_code"] == "CANCELLED"


def test_replaying_twice_gives_the_same_cards(data_dir: Path, tmp_path: Path) -> None:
    calls = tmp_path / "calls.jsonl"
    calls.write_text(GOOD, "utf-8")
    once, twice = (copilot(data_dir, "replay", str(calls)).stdout.splitlines() for _ in range(2))
    assert [json.loads(line)["body"] for line in once] == [json.loads(line)["body"] for line in twice]


def test_replay_shows_the_offer_of_the_customer_it_is_given(data_dir: Path, tmp_path: Path) -> None:
    told = [
        ("agent", "Can you give me your four-digit account PIN?"),
        ("customer", "Six one four nine."),
        ("agent", "Six one four nine, got it. You're verified, thank you."),
        ("customer", "I want to cancel my internet, it is too expensive."),
        ("agent", "Is it okay if I mention one option before I cancel?"),
        ("customer", "Sure, go ahead."),
    ]
    turns = [{"speaker": who, "text": text} for who, text in told]
    calls, customer = tmp_path / "calls.jsonl", tmp_path / "customer.json"
    calls.write_text(json.dumps({"call_id": "a", "started_at": "2026-11-20T09:00:00Z", "turns": turns}), "utf-8")
    services = [{"service_id": "S", "product": "internet", "plan": "Fiber 600", "monthly": "75.00"}]
    accounts = [{"account_id": "A", "services": services}]
    record = {"customer_id": "C-77", "state": "TX", "since": "2024-01-05", "accounts": accounts}
    customer.write_text(json.dumps(record), "utf-8")
    result = copilot(data_dir, "replay", str(calls), "--customer", str(customer))
    cards = [event["body"] for event in map(json.loads, result.stdout.splitlines()) if event["type"] == "card.shown"]
    (card,) = [card for card in cards if card["kind"] == "offer"]
    assert card["offer"]["offer_id"] == "OF-LOCK-12"
    assert card["body"] == "I can lock your price of $75.00 a month until November 20, 2027, with no agreement."
    customer.write_text(json.dumps({**record, "segment": "planet"}), "utf-8")
    refused(copilot(data_dir, "replay", str(calls), "--customer", str(customer)), "segment")


def test_note_prints_one_json_note_a_line(data_dir: Path, tmp_path: Path) -> None:
    calls = tmp_path / "calls.jsonl"
    calls.write_text(GOOD, "utf-8")
    (line,) = copilot(data_dir, "note", str(calls), "--json").stdout.splitlines()
    note = json.loads(line)
    assert note["call_id"] == "a"
    assert {"text", "fields", "reason_code", "reason", "outcome", "follow_ups", "verification"} <= note.keys()
    assert note["reason"]["turn_ids"] == ["t2"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (GOOD + "\n" * 6 + "{broken", ["calls.jsonl:7", "not valid JSON", "Correct"]),
        ('{"call_id": "a", "turns": [{"speaker": "bob", "text": "x"}]}', ["calls.jsonl:1", "'bob'", "agent, customer"]),
        ("", ["calls.jsonl:1", "no call"]),
    ],
)
def test_a_wrong_transcript_is_refused_in_one_line(
    data_dir: Path, tmp_path: Path, content: str, says: list[str]
) -> None:
    calls = tmp_path / "calls.jsonl"
    calls.write_text(content, "utf-8")
    refused(copilot(data_dir, "replay", str(calls)), *says)
    refused(copilot(data_dir, "note", str(calls)), *says)


def test_a_binary_transcript_is_refused(data_dir: Path, tmp_path: Path) -> None:
    calls = tmp_path / "calls.jsonl"
    calls.write_bytes(bytes(range(256)))
    refused(copilot(data_dir, "replay", str(calls)), "calls.jsonl:", "UTF-8")


@pytest.mark.parametrize("speed", ["fast", "0", "-1"])
def test_a_wrong_speed_is_refused(data_dir: Path, tmp_path: Path, speed: str) -> None:
    refused(copilot(data_dir, "replay", str(tmp_path / "x"), f"--speed={speed}"), speed, "max")


def test_index_counts_and_search_finds(data_dir: Path, tmp_path: Path) -> None:
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "refunds.md").write_text("# Refunds\n\nA refund takes seven days.", "utf-8")
    (folder / "hours.txt").write_text("We are open from nine to five.", "utf-8")
    first = json.loads(copilot(data_dir, "index", str(folder), "--collection", "mine", "--json").stdout)
    assert (len(first["added"]), len(first["unchanged"])) == (2, 0)
    (folder / "hours.txt").unlink()
    (folder / "refunds.md").write_text("# Refunds\n\nA refund takes nine days.", "utf-8")
    second = json.loads(copilot(data_dir, "index", str(folder), "--collection", "mine", "--json").stdout)
    assert (second["changed"], second["removed"]) == (["refunds"], ["hours"])
    hit = json.loads(
        copilot(data_dir, "search", "how long is a refund", "--collection", "mine", "--json").stdout.splitlines()[0]
    )
    assert (hit["doc_id"], "nine days" in hit["text"]) == ("refunds", True)


def test_batch_search_writes_a_trec_run(data_dir: Path, tmp_path: Path) -> None:
    corpus = tmp_path / "corpus.jsonl"
    rows = [
        {"doc_id": f"d/{n}", "title": title, "text": text}
        for n, (title, text) in enumerate(
            [
                ("Late fee", "The late fee is eight dollars."),
                ("Parking", "Parking is free for guests."),
                ("Pets", "Pets are welcome."),
            ]
        )
    ]
    corpus.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    queries = tmp_path / "queries.jsonl"
    asked = [
        {"query_id": "q1", "text": "what is the late fee"},
        {
            "query_id": "q2",
            "text": "is it free",
            "context": [{"speaker": "customer", "text": "about the parking"}, "go on"],
        },
    ]
    queries.write_text("\n".join(map(json.dumps, asked)), "utf-8")
    assert copilot(data_dir, "index", str(corpus), "--collection", "batch").returncode == 0
    run = tmp_path / "out.trec"
    result = copilot(
        data_dir, "search", "--queries", str(queries), "--run", str(run), "-k", "2", "--collection", "batch"
    )
    assert result.returncode == 0, result.stderr
    lines = [line.split() for line in run.read_text("utf-8").splitlines()]
    assert [line[:4] for line in lines if line[3] == "1"] == [["q1", "Q0", "d/0", "1"], ["q2", "Q0", "d/1", "1"]]
    assert all(len(line) == 6 for line in lines)


def test_search_without_anything_to_search_says_what_to_do(tmp_path: Path) -> None:
    refused(copilot(tmp_path, "search", "hello"), "copilot index")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["search"], ["question", "--queries"]),
        (["search", "x", "--as-of", "yesterday"], ["'yesterday'", "2026-11-20"]),
        (["search", "--queries", "q.jsonl"], ["--run"]),
        (["index"], ["--pack"]),
        (["index", "no/such/folder"], ["no/such/folder"]),
        (["token", "create", "--role", "boss"], ["'boss'", "agent, reviewer, supervisor, admin"]),
        (["index", "--pack", "no/such/pack"], ["no/such/pack", "demo"]),
        (["demo", "--host", "0.0.0.0"], ["0.0.0.0", "127.0.0.1"]),
        (["redact", "--policy", "some"], ["'some'", "secrets"]),
    ],
)
def test_wrong_arguments_are_refused_in_one_line(data_dir: Path, arguments: list[str], says: list[str]) -> None:
    refused(copilot(data_dir, *arguments), *says)


@pytest.mark.parametrize(
    ("variable", "value"),
    [("COPILOT_EMBEDDER", "magic"), ("COPILOT_PORT", "many"), ("COPILOT_CONFIG", "/no/file.toml")],
)
def test_a_wrong_setting_names_its_variable(data_dir: Path, variable: str, value: str) -> None:
    refused(copilot(data_dir, "token", "create", "--role", "agent", **{variable: value}), variable, value)


def test_settings_come_from_a_toml_file_and_the_environment_wins(data_dir: Path, tmp_path: Path) -> None:
    config = tmp_path / "copilot.toml"
    config.write_text('tenant = "acme"\nport = 9000\n', "utf-8")
    made = copilot(data_dir, "token", "create", "--role", "agent", "--json", COPILOT_CONFIG=str(config))
    assert json.loads(made.stdout)["tenant"] == "acme"
    won = copilot(
        data_dir, "token", "create", "--role", "agent", "--json", COPILOT_CONFIG=str(config), COPILOT_TENANT="zeta"
    )
    assert json.loads(won.stdout)["tenant"] == "zeta"


def test_a_token_is_listed_by_its_id_and_revoked(data_dir: Path) -> None:
    copilot(data_dir, "token", "create", "--role", "supervisor", COPILOT_TENANT="revoking")
    made = json.loads(copilot(data_dir, "token", "list", "--json", COPILOT_TENANT="revoking").stdout)
    assert made["role"] == "supervisor"
    assert made["revoked_at"] is None
    refused(copilot(data_dir, "token", "revoke", "nosuchid", COPILOT_TENANT="revoking"), "'nosuchid'", made["token_id"])
    done = copilot(data_dir, "token", "revoke", made["token_id"], COPILOT_TENANT="revoking")
    assert done.returncode == 0, done.stderr
    assert "revoked" in copilot(data_dir, "token", "list", COPILOT_TENANT="revoking").stdout


def test_a_token_is_printed_alone_so_that_a_script_can_take_it(data_dir: Path) -> None:
    made = copilot(data_dir, "token", "create", "--role", "reviewer")
    assert made.stdout.startswith("rc_")
    assert len(made.stdout.split()) == 1


def test_redact_masks_json_lines_and_names_the_spans(data_dir: Path) -> None:
    text = "card 4111 1111 1111 1111, please"
    result = copilot(data_dir, "redact", stdin=json.dumps({"id": "x", "text": text}) + "\n")
    masked = json.loads(result.stdout)
    (span,) = masked["spans"]
    assert masked["text"] == "card [CARD], please"
    assert (text[span["start"] : span["end"]], span["kind"]) == ("4111 1111 1111 1111", "CARD")


def test_redact_refuses_a_broken_line_by_its_number(data_dir: Path) -> None:
    result = copilot(data_dir, "redact", stdin='{"id": "x", "text": "hi"}\n{nope\n')
    assert result.returncode == 2
    assert "<stdin>:2" in result.stderr


def test_pack_check_of_the_demo_pack_passes(data_dir: Path) -> None:
    result = copilot(data_dir, "pack", "check", "demo")
    assert result.returncode == 0, result.stdout + result.stderr
    assert "0 errors" in result.stdout


def test_a_port_that_is_taken_is_refused(data_dir: Path) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        refused(copilot(data_dir, "serve", "--port", str(taken.getsockname()[1])), "cannot be listened on", "--port")
