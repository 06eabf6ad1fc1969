"""How a case is written: a flow, what goes in, and why we differ where we do. What should come out is recorded beside."""

import json
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
TOPICS = (
    "input_types", "references", "load_rules", "activate", "bypass", "aggregation", "variants", "includes", "prompts", "chat_markers",
    "llm", "chat", "generators", "async_tools", "class_tools", "tools", "errors", "environment", "images", "flex", "prompty", "policies", "mapping",
)  # fmt: skip

#: Answers with the request itself, so that a case sees what was sent.
ECHO_CONNECTION = {"type": "open_ai", "api_key": "no-key", "base_url": "{server}/v1"}


@dataclass(frozen=True, kw_only=True)
class Case:
    """One flow and one thing that is done with it.

    Attributes:
        name: what the case is about, unique among all.
        flow: the flow's YAML, or its data.
        files: the other files by path; a path may leave the flow's folder by one ``../``.
        inputs: for a single test.
        rows: data of a batch, instead of `inputs`.
        mapping: column mapping of the batch.
        variant: ``${node.variant}``.
        overrides: node to the keys that are replaced.
        environment: variables that are set before.
        connections: by name, in prompt flow's flat form; ``{server}`` is the address of the echo server.
        init: arguments of a flex flow's class.
        entry: the file to load, where it is not the flow file.
        code: our error code, where prompt flow raises an error without a class of its own.
        better: why we do something else, on purpose; `ours` is then what we do.
        ours: keys of the outcome that differ.
    """

    name: str
    flow: Any = None
    files: dict[str, str | bytes] = field(default_factory=dict[str, str | bytes])
    inputs: dict[str, Any] = field(default_factory=dict[str, Any])
    rows: list[dict[str, Any]] | None = None
    mapping: dict[str, Any] | None = None
    variant: str | None = None
    overrides: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])
    environment: dict[str, str] = field(default_factory=dict[str, str])
    connections: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    init: dict[str, Any] = field(default_factory=dict[str, Any])
    entry: str = "flow.dag.yaml"
    code: str | None = None
    better: str | None = None
    ours: dict[str, Any] = field(default_factory=dict[str, Any])

    def write(self, folder: Path) -> Path:
        """Write the case below `folder` and return the file to load."""
        home = folder / "flow"
        home.mkdir(parents=True)
        if self.flow is not None:
            text = self.flow if isinstance(self.flow, str) else yaml.safe_dump(self.flow, sort_keys=False, allow_unicode=True)
            (home / self.entry).write_text(text, encoding="utf-8")
        for path, content in self.files.items():
            file = home / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return home / self.entry

    def connected(self, server: str) -> dict[str, dict[str, Any]]:
        """Return the connections with the address of the echo server put in."""
        return {
            name: {key: value.replace("{server}", server) if isinstance(value, str) else value for key, value in values.items()}
            for name, values in self.connections.items()
        }


def tool(body: str, *, parameters: str = "x", kind: str = "def", head: str = "") -> str:
    """Return a Python tool ``run`` with this body."""
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    return f"from promptflow.core import tool\n{head}\n\n@tool\n{kind} run({parameters}):\n{lines}\n"


ECHO = tool("return x")


def node(name: str, path: str = "echo.py", /, **more: Any) -> dict[str, Any]:
    """Return a Python node; keys of a node are taken as such, all others are its inputs."""
    keys = ("type", "activate", "aggregation", "reduce", "use_variants", "connection", "api", "provider", "enable_cache", "retry", "timeout_s",
            "skip", "comment",
            "module", "source")  # fmt: skip
    extra = {key: value for key, value in more.items() if key in keys}
    inputs = {key: value for key, value in more.items() if key not in keys}
    return {"name": name, "type": "python", "source": {"type": "code", "path": path}, "inputs": inputs, **extra}


def llm(name: str, path: str = "ask.jinja2", /, **inputs: Any) -> dict[str, Any]:
    """Return an LLM node at the echo server."""
    return {
        "name": name,
        "type": "llm",
        "source": {"type": "code", "path": path},
        "inputs": {"model": "m", **inputs},
        "connection": "echo",
        "provider": "OpenAI",
        "api": "chat",
        "module": "promptflow.tools.openai",
    }


def flow(
    *nodes: dict[str, Any], inputs: dict[str, Any] | None = None, outputs: dict[str, str] | None = None, **more: Any
) -> dict[str, Any]:
    """Return a flow's data. An input is its type, or its whole definition; an output is its reference."""
    return {
        "inputs": {name: {"type": value} if isinstance(value, str) else value for name, value in (inputs or {}).items()},
        "outputs": {name: {"type": "string", "reference": value} for name, value in (outputs or {}).items()},
        "nodes": list(nodes),
        **more,
    }


@cache
def all_cases() -> dict[str, Case]:
    """Return every case by its name; names are unique."""
    found: dict[str, Case] = {}
    for topic in TOPICS:
        for case in import_module(f"parity.{topic}").CASES:
            name = f"{topic}: {case.name}"
            assert name not in found, name
            found[name] = case
    return found


@cache
def recorded() -> dict[str, Any]:
    """Return what prompt flow did with each case."""
    found: dict[str, Any] = {}
    for topic in TOPICS:
        file = HERE / f"{topic}.json"
        if file.is_file():
            found |= {f"{topic}: {name}": outcome for name, outcome in json.loads(file.read_text()).items()}
    return found
