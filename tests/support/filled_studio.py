"""A workspace with something on every screen of the studio, and the list of these screens."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from support.filled_texts import ASK, DECIDE, DOCUMENTS, EXAMPLES, QUESTIONS, RULES, TICKETS, TRIAGE, WORDS
from support.filled_week import week
from support.installation import PATIENCE_S, Platform, eventually

#: What the screens are called in the gallery → their address below ``/w/default/``, in the order of the rail.
SCREENS = {
    "home": "",
    "data": "data",
    "data-asset": "data/tickets",
    "data-lineage": "data/tickets?tab=lineage",
    "data-versions": "data/tickets?tab=versions",
    "data-use": "data/tickets?tab=use",
    "data-transform": "data/transform/tickets",
    "datastores": "data?tab=datastores",
    "datastore": "data/datastores/papers",
    "datastore-new": "data/new/datastore",
    "schedules": "data?tab=schedules",
    "indexes": "indexes",
    "index-search": "indexes/handbook?tab=search&question=when+does+the+garage+open",
    "index-documents": "indexes/handbook?tab=documents",
    "index-build": "indexes/handbook?tab=build&step=crack",
    "index-document": "indexes/handbook?tab=documents&document=stores.md",
    "index-questions": "indexes/handbook?tab=questions",
    "index-question-set": "indexes/handbook?tab=questions&set=asked",
    "index-questions-generate": "indexes/handbook?tab=questions&do=generate",
    "index-questions-import": "indexes/handbook?tab=questions&do=import",
    "index-measures": "indexes/handbook?tab=measures",
    "index-configurations": "indexes/handbook?tab=configurations",
    "index-versions": "indexes/handbook?tab=versions",
    "index-new": "indexes/new",
    "models": "models",
    "models-registry": "models?tab=registry",
    "model-card": "models/smollm2-135m",
    "model-fit": "models/smollm2-135m?tab=fit",
    "model-try": "models/smollm2-135m?tab=try",
    "model-verify": "models/smollm2-135m?tab=verify",
    "models-side-by-side": "models/try/side-by-side",
    "models-compare": "models/compare/reports",
    "flows": "flows",
    "flow-graph": "flows/triage",
    "flow-cards": "flows/triage?tab=cards",
    "flow-files": "flows/triage?tab=files",
    "flow-findings": "flows/triage?tab=findings",
    "flow-history": "flows/triage?tab=history",
    "flow-chat": "flows/demo-chat?tab=chat",
    "flow-variants": "flows/triage?tab=variants",
    "runs": "runs",
    "run": "runs/quality-4",
    "run-rows": "runs/triage-4?tab=rows&sort=outputs.category",
    "run-row": "runs/triage-4?tab=rows&row=3",
    "run-metrics": "runs/quality-4?tab=metrics",
    "run-logs": "runs/triage-4?tab=logs",
    "run-compare": "runs/compare?runs=quality-1,quality-4",
    "run-new": "runs/new?flow=triage&run=triage-4",
    "endpoints": "endpoints",
    "endpoint": "endpoints/triage",
    "endpoint-test": "endpoints/triage?tab=test",
    "endpoint-consume": "endpoints/triage?tab=consume",
    "endpoint-monitoring": "endpoints/triage?tab=monitoring",
    "endpoint-keys": "endpoints/triage?tab=keys",
    "endpoint-history": "endpoints/triage?tab=history",
    "endpoint-logs": "endpoints/triage?tab=logs",
    "deploy": "deploy?flow=demo-chat",
    "traces": "traces",
    "trace": "traces/{trace}",
    "trace-sessions": "traces/sessions?since=7d",
    "trace-session": "traces/sessions/chat-103",
    "trace-replay": "traces/replay?trace={trace}&span={call}",
    "logs": "logs",
    "usage": "usage?range=7d",
    "telemetry-policy": "telemetry/policy",
    "gateway": "gateway",
    "gateway-limits": "gateway?tab=limits",
    "gateway-gateways": "gateway?tab=gateways",
    "jobs": "jobs",
    "job": "jobs/{job}",
    "connections": "connections",
    "connection-new": "connections/new",
    "access": "access",
    "access-keys": "access?tab=keys",
    "access-audit": "access?tab=audit",
    "not-found": "flows/missing",
}
#: How many messages the endpoint that sorts them gets.
_CALLS = 40


def fill(platform: Platform, folder: Path) -> dict[str, str]:
    """Make what the screens show, and return them with their addresses. It asks for the chat and the embedding model.

    Args:
        platform: a new installation, which may read below `folder` (``FLOWYARD_DATA_ROOTS``).
        folder: is empty, for what is brought in.
    """
    _bring_data(platform, folder)
    _build_index(platform, folder)
    _run_flows(platform, folder)
    _serve(platform, folder)
    _let_people_in(platform)
    sent = platform.request("POST", "/v1/traces", week())
    assert sent.status == 200, sent.body
    trace = next(one["trace_id"] for one in platform.json("trace", "list", "--q", "endpoint:writer") if one["models"])
    call = next(span["span_id"] for span in platform.json("trace", "show", trace)["spans"] if span["kind"] == "llm")
    platform.run("trace", "score", trace, "--value", "1", "--comment", "short, and to the point")
    job = next(one["id"] for one in platform.json("job", "list") if one["kind"] == "index_build")
    return {name: path.format(trace=trace, call=call, job=job) for name, path in SCREENS.items()}


def _lines(path: Path, rows: Sequence[Mapping[str, str]]) -> str:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return str(path)


def _bring_data(platform: Platform, folder: Path) -> None:
    """Bring in messages of customers in two versions, a part of them, a folder of documents, and orders of a database by a schedule."""
    papers, orders = folder / "papers", folder / "orders.db"
    papers.mkdir()
    for name, text in DOCUMENTS.items():
        (papers / name).write_text(text)
    with sqlite3.connect(orders) as shop:
        shop.execute("CREATE TABLE orders (id INTEGER PRIMARY KEY, customer TEXT, total REAL)")
        shop.executemany(
            "INSERT INTO orders (customer, total) VALUES (?, ?)", [(f"customer-{n % 14 + 1}", 19.9 + n * 7 % 180) for n in range(60)]
        )
    tickets = [{"message": text, "category": category, "channel": ("mail", "chat")[n % 2]} for n, (text, category) in enumerate(TICKETS)]
    about = ("--description", "What customers write, sorted by hand", "--tag", "team=support")
    platform.run("data", "create", "tickets", _lines(folder / "first.jsonl", tickets[:12]), *about)
    platform.run("data", "create", "tickets", _lines(folder / "tickets.jsonl", tickets), *about)
    platform.run("data", "transform", "tickets:2", "--out", "short-tickets", "--step", "filter_length: {column: message, max: 30}")
    (folder / "papers.yaml").write_text(
        f"name: papers\ntype: local_folder\npath: {papers}\ndescription: The handbook, as the store keeps it\n"
    )
    (folder / "shop.yaml").write_text(f"name: shop\ntype: sqlite\npath: {orders}\ndescription: Orders of the shop\n")
    for name in ("papers", "shop"):
        platform.run("datastore", "create", "--file", str(folder / f"{name}.yaml"))
    platform.run("data", "import", "orders", "--datastore", "shop", "--table", "orders", "--description", "Orders of the shop")
    platform.run("data", "import", "orders", "--datastore", "shop", "--table", "orders", "--schedule", "0 6 * * *")
    platform.run(
        "data", "import", "customers", "--datastore", "shop", "--query", "SELECT DISTINCT customer FROM orders", "--schedule", "30 5 * * 1"
    )


def _build_index(platform: Platform, folder: Path) -> None:
    """Build an index of the documents, measure it, and search for a better way to build it."""
    platform.run("index", "create", "handbook", "--data", str(folder / "papers"), "--description", "What customers may ask us")
    asked = [{"question": question, "answer": answer, "document": document} for question, answer, document in QUESTIONS]
    _lines(folder / "asked.jsonl", asked)
    platform.run(
        "data",
        "create",
        "asked",
        str(folder / "asked.jsonl"),
        "--description",
        "Questions with the document that answers them",
        "--tag",
        "questions-of=handbook",
    )
    platform.run("index", "measure", "handbook", "--questions", "azureml:asked:1")
    smaller = ("--max-tokens", "48", "--overlap", "8", "--description", "Cut smaller")
    platform.run("index", "create", "handbook", "--data", str(folder / "papers"), *smaller)
    platform.run("index", "measure", "handbook", "--questions", "azureml:asked:1")
    platform.run("index", "tune", "handbook", "--questions", "azureml:asked:1", "--max-indexes", "2", "--max-configurations", "16")
    platform.run("model", "register", "support", "--model", "smollm2-135m", "--tag", "team=support")
    platform.run("model", "stage", "support", "1", "Staging")
    platform.run("model", "verify", "smollm2-135m", "--check", "chat", "--check", "json_schema", "--check", "speed")


def _run_flows(platform: Platform, folder: Path) -> None:
    """Run four versions of a flow over the messages, and score what each answered."""
    flow, scorer = folder / "triage", str(folder / "sorted-right")
    flow.mkdir()
    for name, text in (("flow.dag.yaml", TRIAGE), ("ask.jinja2", ASK), ("examples.jinja2", EXAMPLES), ("decide.py", DECIDE)):
        (flow / name).write_text(text)
    platform.run("evaluator", "init", "exact_match", scorer)
    for number, words in enumerate(WORDS, start=1):
        (flow / "rules.py").write_text(RULES.format(words=json.dumps(words, indent=4)))
        answers, scores = (f"triage-{number}", f"quality-{number}")
        mapping = ("--column-mapping", "message=${data.message}")
        asked = ("--data", "azureml:tickets:2", "--name", answers, "--display-name", f"Sorting by rules {number}", "--stream")
        platform.run("run", "create", "--flow", str(flow), *mapping, *asked)
        judged = ("--column-mapping", "response=${run.outputs.category}", "ground_truth=${data.category}", "--name", scores, "--stream")
        platform.run("run", "create", "--flow", scorer, "--data", "azureml:tickets:2", "--run", answers, *judged)
    platform.run("flow", "upload", "triage", "--source", str(flow))
    both = ("--variant", "all:ask", "--column-mapping", "message=${data.message}", "--name", "prompts", "--stream")
    platform.run("run", "create", "--flow", str(flow), "--data", "azureml:tickets:1", *both)


def _serve(platform: Platform, folder: Path) -> None:
    """Serve three flows, one in two versions, and call them; the messages of one come in conversations."""
    platform.run("flow", "init", "--flow", str(folder / "handbook-chat"), "--type", "documents", "--index", "handbook")
    served = {"triage": str(folder / "triage"), "writer": "demo", "desk": str(folder / "handbook-chat")}
    about = {"triage": "Sorts what customers write", "writer": "Writes two sentences", "desk": "Answers out of the handbook"}
    for name, flow in served.items():
        platform.run("endpoint", "create", name)
        platform.run("endpoint", "update", name, "--description", about[name])
        platform.run("endpoint", "deploy", name, "--flow", flow)
    platform.run("endpoint", "deploy", "triage", "--flow", str(folder / "triage"), "--deployment", "green")
    platform.run("endpoint", "update", "triage", "--traffic", "blue=70 green=30")
    platform.run("endpoint", "regenerate-key", "triage", "--key-type", "primary")
    for number in range(_CALLS):
        whose = {"x-flowyard-session": f"mail-{number // 3}", "x-flowyard-user": f"customer-{number // 6 + 1}"}
        body: Any = {"message": TICKETS[number % len(TICKETS)][0]} if number % 13 else []
        platform.request("POST", "/endpoints/triage/score", body, whose)
    for topic in ("a lighthouse", "a tent in the rain"):
        platform.run("endpoint", "invoke", "writer", "--inputs", f"topic={topic}")
    (folder / "route.yaml").write_text("name: chat\ntargets: [{model: local/smollm2-135m}]\ncache: {ttl_s: 3600, scope: key}\n")
    platform.run("gateway", "route", "create", "-f", str(folder / "route.yaml"))
    asked = {"model": "chat", "messages": [{"role": "user", "content": "What is a tent pole for?"}], "max_tokens": 24, "temperature": 0}

    def answered() -> bool:
        return platform.request("POST", "/v1/chat/completions", asked, timeout=PATIENCE_S).status == 200

    eventually(answered)  # a new route holds within a second
    assert answered(), "out of the cache"


def _let_people_in(platform: Platform) -> None:
    """Let people and programs in, with limits, and keep the address and the secret of a service."""
    for name, role in (("ada", "contributor"), ("grace", "reader"), ("linus", "contributor")):
        platform.run("user", "create", name, "--role", role)
    platform.run("access", "set", "management", "--user", "ada")
    platform.run("key", "create", "ci", "--role", "contributor", "--expires-in-days", "90")
    platform.run("key", "create", "shop-chat", "--role", "invoker", "--requests-per-minute", "120", "--dollars-per-day", "5")
    platform.run("limits", "set", "--dollars-per-month", "200")
    kept = ("--set", "configs.address=https://crm.example", "--set", "secrets.token=not-a-token")
    platform.run("connection", "create", "--name", "crm", "--type", "custom", *kept)
