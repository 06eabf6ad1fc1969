"""Packages with tools, as if they were installed."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flowyard.flows.promptflow import names
from flowyard.flows.tools.definitions import installed

TOOLBOX = """from promptflow.core import tool
from promptflow.core import ToolProvider
from promptflow.connections import CustomStrongTypeConnection
from promptflow.contracts.types import PromptTemplate, Secret
from promptflow.tools.common import render_jinja_template, build_messages


class Service(CustomStrongTypeConnection):
    key: Secret
    url: str = "default"


@tool
def shout(text: str, times: int = 1, service: Service = None):
    return [text.upper() * times, service and service.key, service and service.url]


class Joiner(ToolProvider):
    def __init__(self, separator: str):
        super().__init__()
        self.separator = separator

    @tool
    def join(self, items):
        return self.separator.join(items)


@tool
def ask(prompt: PromptTemplate, n: int = 1, **kwargs):
    return [build_messages(prompt, **kwargs), n]


@tool
def plain(text: str):
    return text


def listed():
    return {
        "toolbox.shout": {
            "module": "toolbox", "function": "shout", "type": "python", "deprecated_tools": ["toolbox.old.shout"],
            "inputs": {
                "text": {"type": ["string"]}, "times": {"type": ["int"]},
                "service": {"type": ["CustomConnection"], "custom_type": ["Service"]},
            },
        },
        "toolbox.Joiner.join": {
            "module": "toolbox", "class_name": "Joiner", "function": "join", "type": "python",
            "inputs": {"separator": {"type": ["string"]}, "items": {"type": ["list"]}},
        },
        "toolbox.ask": {"module": "toolbox", "function": "ask", "type": "custom_llm", "inputs": {"n": {"type": ["int"]}}},
        "toolbox.plain": {"module": "toolbox", "function": "plain", "type": "custom_llm", "inputs": {}},
        "toolbox.gone": {"module": "toolbox_gone", "function": "f", "type": "python", "inputs": {}},
    }
"""


def install(folder: Path, package: str, source: str, entry: str = "listed") -> None:
    """Put an installed package with tools into a folder of packages."""
    folder.mkdir(exist_ok=True)
    (folder / f"{package}.py").write_text(source)
    info = folder / f"{package}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[package_tools]\n{package} = {package}:{entry}\n")


@contextmanager
def fresh_packages() -> Iterator[None]:
    """Look for installed tools anew, and forget them and promptflow's names afterwards."""
    before = set(sys.modules)
    installed.cache_clear()
    try:
        yield
    finally:
        installed.cache_clear()
        sys.meta_path[:] = [finder for finder in sys.meta_path if finder is not names._finder]
        for name in set(sys.modules) - before:
            if name.startswith(("toolbox", "promptflow", "broken_box", "double")):
                del sys.modules[name]
