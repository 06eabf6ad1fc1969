"""The folder that a build writes, and what a build is."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from flowyard.flows.build.errors import OutputExistsError
from flowyard.flows.build.wheel import write_wheel
from flowyard.foundation.codecs import to_json

MARK = "flowyard-build.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """A build: its folder, its files by path, the packages in it, and the variables that have to be set where it runs."""

    output: str
    format: str
    files: tuple[str, ...]
    packages: dict[str, str]
    variables: tuple[str, ...]
    dropped: tuple[str, ...]


class BuildFolder:
    """Writes files below `output`, and remembers which."""

    def __init__(self, output: Path) -> None:
        self.output = output
        self.files: list[str] = []
        output.mkdir(parents=True, exist_ok=True)

    def write(self, path: str, content: str | bytes, *, program: bool = False) -> None:
        """Write a file; one that is a program can be run."""
        file = self.output / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        file.chmod(0o755 if program else 0o644)
        self.files.append(path)

    def write_wheel(self) -> str:
        """Write the runtime's wheel, and return its path."""
        folder = self.output / "wheels"
        folder.mkdir(exist_ok=True)
        path = f"wheels/{write_wheel(folder).name}"
        self.files.append(path)
        return path

    def finish(self, built_as: str, packages: dict[str, str], variables: tuple[str, ...], dropped: tuple[str, ...] = ()) -> Built:
        """Mark the folder as a build's, and return what it is. Can be called again, when more was written."""
        built = Built(
            output=str(self.output),
            format=built_as,
            files=tuple(sorted({*self.files, MARK})),
            packages=packages,
            variables=variables,
            dropped=dropped,
        )
        self.write(MARK, to_json(built))
        return built


def clear(output: Path) -> None:
    """Make room for a build at `output`: an earlier one goes.

    Raises:
        OutputExistsError: it holds something else.
    """
    if not output.exists() or (output.is_dir() and not any(output.iterdir())):
        return
    if not (output / MARK).is_file():
        raise OutputExistsError(
            f"{str(output)!r} is there, and holds something that no build made.", remedy="Choose another folder, or empty it."
        )
    shutil.rmtree(output)
