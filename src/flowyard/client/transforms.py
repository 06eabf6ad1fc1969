"""Transforms of data assets over HTTP."""

import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flowyard.client.transport import Transport
from flowyard.data.transforms.errors import TransformError
from flowyard.data.transforms.reading import read_file, read_steps
from flowyard.foundation.codecs import plain
from flowyard.wire.jobs import Job
from flowyard.wire.transforms import TransformCreate, TransformPreview, TransformPreviewCreate, TransformRerunCreate, TransformStep

#: Steps as a file has them, ``{"normalize": {"columns": ["q"]}}``, or typed.
Steps = Sequence["TransformStep | Mapping[str, Any]"]
_LEFT_OUT = frozenset({"__pycache__", "venv", "node_modules"})
_MOST_FILES = 1000


class Transforms:
    """Steps that make a version of a data asset from others, recorded so that they can be run again."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create(self, source: str, name: str, steps: Steps, *, code: str | Path | None = None, **options: Any) -> Job:
        """Make a version of `name` from `source` by `steps`; the job's result is a `TransformResult`.

        Args:
            source: ``azureml:<name>:<version>``.
            name: the asset that gets the version.
            steps: as a file has them, or typed.
            code: the folder of Python steps' code; its ``.py`` files and its ``requirements.txt`` are uploaded.
            options: the other fields of `wire.transforms.TransformCreate`: `inputs`, `on_error`, `version`, `description`, `tags`.

        Raises:
            TransformError, RemoteError: the steps are not valid, or what they are to work on is not there.
        """
        body = TransformCreate(source=source, name=name, steps=_steps(steps), code=self._code(code), **options)
        return self._transport.post("data/transforms", Job, body=body)

    def create_from_file(self, path: str | Path, *, source: str | None = None, name: str | None = None) -> Job:
        """Make what a file says; `source` and `name` go before its own.

        Raises:
            TransformError: the file is not valid; `location` has the line.
            RemoteError: what it is to work on is not there.
        """
        said = read_file(Path(path))
        return self.create(
            needed(source or said.source, "source"),
            needed(name or said.name, "name"),
            said.steps,
            code=said.code,
            **{key: getattr(said, key) for key in ("inputs", "on_error", "version", "description", "tags")},
        )

    def preview(self, source: str, steps: Steps, *, rows: int = 50, code: str | Path | None = None, **options: Any) -> TransformPreview:
        """Return what steps make of the first rows of `source`; nothing is kept. `options`: `inputs` and `on_error`.

        Raises:
            TransformError, RemoteError: the steps are not valid, or fail.
        """
        body = TransformPreviewCreate(source=source, steps=_steps(steps), rows=rows, code=self._code(code), **options)
        return self._transport.post("data/transforms/preview", TransformPreview, body=body)

    def rerun(self, name: str, version: str = "latest", *, latest: bool = False) -> Job:
        """Make what a transform made once more; `latest`: of the newest versions of its sources. Same bytes make no new version.

        Raises:
            RemoteError: there is no such version, or no transform made it.
        """
        path = f"data/{quote(name, safe='')}/versions/{quote(version, safe='')}/rerun"
        return self._transport.post(path, Job, body=TransformRerunCreate(latest=latest))

    def _code(self, code: str | Path | None) -> str | None:
        if code is None:
            return None
        if str(code).startswith("upload:"):
            return str(code)
        from flowyard.client.runs import Runs

        with tempfile.TemporaryDirectory(prefix="flowyard-code-") as folder:
            for file in _code_files(Path(code).expanduser().resolve()):
                target = Path(folder) / file[0]
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file[1], target)
            return Runs(self._transport).upload(folder)


def needed(value: str | None, key: str) -> str:
    """Return what a file or its caller says.

    Raises:
        TransformError: neither does.
    """
    if value is None:
        raise TransformError(f"The transform has no {key}.", remedy=f"Write {key}: into the file, or give it.")
    return value


def _steps(steps: Steps) -> tuple[TransformStep, ...]:
    return tuple(step if isinstance(step, TransformStep) else read_steps([plain(step)])[0] for step in steps)


def _code_files(folder: Path) -> Iterable[tuple[str, Path]]:
    """Return the files of a folder of code: Python's, and the list of its packages."""
    if not folder.is_dir():
        raise TransformError(f"There is no folder {str(folder)!r}.", remedy="Name the folder with the code of the Python steps.")
    found: list[tuple[str, Path]] = []
    for file in sorted((*folder.rglob("*.py"), folder / "requirements.txt")):
        parts = file.relative_to(folder).parts
        if file.is_file() and not file.is_symlink() and not any(part.startswith(".") or part in _LEFT_OUT for part in parts):
            found.append(("/".join(parts), file))
    if not 1 <= len(found) <= _MOST_FILES:
        raise TransformError(
            f"The folder {str(folder)!r} has {len(found) or 'no'} Python files; a transform's code has 1 to {_MOST_FILES}.",
            remedy="Put the code into a folder of its own, and name it: code: FOLDER",
        )
    return found
