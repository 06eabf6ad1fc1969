"""The environment of a flow's packages, for commands that run a flow in their own process."""

import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from flowyard.cli.output import note
from flowyard.flows.model import FLOW_FILE

_WORD = "--environment"


class Packages(StrEnum):
    """Where a flow's packages come from."""

    AUTO = "auto"
    NONE = "none"


EnvironmentOption = Annotated[
    Packages, typer.Option(_WORD, help="auto: build what the flow's requirements.txt asks for and run in it; none: run with what is here.")
]


def enter_environment(flow: Path, choice: Packages) -> None:
    """Go on in the interpreter that has the flow's packages: this process becomes the same command there. Return where it is this one.

    Raises:
        RequirementsError, EnvironmentBuildError: the packages cannot be had.
    """
    folder = flow if flow.is_dir() else flow.parent
    if choice is Packages.NONE or not asks(folder):
        return
    from flowyard.flows.environments import environment_for
    from flowyard.flows.rules import validate
    from flowyard.foundation.settings import read_settings

    spec, findings = validate(flow)
    if any(finding.severity == "error" for finding in findings):
        return  # the command says so, and needs no packages for that
    python = environment_for(folder, spec, read_settings().home, progress=note)
    if python != Path(sys.executable):
        sys.stderr.flush()
        program = "from flowyard.cli.entry import main; main()"
        os.execv(python, [str(python), "-c", program, *sys.argv[1:], _WORD, "none"])  # noqa: S606  # ours, with our own words


def asks(folder: Path) -> bool:
    """Whether the flow in `folder` may ask for packages: cheap, for the many that do not."""
    if (folder / "requirements.txt").is_file():
        return True
    files = (file for name in (FLOW_FILE, "flow.flex.yaml") if (file := folder / name).is_file())
    return any(b"python_requirements_txt" in file.read_bytes() for file in files)
