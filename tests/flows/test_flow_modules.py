"""A flow's Python files: private, reloaded, with their siblings, with promptflow's names."""

import itertools
import subprocess
import sys
import threading
from pathlib import Path
from types import ModuleType

import pytest

from flowyard.flows import load_flow
from flowyard.flows.errors import ToolError, UnknownConnectionError
from flowyard.flows.nodes.modules import FlowModules
from support.flow_folders import python_node, write_flow

HEAD = "from promptflow.core import tool\n"
DAG = {
    "inputs": {"x": {"type": "string", "default": "x"}},
    "outputs": {"out": {"type": "object", "reference": "${a}"}},
    "nodes": [python_node("a", "tools.py", x="${inputs.x}")],
}


def test_two_flows_with_the_same_module_names(tmp_path: Path) -> None:
    for word in ("one", "two"):
        write_flow(
            tmp_path / word,
            DAG,
            tools__py=f"{HEAD}import helper\n\n@tool\ndef run(x):\n    return helper.WORD + x\n",
            helper__py=f"WORD = '{word}'\n",
        )
    first, second = load_flow(tmp_path / "one"), load_flow(tmp_path / "two")
    assert (first()["out"], second()["out"], first()["out"]) == ("onex", "twox", "onex")
    assert "helper" not in sys.modules
    assert "tools" not in sys.modules
    assert str(tmp_path / "one") not in sys.path


def test_imports_at_call_time_packages_and_stars(tmp_path: Path) -> None:
    tool = (
        f"{HEAD}from pkg import *\nfrom pkg.deep import value\nimport pkg.deep as deep\n"
        f"import pkg.deep\n\n@tool\ndef run(x):\n    import late\n"
        "    from pkg import other\n    return [star, value, deep.value, pkg.deep.value, late.word, other.name]\n"
    )
    folder = write_flow(tmp_path, DAG, tools__py=tool, late__py="word = 'late'\n")
    (folder / "pkg").mkdir()
    (folder / "pkg" / "__init__.py").write_text("star = '*'\n__all__ = ['star']\n")
    (folder / "pkg" / "deep.py").write_text("from . import other\nfrom .other import name\nimport late\nvalue = name + late.word\n")
    (folder / "pkg" / "other.py").write_text("name = 'other'\n")
    assert load_flow(folder)()["out"] == ["*", "otherlate", "otherlate", "otherlate", "late", "other"]


def test_a_file_named_as_a_library_still_gets_the_library(tmp_path: Path) -> None:
    dag = {**DAG, "nodes": [python_node("a", "json.py", x=1), python_node("b", "yaml.py", x=1)]}
    folder = write_flow(
        tmp_path,
        dag,
        json__py=f"{HEAD}import json\n\n@tool\ndef run(x):\n    return json.dumps([x])\n",
        yaml__py=f"{HEAD}import yaml\n\n@tool\ndef run(x):\n    return yaml.safe_dump(x)\n",
    )
    assert load_flow(folder)() == {"out": "[1]"}


def test_promptflow_names(tmp_path: Path) -> None:
    tool = (
        "import promptflow\nimport promptflow.core\nfrom promptflow import tool, log_metric\nfrom promptflow.core import ToolProvider\n"
        "from promptflow._core.tool import tool as again, InputSetting\n"
        "from promptflow.connections import AzureOpenAIConnection, CustomConnection, OpenAIConnection\n"
        "from promptflow.tracing import trace, start_trace\nfrom promptflow.contracts.multimedia import Image\n"
        "from promptflow.contracts.types import FilePath, PromptTemplate, Secret\nfrom promptflow.exceptions import UserErrorException\n\n"
        "@promptflow.core.tool\ndef run(x):\n    assert tool is again is promptflow.tool\n"
        "    start_trace()\n    return Image(b'x').mime_type\n"
    )
    assert load_flow(write_flow(tmp_path, DAG, tools__py=tool))() == {"out": "image/*"}
    assert "promptflow" not in sys.modules


def test_a_promptflow_name_that_is_not_there_is_named(tmp_path: Path) -> None:
    folder = write_flow(tmp_path, DAG, tools__py="import promptflow.nothing\nfrom promptflow import tool\n@tool\ndef run(x):\n    pass\n")
    with pytest.raises(ToolError, match=r"promptflow\.nothing") as caught:
        load_flow(folder)
    assert caught.value.location.line == 1


def test_in_a_flow_process_everybody_gets_our_promptflow() -> None:
    program = (
        "from flowyard.flows.promptflow import names\nnames.install()\n"
        "import promptflow.core, promptflow.tracing\nfrom promptflow import tool\n"
        "from promptflow.contracts.types import Secret\nimport flowyard.flows.promptflow.core as ours\n"
        "assert promptflow.core.tool is ours.tool is tool\n"
        "assert ours.__spec__.name == 'flowyard.flows.promptflow.core'\n"
        "try:\n    import promptflow.rag\nexcept ModuleNotFoundError as error:\n    print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=True)
    assert "no 'promptflow.rag'" in done.stdout


def test_a_changed_file_is_read_anew(tmp_path: Path) -> None:
    text = f"{HEAD}\n@tool\ndef run(x):\n    return 1\n"
    folder = write_flow(tmp_path, DAG, tools__py=text)
    assert load_flow(folder)()["out"] == 1
    (folder / "tools.py").write_text(text.replace("1", "2"))
    assert load_flow(folder)()["out"] == 2
    assert not (folder / "__pycache__").exists()


def test_closing_forgets_the_modules(tmp_path: Path) -> None:
    flow = load_flow(write_flow(tmp_path, DAG, tools__py=f"{HEAD}\n@tool\ndef run(x):\n    return __name__\n"))
    name = flow()["out"]
    assert name in sys.modules
    flow.close()
    assert name not in sys.modules


def test_odd_file_names_and_folders(tmp_path: Path) -> None:
    dag = {**DAG, "nodes": [python_node("b", "sub/inner.py", x=1), python_node("a", "my-tool.py", x="${b}")]}
    folder = write_flow(
        tmp_path, dag, **{"my-tool__py": f"{HEAD}import helper\n\n@tool\ndef run(x):\n    return helper.v + x\n", "helper__py": "v = 1\n"}
    )
    (folder / "sub").mkdir()
    (folder / "sub" / "inner.py").write_text(f"{HEAD}\n@tool\ndef run(x):\n    return x\n")
    assert load_flow(folder)()["out"] == 2


def test_an_import_that_fails_says_where(tmp_path: Path) -> None:
    folder = write_flow(tmp_path, DAG, tools__py=f"{HEAD}\nimport no_such_library\n\n@tool\ndef run(x):\n    pass\n")
    with pytest.raises(ToolError, match="no_such_library") as caught:
        load_flow(folder)
    assert (caught.value.location.file, caught.value.location.line) == ("tools.py", 3)
    assert "requirements.txt" in caught.value.remedy


def test_tool_classes(tmp_path: Path) -> None:
    tool = (
        f"{HEAD}from promptflow.core import ToolProvider\n\nclass Scale(ToolProvider):\n"
        f"    def __init__(self, factor: int):\n        super().__init__()\n"
        "        self.factor = factor\n\n    @tool\n    def run(self, x):\n        return self.factor * x\n"
    )
    dag = {**DAG, "nodes": [python_node("a", "tools.py", x="${inputs.x}", factor=3)]}
    assert load_flow(write_flow(tmp_path, dag, tools__py=tool))(x="ab")["out"] == "ababab"


def test_decorator_forms(tmp_path: Path) -> None:
    tool = (
        f"{HEAD}\n@tool(name='n', description='d', input_settings={{}}, streaming_option_parameter='s', icon='i')\n"
        f"def run(x):\n    return x\n"
    )
    assert load_flow(write_flow(tmp_path, DAG, tools__py=tool))()["out"] == "x"


@pytest.mark.parametrize(
    "signature",
    ["connection: CustomConnection", "connection: CustomConnection | None = None", "connection: 'CustomConnection'", "connection"],
)
def test_connection_parameters(tmp_path: Path, signature: str) -> None:
    tool = (
        f"{HEAD}from promptflow.connections import CustomConnection\n\n@tool\n"
        f"def run({signature}):\n    return [connection.url, connection['key'], connection.name]\n"
    )
    dag = {**DAG, "nodes": [python_node("a", "tools.py", connection="mine")]}
    connections = {"mine": {"type": "custom", "configs": {"url": "u"}, "secrets": {"key": "k"}}}
    assert load_flow(write_flow(tmp_path, dag, tools__py=tool), connections)()["out"] == ["u", "k", "mine"]


def test_a_connection_that_is_not_there(tmp_path: Path) -> None:
    tool = f"{HEAD}from promptflow.connections import OpenAIConnection\n\n@tool\ndef run(c: OpenAIConnection):\n    return 1\n"
    folder = write_flow(tmp_path, {**DAG, "nodes": [python_node("a", "tools.py", c="mine")]}, tools__py=tool)
    with pytest.raises(UnknownConnectionError, match="'mine'"):
        load_flow(folder, {"other": {"type": "open_ai"}})


def test_a_flow_is_closed_while_other_threads_import(tmp_path: Path) -> None:
    ended = threading.Event()

    def imports() -> None:
        """Put modules in and take them out, as imports do."""
        for number in itertools.cycle(range(1000)):
            sys.modules[f"_imported_meanwhile_{number}"] = ModuleType("meanwhile")
            sys.modules.pop(f"_imported_meanwhile_{(number - 3) % 1000}", None)
            if ended.is_set():
                return

    importing = threading.Thread(target=imports)
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    importing.start()
    try:
        for _ in range(300):
            FlowModules(tmp_path).close()
    finally:
        ended.set()
        importing.join()
        sys.setswitchinterval(interval)
        for name in [name for name in sys.modules if name.startswith("_imported_meanwhile_")]:
            del sys.modules[name]
