"""The kernel of a flow with packages of its own: ``python -m flowyard.notebooks.kernel FLOW HOME PACKAGES CONNECTION``.

A child of the person's Jupyter, with its user, its rights and its key. It has the flow's environment built below HOME where that is not
there yet, as when the list of packages was changed, and then becomes its interpreter: the process stays the one that Jupyter knows.
Where the environment cannot be had, it answers each cell with the reason, until the kernel is restarted.
"""

import os
import sys
from pathlib import Path
from typing import Any, cast

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
    """Become the kernel, or where its packages cannot be had, one that says why."""
    flow, home, packages, connection = sys.argv[1:]
    try:
        python = _python(Path(flow), Path(home))
    except FlowyardError as error:
        name, remedy = Path(flow).name, error.problem().remedy or ""
        _say(f"The kernel of the flow {name!r} cannot start: {error} {remedy}".rstrip(), error.code, connection)
        return
    os.environ["PATH"] = f"{python.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    sys.stderr.flush()
    os.execv(python, [str(python), "-P", "-c", _PROGRAM, packages, "-f", connection])  # noqa: S606  # an environment of ours


def _python(folder: Path, home: Path) -> Path:
    spec, _ = validate(folder, FlowOptions(root=folder.parent))
    return environment_for(folder, spec, home, progress=_tell)


def _say(why: str, ename: str, connection: str) -> None:
    """Be a kernel in the platform's own interpreter that runs nothing, and answers every cell with `why`."""
    from ipykernel.kernelapp import launch_new_instance
    from ipykernel.kernelbase import Kernel

    told = f"{why}\nMend the flow's list of packages, and restart the kernel."
    _tell(told)

    class Unready(Kernel):
        """Says why there is no other."""

        implementation = "flowyard"
        implementation_version = "1"
        language_info = {"name": "python", "mimetype": "text/x-python", "file_extension": ".py"}  # noqa: RUF012  the library's own way
        banner = told

        async def do_execute(self, code: str, silent: bool, *_args: Any, **_options: Any) -> dict[str, Any]:
            """Run nothing of `code`."""
            del code
            error = {"ename": ename, "evalue": why, "traceback": [told]}
            if not silent:
                cast("Any", self).send_response(self.iopub_socket, "error", error)
            return {"status": "error", "execution_count": self.execution_count, **error}

    launch_new_instance(argv=["-f", connection], kernel_class=Unready)


def _tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")


if __name__ == "__main__":
    main()
