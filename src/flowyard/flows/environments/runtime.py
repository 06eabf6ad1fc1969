"""Our own runtime inside an environment: its packages installed, itself linked."""

import platform
import shutil
import sys
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from flowyard.foundation import version
from flowyard.foundation.version import __version__

DISTRIBUTION = "flowyard"
#: What the editor's completion reads code with: linked where the server has it, and the flow does not bring its own.
_EDITING = ("jedi", "parso")


def package_folder() -> Path:
    """Return the folder of the package that runs here."""
    return Path(version.__file__).resolve().parents[1]


def runtime_requirements() -> tuple[str, ...]:
    """Return what the runtime needs, without its extras: requirement lines."""
    needs = metadata.requires(DISTRIBUTION) or ()
    return tuple(need for need in needs if "extra ==" not in need)


def identity() -> tuple[str, ...]:
    """Return what of this installation decides whether an environment fits it: interpreter, version, place, entry points, needs."""
    base = str(Path(sys.base_prefix).resolve())
    here = (platform.python_version(), platform.platform(terse=True), __version__, str(package_folder()))
    entries = metadata.distribution(DISTRIBUTION).read_text("entry_points.txt") or ""
    return (base, *here, entries, *runtime_requirements(), *map(str, _editing_folders()))


def _editing_folders() -> tuple[Path, ...]:
    """Return the folders of what completion needs; all of it or nothing, as one does not work without the other."""
    found = [spec.origin for spec in map(find_spec, _EDITING) if spec is not None and spec.origin is not None]
    return tuple(Path(origin).parent for origin in found) if len(found) == len(_EDITING) else ()


def link_runtime(environment: Path) -> None:
    """Make this package importable in the environment in `environment`, with its entry points. A change of our code shows at once."""
    site = next(environment.glob("lib/python*/site-packages"))
    (site / DISTRIBUTION).symlink_to(package_folder(), target_is_directory=True)
    if not any((site / name).exists() for name in _EDITING):
        for folder in _editing_folders():
            (site / folder.name).symlink_to(folder, target_is_directory=True)
    found = metadata.distribution(DISTRIBUTION)
    described = site / f"{DISTRIBUTION}-{__version__}.dist-info"
    described.mkdir()
    for name in ("METADATA", "entry_points.txt"):
        text = found.read_text(name)
        if text is not None:
            (described / name).write_text(text, encoding="utf-8")
    (described / "INSTALLER").write_text("flowyard\n", encoding="utf-8")
    _write_program(environment)


def _write_program(environment: Path) -> None:
    program = environment / "bin" / DISTRIBUTION
    program.write_text(f"#!{environment / 'bin' / 'python'}\nfrom flowyard.cli.entry import main\n\nmain()\n", encoding="utf-8")
    program.chmod(0o755)


def discard(environment: Path) -> None:
    """Remove what a build left; the links go first, so that nothing of ours is touched."""
    for name in (DISTRIBUTION, *_EDITING):
        for link in environment.glob(f"lib/python*/site-packages/{name}"):
            if link.is_symlink():
                link.unlink()
    shutil.rmtree(environment, ignore_errors=True)
