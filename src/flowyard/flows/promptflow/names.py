"""Which modules answer to ``promptflow``'s names."""

import importlib
import sys
from collections.abc import Sequence
from functools import lru_cache
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import find_spec
from types import ModuleType
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from importlib.abc import Loader

THEIRS = "promptflow"
OURS = "flowyard.flows.promptflow"
#: Modules of theirs that are elsewhere here.
_ELSEWHERE = {
    "promptflow.tools.common": "tools.prompts",
    "promptflow.core._flow": "core",
    "promptflow.core._connection": "connections",
    "promptflow.core._model_configuration": "model_configuration",
    "promptflow._sdk.entities": "entities",
    "promptflow._utils": "internal",
    "promptflow._utils.logger_utils": "internal",
    "promptflow._utils.yaml_utils": "internal",
    "promptflow._utils.multimedia_utils": "internal",
    "promptflow._internal": "internal",
    "promptflow._sdk": "internal",
    "promptflow._sdk._errors": "internal",
    "promptflow._sdk._pf_client": "client",
    "promptflow._sdk._load_functions": "client",
    "promptflow.runtime.connections": "runtime",
    "promptflow.runtime.utils": "runtime",
    "promptflow.runtime.utils._utils": "runtime",
}
#: A package of whose names flows without it import one; where it is installed, its own count.
_VECTORDB = "promptflow_vectordb"
_VECTORDB_NAMES = frozenset({_VECTORDB, f"{_VECTORDB}.core", f"{_VECTORDB}.core.contracts"})
_CONTRACTS = f"{OURS}.contracts.search"
#: Modules of theirs that have modules below them, and of ours that have none.
_PACKAGES = frozenset({"promptflow.core", "promptflow._utils", "promptflow._sdk", "promptflow.runtime", "promptflow.runtime.utils"})


def our_name(name: str) -> str | None:
    """Return our module for one of theirs, or None when `name` is no name of theirs."""
    if name in _VECTORDB_NAMES and not _has_vectordb():
        return _CONTRACTS
    if name != THEIRS and not name.startswith(f"{THEIRS}."):
        return None
    return f"{OURS}.{_ELSEWHERE[name]}" if name in _ELSEWHERE else f"{OURS}{name.removeprefix(THEIRS)}"


@lru_cache(maxsize=1)
def _has_vectordb() -> bool:
    return PathFinder.find_spec(_VECTORDB) is not None


class _Alias:
    """Gives an existing module under a second name."""

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        module = importlib.import_module(str(our_name(spec.name)))
        spec.loader_state = module.__spec__
        return module

    def exec_module(self, module: ModuleType) -> None:
        module.__spec__ = module.__spec__.loader_state if module.__spec__ else None


class _PromptflowFinder:
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
                "promptflow.connections, promptflow.client, promptflow.entities, promptflow.tracing, promptflow.tools, "
                "promptflow.contracts and promptflow.exceptions.",
                name=fullname,
            )
        return ModuleSpec(
            fullname,
            cast("Loader", _Alias()),
            is_package=fullname in _PACKAGES or ours == _CONTRACTS or known.submodule_search_locations is not None,
        )


_finder = _PromptflowFinder()


def install() -> None:
    """Make ``import promptflow`` mean ours in this whole process, whether or not the package is installed. For flow processes."""
    if _finder not in sys.meta_path:
        sys.meta_path.insert(0, _finder)
