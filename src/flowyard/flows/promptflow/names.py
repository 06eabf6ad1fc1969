"""Which modules answer to ``promptflow``'s names."""

import importlib
import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from types import ModuleType

THEIRS = "promptflow"
OURS = "flowyard.flows.promptflow"


def our_name(name: str) -> str | None:
    """Return our module for one of theirs, or None when `name` is no name of theirs."""
    if name != THEIRS and not name.startswith(f"{THEIRS}."):
        return None
    return f"{OURS}{name.removeprefix(THEIRS)}"


class _Alias(Loader):
    """Gives an existing module under a second name."""

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        module = importlib.import_module(str(our_name(spec.name)))
        spec.loader_state = module.__spec__
        return module

    def exec_module(self, module: ModuleType) -> None:
        module.__spec__ = module.__spec__.loader_state if module.__spec__ else None


class _PromptflowFinder(MetaPathFinder):
    def find_spec(self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None) -> ModuleSpec | None:
        del path, target
        ours = our_name(fullname)
        if ours is None:
            return None
        try:
            known = find_spec(ours)
        except ModuleNotFoundError:
            known = None
        if known is None:
            raise ModuleNotFoundError(
                f"Flowyard has no {fullname!r}; the names of promptflow that flows use are in promptflow, promptflow.core, "
                "promptflow.connections, promptflow.tracing, promptflow.contracts and promptflow.exceptions.",
                name=fullname,
            )
        return ModuleSpec(fullname, _Alias(), is_package=known.submodule_search_locations is not None)


_finder = _PromptflowFinder()


def install() -> None:
    """Make ``import promptflow`` mean ours in this whole process, whether or not the package is installed. For flow processes."""
    if _finder not in sys.meta_path:
        sys.meta_path.insert(0, _finder)
