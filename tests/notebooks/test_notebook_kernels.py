"""Kernels of flows with packages of their own: which flows have one, and what a real one imports."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from flowyard.notebooks.cells import flow_cells, page_of
from flowyard.notebooks.kernels import NATIVE, flow_kernels, kernel_of, link_kernel, packages_folder
from flowyard.notebooks.message import NotebookMessage
from support.flow_folders import python_node, write_flow
from support.own_packages import wheel

PATIENCE_S = 110
DAG = {
    "inputs": {"x": {"type": "string"}},
    "outputs": {"out": {"type": "string", "reference": "${a.output}"}},
    "nodes": [python_node("a", x="${inputs.x}")],
}
TOOL = "from greeting_of_notebooks import greet\nfrom promptflow.core import tool\n\n@tool\ndef run(x: str) -> str:\n    return greet(x)\n"


@pytest.fixture
def message(tmp_path: Path) -> NotebookMessage:
    """A notebook over a folder of flows, of which `greeter` lists a package that nobody else has, `named` a file by another name."""
    flows, home = tmp_path / "flows", tmp_path / "home"
    greeter = write_flow(flows / "greeter", DAG, a__py=TOOL)
    wheel(greeter / "wheels", "greeting_of_notebooks")
    (greeter / "requirements.txt").write_text("./wheels/greeting_of_notebooks-1.0-py3-none-any.whl\n")
    named = {**DAG, "environment": {"python_requirements_txt": "packages.txt"}}
    write_flow(flows / "named", named, a__py=TOOL, packages__txt="promptflow\n")
    write_flow(flows / "plain", DAG, a__py=TOOL)
    return NotebookMessage(
        base="/x/",
        token="t",
        root=str(tmp_path),
        flows=str(flows),
        home=str(home),
        environments=str(tmp_path),
        url="",
        api_key="k",
        user="me",
    )


def test_flows_with_packages_have_a_kernel_and_the_others_the_platforms(message: NotebookMessage) -> None:
    kernels = flow_kernels(message)()
    assert {name for name in kernels.find_kernel_specs() if name.startswith("flow-")} == {"flow-greeter", "flow-named"}
    shown = kernels.get_all_specs()
    assert shown["flow-greeter"]["spec"]["display_name"] == "Python 3 (greeter)"
    assert NATIVE in shown
    flows = Path(message.flows)
    assert [kernel_of(flows / name) for name in ("greeter", "named", "plain")] == ["flow-greeter", "flow-named", NATIVE]
    (flows / "greeter/requirements.txt").unlink()
    assert set(kernels.find_kernel_specs()) - set(shown) == set()
    assert "flow-greeter" not in kernels.find_kernel_specs()


@pytest.mark.parametrize("name", ["flow-plain", "flow-..", "flow-../flows/greeter", "flow-none", "flow-"])
def test_no_other_name_is_a_kernel(message: NotebookMessage, name: str) -> None:
    from jupyter_client.kernelspec import NoSuchKernel

    with pytest.raises(NoSuchKernel):
        flow_kernels(message)().get_kernel_spec(name)


def test_a_flow_s_notebook_has_its_kernel(message: NotebookMessage) -> None:
    from flowyard.foundation.codecs import from_json

    folder = Path(message.flows) / "greeter"
    page = page_of(flow_cells("greeter", {"x": "you"}, folder))
    assert page.flow == folder
    content: Any = from_json(page.content)
    assert content["metadata"]["kernelspec"] == {"display_name": "Python 3 (greeter)", "language": "python", "name": "flow-greeter"}


@contextmanager
def running_kernel(message: NotebookMessage, name: str) -> Generator[Callable[[str], str]]:
    """Start a kernel as Jupyter does, and yield what runs code in it and returns what it printed."""
    from jupyter_client.manager import KernelManager

    manager = KernelManager(kernel_name=name, kernel_spec_manager=flow_kernels(message)())
    manager.start_kernel(cwd=message.root)
    client = manager.blocking_client()
    client.start_channels()

    def run(code: str) -> str:
        told: list[str] = []

        def note(said: dict[str, Any]) -> None:
            if said["msg_type"] in {"stream", "error"}:
                told.append(said["content"].get("text") or "\n".join(said["content"]["traceback"]))

        client.execute_interactive(code, timeout=PATIENCE_S, output_hook=note)
        return "".join(told).strip()

    try:
        client.wait_for_ready(timeout=PATIENCE_S)
        yield run
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
        manager.cleanup_resources()


@pytest.mark.integration
def test_the_flow_s_packages_import_and_the_platforms_own_do_not(message: NotebookMessage) -> None:
    link_kernel(packages_folder(message))
    link_kernel(packages_folder(message))
    Path(message.root, "beside.py").write_text("here = 1\n")
    with running_kernel(message, "flow-greeter") as run:
        assert run("from greeting_of_notebooks import greet; print(greet('you'))") == "Hello you"
        assert run("from flowyard.flows import load_flow; print(load_flow('flows/greeter')(x='me'))") == "{'out': 'Hello me'}"
        assert run("import beside; print(beside.here)") == "1"
        python, shell = run("import shutil, sys; print(sys.executable, shutil.which('python'))").split()
        assert python.startswith(f"{message.environments}/environments/")
        assert shell == python
        assert run("from importlib.util import find_spec; print(find_spec('jupyterlab'), find_spec('fastapi'))") == "None None"
        assert run("import ipykernel; print(ipykernel.__file__)").startswith(str(packages_folder(message)))
    assert not list(Path(python).parents[1].glob("lib/*/site-packages/ipykernel*"))


@pytest.mark.integration
def test_packages_that_are_nowhere_are_told_in_answer_to_each_cell(message: NotebookMessage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    packages = Path(message.flows, "greeter/requirements.txt")
    packages.write_text("no-such-package-of-flowyard-tests==1\n")
    with running_kernel(message, "flow-greeter") as run:
        for _ in range(2):
            told = run("1 + 1")
            assert told.startswith("The kernel of the flow 'greeter' cannot start:")
            assert "no-such-package-of-flowyard-tests" in told
            assert told.endswith("restart the kernel.")
