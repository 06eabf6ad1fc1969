"""The Python files of flows as modules of their own.

Each loading of a flow's folder gets a private package, so two flows with a ``tools.py`` never meet, and a changed file is read anew.
Inside these modules `import` looks first for files of the flow, then takes our names for ``promptflow``, then goes on as usual: each of
them gets its own ``__import__``, and neither ``sys.path`` nor the modules of the process are touched.
"""

import builtins
import importlib
import importlib.util
import inspect
import itertools
import sys
import threading
from collections.abc import Mapping, Sequence
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, FrameType, ModuleType
from typing import Any

from flowyard.flows.errors import ToolError
from flowyard.flows.promptflow.names import our_name

_PREFIX = "_flowyard_flow_"
_counter = itertools.count(1)
_packages: dict[str, "FlowModules"] = {}
_lock = threading.Lock()


class FlowModules:
    """The modules of one loading of a flow's folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.package = f"{_PREFIX}{next(_counter)}"
        package = ModuleType(self.package)
        package.__path__ = [str(folder)]
        package.__spec__ = ModuleSpec(self.package, None, is_package=True)
        self._builtins = {**vars(builtins), "__import__": self._import}
        with _lock:
            _packages[self.package] = self
            sys.modules[self.package] = package
            if _finder not in sys.meta_path:
                sys.meta_path.insert(0, _finder)

    def load(self, path: str) -> ModuleType:
        """Import the file at `path` (relative to the folder), once.

        Raises:
            ToolError: there is no such file.
            Exception: whatever the file's code raises.
        """
        file = self.folder / path
        if not file.is_file():
            raise ToolError(f"There is no file {path!r} in the flow's folder.", remedy="Correct the node's source.")
        parts = Path(path).with_suffix("").parts
        if file.suffix == ".py" and all(part.isidentifier() for part in parts):
            return importlib.import_module(".".join([self.package, *parts]))
        return self._load_odd(file, path)

    def close(self) -> None:
        """Forget the modules; objects made from them live on."""
        with _lock:
            _packages.pop(self.package, None)
        # list() takes the names in one step: other threads import meanwhile.
        for name in list(sys.modules):
            if name == self.package or name.startswith(f"{self.package}."):
                sys.modules.pop(name, None)

    def loader(self, name: str, path: str) -> "_FlowLoader":
        """Return the loader of one file."""
        return _FlowLoader(name, path, self._builtins)

    def _load_odd(self, file: Path, path: str) -> ModuleType:
        """Load a file whose name is no Python name, such as ``my-tool.py``."""
        name = f"{self.package}.{''.join(char if char.isalnum() else '_' for char in path)}"
        if name in sys.modules:
            return sys.modules[name]
        spec = importlib.util.spec_from_loader(name, self.loader(name, str(file)))
        if spec is None:  # pragma: no cover - our loader always gives one
            raise ToolError(f"{path!r} cannot be loaded.", remedy="Give the file a name that ends with .py.")
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        try:
            spec.loader.exec_module(module)  # pyright: ignore[reportOptionalMemberAccess]
        except BaseException:
            sys.modules.pop(name, None)
            raise
        return module

    def _import(
        self,
        name: str,
        globals: Mapping[str, object] | None = None,  # noqa: A002 - the names that `import` uses
        locals: Mapping[str, object] | None = None,  # noqa: A002
        fromlist: Sequence[str] | None = (),
        level: int = 0,
    ) -> ModuleType:
        private = self._private_name(name, globals) if level == 0 else None
        if private is None:
            return builtins.__import__(name, globals, locals, fromlist or (), level)
        base, full = private
        try:
            module = builtins.__import__(full, globals, locals, fromlist or (), 0)
        except ModuleNotFoundError as error:
            if error.name != full:
                raise
            raise ModuleNotFoundError(f"No module named {name!r}", name=name) from error
        return module if fromlist else sys.modules[base]

    def _private_name(self, name: str, importer: Mapping[str, object] | None) -> tuple[str, str] | None:
        """Return the real names of the first part of `name` and of all of it, or None when it is a common import."""
        head = name.partition(".")[0]
        if ours := our_name(head):
            return ours, our_name(name) or name
        if head in sys.stdlib_module_names or not self._owns(head):
            return None
        base = f"{self.package}.{head}"
        if importer is not None and importer.get("__name__") == base:
            return None  # openai.py that says `import openai` means the library
        return base, f"{self.package}.{name}"

    def _owns(self, head: str) -> bool:
        if (self.folder / f"{head}.py").is_file():
            return True
        folder = self.folder / head
        return folder.is_dir() and next(folder.glob("*.py"), None) is not None


class _FlowLoader(SourceFileLoader):
    """Reads the source each time: a compiled file on disk may be older than an edit made within the same second."""

    def __init__(self, fullname: str, path: str, names: dict[str, Any]) -> None:
        super().__init__(fullname, path)
        self._names = names

    def get_code(self, fullname: str) -> CodeType | None:
        path = self.get_filename(fullname)
        return self.source_to_code(self.get_data(path), path)

    def exec_module(self, module: ModuleType) -> None:
        vars(module)["__builtins__"] = self._names
        super().exec_module(module)


class _FlowFinder:
    """Finds the modules below the private packages."""

    def find_spec(self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None) -> ModuleSpec | None:
        if not fullname.startswith(_PREFIX):
            return None
        owner = _packages.get(fullname.partition(".")[0])
        spec = PathFinder.find_spec(fullname, path, target) if owner is not None else None
        if spec is not None and owner is not None and isinstance(spec.loader, SourceFileLoader):
            spec.loader = owner.loader(fullname, spec.loader.path)
            spec.cached = None
        return spec


_finder = _FlowFinder()


def folder_of(module: str) -> Path | None:
    """Return the folder of the flow whose code the module of that name is, or None when it is no flow's."""
    owner = _packages.get(module.partition(".")[0])
    return owner.folder if owner is not None else None


def from_caller(path: Path) -> Path:
    """Return `path` as the code that calls means it: from the working folder, else from the folder of the flow whose code it is."""
    if path.is_absolute() or path.exists():
        return path
    frame: FrameType | None = inspect.currentframe()
    while frame is not None:
        folder = folder_of(str(frame.f_globals.get("__name__", "")))
        if folder is not None:
            return folder / path
        frame = frame.f_back
    return path
