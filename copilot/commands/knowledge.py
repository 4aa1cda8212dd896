"""`copilot index`, `copilot search`, `copilot pack check`."""

from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from copilot.commands.printing import AsJson, print_json, say
from copilot.errors import BadInput

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from copilot.answers import Answer, Finding
    from copilot.settings import Settings
    from knowledge.retriever import Retriever

DEFAULT_COLLECTION = "default"
pack_app = typer.Typer(help="Packs: what a business knows, as files.", no_args_is_help=True)

Collection = Annotated[str | None, typer.Option(help="Name of the collection; `default`, or the pack's own.")]
PackOption = Annotated[str | None, typer.Option("--pack", help="Folder of a pack, or `demo`.")]


def index(
    sources: Annotated[list[Path] | None, typer.Argument(help="Files, folders, or JSONL corpora.")] = None,
    pack: PackOption = None,
    collection: Collection = None,
    as_json: AsJson = False,
) -> None:
    """Index documents: only what is new or changed is read again; what vanished from a source is removed."""
    from copilot.settings import load_settings
    from copilot.store import open_database
    from copilot.wiring import ready_embedder
    from knowledge.documents import read_source, source_name
    from knowledge.pack import load_pack
    from knowledge.sync import sync

    if not sources and not pack:
        raise BadInput("Nothing to index: name files or folders, or give --pack DIR.")
    settings = load_settings()
    loaded = load_pack(pack) if pack else None
    folders = [*(sources or []), *([loaded.documents_dir] if loaded else [])]
    documents = [document for source in folders for document in read_source(source)]
    ready = ready_embedder(settings)
    if ready.missing:
        say(f"Indexing for words alone: {ready.missing}")
    name = collection or (loaded.name if loaded else DEFAULT_COLLECTION)
    report = sync(
        open_database(settings.database),
        name,
        documents,
        embedder=ready.embedder,
        tenant=settings.tenant,
        sources=[source_name(folder) for folder in folders],
    )
    if as_json:
        print_json({"collection": name, **asdict(report)})
        return
    counts = ", ".join(f"{len(ids)} {what}" for what, ids in asdict(report).items())
    typer.echo(f"{name}: {counts}")


def search(
    question: Annotated[str | None, typer.Argument(help="What to look for.")] = None,
    collection: Collection = None,
    as_of: Annotated[str | None, typer.Option(help="Day on which documents must hold, as in 2026-11-20.")] = None,
    k: Annotated[int, typer.Option("-k", min=1, max=1000, help="How many results.")] = 10,
    queries: Annotated[Path | None, typer.Option(help="JSONL of {query_id, text, context?}: batch mode.")] = None,
    run: Annotated[Path | None, typer.Option(help="Where batch mode writes its TREC run.")] = None,
    as_json: AsJson = False,
) -> None:
    """Search the index: one question, or a batch of queries into a TREC run."""
    day = _day(as_of)
    if (question is None) == (queries is None):
        raise BadInput("Give either a question or --queries FILE.")
    if queries is not None and run is None:
        raise BadInput("Batch mode needs --run FILE, where the TREC run is written.")
    retriever = _open_retriever(collection)
    if queries is not None and run is not None:
        _search_batch(retriever, queries, run, day, k)
    elif question is not None:
        _search_one(retriever, question, day, k, as_json=as_json)


def answer(
    question: Annotated[str, typer.Argument(help="The agent's question.")],
    collection: Collection = None,
    as_of: Annotated[str | None, typer.Option(help="Day on which documents must hold, as in 2026-11-20.")] = None,
    extractive: Annotated[bool, typer.Option(help="Quote only, even when a language model is configured.")] = False,
    as_json: AsJson = False,
) -> None:
    """Answer a question from the documents: quoted, cited, with conflicts pointed out; or say they do not hold it.

    With a language model (COPILOT_MODEL) the answer is worded, each sentence checked against its passages.
    """
    from copilot.answers import find_answer
    from copilot.calls.desk import AUDIENCES
    from copilot.spoken.language import detect_language

    day = _day(as_of)
    language = detect_language([question])
    finding = find_answer(_open_retriever(collection), question, audiences=AUDIENCES, on=day, language=language)
    found = finding.answer if extractive else _worded(finding)
    if as_json:
        print_json(asdict(found))
        return
    typer.echo(found.text)
    for place, source in enumerate(found.sources, start=1):
        since = f", in force since {source.effective_from}" if source.effective_from else ""
        typer.echo(f"[{place}] {source.doc_id} · {source.heading}{since}")
    for conflict in found.conflicts:
        typer.echo(f"Conflict: {conflict}")


@pack_app.command()
def check(
    directory: Annotated[str, typer.Argument(help="Folder of a pack, or `demo`.")],
    strict: Annotated[bool, typer.Option(help="Warnings fail the check, too.")] = False,
    as_json: AsJson = False,
) -> None:
    """Check a pack: every problem with file and line; exit 2 when something is wrong."""
    from knowledge.lint import lint_pack
    from knowledge.pack import check_pack

    pack, problems = check_pack(directory)
    if pack is not None:
        problems = sorted([*problems, *lint_pack(pack)])
    wrong = [problem for problem in problems if not problem.is_warning]
    for problem in problems:
        if as_json:
            print_json(asdict(problem))
        else:
            typer.echo(f"{'warning' if problem.is_warning else 'error'}: {problem}", err=not problem.is_warning)
    warnings = sum(problem.is_warning for problem in problems)
    if not as_json:
        documents = len(pack.documents) if pack else 0
        typer.echo(f"{directory}: {documents} documents, {len(wrong)} errors, {warnings} warnings")
    if wrong:
        raise typer.Exit(2)
    if strict and warnings:
        raise typer.Exit(1)


def _worded(finding: "Finding") -> "Answer":
    """The answer in the configured model's words, or the extractive one; why, is said on standard error."""
    from copilot.answers import word_answer
    from copilot.errors import ModelFailed
    from copilot.guard.grounding import gazetteer_of, house_names_of
    from copilot.guard.masking import policy_for
    from copilot.models import load_model
    from copilot.settings import load_settings
    from knowledge.pack import load_pack

    settings = load_settings()
    model = load_model(settings.model, settings)
    if model.name == "none" or not finding.answer.found:
        return finding.answer
    pack = load_pack(settings.pack)
    policy = policy_for(pack.head.redaction.kinds, pack.head.numbers)
    try:
        worded = word_answer(
            model, finding, policy=policy, gazetteer=gazetteer_of(pack), known_names=house_names_of(pack)
        )
    except ModelFailed as failed:
        say(f"Quoted only: {failed}")
        return finding.answer
    if worded is None:
        say(f"Quoted only: what {model.name} wrote is not borne out by the documents.")
    return worded or finding.answer


def _day(as_of: str | None) -> date | None:
    if as_of is None:
        return None
    try:
        return datetime.strptime(as_of, "%Y-%m-%d").date()  # noqa: DTZ007 (a day has no zone)
    except ValueError as error:
        raise BadInput(f"--as-of {as_of!r} is no day; write it as 2026-11-20.") from error


def _open_retriever(collection: str | None) -> "Retriever":
    from copilot.settings import load_settings
    from copilot.store import open_database
    from copilot.wiring import ready_embedder
    from knowledge.retriever import Retriever

    settings = load_settings()
    ready = ready_embedder(settings)
    if ready.missing:
        say(f"Searching by words alone: {ready.missing}")
    engine = open_database(settings.database)
    name = collection or _default_collection(engine, settings)
    return Retriever.open(engine, name, embedder=ready.embedder, tenant=settings.tenant)


def _default_collection(engine: "Engine", settings: "Settings") -> str:
    """`default` where something was indexed under it, else the collection of the pack in use."""
    from knowledge.pack import load_pack
    from knowledge.stored import collection_names

    with engine.connect() as connection:
        names = collection_names(connection, settings.tenant)
    return DEFAULT_COLLECTION if DEFAULT_COLLECTION in names or not names else load_pack(settings.pack).name


def _search_batch(retriever: "Retriever", queries: Path, run: Path, day: date | None, k: int) -> None:
    from knowledge.retriever import Filters
    from knowledge.trec import read_queries, run_lines

    asked = list(read_queries(queries))
    lines: list[str] = []
    for query in asked:
        hits = retriever.search_documents(query.text, context=query.context, filters=Filters(as_of=day), k=k)
        lines += run_lines(query.query_id, [(hit.document.doc_id, hit.score) for hit in hits])
    try:
        run.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    except OSError as error:
        raise BadInput(f"--run {run} cannot be written ({error.strerror}). Choose another path.") from error
    say(f"{len(asked)} queries, {len(lines)} lines written to {run}")


def _search_one(retriever: "Retriever", question: str, day: date | None, k: int, *, as_json: bool) -> None:
    from knowledge.retriever import Filters

    for hit in retriever.search(question, filters=Filters(as_of=day), k=k):
        document = hit.document
        validity = f"{document.effective_from or '…'} to {document.effective_to or '…'}"
        if as_json:
            row = {"rank": hit.rank, "score": round(hit.score, 4), "doc_id": document.doc_id}
            place = {"passage_id": hit.passage.passage_id, "title": document.title, "heading": hit.passage.heading}
            dates = {"effective_from": document.effective_from, "effective_to": document.effective_to}
            print_json({**row, **place, **dates, "text": hit.passage.text})
        else:
            typer.echo(f"{hit.rank}. {hit.score:.3f}  {document.doc_id} · {hit.passage.heading} · {validity}")
            typer.echo(f"   {' '.join(hit.passage.text.split())[:200]}")
