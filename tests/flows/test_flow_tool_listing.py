"""Tools of an environment, asked for in a process of its own; definitions; findings."""

import io
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest

from flowyard.flows.rules import validate
from flowyard.flows.tools import listing
from flowyard.flows.tools.forms import forms_of
from flowyard.flows.tools.listing import ProbeError, described, package_tools, tool_values
from flowyard.flows.tools.values import ToolUnknownError
from flowyard.foundation.errors import InvalidInputError
from flowyard.wire.flows import ToolGenerator, ToolInput, ToolValues, ToolValuesQuery
from support.flow_folders import write_flow
from support.tool_packages import TOOLBOX, install

SETTINGS = """from enum import Enum
from promptflow.core import tool, ToolProvider
from promptflow._core.tool import DynamicList, GeneratedBy, InputSetting
from promptflow.connections import AzureOpenAIConnection, CustomStrongTypeConnection, OpenAIConnection
from promptflow.contracts.types import PromptTemplate
from typing import Union


class Kind(str, Enum):
    A = "a"
    B = "b"


class Service(CustomStrongTypeConnection):
    url: str


def choices(prefix: str = "", size: int = 2):
    return [{"value": f"{prefix}{index}"} for index in range(size)]


def made(kind: str):
    return {"made": kind}


def unmade(text: str):
    return {"kind": text}


@tool(
    name="Pick",
    description="Picks one.",
    category="demo",
    input_settings={
        "choice": InputSetting(dynamic_list=DynamicList(choices, {"prefix": "kind"}), allow_manual_entry=True),
        "only_b": InputSetting(enabled_by="kind", enabled_by_value=[Kind.B]),
        "whole": InputSetting(generated_by=GeneratedBy(made, unmade, {"kind": InputSetting()})),
    },
)
def pick(
    c: Union[AzureOpenAIConnection, OpenAIConnection], s: Service, prompt: PromptTemplate, kind: Kind = Kind.A, choice: str = None,
    only_b: int = 3, whole: object = None, **kwargs
):
    return choice


class Counter(ToolProvider):
    def __init__(self, start: int):
        super().__init__()

    @tool
    def count(self, by: float):
        return by
"""
LISTED = """

def bare():
    return ["a"]


def listed():
    from flowyard.flows.tools.describe import definition_of
    found = definition_of(pick)
    for name, function in {"url": "Service", "gone": "gone", "bare": "bare"}.items():
        found["inputs"][name] = {"type": ["string"], "dynamic_list": {"func_path": f"settings_tools.{function}", "func_kwargs": []}}
    return {"settings_tools.pick": found}
"""
WRONG = """from promptflow.core import tool
from promptflow._core.tool import DynamicList, InputSetting
from enum import Enum


class Kind(Enum):
    A = "a"


@tool(icon="none.png", icon_light="x", input_settings={
    "b": InputSetting(enabled_by="nothing"),
    "c": InputSetting(enabled_by="kind", enabled_by_value=["z"]),
    "d": InputSetting(dynamic_list=DynamicList("gone.function")),
    "kidn": InputSetting(),
})
def run(kind: Kind, b, c, d):
    return 1
"""


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of packages that probes see, and a home of their own."""
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "site"))
    monkeypatch.setenv("FLOWYARD_HOME", str(tmp_path / "home"))
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    listing._kept.cache_clear()
    return tmp_path / "site"


def brought() -> dict[str, Any]:
    """The tools of packages other than ours."""
    return {tool: said for tool, said in package_tools().tools.items() if said["package"] != "flowyard"}


def test_the_tools_of_an_environment_are_asked_for_once(site: Path) -> None:
    install(site, "toolbox", TOOLBOX)
    found = package_tools()
    assert set(brought()) == {"toolbox.shout", "toolbox.Joiner.join", "toolbox.ask", "toolbox.plain", "toolbox.gone"}
    assert found.tools["toolbox.shout"]["package"] == "toolbox"
    assert found.renamed == {"toolbox.old.shout": "toolbox.shout"}
    assert "toolbox" not in sys.modules
    (kept,) = (site.parent / "home/cache/tools").iterdir()
    kept.write_text(kept.read_text().replace("toolbox.shout", "toolbox.kept"))
    listing._kept.cache_clear()
    assert "toolbox.kept" in package_tools().tools
    (site / "toolbox.py").write_text(TOOLBOX.replace('"toolbox.plain"', '"toolbox.simple"'))
    assert "toolbox.simple" in package_tools().tools


def test_a_package_that_is_installed_wins_over_tools_of_ours_with_its_names(site: Path) -> None:
    lookup = "promptflow_vectordb.tool.common_index_lookup.search"
    assert package_tools().tools[lookup]["package"] == "flowyard"
    install(site, "vector_box", f"def listed():\n    return {{{lookup!r}: {{'module': 'm', 'function': 'f'}}}}\n")
    assert package_tools().tools[lookup]["package"] == "vector_box"


def test_packages_that_cannot_be_asked(site: Path) -> None:
    install(site, "broken_box", "import no_such_library\n")
    assert "no_such_library" in package_tools().broken["broken_box"]
    install(site, "promptflow-tools", "")
    (site / "promptflow-tools-1.0.dist-info/entry_points.txt").write_text("[package_tools]\nt = promptflow.tools.list:list_package_tools\n")
    assert set(package_tools().broken) == {"broken_box"}
    install(site, "loud", "import sys\nprint('noise')\nsys.stdout.write('more')\ndef listed():\n    return {}\n")
    assert brought() == {}
    install(site, "deadly", "import os\nos._exit(3)\n")
    with pytest.raises(ProbeError, match="cannot be asked"):
        package_tools()


def test_definitions_from_functions(site: Path) -> None:
    site.mkdir()
    (site / "settings_tools.py").write_text(SETTINGS)
    tools, wrong = described("settings_tools")
    assert wrong == {}
    assert set(tools) == {"settings_tools.pick", "settings_tools.Counter.count"}
    pick = tools["settings_tools.pick"]
    assert {key: pick[key] for key in ("name", "description", "type", "module", "function", "category", "enable_kwargs")} == {
        "name": "Pick",
        "description": "Picks one.",
        "type": "python",
        "module": "settings_tools",
        "function": "pick",
        "category": "demo",
        "enable_kwargs": True,
    }
    inputs = pick["inputs"]
    assert "prompt" not in inputs
    assert inputs["c"] == {"type": ["AzureOpenAIConnection", "OpenAIConnection"]}
    assert inputs["s"] == {"type": ["CustomConnection"], "custom_type": ["Service"]}
    assert inputs["kind"]["input_type"] == "uionly_hidden"
    assert inputs["only_b"] == {"type": ["int"], "default": 3, "enabled_by": "kind", "enabled_by_value": ["b"]}
    dynamic = inputs["choice"]["dynamic_list"]
    assert dynamic["func_path"] == "settings_tools.choices"
    assert dynamic["func_kwargs"][0] == {
        "name": "prefix", "type": ["string"], "default": "", "optional": True, "reference": "${inputs.kind}",
    }  # fmt: skip
    assert inputs["whole"]["generated_by"]["reverse_func_path"] == "settings_tools.unmade"
    count = tools["settings_tools.Counter.count"]
    assert (count["class_name"], list(count["inputs"])) == ("Counter", ["start", "by"])
    assert list(described("settings_tools.Counter")[0]) == ["settings_tools.Counter.count"]
    assert list(described(str(site / "settings_tools.py"))[0]) == list(tools)


def pick(values: str, name: str = "choice", scenario: Any = "dynamic_list", **inputs: Any) -> ToolValues:
    tool = f"settings_tools.{values}"
    return tool_values(ToolValuesQuery(tool=tool, input=name, scenario=scenario, inputs=inputs))


def test_values_for_a_form(site: Path) -> None:
    install(site, "settings_tools", f"{SETTINGS}{LISTED}")
    listing._kept.cache_clear()
    assert [value.value for value in pick("pick", kind="a").values] == ["a0", "a1"]
    assert pick("pick", "whole", "generated_by", kind="x").result == {"made": "x"}
    assert pick("pick", "whole", "reverse_generated_by", whole="b").result == {"kind": "b"}
    with pytest.raises(ProbeError, match="expected a list"):
        pick("pick", "url")
    with pytest.raises(ProbeError, match="gone"):
        pick("pick", "gone")
    with pytest.raises(ProbeError, match="mappings with 'value'"):
        pick("pick", "bare")
    with pytest.raises(ToolUnknownError, match=r"no tool 'settings_tools.pik'") as unknown:
        pick("pik")
    assert "settings_tools.pick" in str(unknown.value.remedy)
    with pytest.raises(ToolUnknownError, match="has no dynamic_list"):
        pick("pick", "kind")
    with pytest.raises(InvalidInputError, match="needs the input 'kind'"):
        pick("pick", "whole", "generated_by")


def test_what_a_form_knows_of_a_tool(site: Path) -> None:
    install(site, "settings_tools", f"{SETTINGS}{LISTED}")
    listing._kept.cache_clear()
    (tool,) = forms_of(brought())
    assert (tool.id, tool.name, tool.package, tool.description) == ("settings_tools.pick", "Pick", "settings_tools", "Picks one.")
    inputs = {given.name: given for given in tool.inputs}
    assert inputs["choice"] == ToolInput(
        name="choice", types=("string",), default="", offers_values=True, depends_on=("kind", "size"), allow_manual_entry=True
    )
    assert inputs["only_b"] == ToolInput(name="only_b", types=("int",), default=3, enabled_by="kind", enabled_by_value=("b",))
    assert inputs["kind"].hidden
    assert not inputs["whole"].offers_values
    assert inputs["whole"].generated_by == ToolGenerator(inputs=("kind",), is_reversible=True)
    assert inputs["choice"].generated_by is None


def test_what_is_wrong_with_a_tool(site: Path) -> None:
    site.mkdir()
    (site / "wrong_tools.py").write_text(WRONG)
    tools, wrong = described("wrong_tools.run")
    assert tools == {}
    assert wrong["wrong_tools.run"] == [
        "It has both icon and icon_light or icon_dark; give one of the two.",
        "Its icon 'none.png' is no file.",
        "Its icon_light 'x' is no file.",
        "Input 'b' is enabled by 'nothing', which is no input.",
        "Input 'c' is enabled by 'z' of 'kind', which has a.",
        "The function 'gone.function' of input 'd' cannot be had: No module named 'gone'.",
        "input_settings names 'kidn', which is no input. Did you mean 'kind'?",
    ]
    with pytest.raises(ProbeError, match="no_package"):
        described("no_package")


def findings(folder: Path, tool: str, **inputs: Any) -> list[tuple[str, str, str | None]]:
    node = {"name": "a", "type": "python", "source": {"type": "package", "tool": tool}, "inputs": inputs}
    _, found = validate(write_flow(folder, {"inputs": {}, "outputs": {}, "nodes": [node]}))
    return [(finding.code, finding.severity, finding.remedy) for finding in found]


def test_findings_about_package_tools(site: Path) -> None:
    install(site, "toolbox", TOOLBOX)
    flow = site.parent / "flow"
    assert findings(flow, "toolbox.shout", text="a") == []
    assert findings(flow, "promptflow.tools.llm.llm") == []
    assert findings(flow, "toolbox.old.shout", text="a") == [("DeprecatedTool", "warning", "Write 'toolbox.shout'.")]
    assert findings(flow, "toolbox.shout", txet="a") == [("UnknownToolArgument", "warning", "Did you mean 'text'?")]
    ((code, severity, remedy),) = findings(flow, "toolbox.shuot")
    assert (code, severity) == ("PackageToolNotFoundError", "error")
    assert "Did you mean 'toolbox.shout'?" in str(remedy)
    ((_, _, remedy),) = findings(flow, "promptflow_vectordb.tool.faiss_index_lookup.FaissIndexLookup.search")
    assert 'pip install promptflow-vectordb "pyarrow<18"' in str(remedy)
    (flow / "requirements.txt").write_text("toolbox\n")
    assert findings(flow, "toolbox.shuot")[0][1] == "warning"


SOURCES = {
    "pyproject.toml": '[project.entry-points.package_tools]\nmine = "my_tools.listing:listed"\n',
    "setup.cfg": "[options.entry_points]\npackage_tools =\n    mine = my_tools.listing:listed\n",
    "setup.py": 'setup(entry_points={"package_tools": ["mine = my_tools.listing:listed"]})\n',
}


@pytest.mark.parametrize("file", SOURCES)
def test_a_package_that_requirements_name_by_its_path_brings_its_tools(site: Path, file: str) -> None:
    flow, package = site.parent / "flow", site.parent / "flow" / "package"
    package.mkdir(parents=True)
    (package / file).write_text(SOURCES[file])
    for line in ("./package", "-e ./package", f"mine @ file://{package}"):
        (flow / "requirements.txt").write_text(f"{line}\n")
        assert findings(flow, "my_tools.shout", text="a") == []
        assert [found[:2] for found in findings(flow, "other_tools.shout")] == [("PackageToolNotFoundError", "warning")]
    (package / file).write_text("")
    assert [found[:2] for found in findings(flow, "my_tools.shout")] == [("PackageToolNotFoundError", "warning")]


def test_a_wheel_and_an_archive_bring_their_tools(site: Path) -> None:
    flow = site.parent / "flow"
    flow.mkdir()
    with zipfile.ZipFile(flow / "mine-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("mine-1.0.dist-info/entry_points.txt", "[package_tools]\nmine = my_tools.listing:listed\n")
    with tarfile.open(flow / "mine-1.0.tar.gz", "w:gz") as archive:
        text = SOURCES["pyproject.toml"].encode()
        member = tarfile.TarInfo("mine-1.0/pyproject.toml")
        member.size = len(text)
        archive.addfile(member, io.BytesIO(text))
    for line in ("./mine-1.0-py3-none-any.whl", "./mine-1.0.tar.gz"):
        (flow / "requirements.txt").write_text(f"{line}\n")
        assert findings(flow, "my_tools.shout", text="a") == []
    (flow / "mine-1.0.tar.gz").write_bytes(b"no archive")
    assert findings(flow, "my_tools.shout")[0][1] == "warning"
