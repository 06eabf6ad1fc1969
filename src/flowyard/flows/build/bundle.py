"""What a build writes: the flow, its connections without secrets, pinned packages, our own wheel, and what starts it all."""

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from packaging.utils import canonicalize_name

from flowyard.flows.build.connections import ConnectionFile, check_given, without_secrets
from flowyard.flows.build.docker import PORT, Image, write_image
from flowyard.flows.build.errors import BuildError, OutputExistsError
from flowyard.flows.build.folder import BuildFolder, Built, clear
from flowyard.flows.build.formats import Format
from flowyard.flows.build.pins import pinned_in
from flowyard.flows.environments import environment_for
from flowyard.flows.environments.requirements import Requirement, Requirements, read_requirements
from flowyard.flows.environments.runtime import runtime_requirements
from flowyard.flows.folders import inside, read_files
from flowyard.flows.model import FlowOptions, FlowSpec
from flowyard.flows.rules import load_valid


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
    _outside(output, source)
    check_portable(read_requirements(source, spec))
    parts = FlowParts(
        spec=spec,
        source=source,
        connections=connections,
        python=environment_for(source, spec, home, progress=progress),
        words=serving_words(spec, flow, connections, variant),
    )
    clear(output)
    return write_flow(parts, BuildFolder(output), kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowParts:
    """What a flow's build is made of: the flow in the folder `source`, its connections by name, the interpreter that has its packages,
    the command that serves it, and variables that have to be set besides those of the connections.
    """

    spec: FlowSpec
    source: Path
    connections: Mapping[str, ConnectionFile]
    python: Path
    words: Sequence[str]
    variables: tuple[str, ...] = ()
    image: Image = field(default_factory=Image)


def write_flow(parts: FlowParts, folder: BuildFolder, kind: Format) -> Built:
    """Write a build of a flow.

    Raises:
        BuildError: a package is no file that can be taken along.
        RequirementsError: the list of packages cannot be read.
    """
    requirements = read_requirements(parts.source, parts.spec)
    packages = write_requirements(folder, requirements, parts.python)
    for path, content in read_files(parts.source).items():
        folder.write(f"flow/{path}", content)
    for found in parts.connections.values():
        folder.write(f"connections/{found.filename}", found.text)
    folder.write("connections/README.txt", _about_connections(parts.connections))
    named = (name for found in parts.connections.values() for name in found.variables)
    variables = tuple(dict.fromkeys([*named, *parts.variables]))
    if kind is Format.EXECUTABLE:
        _write_programs(folder, parts.words)
    else:
        own = parts.spec.environment.get("image")
        base = parts.image.base or (own if isinstance(own, str) else None)
        image = replace(parts.image, base=base, name=parts.image.name or parts.source.resolve().name)
        write_image(folder, replace(image, command=("flowyard", *parts.words), folders=("connections", "flow"), variables=variables))
    folder.write("settings.json", json.dumps(dict.fromkeys(variables, ""), indent=2) + "\n")
    return folder.finish(kind.value, packages, variables, tuple(line.text for line in requirements.dropped))


def write_requirements(folder: BuildFolder, requirements: Requirements, python: Path, more: Sequence[str] = ()) -> dict[str, str]:
    """Write ``requirements.txt`` with every package that is needed pinned to what `python` has, and return those.

    Args:
        folder: the build.
        requirements: what was asked for.
        python: the interpreter.
        more: further requirement lines. What `python` does not have of these is written as it is.

    Raises:
        BuildError: a package is no file that can be taken along.
    """
    check_portable(requirements)
    named = (line.text.partition(" --")[0] for line in requirements.lines if line.name is not None)
    packages = pinned_in(python, [*runtime_requirements(), *more, *named])
    unknown = [line for line in more if canonicalize_name(line.partition(">")[0]) not in packages]
    folder.write("requirements.txt", _requirements_text(requirements, packages, folder) + "".join(f"{line}\n" for line in unknown))
    return packages


def _outside(output: Path, source: Path) -> None:
    if output.resolve().is_relative_to(source.resolve()):
        raise OutputExistsError(
            f"The output {str(output)!r} is inside the flow's own folder.",
            remedy="Choose another: it would be built into itself.",
        )


def check_portable(requirements: Requirements) -> None:
    """Return when every package can be taken along.

    Raises:
        BuildError: one is a folder or file of this machine that is no wheel.
    """
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


def _requirements_text(requirements: Requirements, packages: Mapping[str, str], folder: BuildFolder) -> str:
    options = [line.text for line in requirements.lines if line.name is None and line.text.startswith("-")]
    urls = [line.text for line in requirements.lines if "://" in line.text and not line.text.startswith("-")]
    wheels: list[str] = []
    for line in requirements.lines:
        path = _local(line)
        if path is not None:
            folder.write(f"wheels/{path.name}", path.read_bytes())
            wheels.append(f"./wheels/{path.name}")
    own = folder.write_wheel()
    pins = [f"{name}=={version}" for name, version in packages.items()]
    return "".join(f"{line}\n" for line in [*options, f"./{own}", *wheels, *urls, *pins])


def serving_words(spec: FlowSpec, flow: Path, connections: Mapping[str, ConnectionFile], variant: str | None) -> list[str]:
    """Return the command that serves the built flow, for a process in the build's folder."""
    target = "flow" if flow.is_dir() else f"flow/{spec.file}"
    words = ["flow", "serve", "--flow", target, "--environment", "none", "--no-traces"]
    for found in connections.values():
        words += ["--connections-file", f"connections/{found.filename}"]
    return [*words, *(["--variant", variant] if variant else [])]


def _about_connections(connections: Mapping[str, ConnectionFile]) -> str:
    lines = [f"{found.filename}: set {', '.join(found.variables) or 'nothing'}\n" for found in connections.values()]
    return "Connections of the flow, without their secrets, which are taken from the environment.\n" + "".join(lines)


def _write_programs(folder: BuildFolder, words: Sequence[str]) -> None:
    template = inside(Path(__file__).parent, "run.py.txt").read_text(encoding="utf-8")
    text = template.replace('["__WORDS__"]', json.dumps([*words, "--port", str(PORT)]))
    for name, number in (("MAJOR", sys.version_info[0]), ("MINOR", sys.version_info[1])):
        text = text.replace(f'"__{name}__"', str(number)).replace(f"__{name}__", str(number))
    folder.write("run.py", text, program=True)
    folder.write("run", '#!/bin/sh\nexec python3 "$(dirname "$0")/run.py" "$@"\n', program=True)
