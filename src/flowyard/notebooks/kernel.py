"""The kernel of a flow with packages of its own: ``python -m flowyard.notebooks.kernel FLOW HOME PACKAGES CONNECTION``.

A child of the person's Jupyter, with its user, its rights and its key. It has the flow's environment built below HOME where that is not
there yet, as when the list of packages was changed, and then becomes its interpreter: the process stays the one that Jupyter knows.
"""

import os
import sys
from pathlib import Path

from flowyard.flows.environments import environment_for
from flowyard.flows.model import FlowOptions
from flowyard.flows.rules import validate
from flowyard.foundation.errors import FlowyardError

#: What the environment's interpreter runs. The folder of the notebook comes on the path, as IPython has it, once all is loaded.
_PROGRAM = """import sys
sys.path.append(sys.argv.pop(1))
from ipykernel.kernelapp import launch_new_instance
sys.path.insert(0, "")
launch_new_instance()
"""


def main() -> None:
    """Become the kernel. Exit code 2, with the reason on standard error: the packages cannot be had."""
    flow, home, packages, connection = sys.argv[1:]
    try:
        python = _python(Path(flow), Path(home))
    except FlowyardError as error:
        sys.stderr.write(f"The kernel of the flow {Path(flow).name!r} cannot start: {error} {error.problem().remedy or ''}\n")
        raise SystemExit(2) from error
    os.environ["PATH"] = f"{python.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    sys.stderr.flush()
    os.execv(python, [str(python), "-P", "-c", _PROGRAM, packages, "-f", connection])  # noqa: S606  # an environment of ours


def _python(folder: Path, home: Path) -> Path:
    spec, _ = validate(folder, FlowOptions(root=folder.parent))
    return environment_for(folder, spec, home, progress=_tell)


def _tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")


if __name__ == "__main__":
    main()
