"""Environments of flows: what they ask for, who builds, what is shared, and what is said when a package cannot be had."""

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from flowyard.flows.environments import environment_for, list_environments, prune_environments, remove_environment
from flowyard.flows.environments.errors import EnvironmentBuildError, EnvironmentNotFoundError, RequirementsError
from flowyard.flows.environments.installers import InstallFailedError, Pip, Progress, find_installer
from flowyard.flows.environments.pip_settings import parse_config_list, uv_environment, uv_options
from flowyard.flows.environments.requirements import read_requirements
from flowyard.flows.environments.resolve import environment_name
from flowyard.flows.environments.satisfied import satisfied
from flowyard.flows.environments.store import MANIFEST, environments_folder
from flowyard.flows.rules import validate
from flowyard.foundation.errors import FlowyardError
from support.flow_folders import python_node, write_flow
from support.own_packages import wheel

DAG = {
    "inputs": {"x": {"type": "string"}},
    "outputs": {"out": {"type": "string", "reference": "${a.output}"}},
    "nodes": [python_node("a", x="${inputs.x}")],
}


class Folders:
    """An installer that makes folders that look like environments, and counts."""

    name = "folders"

    def __init__(self, *, takes_s: float = 0.0, fails: str | None = None) -> None:
        self.takes_s = takes_s
        self.fails = fails
        self.installed: list[str] = []

    def create(self, folder: Path, progress: Progress) -> None:
        (folder / "lib" / "python3.11" / "site-packages").mkdir(parents=True)
        (folder / "bin").mkdir()
        (folder / "bin" / "python").symlink_to(sys.executable)

    def install(self, folder: Path, requirements: Path, progress: Progress) -> None:
        time.sleep(self.takes_s)
        self.installed.append(requirements.read_text())
        if self.fails is not None:
            raise InstallFailedError(self.fails)


def asking(tmp_path: Path, text: str) -> Path:
    folder = tmp_path / "flow"
    folder.mkdir(exist_ok=True)
    (folder / "requirements.txt").write_text(text)
    return folder


def test_lines_are_read_and_ours_are_dropped(tmp_path: Path) -> None:
    folder = asking(
        tmp_path,
        "# packages\npromptflow>=1.0\nPromptflow_Tools[azure]\nflowyard\n\npandas >= 2 ; python_version > '3'  # why\n"
        "numpy>=1,\\\n<3\n-r more/extra.txt\n--extra-index-url https://example.org/simple\n./wheels/own.whl\n-e ../lib\n",
    )
    (folder / "more").mkdir()
    (folder / "more" / "extra.txt").write_text("requests\n")
    found = read_requirements(folder, None)
    assert [line.text for line in found.dropped] == ["promptflow>=1.0", "Promptflow_Tools[azure]", "flowyard"]
    assert [(line.text, line.file, line.line, line.name) for line in found.lines] == [
        ("pandas >= 2 ; python_version > '3'", "requirements.txt", 6, "pandas"),
        ("numpy>=1,<3", "requirements.txt", 7, "numpy"),
        ("requests", "more/extra.txt", 1, "requests"),
        ("--extra-index-url https://example.org/simple", "requirements.txt", 10, None),
        (f"{folder / 'wheels/own.whl'}", "requirements.txt", 11, None),
        (f"-e {tmp_path / 'lib'}", "requirements.txt", 12, None),
    ]


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("import os\nimport pip\n", 2),
        ("def f():\n    from pip._internal import main\n", 2),
        ("import subprocess, sys\nsubprocess.run([sys.executable, '-m', 'pip', 'install', 'x'])\n", 2),
        ("import os\nos.system('python -m pip install x')\n", 2),
        ('import subprocess\nsubprocess.run(["pip", "install", "x"])\n', 2),
        ("import os\nos.system('pip install x')\n", 2),
        ("import pipeline\nfrom pipes import quote\npip = 'a pip'\n", None),
    ],
)
def test_a_flow_whose_code_uses_pip_gets_it(tmp_path: Path, code: str, line: int | None) -> None:
    folder = asking(tmp_path, "six\n")
    (folder / "tool.py").write_text(code)
    found = [(item.text, item.file, item.line) for item in read_requirements(folder, None).lines]
    assert found == [("six", "requirements.txt", 1), *([("pip", "tool.py", line)] if line else [])]
    (folder / "requirements.txt").write_text("pip<26\n")
    assert [item.text for item in read_requirements(folder, None).lines] == ["pip<26"]
    (folder / "requirements.txt").unlink()
    assert read_requirements(folder, None).lines == ()


def test_packages_that_are_only_called_like_promptflow_are_installed(tmp_path: Path) -> None:
    folder = asking(
        tmp_path, "promptflow[azure]>=1.7\npromptflow-vectordb\npromptflow_azure_ai_language>=0.1.5\npromptflow.core\npromptflowed\n"
    )
    found = read_requirements(folder, None)
    assert [line.name for line in found.lines] == ["promptflow-vectordb", "promptflow_azure_ai_language", "promptflowed"]
    assert [line.name for line in found.dropped] == ["promptflow", "promptflow.core"]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a\n-r gone.txt\n", 2, "no file 'gone.txt'"),
        ("-r requirements.txt\n", None, "includes itself"),
        ("ok\nno good @@@ 3\n", 2, "no requirement"),
    ],
)
def test_a_list_that_cannot_be_read(tmp_path: Path, text: str, line: int | None, words: str) -> None:
    with pytest.raises(RequirementsError, match=words) as caught:
        read_requirements(asking(tmp_path, text), None)
    assert caught.value.location is not None
    assert caught.value.location.line == line


def test_the_flow_names_its_file(tmp_path: Path) -> None:
    folder = write_flow(tmp_path, DAG | {"environment": {"python_requirements_txt": "packages.txt"}}, a__py="")
    spec, _ = validate(folder)
    with pytest.raises(RequirementsError, match=r"packages\.txt"):
        read_requirements(folder, spec)
    (folder / "packages.txt").write_text("pandas\n")
    (folder / "requirements.txt").write_text("numpy\n")
    assert read_requirements(folder, spec).text == "pandas\n"


@pytest.mark.parametrize(
    ("text", "here"),
    [
        ("jinja2", True),
        ("Jinja2>=3\nmsgspec\n", True),
        ("jinja2<2", False),
        ("no-such-package-of-anybody", False),
        ("no-such-package-of-anybody; python_version < '3'", True),
        ("uvicorn[no-such-extra]", True),
        ("./local", False),
        ("jinja2\n--index-url https://example.org/simple", True),
        ("jinja2\n-c limits.txt", False),
    ],
)
def test_what_is_here_needs_no_environment(tmp_path: Path, text: str, here: bool) -> None:
    folder = asking(tmp_path, text)
    (folder / "limits.txt").write_text("")
    assert satisfied(read_requirements(folder, None)) is here
    if here:
        assert environment_for(folder, None, tmp_path / "home") == Path(sys.executable)
        assert not (tmp_path / "home").exists()


def test_pips_settings_for_uv() -> None:
    settings = parse_config_list(
        "global.index-url='https://one.example/simple'\nglobal.extra-index-url='\\nhttps://two.example/simple\\nhttps://three.example/simple'\n"
        "install.find-links='/wheels'\n:env:.index-url='https://env.example/simple'\nglobal.constraint='/c.txt'\nglobal.trusted-host='two.example'\n"
        "global.no-index='true'\nglobal.cert='/ca.crt'\nglobal.timeout='30'\nfreeze.user='true'\nnonsense\n"
    )
    assert uv_options(settings) == [
        "--index-url", "https://env.example/simple", "--extra-index-url", "https://two.example/simple", "--extra-index-url",
        "https://three.example/simple", "--find-links", "/wheels", "--constraints", "/c.txt", "--allow-insecure-host", "two.example",
        "--no-index", "--index-strategy", "unsafe-best-match",
    ]  # fmt: skip
    variables = uv_environment(settings)
    assert (variables["SSL_CERT_FILE"], variables["UV_HTTP_TIMEOUT"]) == ("/ca.crt", "30")


def test_an_environment_is_built_once_for_each_set_of_packages(tmp_path: Path) -> None:
    installer, told = Folders(), []
    folder, home = asking(tmp_path, "promptflow\nabsent-package-one\n"), tmp_path / "home"
    first = environment_for(folder, None, home, installer=installer, progress=told.append)
    assert environment_for(folder, None, home, installer=installer) == first
    assert len(installer.installed) == 1
    assert installer.installed[0].startswith("absent-package-one\n")
    assert "jinja2" in installer.installed[0]
    assert "promptflow" not in installer.installed[0]
    assert any("'promptflow' is left out" in line for line in told)
    assert (first.parent.parent / "lib/python3.11/site-packages/flowyard/__init__.py").is_file()
    asking(tmp_path, "absent-package-two\n")
    assert environment_for(folder, None, home, installer=installer) != first
    assert [found.requirements for found in list_environments(home)] == [("absent-package-two",), ("absent-package-one",)]


def test_a_changed_local_package_makes_another_environment(tmp_path: Path) -> None:
    folder = asking(tmp_path, "./own\n")
    (folder / "own").mkdir()
    (folder / "own" / "setup.py").write_text("1")
    before = environment_name(read_requirements(folder, None))
    (folder / "own" / "setup.py").write_text("2")
    assert environment_name(read_requirements(folder, None)) != before


def test_of_several_builders_one_builds(tmp_path: Path) -> None:
    installer, told = Folders(takes_s=0.3), []
    folder = asking(tmp_path, "absent-package-one\n")
    found: list[Path] = []
    threads = [
        threading.Thread(
            target=lambda: found.append(environment_for(folder, None, tmp_path / "home", installer=installer, progress=told.append))
        )
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert len(set(found)) == 1
    assert len(found) == 4
    assert len(installer.installed) == 1
    assert any("waiting for it" in line for line in told)


def test_what_a_killed_build_left_does_not_count(tmp_path: Path) -> None:
    folder, home = asking(tmp_path, "absent-package-one\n"), tmp_path / "home"
    left = environments_folder(home) / environment_name(read_requirements(folder, None))
    (left / "lib" / "python3.11").mkdir(parents=True)
    assert list_environments(home) == ()
    installer = Folders()
    environment_for(folder, None, home, installer=installer)
    assert len(installer.installed) == 1
    (left / MANIFEST).write_text("{")
    environment_for(folder, None, home, installer=installer)
    assert len(installer.installed) == 2


UV_SAYS = (
    "error: No solution found when resolving dependencies\n  cause: Because no-such-package was not found in the package registry and "
    "you require no-such-package==1.2, we can conclude that your requirements are unsatisfiable."
)
PIP_SAYS = (
    "Collecting absent-package-one (from -r requirements.txt (line 2))\nERROR: Could not find a version that satisfies the requirement "
    "no_such.package==1.2 (from versions: 0.1, 0.2, 0.3, 0.4, 0.5, 0.6)\nERROR: No matching distribution found for no_such.package==1.2"
)


@pytest.mark.parametrize("said", [UV_SAYS, PIP_SAYS])
def test_a_package_that_cannot_be_had_is_told_with_its_line(tmp_path: Path, said: str) -> None:
    folder, home = asking(tmp_path, "# ours\nabsent-package-one\nno-such_package==1.2\n"), tmp_path / "home"
    with pytest.raises(EnvironmentBuildError) as caught:
        environment_for(folder, None, home, installer=Folders(fails=said))
    assert str(caught.value).startswith("requirements.txt:3: 'no-such_package==1.2' cannot be installed: ")
    assert "0.1, 0.2" not in str(caught.value)
    assert caught.value.extra["output"] == said.splitlines()
    assert list_environments(home) == ()
    environment_for(folder, None, home, installer=Folders())
    assert len(list_environments(home)) == 1


def test_environments_are_removed_and_pruned(tmp_path: Path) -> None:
    folder, home = asking(tmp_path, "absent-package-one\n"), tmp_path / "home"
    environment_for(folder, None, home, installer=Folders())
    asking(tmp_path, "absent-package-two\n")
    environment_for(folder, None, home, installer=Folders())
    one, two = (found.name for found in reversed(list_environments(home)))
    old = time.time() - 40 * 86_400
    os.utime(environments_folder(home) / one / MANIFEST, (old, old))
    (environments_folder(home) / "0123456789abcdef").mkdir()
    assert prune_environments(home, unused_days=30) == tuple(sorted(["0123456789abcdef", one]))
    assert remove_environment(home, two) > 0
    assert list_environments(home) == ()
    for name in (two, "../home", ".."):
        with pytest.raises(EnvironmentNotFoundError, match="There are none"):
            remove_environment(home, name)


def test_the_package_itself_is_never_removed_with_an_environment(tmp_path: Path) -> None:
    import flowyard

    folder, home = asking(tmp_path, "absent-package-one\n"), tmp_path / "home"
    environment_for(folder, None, home, installer=Folders())
    remove_environment(home, list_environments(home)[0].name)
    assert Path(flowyard.__file__).is_file()


def test_code_is_completed_in_an_environment_of_its_own(tmp_path: Path) -> None:
    import jedi

    folder, home = asking(tmp_path, "absent-package-one\n"), tmp_path / "home"
    python = environment_for(folder, None, home, installer=Folders())
    (site,) = (python.parent.parent / "lib").glob("python*/site-packages")
    asked = "import jedi; print([it.name for it in jedi.Script('import json; json.loa').complete()])"
    ask = f"import sys; sys.path.append({str(site)!r}); {asked}"
    alone = subprocess.run([python.resolve(), "-I", "-S", "-c", ask], capture_output=True, text=True, timeout=60, check=True)
    assert alone.stdout == "['load', 'loads']\n"
    remove_environment(home, list_environments(home)[0].name)
    assert Path(jedi.__file__).is_file()


def command(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, "-c", "from flowyard.cli.entry import main; main()", *words]
    environment = {**os.environ, "FLOWYARD_HOME": str(home)}
    return subprocess.run(program, env=environment, capture_output=True, text=True, timeout=110, check=False)


@pytest.mark.integration
def test_a_flow_runs_with_its_own_packages(tmp_path: Path) -> None:
    tool = "from greeting_of_tests import greet\nfrom promptflow.core import tool\n\n@tool\ndef run(x: str) -> str:\n    return greet(x)\n"
    folder = write_flow(tmp_path / "flow", DAG, a__py=tool)
    wheel(folder / "wheels", "greeting_of_tests")
    (folder / "requirements.txt").write_text("promptflow\n./wheels/greeting_of_tests-1.0-py3-none-any.whl\n")
    home = tmp_path / "home"
    first = command(home, "flow", "test", "--flow", str(folder), "--inputs", "x=you")
    assert first.returncode == 0, first.stderr
    assert json.loads(first.stdout) == {"out": "Hello you"}
    assert "'promptflow' is left out" in first.stderr
    again = command(home, "flow", "test", "--flow", str(folder), "--inputs", "x=me")
    assert json.loads(again.stdout) == {"out": "Hello me"}
    assert "Building" not in again.stderr
    listed = json.loads(command(home, "env", "list", "--json").stdout)
    assert [each["installer"] for each in listed] == [find_installer().name]
    without = command(home, "flow", "test", "--flow", str(folder), "--inputs", "x=you", "--environment", "none")
    assert without.returncode == 2
    assert "greeting_of_tests" in without.stderr
    removed = json.loads(command(home, "env", "remove", listed[0]["name"], "--json").stdout)
    assert removed["removed"] == listed[0]["name"]
    assert json.loads(command(home, "env", "prune", "--json").stdout) == {"removed": []}


def test_a_flow_with_errors_builds_nothing(tmp_path: Path) -> None:
    folder = write_flow(tmp_path / "flow", "nodes: 3\n", requirements__txt="no-such-package-of-flowyard-tests==1\n")
    done = command(tmp_path / "home", "flow", "test", "--flow", str(folder))
    assert done.returncode == 2
    assert "flow.dag.yaml" in done.stderr
    assert not (tmp_path / "home" / "environments").exists()


@pytest.mark.integration
def test_a_package_that_is_nowhere_fails_before_the_first_row(tmp_path: Path) -> None:
    tool = "from promptflow.core import tool\n\n@tool\ndef run(x: str) -> str:\n    raise SystemExit('it ran')\n"
    folder = write_flow(tmp_path / "flow", DAG, a__py=tool, requirements__txt="\nno-such-package-of-flowyard-tests==1\n")
    for installer in (find_installer(), Pip()):
        with pytest.raises(FlowyardError, match="no-such-package-of-flowyard-tests==1' cannot be installed") as caught:
            environment_for(folder, None, tmp_path / "home", installer=installer)
        assert caught.value.location is not None
        assert caught.value.location.line == 2
    done = command(tmp_path / "home", "flow", "test", "--flow", str(folder), "--inputs", "x=you")
    assert done.returncode == 2
    assert "requirements.txt:2" in done.stderr
    assert "it ran" not in done.stderr
