"""Where a flow is and of which kind: ``flow.dag.yaml``, ``flow.flex.yaml``, or a ``.prompty``."""

from dataclasses import dataclass
from pathlib import Path

from flowyard.flows.errors import FlowNotFoundError, InvalidFlowError
from flowyard.flows.model import FLEX_FILE, FLOW_FILE, PROMPTY_SUFFIX
from flowyard.wire.flow_terms import FlowKind

_NAMES: dict[str, FlowKind] = {FLOW_FILE: "dag", "flow.dag.yml": "dag", FLEX_FILE: "flex", "flow.flex.yml": "flex"}
#: What the file of a flow may be called.
FLOW_NAMES = tuple(_NAMES)
_SUFFIXES = (".yaml", ".yml", PROMPTY_SUFFIX)


@dataclass(frozen=True, slots=True)
class FlowFile:
    """The file that is a flow."""

    kind: FlowKind
    path: Path


def find_flow(path: Path) -> FlowFile:
    """Return the flow at `path`: a folder with one flow file, or with one ``.prompty`` and no flow file; or the file itself.

    A YAML file of another name is a flex flow when it has an ``entry``.

    Raises:
        FlowNotFoundError: there is none.
        InvalidFlowError: the folder has several, so that its name does not say which.
    """
    if path.is_dir():
        return _in_folder(path)
    if not path.is_file() or path.suffix.lower() not in _SUFFIXES:
        what = "is no flow" if path.is_file() else "is not there"
        raise FlowNotFoundError(
            f"There is no {FLOW_FILE} at {str(path)!r}: it {what}.",
            remedy=f"Name a flow's folder, its YAML file or a .prompty, or make one: flowyard flow init --flow {path.stem or path.name}",
        )
    return FlowFile(_kind(path), path)


def _in_folder(folder: Path) -> FlowFile:
    found = [name for name in _NAMES if (folder / name).is_file()]
    if not found:
        found = sorted(file.name for file in folder.glob(f"*{PROMPTY_SUFFIX}") if file.is_file())
    if len(found) > 1:
        raise InvalidFlowError(
            f"The folder {str(folder)!r} has several flows: {', '.join(found)}.", remedy="Name the file, or remove the ones too many."
        )
    if not found:
        raise FlowNotFoundError(
            f"There is no {FLOW_FILE} at {str(folder)!r}, nor a {FLEX_FILE} or a {PROMPTY_SUFFIX} file.",
            remedy=f"Name a flow's folder, or make one: flowyard flow init --flow {folder.name}",
        )
    return FlowFile(_kind(folder / found[0]), folder / found[0])


def _kind(file: Path) -> FlowKind:
    if file.suffix.lower() == PROMPTY_SUFFIX:
        return "prompty"
    named = _NAMES.get(file.name)
    if named is not None:
        return named
    lines = file.read_text(encoding="utf-8-sig", errors="replace").splitlines()
    keys = {line.partition(":")[0].strip("'\" ") for line in lines if line[:1].strip() and ":" in line}
    return "flex" if "entry" in keys and "nodes" not in keys else "dag"
