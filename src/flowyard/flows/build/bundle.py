"""What a build writes: the flow, its connections without secrets, pinned packages, our own wheel, and what starts it all."""

import json
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from flowyard.flows.build.connections import ConnectionFile, check_given, without_secrets
from flowyard.flows.build.docker import PORT, dockerfile
from flowyard.flows.build.errors import BuildError, OutputExistsError
from flowyard.flows.build.formats import Format
from flowyard.flows.build.pins import pinned_in
from flowyard.flows.build.wheel import write_wheel
from flowyard.flows.environments import environment_for
from flowyard.flows.environments.requirements import Requirement, Requirements, read_requirements
from flowyard.flows.environments.runtime import runtime_requirements
from flowyard.flows.folders import inside, read_files
from flowyard.flows.model import FlowOptions, FlowSpec
from flowyard.flows.rules import load_valid
from flowyard.foundation.codecs import to_json

MARK = "flowyard-build.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """A build: its folder, its files by path, the packages in it, and the variables that have to be set where it runs."""

    output: str
    format: str
    files: tuple[str, ...]
    packages: dict[str, str]
    variables: tuple[str, ...]
    dropped: tuple[str, ...]


def build(
    flow: Path,
    output: Path,
    kind: Format,
    home: Path,
    *,
    connection_files: Sequence[Path] = (),
    variant: str | None = None,
    progress: Callable[[str], None] = print,
) -> Built:
    """Build the flow at `flow` into the folder `output`, whose earlier build is replaced.

    The flow's environment is built below `home` on the way: its packages are installed once, and pinned to what was installed.

    Raises:
        FlowNotFoundError, InvalidFlowError: the flow cannot be used.
        BuildError: a connection is missing, or a package is no file that can be taken along.
        RequirementsError, EnvironmentBuildError: the packages cannot be had.
        OutputExistsError: `output` holds something else.
    """
    spec = load_valid(flow, FlowOptions(variant=variant))
    connections = {found.name: found for file in connection_files for found in without_secrets(file)}
    check_given(spec, connections)
    source = flow if flow.is_dir() else flow.parent
    requirements = read_requirements(source, spec)
    _check_portable(requirements)
    python = environment_for(source, spec, home, progress=progress)
    roots = [*runtime_requirements(), *(line.text.partition(" --")[0] for line in requirements.lines if line.name is not None)]
    packages = pinned_in(python, roots)
    _clear(output, source)
    writer = _Writer(output)
    for path, content in read_files(source).items():
        writer.write(f"flow/{path}", content)
    for found in connections.values():
        writer.write(f"connections/{found.filename}", found.text)
    writer.write("connections/README.txt", _about_connections(connections))
    writer.write("requirements.txt", _requirements_text(requirements, packages, writer))
    variables = tuple(dict.fromkeys(name for found in connections.values() for name in found.variables))
    _write_start(writer, kind, spec, source, variables, _words(spec, flow, connections, variant))
    writer.write("settings.json", json.dumps(dict.fromkeys(variables, ""), indent=2) + "\n")
    built = Built(
        output=str(output),
        format=kind.value,
        files=tuple(sorted([*writer.files, MARK])),
        packages=packages,
        variables=variables,
        dropped=tuple(line.text for line in requirements.dropped),
    )
    writer.write(MARK, to_json(built))
    return built


class _Writer:
    def __init__(self, output: Path) -> None:
        self.output = output
        self.files: list[str] = []
        output.mkdir(parents=True, exist_ok=True)

    def write(self, path: str, content: str | bytes, *, program: bool = False) -> None:
        file = self.output / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        file.chmod(0o755 if program else 0o644)
        self.files.append(path)

    def write_wheel(self) -> str:
        """Write the runtime's wheel, and return its path."""
        folder = self.output / "wheels"
        folder.mkdir(exist_ok=True)
        path = f"wheels/{write_wheel(folder).name}"
        self.files.append(path)
        return path


def _clear(output: Path, source: Path) -> None:
    if output.resolve().is_relative_to(source.resolve()):
        raise OutputExistsError(
            f"The output {str(output)!r} is inside the flow's own folder.",
            remedy="Choose another: it would be built into itself.",
        )
    if not output.exists() or (output.is_dir() and not any(output.iterdir())):
        return
    if not (output / MARK).is_file():
        raise OutputExistsError(
            f"{str(output)!r} is there, and holds something that no build made.", remedy="Choose another folder, or empty it."
        )
    shutil.rmtree(output)


def _check_portable(requirements: Requirements) -> None:
    for line in requirements.lines:
        path = _local(line)
        if path is not None and not (path.is_file() and path.suffix == ".whl"):
            raise BuildError(
                f"{line.file}:{line.line}: {line.text!r} is no wheel, and cannot be taken along.",
                remedy=f"Build it (python -m pip wheel --no-deps {path}), and name the .whl file instead.",
            )


def _local(line: Requirement) -> Path | None:
    """Return the file or folder that a line installs, where it is one of this machine."""
    if line.name is not None:
        return None
    text = line.text.removeprefix("-e ").removeprefix("--editable ").strip()
    return Path(text.partition(";")[0].partition("[")[0].strip()) if text.startswith("/") else None


def _requirements_text(requirements: Requirements, packages: Mapping[str, str], writer: _Writer) -> str:
    options = [line.text for line in requirements.lines if line.name is None and line.text.startswith("-")]
    urls = [line.text for line in requirements.lines if "://" in line.text and not line.text.startswith("-")]
    wheels: list[str] = []
    for line in requirements.lines:
        path = _local(line)
        if path is not None:
            writer.write(f"wheels/{path.name}", path.read_bytes())
            wheels.append(f"./wheels/{path.name}")
    own = writer.write_wheel()
    pins = [f"{name}=={version}" for name, version in packages.items()]
    return "".join(f"{line}\n" for line in [*options, f"./{own}", *wheels, *urls, *pins])


def _words(spec: FlowSpec, flow: Path, connections: Mapping[str, ConnectionFile], variant: str | None) -> list[str]:
    """Return the command that serves the built flow, for a process in the build's folder."""
    target = "flow" if flow.is_dir() else f"flow/{spec.file}"
    words = ["flow", "serve", "--flow", target, "--environment", "none", "--no-traces"]
    for found in connections.values():
        words += ["--connections-file", f"connections/{found.filename}"]
    return [*words, *(["--variant", variant] if variant else [])]


def _about_connections(connections: Mapping[str, ConnectionFile]) -> str:
    lines = [f"{found.filename}: set {', '.join(found.variables) or 'nothing'}\n" for found in connections.values()]
    return "Connections of the flow, without their secrets, which are taken from the environment.\n" + "".join(lines)


def _write_start(writer: _Writer, kind: Format, spec: FlowSpec, source: Path, variables: Sequence[str], words: list[str]) -> None:
    if kind is Format.EXECUTABLE:
        _write_programs(writer, words)
        return
    image = spec.environment.get("image")
    text = dockerfile(source.resolve().name, ["flowyard", *words], variables, image if isinstance(image, str) else None)
    writer.write("Dockerfile", text)
    writer.write(".dockerignore", ".venv\n__pycache__\n")


def _write_programs(writer: _Writer, words: list[str]) -> None:
    template = inside(Path(__file__).parent, "run.py.txt").read_text(encoding="utf-8")
    text = template.replace('["__WORDS__"]', json.dumps([*words, "--port", str(PORT)]))
    for name, number in (("MAJOR", sys.version_info[0]), ("MINOR", sys.version_info[1])):
        text = text.replace(f'"__{name}__"', str(number)).replace(f"__{name}__", str(number))
    writer.write("run.py", text, program=True)
    writer.write("run", '#!/bin/sh\nexec python3 "$(dirname "$0")/run.py" "$@"\n', program=True)
