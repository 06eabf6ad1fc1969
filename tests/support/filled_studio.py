"""A workspace with something on every screen of the studio, and the list of these screens."""

import json
from pathlib import Path

from support.installation import Platform

#: What the screens are called in the gallery → their address below ``/w/default/``, in the order of the rail.
SCREENS = {
    "home": "",
    "data": "data",
    "data-asset": "data/rows",
    "data-lineage": "data/short-rows?tab=lineage",
    "data-versions": "data/rows?tab=versions",
    "data-use": "data/rows?tab=use",
    "data-transform": "data/transform/rows",
    "datastores": "data?tab=datastores",
    "datastore": "data/datastores/papers",
    "datastore-new": "data/new/datastore",
    "schedules": "data?tab=schedules",
    "indexes": "indexes",
    "index-search": "indexes/handbook?tab=search&question=when+does+the+garage+open",
    "index-documents": "indexes/handbook?tab=documents",
    "index-build": "indexes/handbook?tab=build&step=crack",
    "index-document": "indexes/handbook?tab=documents&document=garage.md",
    "index-questions": "indexes/handbook?tab=questions",
    "index-question-set": "indexes/handbook?tab=questions&set=handbook-questions",
    "index-questions-generate": "indexes/handbook?tab=questions&do=generate",
    "index-questions-import": "indexes/handbook?tab=questions&do=import",
    "index-measures": "indexes/handbook?tab=measures",
    "index-configurations": "indexes/handbook?tab=configurations",
    "index-versions": "indexes/handbook?tab=versions",
    "index-new": "indexes/new/build",
    "models": "models",
    "models-registry": "models?tab=registry",
    "model-card": "models/smollm2-135m",
    "model-fit": "models/smollm2-135m?tab=fit",
    "model-try": "models/smollm2-135m?tab=try",
    "model-verify": "models/smollm2-135m?tab=verify",
    "models-side-by-side": "models/try/side-by-side",
    "models-compare": "models/compare/reports",
    "flows": "flows",
    "flow-graph": "flows/demo",
    "flow-cards": "flows/demo?tab=cards",
    "flow-files": "flows/demo?tab=files",
    "flow-findings": "flows/demo?tab=findings",
    "flow-history": "flows/demo?tab=history",
    "flow-chat": "flows/demo-chat?tab=chat",
    "flow-variants": "flows/demo-chat?tab=variants",
    "runs": "runs",
    "run": "runs/texts",
    "run-rows": "runs/texts?tab=rows&sort=-outputs.words",
    "run-row": "runs/texts?tab=rows&row=3",
    "run-metrics": "runs/texts?tab=metrics",
    "run-logs": "runs/texts?tab=logs",
    "run-compare": "runs/compare?runs=texts,titles",
    "run-new": "runs/new?flow=demo-python&run=texts",
    "endpoints": "endpoints",
    "endpoint": "endpoints/words",
    "endpoint-test": "endpoints/words?tab=test",
    "endpoint-consume": "endpoints/words?tab=consume",
    "endpoint-monitoring": "endpoints/words?tab=monitoring",
    "endpoint-keys": "endpoints/words?tab=keys",
    "endpoint-history": "endpoints/words?tab=history",
    "endpoint-logs": "endpoints/words?tab=logs",
    "deploy": "deploy?flow=demo-python",
    "traces": "traces",
    "trace": "traces/{trace}",
    "trace-sessions": "traces/sessions",
    "trace-replay": "traces/replay?trace={trace}&span={call}",
    "logs": "logs",
    "usage": "usage",
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
DOCUMENTS = {
    "holidays.md": "# Holidays\n\nEverybody has thirty days of holiday a year.\n",
    "garage.md": "# Parking\n\n## Opening hours\n\nThe garage opens at seven and closes at eight in the evening.\n",
    "illness.md": "# Sick leave\n\nWho is ill tells their manager before nine o'clock.\n",
    "empty.pdf": "",
}
_WORDS = ("a", "lighthouse", "blinks", "over", "the", "quick", "brown", "fox")


def fill(platform: Platform, folder: Path) -> dict[str, str]:
    """Make what the screens show, and return them with their addresses. It asks for the chat and the embedding model.

    Args:
        platform: a new installation, which may read below `folder` (``FLOWYARD_DATA_ROOTS``).
        folder: is empty, for what is brought in.
    """
    rows, papers = folder / "rows.jsonl", folder / "papers"
    lines = ({"text": " ".join(_WORDS[: 1 + index % 8]), "title": f"Row {index}"} for index in range(30))
    rows.write_text("".join(json.dumps(line) + "\n" for line in lines))
    papers.mkdir()
    for name, text in DOCUMENTS.items():
        (papers / name).write_text(text)
    (folder / "papers.yaml").write_text(f"name: papers\ntype: local_folder\npath: {papers}\n")
    platform.run("data", "create", "rows", str(rows), "--description", "Texts of one to eight words")
    platform.run("data", "transform", "rows:1", "--out", "short-rows", "--step", "filter_length: {column: text, max: 20}")
    platform.run("datastore", "create", "--file", str(folder / "papers.yaml"))
    platform.run("index", "create", "handbook", "--data", str(papers))
    asked = ({"question": f"What do the papers say of {name[:-3]}?", "document": name} for name in DOCUMENTS if name.endswith(".md"))
    (folder / "asked.jsonl").write_text("".join(json.dumps(row) + "\n" for row in asked))
    platform.run("index", "measure", "handbook", "--questions", str(folder / "asked.jsonl"))
    search = ("--max-indexes", "1", "--max-configurations", "12")
    platform.run("index", "tune", "handbook", "--questions", str(folder / "asked.jsonl"), *search)
    platform.run("model", "register", "support", "--model", "smollm2-135m")
    for name, column in (("texts", "text"), ("titles", "title")):
        mapping = f"text=${{data.{column}}}"
        platform.run("run", "create", "--flow", "demo-python", "--data", str(rows), "--column-mapping", mapping, "--name", name, "--stream")
    platform.run("flow", "init", "--flow", str(folder / "handbook-chat"), "--type", "documents", "--index", "handbook")
    served = {"words": "demo-python", "writer": "demo", "desk": str(folder / "handbook-chat")}
    for name, flow in served.items():
        platform.run("endpoint", "create", name)
        platform.run("endpoint", "deploy", name, "--flow", flow)
    for text in ("hello there", "one two three four", "the quick brown fox"):
        platform.run("endpoint", "invoke", "words", "--inputs", f"text={text}")
    platform.run("endpoint", "invoke", "writer", "--inputs", "topic=a lighthouse")
    (folder / "route.yaml").write_text("name: chat\ntargets: [{model: local/smollm2-135m}]\ncache: {ttl_s: 3600, scope: key}\n")
    platform.run("gateway", "route", "create", "-f", str(folder / "route.yaml"))
    platform.run("key", "create", "ci", "--role", "contributor")
    platform.run("user", "create", "ada", "--role", "contributor")
    trace = next(one["trace_id"] for one in platform.json("trace", "list") if one["models"])
    call = next(span["span_id"] for span in platform.json("trace", "show", trace)["spans"] if span["kind"] == "llm")
    job = platform.json("job", "list")[0]["id"]
    return {name: path.format(trace=trace, call=call, job=job) for name, path in SCREENS.items()}
