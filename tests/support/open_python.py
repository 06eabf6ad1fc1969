"""A place that all users of this machine get to, with a Python that has Flowyard: what isolation by user id needs."""

import shutil
import site
import subprocess
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "src"
_NAME = f"python{sys.version_info.major}.{sys.version_info.minor}"
_ANYONE = 61_199


@contextmanager
def open_folder() -> Generator[Path]:
    """A folder that everybody may pass through; pytest's own are closed."""
    folder = Path(tempfile.mkdtemp(prefix="flowyard-open-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def open_python(folder: Path) -> str:
    """Return an interpreter in `folder` that everybody may run: the one that runs the tests may be in somebody's home folder."""
    subprocess.run([base_python(), "-m", "venv", "--without-pip", str(folder)], check=True, timeout=120)
    packages = folder / "lib" / _NAME / "site-packages"
    (packages / "flowyard.pth").write_text("\n".join([str(SOURCE), *site.getsitepackages()]) + "\n")
    return str(folder / "bin" / "python")


def base_python() -> str:
    """Return a Python of our version that any user may run."""
    places = (Path(sys.base_prefix) / "bin", Path("/usr/bin"), Path("/usr/local/bin"), Path("/opt/python/bin"))
    for python in (place / _NAME for place in places):
        try:
            subprocess.run([python, "-c", "import ssl, sqlite3"], user=_ANYONE, group=_ANYONE, extra_groups=[], cwd="/", env={}, check=True)
        except (OSError, subprocess.CalledProcessError):
            continue
        return str(python)
    raise AssertionError(f"these tests need a {_NAME} outside of home folders: apt-get install {_NAME}")
