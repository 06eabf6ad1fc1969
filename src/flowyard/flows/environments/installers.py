"""uv where it is there, else venv and pip: how an environment is made and filled."""

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

from flowyard.flows.environments.pip_settings import read_pip_settings, uv_environment, uv_options
from flowyard.flows.environments.store import python_of

Progress = Callable[[str], None]

#: What an installer has of this process's environment. It may run the packages' own code, which must not see more.
_INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TZ", "SSL_CERT_FILE", "SSL_CERT_DIR", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")
_INHERITED_PREFIXES = ("PIP_", "UV_")
_KEPT_LINES = 400


class InstallFailedError(Exception):
    """The installer gave up; `output` is what it said."""

    def __init__(self, output: str) -> None:
        super().__init__(output)
        self.output = output


class Installer(Protocol):
    """Makes a virtual environment and installs into it.

    Raises:
        InstallFailedError: from both methods.
    """

    name: str

    def create(self, folder: Path, progress: Progress) -> None:
        """Make an empty environment of this interpreter's version in `folder`."""
        ...

    def install(self, folder: Path, requirements: Path, progress: Progress) -> None:
        """Install a requirements file into the environment in `folder`."""
        ...


class Uv:
    """uv, told what pip's configuration says."""

    name = "uv"

    def __init__(self, command: list[str], settings: Mapping[str, str] | None = None) -> None:
        self._command = command
        self._settings = read_pip_settings() if settings is None else dict(settings)

    def create(self, folder: Path, progress: Progress) -> None:
        """Make an empty environment."""
        _run([*self._command, "venv", "--quiet", "--python", _base_python(), str(folder)], self._environment(), progress)

    def install(self, folder: Path, requirements: Path, progress: Progress) -> None:
        """Install a requirements file."""
        command = [*self._command, "pip", "install", "--python", str(python_of(folder)), "-r", str(requirements)]
        _run([*command, *uv_options(self._settings)], self._environment(), progress)

    def _environment(self) -> dict[str, str]:
        return uv_environment(self._settings) | _inherited()


class Pip:
    """The standard library's venv, and pip with its own configuration."""

    name = "pip"

    def create(self, folder: Path, progress: Progress) -> None:
        """Make an empty environment."""
        _run([_base_python(), "-m", "venv", str(folder)], _inherited(), progress)

    def install(self, folder: Path, requirements: Path, progress: Progress) -> None:
        """Install a requirements file."""
        options = ["--no-input", "--disable-pip-version-check", "--progress-bar", "off"]
        _run([str(python_of(folder)), "-m", "pip", "install", *options, "-r", str(requirements)], _inherited(), progress)


def find_installer() -> Installer:
    """Return uv when it is on the path or installed beside us, else pip."""
    program = shutil.which("uv")
    if program is not None:
        return Uv([program])
    if importlib.util.find_spec("uv") is not None:
        return Uv([sys.executable, "-m", "uv"])
    return Pip()


def _base_python() -> str:
    """Return the interpreter below this one's own environment: an environment's `python` may go, the base stays."""
    base = Path(sys.base_prefix) / "bin" / f"python{sys.version_info[0]}.{sys.version_info[1]}"
    return str(base) if base.exists() else sys.executable


def _inherited() -> dict[str, str]:
    names = (*_INHERITED, *(name.lower() for name in _INHERITED[-3:]))
    return {name: value for name, value in os.environ.items() if name in names or name.startswith(_INHERITED_PREFIXES)}


def _run(command: list[str], environment: dict[str, str], progress: Progress) -> None:
    lines: list[str] = []
    with subprocess.Popen(  # noqa: S603  # an installer, with arguments of ours
        command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    ) as process:
        for line in process.stdout or ():
            text = line.rstrip()
            if text:
                lines = [*lines[-_KEPT_LINES:], text]
                if not text.startswith((" + ", "Using Python")):  # uv's list of all that came
                    progress(text.strip())
    if process.returncode:
        raise InstallFailedError("\n".join(lines))
