"""Kernels of flows with packages of their own: Jupyter offers one for each such flow, beside the platform's.

A kernel is ``ipykernel`` in the interpreter of the flow's environment. What ipykernel itself needs is not installed there, where runs and
endpoints would find it: it is linked into a folder that comes last on the kernel's path, so that the flow's own packages go before it.
"""

import sys
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from packaging.requirements import Requirement

from flowyard.flows.environments.requirements import DEFAULT_FILE
from flowyard.notebooks.message import NotebookMessage

if TYPE_CHECKING:
    from jupyter_client.kernelspec import KernelSpec, KernelSpecManager

#: The kernels of the platform's own packages, as Jupyter calls it.
NATIVE = "python3"
_PREFIX = "flow-"
_KERNEL = "ipykernel"
_NAMES_A_FILE = b"python_requirements_txt"
_LARGEST_FLOW = 1024 * 1024


def kernel_of(folder: Path) -> str:
    """Return the name of the kernel for the flow in `folder`: its own where it lists packages, else the platform's."""
    return _PREFIX + folder.name if lists_packages(folder) else NATIVE


def kernel_title(kernel: str) -> str:
    """Return what people read for a kernel's name."""
    return "Python 3" if kernel == NATIVE else f"Python 3 ({kernel.removeprefix(_PREFIX)})"


def lists_packages(folder: Path) -> bool:
    """Return whether the flow in `folder` has a list of packages. A look at its files: Jupyter asks for all flows again and again."""
    if (folder / DEFAULT_FILE).is_file():
        return True
    files = (file for file in folder.glob("flow.*.yaml") if file.is_file() and file.stat().st_size <= _LARGEST_FLOW)
    return any(_NAMES_A_FILE in file.read_bytes() for file in files)


def link_kernel(folder: Path) -> None:
    """Link ipykernel and all that it needs, as they are installed here, into `folder`; what was linked before goes."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        if old.is_symlink():
            old.unlink()
    for distribution in _with_needs(_KERNEL):
        for name in {file.parts[0] for file in distribution.files or ()} - {"..", "__pycache__"}:
            link = folder / name
            if not link.is_symlink():
                link.symlink_to(str(distribution.locate_file(name)))


def flow_kernels(message: NotebookMessage) -> "type[KernelSpecManager]":
    """Return a manager of kernel specs that knows those of the flows in ``message.flows``, as they are whenever it is asked."""
    from jupyter_client.kernelspec import KernelSpec, KernelSpecManager

    flows = Path(message.flows)

    class FlowKernels(KernelSpecManager):
        """Jupyter's own kernels and those of the flows."""

        def find_kernel_specs(self) -> dict[str, str]:
            """Return the folder of pictures for each kernel by name: those of a flow have Python's."""
            found = super().find_kernel_specs()
            folders = sorted(folder for folder in flows.iterdir() if lists_packages(folder))
            return found | {_PREFIX + folder.name: found[NATIVE] for folder in folders}

        def get_kernel_spec(self, kernel_name: str) -> "KernelSpec":
            """Return how a kernel is started."""
            folder = flows / kernel_name.removeprefix(_PREFIX)
            if not kernel_name.startswith(_PREFIX) or folder.parent != flows or not lists_packages(folder):
                return super().get_kernel_spec(kernel_name)
            return KernelSpec(
                argv=[
                    *(sys.executable, "-P", "-m", "flowyard.notebooks.kernel"),
                    *(str(folder), message.environments, str(packages_folder(message)), "{connection_file}"),
                ],
                display_name=kernel_title(kernel_name),
                language="python",
                metadata={"debugger": True},
                resource_dir=super().find_kernel_specs()[NATIVE],
            )

    return FlowKernels


def packages_folder(message: NotebookMessage) -> Path:
    """Return the folder into which what a kernel needs is linked (see `link_kernel`)."""
    return Path(message.home) / "kernel-packages"


def _with_needs(name: str) -> list[metadata.Distribution]:
    """Return a distribution that is installed here, and all that it needs here, each once."""
    found: dict[str, metadata.Distribution] = {}
    waiting = [name]
    while waiting:
        distribution = metadata.distribution(waiting.pop())
        if distribution.name in found:
            continue
        found[distribution.name] = distribution
        needs = map(Requirement, distribution.requires or ())
        waiting += [need.name for need in needs if need.marker is None or need.marker.evaluate({"extra": ""})]
    return list(found.values())
