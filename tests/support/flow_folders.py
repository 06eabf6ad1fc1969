"""Makes flow folders for tests."""

from pathlib import Path
from typing import Any

import yaml

ECHO = "from promptflow.core import tool\n\n\n@tool\ndef run(x):\n    return x\n"


def write_flow(folder: Path, dag: str | dict[str, Any], **files: str) -> Path:
    """Write a flow: its YAML (or data), and files by name, ``__`` in a name standing for the dot. Returns the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    text = dag if isinstance(dag, str) else yaml.safe_dump(dag, sort_keys=False)
    (folder / "flow.dag.yaml").write_text(text)
    for name, content in files.items():
        (folder / name.replace("__", ".")).write_text(content)
    return folder


def python_node(name: str, path: str | None = None, **inputs: Any) -> dict[str, Any]:
    """A Python node."""
    return {"name": name, "type": "python", "source": {"type": "code", "path": path or f"{name}.py"}, "inputs": inputs}


def llm_node(name: str, path: str | None = None, **inputs: Any) -> dict[str, Any]:
    """An LLM node at the connection ``model``."""
    return {
        "name": name,
        "type": "llm",
        "source": {"type": "code", "path": path or f"{name}.jinja2"},
        "inputs": {"deployment_name": "scripted", **inputs},
        "connection": "model",
        "api": "chat",
    }


def scripted(script: str = "rules: [{echo: true}]") -> dict[str, Any]:
    """The connection ``model``, answered from a script."""
    return {"model": {"type": "scripted", "configs": {"script": script}, "secrets": {}}}


def write_flex(folder: Path, source: str, yaml_text: str = "entry: code:run\n", **files: str) -> Path:
    """Write a flex flow with its source in ``code.py``, and files by name as `write_flow` does. Returns the folder."""
    folder.mkdir(exist_ok=True)
    (folder / "flow.flex.yaml").write_text(yaml_text)
    (folder / "code.py").write_text(source)
    for name, content in files.items():
        (folder / name.replace("__", ".")).write_text(content)
    return folder
